import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const MANAGERS = `/organisation/gestionnaires?structureId=${TOWN}`;
const address = (name: string) => `${name}@sainte-aurore.example`;
let portal: TestPortal;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const as = (name: string) => signIn(portal, name.includes("@") ? name : address(name), DEMO_PASSWORD);
const mailsOf = async (name: string) => (await portal.mailsTo(address(name))).map((mail) => mail.name);
const roleOf = async (name: string) => {
  const [row] = await portal.query<{ role: string; state: string }>(
    `select m.role, m.state from membership m join account a on a.id = m.account_id
     where a.sign_in_email = $1 and m.structure_id = $2`,
    [address(name), TOWN],
  );
  return row!.state === "active" ? row!.role : row!.state;
};
const setRole = (name: string, role: "mainManager" | "member") =>
  portal.query(
    `update membership set role = $3, state = 'active', scope = 'structure', ends_at = null where structure_id = $2
       and account_id = (select id from account where sign_in_email = $1)`,
    [address(name), TOWN, role],
  );
const proposals = () =>
  portal.query<{ id: number; state: string }>("select id, state from manager_proposal order by id");
const last = async () => (await proposals()).at(-1)!;
const acts = `/organisation/structures/${TOWN}/gestionnaires/propositions`;

/** The form of an act that stands on the page shown. */
const send = (browser: Browser, verb: string, fields: Record<string, string> = {}) =>
  browser.send(fields, { form: `main form[action$="/${verb}"]` });

async function name(manager: Browser, person: string): Promise<void> {
  await manager.open(`/organisation/gestionnaires/designer?structureId=${TOWN}`);
  await manager.send({ adresse: address(person) }, { form: "main form" });
}
async function answer(person: string, verb: string, fields: Record<string, string> = {}): Promise<Browser> {
  const browser = await as(person);
  await browser.open(`/mes-rattachements/propositions/${(await last()).id}`);
  await send(browser, verb, fields);
  return browser;
}
async function remove(manager: Browser, person: string, reason = "A changé de poste."): Promise<void> {
  await manager.open(MANAGERS);
  await manager.click(`Retirer le rôle de ${person}`);
  await manager.send({ reason }, { form: "main form" });
}

beforeEach(async () => {
  await portal.query("delete from manager_proposal");
  await setRole("claire.morel", "mainManager");
  for (const person of ["paul.durand", "hugo.lemaire"]) await setRole(person, "member");
});

describe("Désigner un autre gestionnaire principal", () => {
  test("la personne accepte d'abord ; elle a alors tous les droits, et les autres le savent", async () => {
    const claire = await as("claire.morel");
    await claire.open(MANAGERS);
    expect(claire.text).toContain("Cette structure n'a qu'un gestionnaire principal.");
    await claire.click("Désigner un autre gestionnaire");
    await claire.send({ adresse: address("paul.durand") }, { form: "main form" });
    expect(claire.text).toContain("La proposition est envoyée à Paul Durand.");
    expect(await roleOf("paul.durand")).toBe("member");
    const [mail] = (await portal.mailsTo(address("paul.durand"))).filter(
      (one) => one.name === "main-manager-proposed",
    );
    const paul = await as("paul.durand");
    await paul.open("/");
    await paul.click("On vous propose de gérer Commune de Sainte-Aurore");
    await paul.open(portal.linkIn(mail!));
    await send(paul, "accepter");
    expect(paul.text).toContain("Vous êtes gestionnaire principal de Commune de Sainte-Aurore.");
    expect(await roleOf("paul.durand")).toBe("mainManager");
    expect(await mailsOf("claire.morel")).toContain("main-manager-named");
    await claire.open(MANAGERS);
    expect(claire.text).toMatch(/Paul Durand\s*\d\d\/\d\d\/\d{4}\s*Claire Morel/);
    expect(claire.text).not.toContain("n'a qu'un gestionnaire principal");
    const sentences = await portal.query<{ sentence: string }>(
      "select sentence from journal_entry where structure_id = $1 order by seq desc limit 2",
      [TOWN],
    );
    expect(sentences.map((one) => one.sentence)).toEqual([
      "a accepté le rôle de gestionnaire principal",
      "a proposé le rôle de gestionnaire principal à Paul Durand",
    ]);
  });

  test("elle décline, ou ne répond pas en quatorze jours : rien ne change, et le gestionnaire le sait", async () => {
    const claire = await as("claire.morel");
    await name(claire, "hugo.lemaire");
    await answer("hugo.lemaire", "decliner", { text: "Pas le temps." });
    expect(await last()).toMatchObject({ state: "declined" });
    expect((await portal.mailsTo(address("claire.morel"))).at(-1)!.text).toContain("Pas le temps.");
    await name(claire, "hugo.lemaire");
    await portal.query("update manager_proposal set due_at = proposed_at + interval '1 millisecond'");
    expect(await portal.runJob("settle-manager-proposals")).toEqual({ settled: 1 });
    expect(await last()).toMatchObject({ state: "expired" });
    expect(await mailsOf("claire.morel")).toContain("main-manager-proposal-expired");
    const late = await as("hugo.lemaire");
    await late.open(`/mes-rattachements/propositions/${(await last()).id}`);
    expect(late.text).toContain("Cette proposition n'est plus en cours.");
    expect(await roleOf("hugo.lemaire")).toBe("member");
  });

  test("une adresse inconnue, soi-même, une personne déjà proposée : refus, et la saisie reste", async () => {
    const claire = await as("claire.morel");
    await name(claire, "personne");
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Rattachez-la d'abord");
    expect(claire.form("main form").toString()).toContain(address("personne"));
    await name(claire, "claire.morel");
    expect(claire.text).toContain("Il s'agit de vous");
    await name(claire, "hugo.lemaire");
    await name(claire, "hugo.lemaire");
    expect(claire.text).toContain("déjà en cours");
    await name(claire, "nora.petit");
    expect(claire.text).toContain("est suspendu");
    expect(await proposals()).toHaveLength(1);
    await claire.open(MANAGERS);
    await send(claire, "annuler");
    expect(claire.text).toContain("La proposition est annulée.");
    expect(await mailsOf("hugo.lemaire")).toContain("main-manager-proposal-cancelled");
  });
});

describe("Transmettre son rôle", () => {
  test.each([
    ["user", "member"],
    ["administrator", "member"],
    ["leaves", "ended"],
  ])("et devenir %s, une fois la suite acceptée", async (becomes, after) => {
    const claire = await as("claire.morel");
    await claire.open(`/organisation/gestionnaires/transmettre?structureId=${TOWN}`);
    await claire.send({ adresse: address("paul.durand") }, { form: "main form" });
    expect(claire.text).toContain("Dites ce que vous deviendrez.");
    await claire.send({ devenir: becomes }, { form: "main form" });
    expect(await roleOf("claire.morel")).toBe("mainManager");
    await answer("paul.durand", "accepter");
    expect([await roleOf("paul.durand"), await roleOf("claire.morel")]).toEqual(["mainManager", after]);
    const [{ writes }] = (await portal.query<{ writes: number }>(
      `select count(*)::int as writes from membership_grant g join membership m on m.id = g.membership_id
         join account a on a.id = m.account_id
       where a.sign_in_email = $1 and m.structure_id = $2 and g.application = 'users' and g.level = 'write'`,
      [address("claire.morel"), TOWN],
    )) as [{ writes: number }];
    if (becomes !== "leaves") expect(writes).toBe(becomes === "administrator" ? 1 : 0);
    expect(await mailsOf("claire.morel")).toContain("main-manager-handed-over");
  });
});

describe("Retirer un gestionnaire", () => {
  beforeEach(() => setRole("paul.durand", "mainManager"));

  test("avec un motif ; sans opposition il devient utilisateur au bout de soixante-douze heures", async () => {
    const claire = await as("claire.morel");
    await remove(claire, "Paul Durand", " ");
    expect(claire.text).toContain("Renseignez « Motif »");
    await claire.send({ reason: "A changé de poste." }, { form: "main form" });
    expect(claire.text).toContain("Le retrait du rôle de Paul Durand est demandé.");
    expect(await roleOf("paul.durand")).toBe("mainManager");
    expect((await portal.mailsTo(address("paul.durand"))).at(-1)!.text).toContain("A changé de poste.");
    expect(await portal.runJob("settle-manager-proposals")).toEqual({ settled: 0 });
    await portal.query("update manager_proposal set due_at = proposed_at + interval '1 millisecond'");
    expect(await portal.runJob("settle-manager-proposals")).toEqual({ settled: 1 });
    expect(await roleOf("paul.durand")).toBe("member");
    expect(await mailsOf("paul.durand")).toContain("main-manager-removed");
  });

  test("contesté, un autre gestionnaire ou l'opérateur décide, jamais l'auteur ni l'intéressé", async () => {
    const claire = await as("claire.morel");
    await remove(claire, "Paul Durand");
    const paul = await answer("paul.durand", "s-opposer", { text: "Je suis toujours là." });
    expect(paul.text).toContain("Votre opposition est enregistrée");
    await portal.query("update manager_proposal set due_at = proposed_at + interval '1 millisecond'");
    expect(await portal.runJob("settle-manager-proposals")).toEqual({ settled: 0 });
    const { id } = await last();
    for (const [browser, page] of [
      [claire, MANAGERS],
      [paul, MANAGERS],
    ] as const) {
      await browser.open(page);
      await browser.post(`${acts}/${id}/confirmer`, {});
      expect(browser.answer!.status).toBe(403);
    }
    expect(await roleOf("paul.durand")).toBe("mainManager");
    const odile = await as(OPERATOR);
    await odile.open("/operateur");
    await odile.click("Paul Durand conteste le retrait de son rôle");
    expect(odile.text).toContain("Je suis toujours là.");
    await send(odile, "confirmer");
    expect(odile.text).toContain("Le rôle est retiré.");
    expect(await roleOf("paul.durand")).toBe("member");
  });

  test("un troisième gestionnaire peut l'abandonner", async () => {
    await setRole("hugo.lemaire", "mainManager");
    await remove(await as("claire.morel"), "Paul Durand");
    await answer("paul.durand", "s-opposer", { text: "Non." });
    const hugo = await as("hugo.lemaire");
    await hugo.open(MANAGERS);
    await send(hugo, "abandonner");
    expect(hugo.text).toContain("Le retrait est abandonné.");
    expect(await roleOf("paul.durand")).toBe("mainManager");
  });
});

test("MGR-01 qui gère seul une structure depuis trente jours en est averti, puis une fois par an", async () => {
  await portal.query(
    "update structure set created_at = now() - interval '31 days', manager_advised_at = null",
  );
  const { advised } = (await portal.runJob("advise-second-manager")) as { advised: number };
  expect(advised).toBeGreaterThan(0);
  const told = await portal.query<{ title: string }>(
    "select title from notification n join account a on a.id = n.account_id where a.sign_in_email = $1",
    [address("claire.morel")],
  );
  expect(told.map((one) => one.title)).toContain(
    "Désignez un second gestionnaire pour Commune de Sainte-Aurore",
  );
  expect(await portal.runJob("advise-second-manager")).toEqual({ advised: 0 });
  await portal.query("update structure set manager_advised_at = now() - interval '366 days' where id = 1");
  expect(await portal.runJob("advise-second-manager")).toEqual({ advised: 1 });
});

describe("Attaques sur le rôle de gestionnaire principal", () => {
  test("A-30 ni un utilisateur, ni un administrateur ne propose, n'annule ni ne retire", async () => {
    const claire = await as("claire.morel");
    await name(claire, "hugo.lemaire");
    const { id } = await last();
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, granted_at)
       select m.id, m.structure_id, 'users', 'write', now() from membership m join account a on a.id = m.account_id
       where a.sign_in_email = $1 and m.structure_id = $2
       on conflict (membership_id, application, service_id) do update set level = 'write'`,
      [address("paul.durand"), TOWN],
    );
    const paul = await as("paul.durand");
    await paul.open(MANAGERS);
    expect(paul.text).toContain("Claire Morel");
    for (const hidden of [
      "Dernière connexion",
      "Double authentification",
      "Propositions en cours",
      "Désigner un",
    ])
      expect(paul.text).not.toContain(hidden);
    for (const [url, fields] of [
      [
        "/organisation/gestionnaires/designer",
        { structureId: String(TOWN), adresse: address("paul.durand") },
      ],
      [`${acts}/${id}/annuler`, {}],
      [`/organisation/structures/${TOWN}/gestionnaires/1/retirer`, { reason: "Moi" }],
    ] as const) {
      await paul.open("/mon-compte");
      await paul.post(url, fields);
      expect(paul.answer!.status, url).toBe(403);
    }
    expect(await last()).toMatchObject({ state: "open" });
  });

  test("A-34 la proposition faite à une autre, ou dans une autre structure, ne se lit ni ne s'accepte", async () => {
    const claire = await as("claire.morel");
    await name(claire, "hugo.lemaire");
    const { id } = await last();
    for (const person of ["paul.durand", "claire.morel"]) {
      const browser = await as(person);
      expect((await browser.open(`/mes-rattachements/propositions/${id}`)).status).toBe(404);
      await browser.open("/mon-compte");
      await browser.post(`/mes-rattachements/propositions/${id}/accepter`, {});
      expect(browser.answer!.status).toBe(404);
    }
    const agathe = await as("agathe.vidal@gh-trois-vallees.example");
    await agathe.open("/mon-compte");
    await agathe.post(`/organisation/structures/3/gestionnaires/propositions/${id}/annuler`, {});
    expect(agathe.answer!.status).toBe(403);
    expect(await last()).toMatchObject({ state: "open" });
  });

  test("A-33 qui a perdu le rôle ne le donne plus : sa proposition ne s'accepte pas", async () => {
    const claire = await as("claire.morel");
    await name(claire, "hugo.lemaire");
    await setRole("paul.durand", "mainManager");
    await setRole("claire.morel", "member");
    const hugo = await answer("hugo.lemaire", "accepter");
    expect(hugo.answer!.status).toBe(403);
    expect(hugo.text).toContain("n'est plus gestionnaire principal");
    expect(await roleOf("hugo.lemaire")).toBe("member");
  });

  test("A-32 deux gestionnaires se retirent l'un l'autre, trente fois : il en reste toujours un", async () => {
    for (let round = 0; round < 30; round++) {
      await portal.query("delete from manager_proposal");
      for (const person of ["claire.morel", "paul.durand"]) await setRole(person, "mainManager");
      await portal.query(
        `insert into manager_proposal (structure_id, account_id, membership_id, kind, reason, proposed_by, proposed_at, due_at)
         select m.structure_id, m.account_id, m.id, 'remove', 'Essai', o.account_id, now() - interval '4 days', now() - interval '1 day'
         from membership m join membership o on o.structure_id = m.structure_id and o.id <> m.id and o.role = 'mainManager'
         where m.structure_id = $1 and m.role = 'mainManager'`,
        [TOWN],
      );
      await Promise.all([
        portal.runJob("settle-manager-proposals"),
        portal.runJob("settle-manager-proposals"),
      ]);
      const left = await portal.query(
        "select 1 from membership where structure_id = $1 and role = 'mainManager' and state = 'active'",
        [TOWN],
      );
      expect(left).toHaveLength(1);
    }
  });
});
