import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const PAUL = "paul.durand@sainte-aurore.example";
let portal: TestPortal;
let social: number;
let paul: number;
let ines: number;
const signIn = (name: string) => signInWith(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  const rows = await portal.query<{ id: number; structureId: number; name: string }>(
    `select m.id::int, m.structure_id::int as "structureId", split_part(a.sign_in_email, '.', 1) as name
     from membership m join account a on a.id = m.account_id`,
  );
  paul = rows.find((one) => one.name === "paul" && one.structureId === TOWN)!.id;
  ines = rows.find((one) => one.name === "ines" && one.structureId === TOWN)!.id;
  social = rows.find((one) => one.name === "claire" && one.structureId !== TOWN)!.structureId;
});
afterAll(() => portal?.close());

const page = (source: number) => `/organisation/utilisateurs/copier?structureId=${TOWN}&de=${source}`;
const rightsIn = async (structure: number, email: string) =>
  (
    await portal.query<{ said: string }>(
      `select g.application || ' ' || g.level || coalesce(' ' || s.code, '') as said from membership_grant g
       join membership m on m.id = g.membership_id join account a on a.id = m.account_id
       left join service s on s.id = g.service_id
       where m.structure_id = $1 and a.sign_in_email = $2 and m.state = 'active' order by 1`,
      [structure, email],
    )
  ).map((one) => one.said);
const state = () => portal.query("select id, role, scope, state from membership order by id");

describe("Donner les droits d'une personne à d'autres", () => {
  test("J14 d'une structure à une autre : on voit ce qui changera, puis les mêmes droits y sont donnés", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`/organisation/structures/${TOWN}/utilisateurs/${paul}`);
    await claire.click("Donner ses droits à d'autres");
    const before = [await rightsIn(social, PAUL), await state()];
    await claire.send({}, { button: ["apercu", "oui"] });
    expect(claire.text).toContain("Rien n'est encore changé");
    expect([await rightsIn(social, PAUL), await state()]).toEqual(before);
    expect(await portal.query("select 1 from journal_entry where type = 'UserAttached'")).toEqual([]);
    await claire.send();
    expect(claire.answer!.status).toBe(200);
    expect(claire.text).toContain("Fait");
    const there = new Set(await rightsIn(social, PAUL));
    const here = await rightsIn(TOWN, PAUL);
    expect(here.length).toBeGreaterThan(0);
    expect(here.filter((one) => !there.has(one))).toEqual([]);
    expect((await portal.mailsTo(PAUL)).at(-1)!.subject).toContain("Centre communal");
  });

  test("par service : les mêmes codes ailleurs ; aucun code commun, refusé", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(page(ines));
    await claire.send({ email: "neuve@exemple.fr" }, { button: ["apercu", "oui"] });
    expect(claire.text).toContain("Aucun service ouvert de cette structure n'a le code d'un des siens.");
    await portal.query(
      "insert into service (structure_id, code, label, starts_at) values ($1, 'fi_sgpi', 'Finances', now() - interval '1 day')",
      [social],
    );
    await claire.open(page(ines));
    await claire.send({ email: "hugo.lemaire@sainte-aurore.example" }, { button: ["apercu", "oui"] });
    await claire.send();
    const hugo = await rightsIn(social, "hugo.lemaire@sainte-aurore.example");
    expect(hugo).toEqual(
      (await rightsIn(TOWN, "ines.benali@sainte-aurore.example")).map((one) =>
        one.replace("FI_SGPI", "fi_sgpi"),
      ),
    );
  });
});

describe("Attaques", () => {
  test("A-30 nul ne donne plus qu'il n'a en copiant ; ni à soi-même", async () => {
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, granted_at)
       values ($1, $2, 'users', 'write', now()) on conflict (membership_id, application, service_id) do update set level = 'write'`,
      [paul, TOWN],
    );
    const [nora] = await portal.query<{ id: number }>(
      "select m.id::int from membership m join account a on a.id = m.account_id where a.sign_in_email like 'hugo.%' and m.structure_id = $1",
      [TOWN],
    );
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, granted_at)
       values ($1, $2, 'bankAccounts', 'write', now()) on conflict (membership_id, application, service_id) do update set level = 'write'`,
      [nora!.id, TOWN],
    );
    const manager = await signIn("paul.durand");
    const before = await rightsIn(TOWN, PAUL);
    await manager.open(page(nora!.id));
    await manager.send({ email: `complice@exemple.fr\n${PAUL}` }, { button: ["apercu", "oui"] });
    expect(manager.text).toContain("Vous ne pouvez donner que les droits que vous avez");
    expect(manager.text).toContain("Nul ne change ses propres droits");
    await manager.send();
    expect(manager.answer!.status).toBe(422);
    expect(await rightsIn(TOWN, PAUL)).toEqual(before);
    expect(await portal.mailsTo("complice@exemple.fr")).toEqual([]);
  });

  test("A-34 la personne, ou la structure, d'un autre n'est pas trouvée", async () => {
    const agathe = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
    expect((await agathe.request(page(paul))).status).toBe(404);
    const claire = await signIn("claire.morel");
    await claire.open(page(paul));
    await claire.send({ email: "x@exemple.fr", structureIds: ["3"] }, { button: ["apercu", "oui"] });
    expect(claire.answer!.status).toBe(404);
    const [herself] = await portal.query<{ id: number }>(
      "select m.id::int from membership m join account a on a.id = m.account_id where a.sign_in_email like 'claire.%' and m.structure_id = $1",
      [TOWN],
    );
    expect((await claire.request(page(herself!.id))).status).toBe(404);
  });
});
