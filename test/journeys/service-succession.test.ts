import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { toFrenchDateTime } from "../../src/shared/french-date-time.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const CLAIRE = "claire.morel@sainte-aurore.example";
const INES = "ines.benali@sainte-aurore.example";
const PAUL = "paul.durand@sainte-aurore.example";
const LUCIE = "lucie.garnier@gh-trois-vallees.example";
const FORM = `/organisation/structures/${TOWN}/services/remplacer`;
const DAY_MS = 24 * 3_600_000;

let portal: TestPortal;
let claire: Browser;
let ids: { fin: number; compta: number; urbanisme: number };
let asMade: { readonly [table in (typeof restored)[number]]: readonly Record<string, unknown>[] };

/** What a test changes and the next one finds as it was. */
const restored = ["service", "membership", "membership_service", "membership_grant"] as const;
const rowsOf = (table: string) =>
  portal.query<Record<string, unknown>>(`select * from ${table} where structure_id = $1`, [TOWN]);

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  // Inès may change her service: what the portal lets her do shows where her rights count
  await portal.query(
    `update membership_grant g set level = 'write' from membership m join account a on a.id = m.account_id
     where g.membership_id = m.id and a.sign_in_email = $1 and g.application = 'structures'`,
    [INES],
  );
  await portal.query("update membership set ends_at = null where structure_id = $1", [TOWN]);
  const browser = await signIn(CLAIRE);
  await browser.open(`/organisation/services/nouveau?structureId=${TOWN}`);
  await browser.send({ code: "FIN", label: "Finances", startsAt: "01/01/2026" });
  ids = {
    fin: await serviceId("FIN"),
    compta: await serviceId("FI_SGPI"),
    urbanisme: await serviceId("URBANISME"),
  };
  const [service, membership, membership_service, membership_grant] = await Promise.all(restored.map(rowsOf));
  asMade = {
    service: service!,
    membership: membership!,
    membership_service: membership_service!,
    membership_grant: membership_grant!,
  };
});

beforeEach(async () => {
  portal.database.clockOffsetMs = 0;
  for (const table of ["succession_member", "succession_service", "succession", "mail", "notification"])
    await portal.query(`delete from ${table}`);
  for (const table of ["membership_grant", "membership_service"])
    await portal.query(`delete from ${table} where structure_id = $1`, [TOWN]);
  await portal.query("delete from membership where structure_id = $1 and id <> all($2)", [
    TOWN,
    asMade.membership.map((row) => row.id),
  ]);
  for (const table of restored)
    for (const row of asMade[table]) {
      const columns = Object.keys(row);
      const places = columns.map((_column, at) => `$${at + 1}`);
      const key = table === "membership_service" ? "membership_id, service_id" : "id";
      const change = columns.filter((one) => one !== "id").map((one) => `${one} = excluded.${one}`);
      await portal.query(
        `insert into ${table} (${columns}) overriding system value values (${places})
         on conflict (${key}) do update set ${change}`,
        Object.values(row),
      );
    }
  claire = await signIn(CLAIRE);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const serviceId = async (code: string) =>
  Number(
    (
      await portal.query<{ id: number }>("select id from service where structure_id = $1 and code = $2", [
        TOWN,
        code,
      ])
    )[0]!.id,
  );
const sheet = (id: number) => `/organisation/structures/${TOWN}/services/${id}`;
const inDays = (days: number) => toFrenchDateTime(new Date(Date.now() + days * DAY_MS));

/** Asks for a succession, up to its preview; then confirms it. */
async function ask(browser: Browser, closing: readonly number[], successor: number, at = ""): Promise<void> {
  await browser.open(FORM);
  await browser.send({ serviceIds: closing.map(String), successorId: String(successor), at });
}
const confirm = (browser: Browser) => browser.send({}, { form: "main form" });
async function replace(closing: readonly number[], successor: number, at = ""): Promise<void> {
  await ask(claire, closing, successor, at);
  await confirm(claire);
  expect(claire.text).toContain(at ? "Le remplacement est prévu." : "Le remplacement est fait.");
}
const undo = (browser: Browser) => browser.send({}, { form: 'main form[action$="/annuler"]' });
/** Whether the portal lets somebody change a service now. */
const mayChange = async (browser: Browser, id: number) =>
  (await browser.request(`${sheet(id)}/modifier`)).status === 200;

/** All that a succession touches, as it stands. */
const world = async () => ({
  services: await portal.query(
    "select id, code, starts_at, ends_at, disabled_at, successor_id from service where structure_id = $1 order by id",
    [TOWN],
  ),
  attachments: await portal.query(
    "select id, role, scope, state, suspension_reason, ends_at from membership where structure_id = $1 order by id",
    [TOWN],
  ),
  places: await portal.query(
    "select membership_id, service_id from membership_service where structure_id = $1 order by 1, 2",
    [TOWN],
  ),
  rights: await portal.query(
    `select membership_id, application, level, service_id, starts_at, ends_at, given_set, granted_by, granted_at
     from membership_grant where structure_id = $1 order by 1, 2, 4`,
    [TOWN],
  ),
});
const lastSuccession = async () =>
  (await portal.query<{ id: number }>("select max(id)::int as id from succession"))[0]!.id;
const rightsOn = (email: string, service: number) =>
  portal.query<{ application: string; level: string }>(
    `select g.application, g.level from membership_grant g join membership m on m.id = g.membership_id
       join account a on a.id = m.account_id where a.sign_in_email = $1 and g.service_id = $2 order by 1`,
    [email, service],
  );
const mailNames = async (email: string) => (await portal.mailsTo(email)).map((mail) => mail.name);

describe("J12 Un service réorganisé : un successeur, ses personnes le suivent", () => {
  test("tout de suite : montré, fait, dit partout ; les droits valent à la demande suivante ; l'annulation rend exactement ce qui était", async () => {
    const ines = await signIn(INES);
    const before = await world();
    await ask(claire, [ids.compta], ids.fin);
    for (const says of ["Ce qui se ferme", "FI_SGPI", "Inès Benali", "Factures reçues (modification)"])
      expect(claire.text).toContain(says);
    expect(await world()).toEqual(before);
    expect([await mayChange(ines, ids.compta), await mayChange(ines, ids.fin)]).toEqual([true, false]);

    await confirm(claire);
    expect(claire.text).toContain("Le remplacement est fait.");
    expect([await mayChange(ines, ids.compta), await mayChange(ines, ids.fin)]).toEqual([false, true]);
    expect(await rightsOn(INES, ids.fin)).toEqual(await rightsOn(INES, ids.compta));
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=FI_SGPI");
    await visitor.click("Commune de Sainte-Aurore");
    expect(visitor.text).toMatch(/Services remplacés.*FI_SGPI.*Remplacé par FIN depuis le .*Indiquez FIN\./);
    await claire.open(sheet(ids.compta));
    expect(claire.text).toContain("Remplacé par FIN depuis le");
    await claire.open(sheet(ids.fin));
    expect(claire.text).toMatch(/Remplace ?FI_SGPI/);
    await claire.open(`/organisation/historique?structureId=${TOWN}`);
    expect(claire.text).toContain("a remplacé FI_SGPI par FIN");
    expect(claire.text).toContain("a fait suivre sur FIN les droits de Inès Benali");
    expect(await mailNames(INES)).toContain("rights-followed");
    expect((await portal.mailsTo(CLAIRE)).at(-1)!.text).toContain("Inès Benali");
    expect(await mailNames(PAUL)).not.toContain("succession-done");

    await claire.open(sheet(ids.compta));
    await claire.click("Voir ou annuler ce remplacement");
    await undo(claire);
    expect(claire.text).toContain("Le remplacement est annulé.");
    expect(await world()).toEqual(before);
    expect([await mayChange(ines, ids.compta), await mayChange(ines, ids.fin)]).toEqual([true, false]);
    expect(await mailNames(INES)).toContain("rights-returned");
    await visitor.open("/annuaire/1");
    expect(visitor.text).not.toContain("Services remplacés");
  });

  test("fusion de deux services : de chaque application le plus haut niveau, une fois, et rien de plus", async () => {
    await attach(claire, TOWN, { email: INES, services: ["URBANISME"], profile: "lecture-seule" });
    const all = [...(await rightsOn(INES, ids.compta)), ...(await rightsOn(INES, ids.urbanisme))];
    const highest = Object.fromEntries(
      all.toSorted((one) => (one.level === "write" ? 1 : -1)).map((one) => [one.application, one.level]),
    );
    await replace([ids.compta, ids.urbanisme], ids.fin);
    expect(
      Object.fromEntries((await rightsOn(INES, ids.fin)).map((one) => [one.application, one.level])),
    ).toEqual(highest);
  });

  test("à une date : rien ne change avant ; à l'instant dit les droits ont suivi, que la tâche soit passée ou non ; elle passe deux fois sans mal", async () => {
    await replace([ids.compta], ids.fin, inDays(10));
    expect(await mailNames(INES)).toContain("succession-planned");
    const ines = await signIn(INES);
    expect([await mayChange(ines, ids.compta), await mayChange(ines, ids.fin)]).toEqual([true, false]);
    const visitor = portal.browser();
    await visitor.open("/annuaire/1");
    expect(visitor.text).toContain("Sera remplacé par FIN le");
    expect(await portal.runJob("carry-out-successions")).toEqual({ done: 0 });
    // somebody who arrives meanwhile follows too
    await attach(claire, TOWN, { email: LUCIE, services: ["FI_SGPI"] });
    portal.advance({ days: 10, minutes: 1 });
    const later = await signIn(INES);
    expect([await mayChange(later, ids.compta), await mayChange(later, ids.fin)]).toEqual([false, true]);
    const after = await world();
    expect(await portal.runJob("carry-out-successions")).toEqual({ done: 0 });
    expect(await portal.runJob("follow-services")).toEqual({ suspended: 0, resumed: 0 });
    expect(await world()).toEqual(after);
    expect((await rightsOn(LUCIE, ids.fin)).length).toBeGreaterThan(0);
    expect(await rightsOn(LUCIE, ids.fin)).toEqual(await rightsOn(LUCIE, ids.compta));
    expect((await mailNames(INES)).filter((name) => name === "rights-followed")).toHaveLength(1);
    // what has been done says no more that it ends
    expect(await portal.runJob("tell-services")).toEqual({ told: 0 });
  });

  test("la tâche seule, sur deux processus à la fois, ne le fait qu'une fois", async () => {
    await replace([ids.compta], ids.fin, inDays(3));
    portal.advance({ days: 4 });
    const runs = await Promise.all([1, 2, 3].map(() => portal.runJob("carry-out-successions")));
    expect(runs.map((run) => run.done).reduce((sum, one) => sum! + one!, 0)).toBe(1);
    expect(await mailNames(CLAIRE)).toEqual(["succession-planned", "succession-done"]);
  });

  test("y renoncer avant la date rend les dates d'avant, et le dit", async () => {
    const before = await world();
    await replace([await serviceId("ECOLES"), ids.compta], ids.fin, inDays(10));
    await undo(claire);
    expect(claire.text).toContain("Le remplacement n'aura pas lieu.");
    expect(await world()).toEqual(before);
    expect(await mailNames(INES)).toContain("succession-cancelled");
    portal.advance({ days: 11 });
    expect(await portal.runJob("carry-out-successions")).toEqual({ done: 0 });
  });

  test("l'annulation laisse ce que quelqu'un a changé depuis, et le dit", async () => {
    await replace([ids.compta], ids.fin);
    const [{ id: member }] = (await portal.query<{ id: number }>(
      "select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
      [INES],
    )) as [{ id: number }];
    // another manager narrows a right on FIN, and takes one away on the closed service
    await portal.query(
      "update membership_grant set level = 'read', granted_at = now() where membership_id = $1 and service_id = $2 and application = 'receivedInvoices'",
      [member, ids.fin],
    );
    await portal.query(
      "delete from membership_grant where membership_id = $1 and service_id = $2 and application = 'commitments'",
      [member, ids.compta],
    );
    await claire.open(`${sheet(ids.compta)}/remplacement`);
    await undo(claire);
    expect(claire.text).toContain("« Factures reçues » sur FIN a été changé depuis, ce droit reste.");
    expect(claire.text).toContain("« Engagements » sur FI_SGPI retiré depuis");
    expect(claire.text).toContain("Inès Benali reste dans FIN");
    expect(await rightsOn(INES, ids.fin)).toEqual([{ application: "receivedInvoices", level: "read" }]);
    expect((await portal.mailsTo(CLAIRE)).at(-1)!.text).toContain("« Engagements » sur FI_SGPI retiré");
  });

  test("sept jours après, il ne s'annule plus", async () => {
    await replace([ids.compta], ids.fin);
    const page = claire.answer!;
    portal.advance({ days: 7, minutes: 1 });
    claire = await signIn(CLAIRE);
    await claire.open(`${sheet(ids.compta)}/remplacement`);
    expect(claire.answer!.page.querySelector('form[action$="/annuler"]')).toBeNull();
    const after = await world();
    const successionId = page.page.querySelector('[name="successionId"]')!.getAttribute("value")!;
    await claire.post(`${sheet(ids.compta)}/remplacement/annuler`, { successionId });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("pendant sept jours");
    expect(await world()).toEqual(after);
  });

  test("une invitation en attente vaut sur le successeur", async () => {
    await attach(claire, TOWN, { email: "nouvelle@ville.example", services: ["FI_SGPI"] });
    await ask(claire, [ids.compta], ids.fin);
    expect(claire.text).toContain("1 invitation en attente vise ces services");
    await confirm(claire);
    const nouvelle = await signUp(portal, { email: "nouvelle@ville.example" });
    expect(nouvelle.text).toContain("Vous êtes rattaché à");
    expect((await rightsOn("nouvelle@ville.example", ids.fin)).length).toBeGreaterThan(0);
    expect(await rightsOn("nouvelle@ville.example", ids.compta)).toEqual([]);
  });
});

test("rouvert pendant que la structure dormait, un service n'est pas remplacé à son réveil", async () => {
  await replace([ids.compta], ids.fin, inDays(3));
  await portal.query("update structure set state = 'inactive' where id = $1", [TOWN]);
  portal.advance({ days: 4 });
  expect(await portal.runJob("carry-out-successions")).toEqual({ done: 0 });
  await portal.query("update service set ends_at = null, successor_id = null where id = $1", [ids.compta]);
  await portal.query("update structure set state = 'active' where id = $1", [TOWN]);
  const before = await world();
  expect(await portal.runJob("carry-out-successions")).toEqual({ done: 0 });
  expect(await world()).toEqual(before);
  expect(await portal.query("select state from succession")).toEqual([{ state: "cancelled" }]);
});

test("une demande en attente propose le successeur à qui y répond", async () => {
  await portal.query(
    `insert into membership_request (account_id, structure_id, scope, service_ids, asked_at)
     select id, $2, 'service', array[$3::bigint], now() from account where sign_in_email = $1`,
    [LUCIE, TOWN, ids.compta],
  );
  await ask(claire, [ids.compta], ids.fin);
  expect(claire.text).toContain("1 demande de rattachement en attente vise ces services : FIN sera proposé");
  await confirm(claire);
  await claire.open("/organisation/demandes");
  await claire.click("Lucie Garnier");
  const ticked = claire
    .form('main form[action$="/accepter"]')
    .querySelectorAll('[name="serviceIds"][checked]');
  expect(ticked.map((one) => one.getAttribute("value"))).toEqual([String(ids.fin)]);
  await portal.query("delete from membership_request where service_ids = array[$1::bigint]", [ids.compta]);
});

describe("SRV-10 Ce qui ne se remplace pas", () => {
  test("sans service, sans successeur, soi-même, à une date passée, par un service fermé : dit, la saisie reste", async () => {
    const sports = await serviceId("SPORTS");
    const before = await world();
    for (const [closing, successor, at, says] of [
      [[], ids.fin, "", "Choisissez au moins un service"],
      [[ids.compta], 0, "", "Choisissez le service qui prend leur place."],
      [[ids.compta], ids.compta, "", "ne se remplace pas lui-même"],
      [[ids.compta], ids.fin, "01/01/2020", "Cette date est passée"],
      [[ids.compta], ids.fin, "bientôt", "Saisissez la date comme"],
      [[ids.compta], sports, "", "n'est pas actif à cette date"],
      [[await serviceId("CULTURE")], ids.fin, "", "CULTURE n'est pas encore ouvert à cette date"],
      [[ids.compta], await serviceId("CULTURE"), "", "n'est pas actif à cette date"],
      [[ids.compta], await serviceId("FACTURES_PUBLIQUES"), "", "FACTURES_PUBLIQUES est réservé"],
    ] as const) {
      await ask(claire, closing, successor, at);
      expect([claire.answer!.status, says], claire.text).toEqual([422, says]);
      expect(claire.text).toContain(says);
      const ticked = claire.form("main form").querySelectorAll('[name="serviceIds"][checked]');
      expect(ticked.map((one) => Number(one.getAttribute("value")))).toEqual(closing);
    }
    expect(await world()).toEqual(before);
  });

  test("un service qui a un successeur, ou qui en attend un autre : ni remplacé, ni fermé, ni déplacé sans y renoncer", async () => {
    await replace([ids.compta], ids.fin, inDays(10));
    await ask(claire, [ids.fin], ids.urbanisme);
    expect(claire.text).toContain("FIN doit lui-même en remplacer d'autres");
    for (const [id, says] of [
      [ids.fin, "Ce service doit en remplacer un autre"],
      [ids.compta, "Un autre service doit remplacer celui-ci"],
    ] as const) {
      await claire.open(sheet(id));
      await claire.send({}, { form: 'main form[action$="/desactiver"]' });
      expect(claire.answer!.status).toBe(422);
      expect(claire.text).toContain(says);
      await claire.open(`${sheet(id)}/modifier`);
      await claire.send({ endsAt: inDays(5) });
      expect(claire.answer!.status).toBe(422);
      expect(claire.text).toContain(says);
      // the rest may change
      await claire.open(`${sheet(id)}/modifier`);
      await claire.send({ label: "Autre libellé" });
      expect(claire.text).toContain("est modifié.");
    }
  });

  test("rouvert par un gestionnaire, un service n'est plus dit remplacé", async () => {
    await replace([ids.compta], ids.fin);
    await claire.open(sheet(ids.compta));
    await claire.click("Activer le service");
    await claire.send({ endsAt: "01/01/2020" });
    expect(claire.answer!.status).toBe(422);
    await claire.send({ endsAt: "" });
    expect(claire.text).toContain("Le service FI_SGPI est activé.");
    expect(claire.text).not.toContain("Remplacé par");
  });
});

describe("MEM-14 Plus de service ouvert", () => {
  const follow = () => portal.runJob("follow-services");
  const stateOf = async (email: string) =>
    (
      await portal.query<{ state: string }>(
        "select m.state from membership m join account a on a.id = m.account_id where a.sign_in_email = $1 and m.structure_id = $2",
        [email, TOWN],
      )
    )[0]!.state;

  test("cas 13 : le seul service ferme, l'accès est suspendu, la personne et les gestionnaires le savent une fois ; il revient avec le service", async () => {
    await claire.open(sheet(ids.compta));
    await claire.send({}, { form: 'main form[action$="/desactiver"]' });
    expect([await follow(), await follow()]).toEqual([
      { suspended: 1, resumed: 0 },
      { suspended: 0, resumed: 0 },
    ]);
    expect(await stateOf(INES)).toBe("suspended");
    expect((await portal.mailsTo(INES)).at(-1)!.text).toContain("tous ses services sont fermés");
    expect((await mailNames(CLAIRE)).filter((name) => name === "member-suspended-by-clock")).toHaveLength(1);
    // nothing to come back to: said so, and not undone ten minutes later
    const ines = await portal.query<{ id: number }>(
      "select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
      [INES],
    );
    await claire.open(`/organisation/structures/${TOWN}/utilisateurs/${ines[0]!.id}`);
    await claire.send({}, { form: 'main form[action$="/retablir"]' });
    expect(claire.text).toContain("Tous les services de cette personne sont fermés");
    await claire.open(sheet(ids.compta));
    await claire.send({}, { form: 'main form[action$="/activer"]' });
    expect(await stateOf(INES)).toBe("active");
  });

  test("cas 12 : de deux services l'un ferme, le rattachement reste sur l'autre", async () => {
    await attach(claire, TOWN, { email: INES, services: ["URBANISME"], profile: "lecture-seule" });
    await portal.query("update service set ends_at = now() - interval '1 minute' where id = $1", [
      ids.compta,
    ]);
    expect(await follow()).toEqual({ suspended: 0, resumed: 0 });
    expect(await stateOf(INES)).toBe("active");
    expect(await mayChange(await signIn(INES), ids.compta)).toBe(false);
  });

  test("cas 14 : rattachée à un service à venir, la personne en sait la date, et ses droits l'attendent", async () => {
    const culture = await serviceId("CULTURE");
    await attach(claire, TOWN, {
      email: LUCIE,
      services: ["CULTURE"],
      profile: "administrateur",
    });
    expect((await portal.mailsTo(LUCIE)).at(-1)!.text).toMatch(/CULTURE \(à partir du \d\d\/\d\d\/\d{4}/);
    expect(await follow()).toEqual({ suspended: 0, resumed: 0 });
    expect(await mayChange(await signIn(LUCIE), culture)).toBe(false);
    portal.advance({ days: 31 });
    expect(await mayChange(await signIn(LUCIE), culture)).toBe(true);
  });
});

describe("Attaques sur le remplacement d'un service", () => {
  /** Paul becomes an administrator of the town who is not a main manager, without the right to invoices. */
  async function administrator(but: readonly string[] = []): Promise<Browser> {
    const [{ id }] = (await portal.query<{ id: number }>(
      "select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
      [PAUL],
    )) as [{ id: number }];
    await portal.query("delete from membership_grant where membership_id = $1", [id]);
    const all = [
      "structures",
      "users",
      "issuedInvoices",
      "receivedInvoices",
      "invoicesToValidate",
      "commitments",
      "supportRequests",
      "activityLog",
    ];
    for (const application of all.filter((one) => !but.includes(one)))
      await portal.query(
        "insert into membership_grant (membership_id, structure_id, application, level, granted_at) values ($1, $2, $3, 'write', now())",
        [id, TOWN, application],
      );
    return signIn(PAUL);
  }

  test("RIG-05 qui n'a pas un droit ne le donne pas par un remplacement, ni maintenant, ni à une date", async () => {
    const before = await world();
    const paul = await administrator(["receivedInvoices"]);
    const rights = await world();
    for (const at of ["", inDays(4)]) {
      await ask(paul, [ids.compta], ids.fin, at);
      expect(paul.answer!.status).toBe(422);
      expect(paul.text).toContain("des droits que vous n'avez pas");
      await paul.post(FORM, {
        serviceIds: String(ids.compta),
        successorId: String(ids.fin),
        at,
        confirme: "oui",
      });
      expect(paul.answer!.status).toBe(422);
    }
    expect(await world()).toEqual(rights);
    expect(rights.services).toEqual(before.services);
  });

  test("un droit retiré à qui l'a décidé ne suit pas à la date : dit aux gestionnaires, l'accès qui n'a plus rien est suspendu", async () => {
    const paul = await administrator();
    await ask(paul, [ids.compta], ids.fin, inDays(4));
    await confirm(paul);
    expect(paul.text).toContain("Le remplacement est prévu.");
    await portal.query(
      `delete from membership_grant g using membership m join account a on a.id = m.account_id
       where g.membership_id = m.id and a.sign_in_email = $1 and g.application = 'users'`,
      [PAUL],
    );
    portal.advance({ days: 5 });
    expect(await portal.runJob("carry-out-successions")).toEqual({ done: 1 });
    expect(await rightsOn(INES, ids.fin)).toEqual([]);
    expect((await portal.mailsTo(CLAIRE)).find((mail) => mail.name === "succession-done")!.text).toContain(
      "Inès Benali",
    );
    expect(await mailNames(CLAIRE)).toContain("member-suspended-by-clock");
    claire = await signIn(CLAIRE);
    await claire.open(`${sheet(ids.compta)}/remplacement`);
    expect(claire.text).toContain("Des droits n'ont pas suivi");
  });

  test("RIG-06 qui décide ne se donne rien : ses propres droits ne suivent pas", async () => {
    const paul = await administrator(["receivedInvoices"]);
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       select m.id, m.structure_id, 'receivedInvoices', 'write', $2, now() from membership m join account a on a.id = m.account_id
       where a.sign_in_email = $1`,
      [PAUL, ids.urbanisme],
    );
    await ask(paul, [ids.urbanisme], ids.fin);
    expect(paul.text).toContain("Nul ne change ses propres droits");
    await confirm(paul);
    expect(paul.text).toContain("Le remplacement est fait.");
    expect(await rightsOn(PAUL, ids.fin)).toEqual([]);
  });

  test("A-34 un service d'une autre structure n'est ni fermé ni pris pour successeur", async () => {
    const [{ id: other }] = (await portal.query<{ id: number }>(
      "select id from service where structure_id = $1 and code = 'PHARMACIE'",
      [HOSPITAL],
    )) as [{ id: number }];
    const before = await portal.query("select * from service order by id");
    await claire.open(FORM);
    for (const [closing, successor] of [
      [other, ids.fin],
      [ids.compta, other],
    ] as const) {
      await claire.post(FORM, {
        serviceIds: String(closing),
        successorId: String(successor),
        confirme: "oui",
      });
      expect(claire.answer!.status).toBe(422);
    }
    expect(await portal.query("select * from service order by id")).toEqual(before);
    await expect(
      portal.query("update service set successor_id = $1 where id = $2", [other, ids.compta]),
    ).rejects.toThrow("service_successor_of_its_structure");
  });

  test("une responsable du seul service, ou une personne en consultation, ne remplace ni n'annule", async () => {
    await replace([ids.compta], ids.fin);
    const after = await world();
    for (const email of [INES, "hugo.lemaire@sainte-aurore.example"]) {
      const browser = await signIn(email);
      expect((await browser.open(FORM)).status).toBe(403);
      await browser.open("/mon-compte");
      for (const [path, fields] of [
        [FORM, { serviceIds: String(ids.urbanisme), successorId: String(ids.fin), confirme: "oui" }],
        [`${sheet(ids.compta)}/remplacement/annuler`, { successionId: String(await lastSuccession()) }],
      ] as const)
        expect((await browser.post(path, fields)).status).toBe(403);
    }
    const stranger = await signIn("agathe.vidal@gh-trois-vallees.example");
    await stranger.open("/mon-compte");
    expect(
      (
        await stranger.post(`${sheet(ids.compta)}/remplacement/annuler`, {
          successionId: String(await lastSuccession()),
        })
      ).status,
    ).toBe(404);
    // under her own structure, another one's succession is not found
    const own = `/organisation/structures/${HOSPITAL}/services/${ids.compta}/remplacement/annuler`;
    expect((await stranger.post(own, { successionId: String(await lastSuccession()) })).status).toBe(404);
    expect(await world()).toEqual(after);
  });

  test("qui change les services sans gérer les personnes n'annule pas ce qui leur a donné des droits", async () => {
    await replace([ids.compta], ids.fin);
    const after = await world();
    const paul = await administrator(["users"]);
    await paul.open("/mon-compte");
    await paul.post(`${sheet(ids.compta)}/remplacement/annuler`, {
      successionId: String(await lastSuccession()),
    });
    expect(paul.answer!.status).toBe(422);
    expect((await world()).services).toEqual(after.services);
  });

  test("deux remplacements croisés au même instant : un seul se fait, jamais en rond", async () => {
    await claire.open(FORM);
    const post = (closing: number, successor: number) =>
      claire.post(FORM, {
        serviceIds: String(closing),
        successorId: String(successor),
        confirme: "oui",
      });
    const done = () =>
      portal.query("select 1 from service where structure_id = $1 and successor_id is not null", [TOWN]);
    await Promise.all([post(ids.compta, ids.fin), post(ids.fin, ids.compta)]);
    expect(await done()).toHaveLength(1);
    // one service is given one successor
    const [{ id: open }] = (await portal.query<{ id: number }>(
      "select id from service where id = any($1) and successor_id is null",
      [[ids.compta, ids.fin]],
    )) as [{ id: number }];
    const schools = await serviceId("ECOLES");
    await Promise.all([post(schools, ids.urbanisme), post(schools, Number(open))]);
    expect(await done()).toHaveLength(2);
    expect(await portal.query("select 1 from succession where state = 'done'")).toHaveLength(2);
  });

  test("une annulation envoyée deux fois, ou d'une page ancienne, n'annule pas le remplacement suivant", async () => {
    await replace([ids.compta], ids.fin);
    const old = claire.answer!;
    await undo(claire);
    await replace([ids.compta], ids.urbanisme);
    const after = await world();
    claire.answer = old;
    await undo(claire);
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Ce remplacement est déjà annulé.");
    expect(await world()).toEqual(after);
  });
});
