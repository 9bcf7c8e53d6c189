import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { toFrenchDateTime } from "../../src/shared/french-date-time.ts";
import type { Browser } from "../support/browser.ts";
import { deactivatePublic, signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const PAUL = "paul.durand@sainte-aurore.example";
const HUGO = "hugo.lemaire@sainte-aurore.example";
const SHEET = `/organisation/structures/${TOWN}`;
let portal: TestPortal;
let claire: Browser;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  claire = await signIn(portal, CLAIRE, DEMO_PASSWORD);
});
afterAll(() => portal?.close());

const mailNames = async (address: string) => (await portal.mailsTo(address)).map((mail) => mail.name);
const bells = (address: string) =>
  portal.query<{ title: string }>(
    `select n.title from notification n join account a on a.id = n.account_id
     where a.sign_in_email = $1 order by n.id`,
    [address],
  );

test("N-29 Une règle de facturation changée est dite aux gestionnaires ; une autre modification, non", async () => {
  const told = async () => (await bells(CLAIRE)).filter((one) => one.title.startsWith("Ce qu'une facture"));
  await claire.open(`${SHEET}/modifier`);
  await claire.send();
  expect(await told()).toEqual([]);
  await claire.open(`${SHEET}/facturation`);
  await claire.send({ choice: "either" });
  expect(await told()).toHaveLength(1);
  expect(await bells(HUGO)).not.toContainEqual((await told())[0]);
});

test("N-26 La désactivation et la réactivation sont écrites à tous ceux qui y travaillent, et à eux seuls", async () => {
  const operator = await signIn(portal, OPERATOR, DEMO_PASSWORD);
  await deactivatePublic(claire, operator, { id: TOWN, name: "Commune de Sainte-Aurore" });
  for (const address of [CLAIRE, HUGO]) expect(await mailNames(address)).toContain("structure-deactivated");
  expect((await portal.mailsTo(HUGO)).at(-1)!.text).toContain(
    "par Odile Marchand, à la demande de Claire Morel (Fusion)",
  );
  expect(await mailNames("agathe.vidal@gh-trois-vallees.example")).not.toContain("structure-deactivated");
  await claire.open(SHEET);
  await claire.send({}, { form: `main form[action="${SHEET}/reactiver"]` });
  expect(await mailNames(HUGO)).toContain("structure-reactivated");
});

test("N-24 Qui renonce à gérer, les autres gestionnaires l'apprennent", async () => {
  await portal.query(
    `update membership set role = 'mainManager', scope = 'structure', state = 'active'
     where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)`,
    [TOWN, PAUL],
  );
  await claire.open(`/mes-rattachements/${TOWN}/quitter`);
  await claire.send({}, { form: 'main form[action$="/renoncer"]' });
  expect(claire.text).toContain("Vous êtes désormais utilisateur");
  expect(await mailNames(PAUL)).toContain("main-manager-renounced");
  expect(await mailNames(HUGO)).not.toContain("main-manager-renounced");
});

test("N-28 Un service qui s'ouvre, va fermer ou ferme : ses gestionnaires et ses personnes le savent, une fois", async () => {
  const titlesOf = async (address: string) =>
    (
      await portal.query<{ title: string }>(
        "select n.title from notification n join account a on a.id = n.account_id where a.sign_in_email = $1 and n.title like 'Le service FI_SGPI%' order by n.id",
        [address],
      )
    ).map((one) => one.title);
  const INES = "ines.benali@sainte-aurore.example";
  const tell = async () => ((await portal.runJob("tell-services")) as { told: number }).told;
  await portal.query("update service set ends_at = null, told = null where structure_id = $1", [TOWN]);
  const [{ id }] = (await portal.query<{ id: number }>(
    `update service set created_at = now() - interval '90 days', starts_at = now() - interval '80 days',
       ends_at = now() + interval '29 days' where structure_id = $1 and code = 'FI_SGPI' returning id`,
    [TOWN],
  )) as [{ id: number }];
  expect([await tell(), await tell()]).toEqual([1, 0]);
  expect(await titlesOf(INES)).toEqual(["Le service FI_SGPI se ferme dans 30 jours"]);
  expect(await titlesOf(HUGO)).toEqual([]);
  // another end is announced anew; the same one, with another label, is not
  const agent = await signIn(portal, PAUL, DEMO_PASSWORD);
  const edit = `/organisation/structures/${TOWN}/services/${id}/modifier`;
  await agent.open(edit);
  await agent.send({ label: "Paie et gestion" });
  expect(await tell()).toBe(0);
  await agent.open(edit);
  await agent.send({ endsAt: toFrenchDateTime(new Date(Date.now() + 6 * 24 * 3_600_000)) });
  expect(await tell()).toBe(1);
  await portal.query("update service set ends_at = now() - interval '1 hour' where id = $1", [id]);
  expect([await tell(), await tell()]).toEqual([1, 0]);
  expect(await titlesOf(INES)).toEqual([
    "Le service FI_SGPI se ferme dans 30 jours",
    "Le service FI_SGPI se ferme dans 7 jours",
    "Le service FI_SGPI est fermé",
  ]);
});
