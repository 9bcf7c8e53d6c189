import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const REVIEW = `/organisation/revue?structureId=${TOWN}`;
const act = (verb: string) => `main form[action="/organisation/structures/${TOWN}/revue/${verb}"]`;
let portal: TestPortal;
let ids: Record<string, string>;
const signIn = (name: string): Promise<Browser> =>
  signInWith(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  const rows = await portal.query<{ id: string; name: string }>(
    `select m.id, split_part(a.sign_in_email, '.', 1) as name from membership m join account a on a.id = m.account_id
     where m.structure_id = $1`,
    [TOWN],
  );
  ids = Object.fromEntries(rows.map((row) => [row.name, row.id]));
});
afterAll(() => portal?.close());

const inDays = (days: number) =>
  new Intl.DateTimeFormat("fr-FR", { dateStyle: "short", timeZone: "Europe/Paris" }).format(
    Date.now() + portal.database.clockOffsetMs + days * 24 * 3_600_000,
  );
const stateOf = async (name: string) =>
  (await portal.query<{ state: string }>("select state from membership where id = $1", [ids[name]]))[0]!
    .state;
const lastMail = async (address: string) =>
  (await portal.mailsTo(`${address}@sainte-aurore.example`)).at(-1)!;
const reviewStates = async () =>
  (await portal.query<{ state: string }>("select state from review order by id")).map((one) => one.state);

describe("MEM-19 Revoir les rattachements d'une structure", () => {
  test("la gestionnaire commence une revue ; une date trop proche est refusée", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send({ dueAt: inDays(2) }, { form: act("commencer") });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Laissez au moins 7 jours pour répondre.");
    await claire.send({ dueAt: inDays(20) }, { form: act("commencer") });
    expect(claire.text).toContain("La revue des rattachements est commencée.");
    expect((await lastMail("claire.morel")).subject).toContain("Qui travaille encore avec vous");
    // neither the only main manager nor somebody already suspended is reviewed
    expect(claire.text).toContain("0 sur 3");
    expect(claire.text).not.toMatch(/Réponse pour (Claire Morel|Nora Petit)/);
  });

  test("garder, restreindre, mettre fin ; un ensemble plus large est refusé", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send(
      { [`reponse-${ids.hugo}`]: "narrow:administrateur", [`reponse-${ids.paul}`]: "keep" },
      { form: act("repondre") },
    );
    expect(claire.text).toContain("Réponses enregistrées : 1. Refusées : 1.");
    expect(claire.text).toMatch(/Hugo Lemaire\s*Cet ensemble donnerait des droits de plus/);
    expect(claire.text).toContain("1 sur 3");
    expect(
      await portal.query("select reviewed_at is not null as reviewed from membership where id = $1", [
        ids.paul,
      ]),
    ).toEqual([{ reviewed: true }]);
  });

  test("sept jours avant la date, un rappel, une seule fois", async () => {
    expect(await portal.runJob("follow-reviews")).toEqual({ closed: 0, reminded: 0, suspended: 0 });
    portal.advance({ days: 14 });
    expect(await portal.runJob("follow-reviews")).toEqual({ closed: 0, reminded: 1, suspended: 0 });
    expect(await portal.runJob("follow-reviews")).toEqual({ closed: 0, reminded: 0, suspended: 0 });
    expect((await lastMail("claire.morel")).subject).toContain("2 personnes sans réponse");
  });

  test("à la date, qui n'a pas de réponse est suspendu ; les autres travaillent", async () => {
    portal.advance({ days: 7 });
    expect(await portal.runJob("follow-reviews")).toEqual({ closed: 1, reminded: 0, suspended: 2 });
    expect(await Promise.all(["claire", "paul", "hugo", "ines"].map(stateOf))).toEqual([
      "active",
      "active",
      "suspended",
      "suspended",
    ]);
    expect((await lastMail("hugo.lemaire")).text).toContain("suspendu (revue sans réponse)");
    expect((await lastMail("claire.morel")).text).toContain("2 personnes : accès suspendu");
    expect(await portal.runJob("follow-reviews")).toEqual({ closed: 0, reminded: 0, suspended: 0 });
  });

  test("la dernière réponse clôt la revue ; une revue arrêtée ne suspend personne", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send({ dueAt: inDays(10) }, { form: act("commencer") });
    await claire.send({ [`reponse-${ids.paul}`]: "narrow:lecture-seule" }, { form: act("repondre") });
    // the reading-only set holds the journal, which Paul did not read
    expect(claire.text).toContain("Cet ensemble donnerait des droits de plus");
    await claire.send({ [`reponse-${ids.paul}`]: "narrow:emetteur-de-factures" }, { form: act("repondre") });
    expect(claire.text).toContain("La revue des rattachements est close");
    await claire.open(REVIEW);
    await claire.send({ dueAt: inDays(10) }, { form: act("commencer") });
    await claire.send({}, { form: act("arreter") });
    expect(claire.text).toContain("Personne n'est suspendu.");
    expect(await reviewStates()).toEqual(["closed", "closed", "stopped"]);
    expect(await stateOf("paul")).toBe("active");
  });

  test("chaque année : la revue commence d'elle-même, et pas deux fois", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send({ yearly: true }, { form: act("chaque-annee") });
    expect(await portal.runJob("start-yearly-reviews")).toEqual({ started: 0 });
    portal.advance({ days: 366 });
    expect(await portal.runJob("start-yearly-reviews")).toEqual({ started: 1 });
    expect(await portal.runJob("start-yearly-reviews")).toEqual({ started: 0 });
    const [review] = await portal.query("select state, started_by from review order by id desc limit 1");
    expect(review).toEqual({ state: "open", started_by: null });
  });

  test("sans réponse pour aucun des deux gestionnaires, le plus ancien reste (MGR-03)", async () => {
    await portal.query("update review set state = 'stopped', closed_at = now() where state = 'open'");
    await portal.query(
      "update membership set role = 'mainManager', starts_at = now() - interval '1 day' where id = $1",
      [ids.paul],
    );
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send({ dueAt: inDays(10) }, { form: act("commencer") });
    portal.advance({ days: 11 });
    expect(await portal.runJob("follow-reviews")).toMatchObject({ closed: 1, suspended: 1 });
    expect([await stateOf("claire"), await stateOf("paul")]).toEqual(["active", "suspended"]);
  });

  test("ni un simple utilisateur, ni une autre structure, ni soi-même", async () => {
    await portal.query("update membership set state = 'active', role = 'mainManager' where id = $1", [
      ids.paul,
    ]);
    const claire = await signIn("claire.morel");
    await claire.open(REVIEW);
    await claire.send({ dueAt: inDays(10) }, { form: act("commencer") });
    expect(claire.text).toContain("Réponses qui reviennent à d'autres gestionnaires : 1.");
    await claire.send({ [`reponse-${ids.claire}`]: "keep" }, { form: act("repondre"), extra: true });
    expect(claire.text).toMatch(/Claire Morel\s*Nul ne change ses propres droits/);
    const agathe = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
    expect((await agathe.request(REVIEW)).status).toBe(404);
    await portal.query("update membership set state = 'active' where id = $1", [ids.hugo]);
    expect((await (await signIn("hugo.lemaire")).request(REVIEW)).status).toBe(403);
  });
});
