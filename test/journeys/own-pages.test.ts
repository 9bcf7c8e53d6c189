import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const SAMUEL = "samuel.roche@mairie-voisine.example";
const CLAIRE = "claire.morel@sainte-aurore.example";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const as = (email: string) => signIn(portal, email, DEMO_PASSWORD);
const requestOf = async (email: string) =>
  (
    await portal.query<{ id: number }>(
      `select r.id from membership_request r join account a on a.id = r.account_id
       where a.sign_in_email = $1 and r.state = 'pending'`,
      [email],
    )
  )[0]!.id;

describe("§ 5.3 Mes rattachements", () => {
  test("structure, identifiant, rôle, services, période, gestionnaires, et ce que l'on peut faire", async () => {
    const ines = await as("ines.benali@sainte-aurore.example");
    await ines.open("/mes-rattachements");
    for (const words of [
      "Commune de Sainte-Aurore",
      "999 100",
      "Services FI_SGPI",
      "Depuis le",
      "Claire Morel",
    ])
      expect(ines.text).toContain(words);
    await ines.click("Demander un autre service");
    expect(ines.text).toContain("Niveau de rattachement");
    await ines.open("/mes-rattachements");
    await ines.click("Voir mes habilitations");
    expect(ines.text).toContain("Que puis-je faire, et pourquoi ?");
  });

  test("un accès suspendu se voit, et dit qui peut le rétablir", async () => {
    const nora = await as("nora.petit@sainte-aurore.example");
    await nora.open("/mes-rattachements");
    expect(nora.text).toContain("Accès suspendu");
    expect(nora.text).toContain("Un gestionnaire peut rétablir votre accès");
  });

  test("A-34 « Demander un autre service » ne montre pas une structure où l'on n'est pas", async () => {
    const ines = await as("ines.benali@sainte-aurore.example");
    for (const id of ["5", "999", "0", "x"])
      expect((await ines.open(`/mes-rattachements/demander?structure=${id}`)).status).toBe(404);
    expect((await ines.open("/mes-habilitations?structureId=5")).status).toBe(404);
  });
});

describe("Relancer les gestionnaires, leur écrire", () => {
  test("une fois tous les trois jours, sans apprendre leurs noms ; ils lisent le message", async () => {
    await portal.query("update membership_request set asked_at = now() where state = 'pending'");
    const samuel = await as(SAMUEL);
    await samuel.open("/mes-rattachements");
    await samuel.click("Leur écrire");
    expect(samuel.text).toContain("C. M. (c…@sainte-aurore.example)");
    expect(samuel.text).not.toContain("Claire");
    expect(samuel.text).toContain("relancés il y a moins de trois jours");
    portal.advance({ days: 3 });
    const again = await as(SAMUEL);
    const url = `/mes-demandes/${await requestOf(SAMUEL)}/relancer`;
    await again.open(url);
    await again.send({ message: "Je commence lundi." }, { form: "main form" });
    expect(again.text).toContain("Les gestionnaires de Commune de Sainte-Aurore sont relancés.");
    const mail = (await portal.mailsTo(CLAIRE)).findLast(
      (one) => one.name === "membership-answerers-reminded",
    );
    expect(mail!.text).toContain("Je commence lundi.");
    await again.open(url);
    expect(again.text).toContain("Dernière relance");
    expect((await again.post(url, { message: "Encore" })).status).toBe(422);
    expect(
      (await portal.mailsTo(CLAIRE)).filter((one) => one.name === "membership-answerers-reminded"),
    ).toHaveLength(1);
  });

  test("§ 10.6 après dix jours, la page mène à la reprise, déjà remplie, ou au retrait", async () => {
    portal.advance({ days: 8 });
    const samuel = await as(SAMUEL);
    await samuel.open(`/mes-demandes/${await requestOf(SAMUEL)}/relancer`);
    expect(samuel.text).toContain("Personne ne répond ?");
    await samuel.click("demandez à reprendre la gestion");
    const typed = samuel.form('main form[action="/organisation/reprise"]');
    expect(typed.querySelector('[name="identifiant"]')!.getAttribute("value")).toMatch(/^999100/);
  });

  test("A-34 on ne relance, ni ne voit, la demande d'une autre personne", async () => {
    const victor = await as("victor.lenoir@exemple.example");
    const url = `/mes-demandes/${await requestOf(SAMUEL)}/relancer`;
    expect((await victor.open(url)).status).toBe(404);
    await victor.open("/mon-compte");
    expect((await victor.post(url, { message: "" })).status).toBe(404);
  });
});

describe("§ 5.6 Historique de mes demandes", () => {
  test("rattachements, habilitations et reprises, ensemble", async () => {
    const hugo = await as("hugo.lemaire@sainte-aurore.example");
    await hugo.open("/mes-demandes");
    expect(hugo.text).toContain("Demandes d'habilitation");
    const samuel = await as(SAMUEL);
    await samuel.open("/mes-demandes");
    expect(samuel.text).toContain("Demandes de rattachement");
  });
});

describe("§ 5.1 Mon compte", () => {
  test("coordonnées : enregistrées, effacées, et quatre lignes au plus", async () => {
    const browser = await signUp(portal, { email: "adresse@exemple.fr" });
    await browser.open("/mon-compte/coordonnees");
    await browser.send({ addressLines: "a\nb\nc\nd\ne", phone: "12" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Une adresse compte au plus 4 lignes.");
    await browser.send({
      addressLines: "Service achats\n1 rue de la Paix",
      postcode: "1000",
      town: "Bruxelles",
      country: "BE",
      phone: "",
    });
    expect(browser.text).toContain("Service achats, 1 rue de la Paix, 1000 Bruxelles, Belgique");
    const data = await (await browser.request("/mon-compte/donnees.json")).json();
    expect(data.compte.adressePostale).toMatchObject({ ville: "Bruxelles", pays: "BE" });
    await browser.open("/mon-compte/coordonnees");
    await browser.send({ addressLines: "", postcode: "", town: "", country: "" });
    expect(browser.text).toContain("Non renseignée");
  });

  test("le changement de nom garde l'ancien dans l'historique", async () => {
    const browser = await signUp(portal, { email: "epouse@exemple.fr", lastName: "Avant" });
    await browser.open("/mon-compte/identite");
    await browser.send({ lastName: "Après" });
    const [entry] = await portal.query<{ before: unknown; after: unknown }>(
      "select before, after from journal_entry where type = 'ProfileChanged' order by at desc limit 1",
    );
    expect(entry).toMatchObject({ before: { nom: "Avant" }, after: { nom: "Après" } });
  });
});

describe("Gestionnaires : plusieurs structures, absences", () => {
  test("MGR-07 désigner dans deux structures d'un geste : un seul message, et l'on accepte les deux", async () => {
    const structures = await portal.query<{ id: number; name: string }>(
      `select s.id, s.display_name as name from structure s join membership m on m.structure_id = s.id
       join account a on a.id = m.account_id
       where a.sign_in_email = $1 and m.role = 'mainManager' order by s.id`,
      [CLAIRE],
    );
    const other = structures.find((one) => Number(one.id) !== TOWN)!;
    const paul = "paul.durand@sainte-aurore.example";
    const claire = await as(CLAIRE);
    const designate = async () => {
      await claire.open(`/organisation/gestionnaires/designer?structureId=${TOWN}`);
      await claire.send({ adresse: paul, ailleurs: String(other.id) }, { form: "main form" });
    };
    await designate();
    expect(claire.text).toContain(`Pas pour ${other.name} : Aucune personne de la structure`);
    await portal.query("delete from manager_proposal");
    await portal.query(
      `insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
       select id, $2, 'member', 'structure', 'active', now(), 'demo' from account where sign_in_email = $1`,
      [paul, other.id],
    );
    const before = (await portal.mailsTo(paul)).length;
    await designate();
    const mails = (await portal.mailsTo(paul)).slice(before);
    expect(mails.map((mail) => mail.name)).toEqual(["main-manager-proposed"]);
    expect(mails[0]!.text).toContain(`Cela vaut aussi pour : ${other.name}.`);
    const taker = await as(paul);
    await taker.open(portal.linkIn(mails[0]!));
    await taker.send({}, { form: 'main form[action$="/accepter"]' });
    const roles = await portal.query<{ role: string }>(
      "select m.role from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
      [paul],
    );
    expect(roles.map((one) => one.role)).toEqual(["mainManager", "mainManager"]);
  });

  test("A-28 on ne désigne pas dans une structure que l'on ne gère pas", async () => {
    const claire = await as(CLAIRE);
    await claire.open(`/organisation/gestionnaires/designer?structureId=${TOWN}`);
    const answer = await claire.send(
      { adresse: "hugo.lemaire@sainte-aurore.example", ailleurs: "4" },
      { form: "main form" },
    );
    expect(answer.status).toBe(404);
    expect(await portal.query("select id from manager_proposal where state = 'open'")).toEqual([]);
  });

  test("sans réponse, la proposition est rappelée une fois, trois jours avant d'expirer", async () => {
    const hugo = "hugo.lemaire@sainte-aurore.example";
    const claire = await as(CLAIRE);
    await claire.open(`/organisation/gestionnaires/designer?structureId=${TOWN}`);
    await claire.send({ adresse: hugo }, { form: "main form" });
    expect(await portal.runJob("remind-manager-proposals")).toEqual({ reminded: 0 });
    portal.advance({ days: 11 });
    expect(await portal.runJob("remind-manager-proposals")).toEqual({ reminded: 1 });
    expect(await portal.runJob("remind-manager-proposals")).toEqual({ reminded: 0 });
    expect((await portal.mailsTo(hugo)).at(-1)!.text).toContain("la proposition expire");
  });

  test("MGR-08 trois mois sans gestionnaire et une demande qui attend : chacun est prévenu, une fois", async () => {
    await portal.query("update account set last_sign_in_at = unisson_now()");
    expect(await portal.runJob("unreachable-managers")).toEqual({ unreachable: 0 });
    portal.advance({ days: 91 });
    expect(await portal.runJob("unreachable-managers")).toEqual({ unreachable: 1 });
    expect(await portal.runJob("unreachable-managers")).toEqual({ unreachable: 0 });
    const names = async (address: string) => (await portal.mailsTo(address)).map((mail) => mail.name);
    expect(await names(CLAIRE)).toContain("managers-unreachable");
    expect(await names("mairie@sainte-aurore.example")).toContain("managers-unreachable");
    expect(await names("hugo.lemaire@sainte-aurore.example")).toContain("successor-wanted");
    expect(await names("ines.benali@sainte-aurore.example")).not.toContain("successor-wanted");
  });

  test("MGR-08 une structure dont le contact est l'un de ses gestionnaires ne lui écrit qu'une fois", async () => {
    await portal.query("update structure set email = 'Claire.Morel@sainte-aurore.example' where id = $1", [
      TOWN,
    ]);
    await portal.query("delete from mail");
    portal.advance({ days: 91 });
    expect(await portal.runJob("unreachable-managers")).toEqual({ unreachable: 1 });
    const told = await portal.query<{ toAddress: string }>(
      `select to_address as "toAddress" from mail where name = 'managers-unreachable' order by to_address`,
    );
    expect(told.map((mail) => mail.toAddress)).toEqual([CLAIRE, "paul.durand@sainte-aurore.example"]);
  });
});
