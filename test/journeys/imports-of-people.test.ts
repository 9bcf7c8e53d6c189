import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const START = `/organisation/imports/rattachements?structureId=${TOWN}`;
const TITLES = "action;adresse;prenom;nom;niveau;codes_services;profil;au";
const NOW_HELD = `/organisation/imports/rattachements/actuels.csv?structureId=${TOWN}`;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await signUp(portal, { email: "connue@exemple.fr", firstName: "Anne", lastName: "Connue" });
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
async function upload(browser: Browser, ...lines: string[]): Promise<void> {
  await browser.open(START);
  await browser.send(
    { file: new File([[TITLES, ...lines].join("\n")], "equipe.csv") },
    { form: 'main form[enctype="multipart/form-data"]' },
  );
}
const decide = (browser: Browser, mode: "all" | "valid") =>
  browser.send({}, { form: 'main form[action$="/appliquer"]', button: ["mode", mode] });
const apply = (browser: Browser) =>
  portal.runJob("apply-import", { importId: Number(/imports\/(\d+)/.exec(browser.answer!.url)![1]) });
const membershipOf = async (email: string) =>
  (
    await portal.query<{ state: string; scope: string; role: string }>(
      `select m.state, m.scope, m.role from membership m join account a on a.id = m.account_id
       where m.structure_id = $1 and a.sign_in_email = $2 order by m.id desc`,
      [TOWN, email],
    )
  )[0];

const file = [
  "rattacher;connue@exemple.fr;Anne;Connue;structure;;Lecture seule;",
  "rattacher;inconnue@exemple.fr;Zoé;Neuve;service;FI_SGPI;Utilisateur;31/12/2027",
  "suspendre;hugo.lemaire@sainte-aurore.example;;;;;;",
];

describe("Importer des rattachements", () => {
  test("analysés sans rien changer, puis appliqués : rattachée, invitée, suspendu ; un message à chacun", async () => {
    const before = await portal.query("select count(*)::int as count from mail");
    const browser = await claire();
    await upload(browser, ...file);
    expect(browser.text).toContain("Sera rattaché, ou invité");
    expect(browser.text).toContain("Sera suspendu");
    expect(await membershipOf("connue@exemple.fr")).toBeUndefined();
    expect(await portal.query("select count(*)::int as count from mail")).toEqual(before);
    await decide(browser, "all");
    expect(await apply(browser)).toEqual({ done: 3, refused: 0 });
    expect(await membershipOf("connue@exemple.fr")).toMatchObject({ state: "active", scope: "structure" });
    expect(await membershipOf("hugo.lemaire@sainte-aurore.example")).toMatchObject({ state: "suspended" });
    expect((await portal.mailsTo("inconnue@exemple.fr")).at(-1)!.subject).toContain("Sainte-Aurore");
    expect((await portal.mailsTo("connue@exemple.fr")).at(-1)!.subject).toContain("Sainte-Aurore");
    expect((await portal.mailsTo("claire.morel@sainte-aurore.example")).at(-1)!.subject).toContain(
      "Import de equipe.csv : 3 lignes",
    );
  });

  test("le même fichier une seconde fois ne change rien", async () => {
    const browser = await claire();
    await upload(browser, ...file);
    expect(browser.text).toContain("Il n'y a rien à faire.");
    expect(browser.text).not.toContain("Refusées");
  });

  test("modifier restreint les droits ; détacher met fin", async () => {
    const browser = await claire();
    await upload(
      browser,
      "modifier;connue@exemple.fr;;;service;FI_SGPI;Lecture seule;",
      "detacher;hugo.lemaire@sainte-aurore.example;;;;;;",
    );
    await decide(browser, "all");
    expect(await apply(browser)).toEqual({ done: 2, refused: 0 });
    expect(await membershipOf("connue@exemple.fr")).toMatchObject({ scope: "service" });
    expect(await membershipOf("hugo.lemaire@sainte-aurore.example")).toMatchObject({ state: "ended" });
  });

  test("chaque ligne fausse dit pourquoi", async () => {
    const browser = await claire();
    await upload(
      browser,
      "rattacher;x@exemple.fr;;;structure;;Empereur;",
      "rattacher;x@exemple.fr;;;service;RIEN;;",
      "modifier;x@exemple.fr;;;structure;;;",
      "rattacher;x@exemple.fr;;;structure;;;01/01/2020",
    );
    for (const says of [
      "Ensemble de droits « Empereur » inconnu",
      "Le service « RIEN » n'existe pas ici",
      "Cette personne n'est pas rattachée",
    ])
      expect(browser.text).toContain(says);
  });
});

test("un prénom coupé au milieu d'un signe n'arrête pas l'import", async () => {
  const browser = await claire();
  await upload(browser, `rattacher;coupee@exemple.fr;${"a".repeat(79)}😀;Longue;structure;;Lecture seule;`);
  await decide(browser, "all");
  expect(await apply(browser)).toEqual({ done: 1, refused: 0 });
});

describe("Un fichier qui revient", () => {
  /** Sends a file back as it was downloaded. */
  async function uploadAsIs(browser: Browser, content: string): Promise<void> {
    await browser.open(START);
    await browser.send(
      { file: new File([content], "rattachements.csv") },
      { form: 'main form[enctype="multipart/form-data"]' },
    );
  }

  test("les rattachements téléchargés puis importés : rien à faire, ceux sur mesure et à venir compris", async () => {
    await signUp(portal, { email: "plus-tard@exemple.fr" });
    const browser = await claire();
    await upload(browser, "rattacher;plus-tard@exemple.fr;;;service;FI_SGPI;Comptable;");
    await decide(browser, "all");
    await apply(browser);
    await portal.query(
      `update membership set starts_at = now() + interval '40 days' where account_id = (select id from account where sign_in_email = 'plus-tard@exemple.fr')`,
    );
    const [paul] = await portal.query<{ id: string }>(
      "select m.id from membership m join account a on a.id = m.account_id where m.structure_id = $1 and a.sign_in_email like 'paul.durand@%'",
      [TOWN],
    );
    await portal.query(
      "delete from membership_grant where membership_id = $1 and application = 'commitments'",
      [paul!.id],
    );
    const file = await (await browser.request(NOW_HELD)).text();
    expect(file).toContain("Sur mesure");
    expect(file).toContain("Gestionnaire principal");
    expect(file).toContain("suspendre");
    const before = await portal.query("select * from membership order by id");
    await uploadAsIs(browser, file);
    expect(browser.text).toContain("Il n'y a rien à faire.");
    expect(browser.text).not.toContain("Refusées");
    expect(await portal.query("select * from membership order by id")).toEqual(before);
  });

  test("du : à venir, puis déplacé par une ligne modifier ; une personne, une ligne", async () => {
    const browser = await claire();
    const titles = "action;adresse;niveau;codes_services;profil;du;au";
    const send = async (...lines: string[]) => uploadAsIs(browser, [titles, ...lines].join("\n"));
    await send(
      "modifier;plus-tard@exemple.fr;service;FI_SGPI;Comptable;01/03/2031;",
      "rattacher;plus-tard@exemple.fr;service;FI_SGPI;Lecture seule;;",
    );
    expect(browser.text).toContain("Cette adresse figure déjà à la ligne 2.");
    await decide(browser, "valid");
    await apply(browser);
    const startOf = () =>
      portal.query(
        "select to_char(starts_at at time zone 'Europe/Paris', 'DD/MM/YYYY') as du from membership m join account a on a.id = m.account_id where a.sign_in_email = 'plus-tard@exemple.fr'",
      );
    expect(await startOf()).toEqual([{ du: "01/03/2031" }]);
    await send("modifier;plus-tard@exemple.fr;service;FI_SGPI;Sur mesure;01/04/2031;");
    await decide(browser, "all");
    await apply(browser);
    expect(await startOf()).toEqual([{ du: "01/04/2031" }]);
    await send(
      "rattacher;jamais-vue@exemple.fr;structure;;Sur mesure;;",
      "rattacher;jamais-vue2@exemple.fr;structure;;Gestionnaire principal;;",
    );
    expect(browser.text).toContain("cette personne n'en a pas ici");
    expect(browser.text).toContain("Le rôle de gestionnaire principal se propose à la personne");
  });

  test("J11 118 lignes, deux refusées ; le second envoi ne change rien ; un seul message à qui importe", async () => {
    const browser = await claire();
    const lines = Array.from({ length: 118 }, (_, at) =>
      at === 40
        ? "rattacher;x@exemple.fr;;;structure;;Empereur;"
        : at === 80
          ? "rattacher;pas-une-adresse;;;structure;;;"
          : `rattacher;equipe-${at}@exemple.fr;;;structure;;Lecture seule;`,
    );
    const mailsBefore = (await portal.mailsTo("claire.morel@sainte-aurore.example")).length;
    await upload(browser, ...lines);
    await decide(browser, "valid");
    expect(await apply(browser)).toEqual({ done: 116, refused: 0 });
    expect((await portal.mailsTo("claire.morel@sainte-aurore.example")).length).toBe(mailsBefore + 1);
    expect(await portal.mailsTo("equipe-7@exemple.fr")).toHaveLength(1);
    await upload(browser, ...lines);
    expect(browser.text).toContain("Il n'y a rien à faire.");
    expect(await portal.mailsTo("equipe-7@exemple.fr")).toHaveLength(1);
  });

  test("A-22 qui ne rattache personne ne télécharge pas ces rattachements", async () => {
    const hugo = await signIn("nora.petit@sainte-aurore.example");
    expect((await hugo.request(NOW_HELD)).status).toBe(404);
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    expect((await agathe.request(NOW_HELD)).status).toBe(404);
  });
});

describe("Attaques par un fichier de rattachements", () => {
  test("A-30 nul ne donne plus que ce qu'il a, ne change ses droits, ni n'ôte le dernier gestionnaire", async () => {
    const browser = await claire();
    await upload(
      browser,
      "detacher;claire.morel@sainte-aurore.example;;;;;;",
      "modifier;claire.morel@sainte-aurore.example;;;structure;;Administrateur;",
    );
    expect(browser.text).toContain("Nul ne change ses propres droits");
    expect(browser.text).toContain("Il n'y a rien à faire.");

    // a manager of users who holds little else
    const [{ id }] = (await portal.query<{ id: number }>(
      `select m.id from membership m join account a on a.id = m.account_id
       where m.structure_id = $1 and a.sign_in_email = 'connue@exemple.fr' and m.state = 'active'`,
      [TOWN],
    )) as [{ id: number }];
    await portal.query("update membership set scope = 'structure' where id = $1", [id]);
    await portal.query("delete from membership_grant where membership_id = $1", [id]);
    await portal.query("delete from membership_service where membership_id = $1", [id]);
    await portal.query(
      "insert into membership_grant (membership_id, structure_id, application, level, granted_at) values ($1, $2, 'users', 'write', now())",
      [id, TOWN],
    );
    const anne = await signInWith(portal, "connue@exemple.fr");
    await upload(
      anne,
      "rattacher;complice@exemple.fr;;;structure;;Administrateur;",
      "detacher;claire.morel@sainte-aurore.example;;;;;;",
    );
    expect(anne.text).toContain("Vous ne pouvez donner que les droits que vous avez.");
    expect(anne.text).toContain("Seul un gestionnaire principal peut agir sur un gestionnaire principal.");
    expect(await membershipOf("claire.morel@sainte-aurore.example")).toMatchObject({ role: "mainManager" });
  });

  test("A-03 le verdict ne dit pas si une adresse a un compte", async () => {
    await signUp(portal, { email: "secrete@exemple.fr" });
    const browser = await claire();
    await upload(
      browser,
      "rattacher;secrete@exemple.fr;;;structure;;Lecture seule;",
      "rattacher;personne@exemple.fr;;;structure;;Lecture seule;",
    );
    const rows = browser
      .answer!.page.querySelectorAll("main tbody tr")
      .map((row) => row.text.replace(/\S+@exemple\.fr/, "").replace(/^\s*\d+/, ""));
    expect(rows[0]).toBe(rows[1]);
  });

  test("A-22 l'import de rattachements d'un autre droit, ou d'une autre structure, se refuse", async () => {
    const browser = await claire();
    await upload(browser, "rattacher;y@exemple.fr;;;structure;;Lecture seule;");
    const path = new URL(browser.answer!.url).pathname;
    const ines = await signIn("ines.benali@sainte-aurore.example");
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    expect((await agathe.request(path)).status).toBe(404);
    expect((await ines.request(path)).status).toBe(403);
  });
});
