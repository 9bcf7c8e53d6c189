import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const JEANNE = "jeanne.caron@clair-reseau.example";
const THEO = "theo.blin@clair-reseau.example";
let portal: TestPortal;
let company: { id: number; siret: string };
let jeanne: Browser;

beforeAll(async () => {
  portal = await startPortal({ NATIONAL_REGISTER: "none" });
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ id: number; siret: string }>(
    `select s.id, s.identifier_value as siret from structure s join membership m on m.structure_id = s.id
       join account a on a.id = m.account_id where a.sign_in_email = $1`,
    [THEO],
  );
  company = { id: Number(row!.id), siret: row!.siret };
  jeanne = await signIn(portal, JEANNE, DEMO_PASSWORD);
});
afterAll(() => portal?.close());

const url = () => `/organisation/structures/${company.id}/changer-identifiant`;
const ask = async (browser: Browser, identifiant: string, motif = "") => {
  await browser.open(url());
  return browser.send({ identifiant, motif }, { form: "main form" });
};
/** Another establishment of a company: its last digit makes the key right. */
function otherOf(siren: string, establishment: string): string {
  for (let key = 0; key < 10; key++) {
    const number = `${siren}${establishment}${key}`;
    const sum = [...number].reverse().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    if (sum % 10 === 0) return number;
  }
  throw new Error("no key");
}
const structures = () =>
  portal.query<{ id: number; state: string }>("select id, state from structure order by id");
const rightsIn = (structureId: number) =>
  portal.query(
    `select a.sign_in_email, m.role, m.scope, m.state, array(select g.application || ':' || g.level || ':' || coalesce(v.code, '')
       from membership_grant g left join service v on v.id = g.service_id where g.membership_id = m.id order by 1) as rights,
       array(select v.code from membership_service ms join service v on v.id = ms.service_id where ms.membership_id = m.id order by 1) as services
     from membership m join account a on a.id = m.account_id where m.structure_id = $1 and m.state <> 'ended' order by 1`,
    [structureId],
  );

describe("Changer l'identifiant d'une structure", () => {
  test("le même numéro, un numéro faux, une autre entreprise sans motif, un numéro pris : refusés, la saisie reste", async () => {
    const before = await structures();
    const [taken] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where identifier_type = 'SIRET' and kind = 'private' and id <> $1 limit 1",
      [company.id],
    );
    for (const [typed, motif, says] of [
      [company.siret, "", "C'est l'identifiant actuel."],
      ["123", "", "14 chiffres"],
      [otherOf("732829320", "0099"), "", "d'une autre entreprise"],
    ] as const) {
      expect((await ask(jeanne, typed, motif)).status).toBe(422);
      expect(jeanne.text).toContain(says);
      expect(jeanne.form("main form").toString()).toContain(typed);
    }
    await ask(jeanne, taken!.siret, "Fusion");
    await jeanne.send({}, { form: "main form" });
    expect(jeanne.text).toContain("a déjà cet identifiant");
    expect(await structures()).toEqual(before);
  });

  test("montre ce qui est copié, puis copie tout ; l'ancienne se consulte et renvoie à la nouvelle", async () => {
    await portal.query(
      "insert into service (structure_id, code, label, starts_at) values ($1, 'COMPTA', 'Comptabilité', now())",
      [company.id],
    );
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       select m.id, m.structure_id, 'commitments', 'read', v.id, now() from membership m join service v on v.structure_id = m.structure_id
       where m.structure_id = $1 and v.code = 'COMPTA' and m.role = 'member' on conflict do nothing`,
      [company.id],
    );
    await portal.query(
      "insert into service (structure_id, code, label, starts_at) values ($1, 'FIN', 'Finances', now())",
      [company.id],
    );
    const codes = await portal.query<{ id: number; code: string }>(
      "select id, code from service where structure_id = $1",
      [company.id],
    );
    const idOf = (code: string) => String(codes.find((one) => one.code === code)!.id);
    await jeanne.open(`/organisation/structures/${company.id}/services/remplacer`);
    await jeanne.send({ serviceIds: [idOf("COMPTA")], successorId: idOf("FIN"), at: "01/01/2090" });
    await jeanne.send({}, { form: "main form" });
    expect(jeanne.text).toContain("Le remplacement est prévu.");
    await portal.query(
      `insert into email_domain (structure_id, domain, dns_token, added_at, proved_at, proved_by)
       values ($1, 'clair-reseau.fr', 'abc', now(), now(), 'code')`,
      [company.id],
    );
    await portal.query("insert into domain_approval values ($1, 'service', array[$2::bigint])", [
      company.id,
      idOf("FIN"),
    ]);
    const before = await rightsIn(company.id);
    const fresh = otherOf(company.siret.slice(0, 9), "0042");
    await ask(jeanne, fresh);
    expect(jeanne.text).toContain("Confirmer le changement d'identifiant");
    expect(jeanne.text).toMatch(/\d+ services?, avec leurs dates/);
    expect(await portal.query("select 1 from structure where identifier_value = $1", [fresh])).toEqual([]);
    await jeanne.send({}, { form: "main form" });
    expect(jeanne.text).toContain("a changé d'identifiant.");
    const [copy] = await portal.query<{ id: number; replaces_id: number; state: string }>(
      "select id, replaces_id, state from structure where identifier_value = $1",
      [fresh],
    );
    expect(copy).toMatchObject({ replaces_id: company.id, state: "active" });
    expect(await rightsIn(copy!.id)).toEqual(before);
    expect(
      await portal.query(
        `select d.domain, d.proved_by, s.code from email_domain d join domain_approval p using (structure_id)
           join service s on s.id = any(p.service_ids) and s.structure_id = d.structure_id where d.structure_id = $1`,
        [copy!.id],
      ),
    ).toEqual([{ domain: "clair-reseau.fr", proved_by: "code", code: "FIN" }]);
    const planned = (structureId: number) =>
      portal.query(
        `select t.code as successor, v.code, k.ended_at_before, n.takes_effect_at, vs.code as service_successor
         from succession n join service t on t.id = n.successor_id join succession_service k on k.succession_id = n.id
           join service v on v.id = k.service_id left join service vs on vs.id = v.successor_id
         where n.structure_id = $1 and v.structure_id = $1 and t.structure_id = $1 and vs.structure_id = $1`,
        [structureId],
      );
    expect(await planned(copy!.id)).toEqual(await planned(company.id));
    expect(await planned(copy!.id)).toHaveLength(1);
    const theo = await signIn(portal, THEO, DEMO_PASSWORD);
    await theo.open(`/organisation/structures/${company.id}`);
    expect(theo.text).toContain("Cette structure a changé d'identifiant.");
    await theo.click(`${fresh.slice(0, 3)} ${fresh.slice(3, 6)}`);
    expect(theo.answer!.url).toContain(`/organisation/structures/${copy!.id}`);
    expect((await portal.mailsTo(THEO)).at(-1)!.name).toBe("structure-replaced");
    // nothing more is done in the old one
    await jeanne.open(`/organisation/services/nouveau?structureId=${company.id}`);
    await jeanne.send({ code: "TARD", label: "Trop tard", startsAt: "01/01/2026" }, { form: "main form" });
    expect(jeanne.answer!.status).toBe(422);
    expect((await jeanne.open(url())).status).toBe(404);
    expect((await jeanne.open(`/organisation/structures/${company.id}/modifier`)).status).toBe(403);
    expect(jeanne.text).toContain("modifiez celle qui la remplace");
    // what was planned is carried out under the new number too, and the old one is left alone
    portal.advance({ days: 365 * 70 });
    expect(await portal.runJob("carry-out-successions")).toEqual({ done: 1 });
    portal.advance({ days: -365 * 70 });
  });
});

describe("Attaques sur le changement d'identifiant", () => {
  test("A-30 un simple utilisateur, ou une personne d'une autre structure, ne le voit ni ne l'envoie", async () => {
    const [workshop] = await portal.query<{ id: number }>(
      "select structure_id as id from membership m join account a on a.id = m.account_id where a.sign_in_email = 'emile.tessier@atelier-demo.example'",
    );
    const before = await structures();
    const paul = await signIn(portal, "paul.durand@sainte-aurore.example", DEMO_PASSWORD);
    for (const [structure, status] of [
      [1, 403],
      [workshop!.id, 404],
    ] as const) {
      const path = `/organisation/structures/${structure}/changer-identifiant`;
      expect((await paul.open(path)).status).toBe(status);
      await paul.open("/mon-compte");
      const answer = await paul.post(path, {
        version: "1",
        identifiant: otherOf("732829320", "0077"),
        confirme: "oui",
      });
      expect(answer.status).toBe(status);
    }
    expect(await structures()).toEqual(before);
  });

  test("une collectivité ne change pas de numéro sans l'opérateur", async () => {
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    await claire.open("/organisation/structures/1");
    expect(claire.answer!.text).not.toContain("changer-identifiant");
    expect((await claire.open("/organisation/structures/1/changer-identifiant")).status).toBe(403);
    expect(claire.text).toContain("par l'opérateur du portail");
  });

  test("deux confirmations au même instant ne font qu'une copie", async () => {
    const emile = await signIn(portal, "emile.tessier@atelier-demo.example", DEMO_PASSWORD);
    const [{ id, siret, version }] = (await portal.query<{ id: number; siret: string; version: number }>(
      `select s.id, s.identifier_value as siret, s.version from structure s join membership m on m.structure_id = s.id
         join account a on a.id = m.account_id where a.sign_in_email = 'emile.tessier@atelier-demo.example'`,
    )) as [{ id: number; siret: string; version: number }];
    const path = `/organisation/structures/${id}/changer-identifiant`;
    await emile.open(path);
    await Promise.all(
      ["0051", "0052", "0053"].map((establishment) =>
        emile.post(path, {
          version: String(version),
          identifiant: otherOf(siret.slice(0, 9), establishment),
          confirme: "oui",
        }),
      ),
    );
    expect(await portal.query("select 1 from structure where replaces_id = $1", [id])).toHaveLength(1);
  });
});
