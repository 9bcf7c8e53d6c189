import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { addPublicStructures } from "../../src/modules/structures/index.ts";
import { theClock } from "../../src/platform/events.ts";
import type { Browser } from "../support/browser.ts";
import { deactivatePublic, signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const HUGO = "hugo.lemaire@sainte-aurore.example";
const EMILE = "emile.tessier@atelier-demo.example";
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
const eyes = { kind: "system", reason: "a test" } as const;
let portal: TestPortal;
let workshop: number;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ id: number }>(
    "select id from structure where display_name = 'Atelier Démo'",
  );
  workshop = Number(row!.id);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const sheet = (id: number) => `/organisation/structures/${id}`;
const row = async (id: number) =>
  (await portal.query<Record<string, unknown>>("select * from structure where id = $1", [id]))[0]!;
const edit = async (browser: Browser, id: number, filling: Record<string, string | boolean>) => {
  await browser.open(`${sheet(id)}/modifier`);
  return browser.send(filling, { form: "main form" });
};
/** What the register says of an establishment, from now on. */
const register = (siret: unknown, change: string) =>
  portal.query(`update register_establishment set ${change} where siret = $1`, [siret]);

describe("§ 7.1 Les attributs d'une structure", () => {
  test("TVA proposée d'après le SIREN et vérifiée, RCS, compléments, téléphone : saisis, montrés, dans l'historique", async () => {
    const emile = await signIn(EMILE);
    const siren = String((await row(workshop)).identifier_value).slice(0, 9);
    await emile.open(`${sheet(workshop)}/modifier`);
    const proposed = /ce serait (FR\d{11})\./.exec(emile.text)![1]!;
    expect(proposed.slice(4)).toBe(siren);
    for (const [filling, says] of [
      [{ vatNumber: "FR00123456789" }, "la clé ne correspond pas"],
      [{ phone: "12" }, "n'est pas reconnu"],
      [{ worksOwnerOnly: true }, "demande que « Maîtrise d'ouvrage (MOA) » soit cochée"],
    ] as const) {
      const answer = await edit(emile, workshop, { tradeRegister: "RCS Orléans 999 200 116", ...filling });
      expect(answer.status, says).toBe(422);
      expect(emile.text).toContain(says);
      expect(emile.form("main form").toString()).toContain("RCS Orléans 999 200 116");
    }
    await edit(emile, workshop, {
      vatNumber: proposed,
      tradeRegister: "RCS Orléans 999 200 116",
      addressExtra2: "Cour du fond",
      phone: "02 38 00 00 01",
      worksOwner: true,
      worksOwnerOnly: true,
      delegatedValidator: true,
    });
    expect(emile.text).toContain("La structure est modifiée.");
    for (const said of [
      proposed,
      "RCS Orléans",
      "Cour du fond",
      "02 38 00 00 01",
      "(MOA) uniquement",
      "valideur délégué",
    ])
      expect(emile.text).toContain(said);
    expect(await row(workshop)).toMatchObject({
      vat_number: proposed,
      phone: "+33238000001",
      works_owner_only: true,
      delegated_validator: true,
    });
    const [entry] = await portal.query<{ after: Record<string, unknown> }>(
      "select after from journal_entry where structure_id = $1 and type = 'StructureChanged' order by seq desc limit 1",
      [workshop],
    );
    // what did not change is not said to have
    expect(entry!.after).toMatchObject({ vatNumber: proposed, worksOwnerOnly: true });
    expect(entry!.after).not.toHaveProperty("town");
  });

  test("une entreprise choisit de figurer dans l'annuaire ; un particulier ne le peut pas, même en l'envoyant", async () => {
    const emile = await signIn(EMILE);
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=atelier");
    expect(visitor.text).not.toContain("Atelier Démo");
    await edit(emile, workshop, { listedInDirectory: true });
    await visitor.open("/annuaire?q=atelier");
    expect(visitor.text).toContain("Atelier Démo");
    await visitor.click("Atelier Démo");
    expect(visitor.answer!.status).toBe(200);
    await edit(emile, workshop, { listedInDirectory: false });
    expect((await visitor.open(`/annuaire/${workshop}`)).status).toBe(404);
    await portal.query("update structure set registry_confidential = true where id = $1", [workshop]);
    await emile.open(`${sheet(workshop)}/modifier`);
    const forced = await emile.send({ listedInDirectory: "oui" }, { form: "main form", extra: true });
    expect(forced.status).toBe(422);
    expect(await row(workshop)).toMatchObject({ listed_in_directory: false });
    await portal.query("update structure set registry_confidential = false where id = $1", [workshop]);
  });

  test("SIG-03 la double authentification exigée de tous mène chacun à la mettre en place ; le gestionnaire seul l'exige", async () => {
    const hugo = await signIn(HUGO);
    expect((await hugo.request(`${sheet(TOWN)}/securite`)).status).toBe(403);
    const claire = await signIn(CLAIRE);
    await claire.open(`${sheet(TOWN)}/securite`);
    await claire.send({ requiresSecondFactor: true }, { form: "main form" });
    expect(claire.answer!.url).toContain("/double-authentification");
    await hugo.open("/mes-rattachements");
    expect(hugo.answer!.url).toContain("/double-authentification");
    await portal.query("update structure set requires_second_factor = false where id = $1", [TOWN]);
    await hugo.open("/mes-rattachements");
    expect(hugo.answer!.url).toContain("/mes-rattachements");
  });
});

describe("STR-06 Deux personnes modifient la même fiche", () => {
  test("la seconde lit qui, quand et ce qui diffère, garde sa saisie, et décide", async () => {
    const [claire, karim] = await Promise.all([signIn(CLAIRE), signIn(CLAIRE)]);
    for (const browser of [claire, karim]) await browser!.open(`${sheet(TOWN)}/modifier`);
    await claire!.send(
      { town: "Sainte-Aurore-le-Haut", email: "accueil@sainte-aurore.example" },
      { form: "main form" },
    );
    const answer = await karim!.send({ displayName: "Ville de Sainte-Aurore" }, { form: "main form" });
    expect(answer.status).toBe(409);
    expect(karim!.text).toMatch(/Claire Morel a modifié cette fiche le \d/);
    expect(karim!.text).toMatch(/Ville ?Sainte-Aurore-le-Haut ?Sainte-Aurore/);
    expect(karim!.form("main form").toString()).toContain('value="Ville de Sainte-Aurore"');
    expect(await row(TOWN)).toMatchObject({ town: "Sainte-Aurore-le-Haut" });
    // she keeps the town of the other, and her own name
    await karim!.send(
      { town: "Sainte-Aurore-le-Haut", email: "accueil@sainte-aurore.example" },
      { form: "main form" },
    );
    expect(karim!.text).toContain("La structure est modifiée.");
    expect(await row(TOWN)).toMatchObject({
      display_name: "Ville de Sainte-Aurore",
      town: "Sainte-Aurore-le-Haut",
      email: "accueil@sainte-aurore.example",
    });
    await portal.query("update structure set display_name = 'Commune de Sainte-Aurore' where id = $1", [
      TOWN,
    ]);
  });

  test("STR-04 les règles de facturation aussi : les deux choix se lisent côte à côte, sous l'avertissement", async () => {
    const [one, other] = await Promise.all([signIn(CLAIRE), signIn(CLAIRE)]);
    for (const browser of [one, other]) await browser!.open(`${sheet(TOWN)}/facturation`);
    expect(one!.text).toContain("sera refusée à son dépôt");
    expect(one!.text).toContain("Aujourd'hui : Indiquez le code service.");
    await one!.send({ choice: "both" }, { form: "main form" });
    const answer = await other!.send({ choice: "nothing" }, { form: "main form" });
    expect(answer.status).toBe(409);
    expect(other!.text).toMatch(/Le code service et le numéro d'engagement ?Rien/);
    await other!.send({}, { form: "main form" });
    expect(await row(TOWN)).toMatchObject({ service_code_required: false, commitment_required: false });
  });
});

describe("STR-03 « Mettre à jour depuis le répertoire »", () => {
  test("montre ligne par ligne, applique, puis les champs du répertoire ne se saisissent plus", async () => {
    const emile = await signIn(EMILE);
    const before = await row(workshop);
    await emile.open(sheet(workshop));
    await emile.click("Mettre à jour depuis le répertoire");
    expect(emile.text).toContain("14 RUE DES ARTISANS");
    expect(await row(workshop)).toEqual(before);
    await emile.send({}, { form: "main form" });
    expect(emile.text).toContain("à jour du répertoire national");
    const after = await row(workshop);
    expect(after).toMatchObject({ address_line: "14 RUE DES ARTISANS", registry_check: "confirmed" });
    expect(after.register_data_at).not.toBeNull();
    await emile.open(`${sheet(workshop)}/modifier`);
    expect(emile.text).toMatch(/Données du répertoire national, mises à jour le \d/);
    expect(emile.form("main form").querySelector('[name="legalName"]')).toBeNull();
    const forced = await emile.send({ legalName: "Autre nom" }, { form: "main form", extra: true });
    expect(forced.status).toBe(422);
    expect(await row(workshop)).toMatchObject({ legal_name: after.legal_name });
  });

  test("ce qui a changé depuis la lecture est relu avant d'être appliqué", async () => {
    const emile = await signIn(EMILE);
    const { identifier_value: siret } = await row(workshop);
    await register(siret, "town = 'ORLEANS'");
    await emile.open(`${sheet(workshop)}/repertoire`);
    expect(emile.text).toContain("ORLEANS");
    await register(siret, "town = 'BLOIS'");
    expect((await emile.send({}, { form: "main form" })).status).toBe(409);
    expect(emile.text).toContain("BLOIS");
    await emile.send({}, { form: "main form" });
    expect(await row(workshop)).toMatchObject({ town: "BLOIS" });
  });

  test("A-21 une personne en consultation ne la met pas à jour ; une autre structure est introuvable", async () => {
    for (const [email, status] of [
      [HUGO, 403],
      [AGATHE, 404],
    ] as const) {
      const browser = await signIn(email);
      for (const page of ["repertoire", "modifier"]) {
        expect((await browser.request(`${sheet(TOWN)}/${page}`)).status).toBe(status);
        await browser.open("/mon-compte");
        expect((await browser.post(`${sheet(TOWN)}/${page}`, { version: "1" })).status).toBe(status);
      }
    }
  });
});

describe("STR-07 Le répertoire dit l'établissement fermé", () => {
  test("repassée au bout de trois mois : une bannière, chacun prévenu une fois, rien n'est désactivé ; rouverte, plus de bannière", async () => {
    const { identifier_value: siret } = await row(workshop);
    expect(await portal.runJob("check-register")).toMatchObject({ closed: 0 });
    await register(siret, "is_open = false, since = '2026-01-31'");
    expect(await portal.runJob("check-register")).toMatchObject({ closed: 0 });
    portal.advance({ days: 91 });
    expect(await portal.runJob("check-register")).toMatchObject({ closed: 1 });
    expect(await portal.runJob("check-register")).toMatchObject({ closed: 0 });
    expect(await row(workshop)).toMatchObject({ state: "active", registry_check: "negative" });
    const told = async () =>
      (await portal.mailsTo(EMILE)).filter((mail) => mail.name === "structure-not-in-register");
    expect((await told()).map((mail) => mail.subject)).toEqual([
      "Unisson – Le répertoire indique que ATELIER DÉMO est fermée",
    ]);
    const emile = await signIn(EMILE);
    await emile.open(sheet(workshop));
    expect(emile.text).toContain("fermé depuis le 31/01/2026");
    portal.advance({ days: 91 });
    await portal.runJob("check-register");
    expect(await told()).toHaveLength(1);
    await register(siret, "is_open = true");
    const later = await signIn(EMILE);
    await later.open(`${sheet(workshop)}/repertoire`);
    expect(later.text).toMatch(/Fermé depuis le 31\/01\/2026 ?Ouvert/);
    await later.send({}, { form: "main form" });
    expect(later.text).not.toContain("fermé depuis le 31/01/2026");
  });
});

describe("STR-02 Le répertoire dit l'entreprise non diffusible", () => {
  const isInDirectory = async () => {
    const visitor = portal.browser();
    const { status } = await visitor.open(`/annuaire/${workshop}`);
    await visitor.open("/annuaire?q=atelier");
    const isFound = visitor.text.includes("ATELIER DÉMO");
    expect(status).toBe(isFound ? 200 : 404);
    return isFound;
  };
  const list = async () => {
    await portal.query(
      "update structure set registry_confidential = false, listed_in_directory = true where id = $1",
      [workshop],
    );
    expect(await isInDirectory()).toBe(true);
  };

  test("à la mise à jour, elle quitte l'annuaire où elle figurait, et la page l'annonce", async () => {
    const { identifier_value: siret } = await row(workshop);
    await list();
    await register(siret, "is_confidential = true");
    const emile = await signIn(EMILE);
    await emile.open(`${sheet(workshop)}/repertoire`);
    expect(emile.text).toMatch(/Annuaire public ?Elle y figure ?Elle n'y figure pas/);
    await emile.send({}, { form: "main form" });
    expect(emile.text).toContain("à jour du répertoire national");
    expect(await isInDirectory()).toBe(false);
    await emile.open(`${sheet(workshop)}/modifier`);
    expect(emile.form("main form").querySelector('[name="listedInDirectory"]')).toBeNull();
    const [entry] = await portal.query<{ before: unknown; after: unknown }>(
      "select before, after from journal_entry where structure_id = $1 and type = 'StructureUpdatedFromRegister' order by seq desc limit 1",
      [workshop],
    );
    expect(entry).toMatchObject({
      before: { registryConfidential: false, listedInDirectory: true },
      after: { registryConfidential: true, listedInDirectory: false },
    });
    await register(siret, "is_confidential = false");
  });

  for (const [when, change] of [
    ["ouverte", "is_confidential = true"],
    ["fermée", "is_confidential = true, is_open = false"],
  ] as const)
    test(`repassée au bout de trois mois, ${when} : elle quitte l'annuaire, et l'historique le dit`, async () => {
      const { identifier_value: siret } = await row(workshop);
      await list();
      await register(siret, change);
      portal.advance({ days: 91 });
      await portal.runJob("check-register");
      expect(await isInDirectory()).toBe(false);
      expect(await row(workshop)).toMatchObject({ registry_confidential: true, state: "active" });
      const [entry] = await portal.query<{ means: string; after: unknown }>(
        "select means, after from journal_entry where structure_id = $1 and type = 'StructureUpdatedFromRegister' order by seq desc limit 1",
        [workshop],
      );
      expect(entry).toEqual({
        means: "job",
        after: { registryConfidential: true, listedInDirectory: false },
      });
      await register(siret, "is_confidential = false, is_open = true");
      portal.advance({ days: 91 });
      await portal.runJob("check-register");
      expect(await row(workshop)).toMatchObject({ registry_confidential: false, listed_in_directory: false });
    });

  test("créée pendant que le répertoire se taisait : masquée dès qu'il la confirme, sa taille avec", async () => {
    const { identifier_value: siret } = await row(workshop);
    await portal.query(
      "update structure set registry_check = 'pending', registry_checked_at = null, company_category = null where id = $1",
      [workshop],
    );
    await register(siret, "is_confidential = true");
    await portal.query("update register_company set category = 'PME' where siren = left($1, 9)", [siret]);
    await portal.runJob("check-register");
    expect(await row(workshop)).toMatchObject({
      registry_check: "confirmed",
      registry_confidential: true,
      company_category: "PME",
    });
    await register(siret, "is_confidential = false");
  });
});

describe("§ 4.3 cas D, § 20 18, 20 à 22 Une structure connue et fermée", () => {
  test("désactivée : ses demandes sont refusées avec le motif, ses invitations annulées, et la page le comptait", async () => {
    const claire = await signIn(CLAIRE);
    await claire.open(`${sheet(TOWN)}/desactiver`);
    expect(claire.text).toContain(
      "Sa demande de rattachement en attente est refusée : son auteur en lit le motif.",
    );
    expect(claire.text).toMatch(/Ses \d invitations en attente sont annulées/);
    await deactivatePublic(claire, await signIn(OPERATOR), { id: TOWN, name: "Commune de Sainte-Aurore" });
    await claire.open(sheet(TOWN));
    expect(claire.text).toContain("Désactivée : Fusion");
    expect(
      await portal.query(
        "select from membership_request where structure_id = $1 and state = 'pending' union all select from invitation where structure_id = $1 and state = 'pending'",
        [TOWN],
      ),
    ).toEqual([]);
    const mail = (await portal.mailsTo("samuel.roche@mairie-voisine.example")).at(-1)!;
    expect(mail.name).toBe("membership-request-refused");
    expect(mail.text).toContain("La structure est désactivée.");
  });

  test("à la création, à l'inscription et à la demande : ce qui s'est passé et quoi faire", async () => {
    const { identifier_value: siret } = await row(TOWN);
    const says =
      /Commune de Sainte-Aurore.* n'est plus active dans le portail depuis le \d+\/\d+\/\d+\. Un de ses gestionnaires peut la réactiver/;
    const agathe = await signIn(AGATHE);
    await agathe.open("/organisation/structures/nouvelle");
    await agathe.send({ identifierType: "SIRET", identifierValue: String(siret) });
    expect(agathe.text).toMatch(says);
    await agathe.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
    expect(agathe.answer!.status).toBe(422);
    expect(agathe.text).toMatch(says);
    const visitor = portal.browser();
    await visitor.open("/compte/creer");
    const email = "nouvelle@exemple.fr";
    await visitor.send({ email, emailAgain: email, firstName: "Ada", lastName: "Roy", acceptsTerms: true });
    await visitor.send({ identifierType: "SIRET", identifierValue: String(siret) });
    expect(visitor.answer!.status).toBe(422);
    expect(visitor.text).toMatch(says);
    const claire = await signIn(CLAIRE);
    await claire.open(sheet(TOWN));
    await claire.send({}, { form: `main form[action="${sheet(TOWN)}/reactiver"]` });
    expect(await row(TOWN)).toMatchObject({ state: "active", deactivation_reason: null });
  });

  test("STR-02, 21 qui n'en est pas ne lit ni le nom ni la ville d'une entreprise non diffusible", async () => {
    await portal.query("update structure set registry_confidential = true where id = $1", [workshop]);
    const { identifier_value: siret } = await row(workshop);
    const agathe = await signIn(AGATHE);
    await agathe.open("/organisation/structures/nouvelle");
    await agathe.send({ identifierType: "SIRET", identifierValue: String(siret) });
    expect(agathe.text).toContain("Structure dont le nom n'est pas publié est déjà dans le portail");
    await agathe.click("Demander un rattachement");
    for (const hidden of ["ATELIER DÉMO", "BLOIS"]) expect(agathe.answer!.text).not.toContain(hidden);
    const emile = await signIn(EMILE);
    await emile.open(sheet(workshop));
    expect(emile.text).toContain("ATELIER DÉMO");
  });

  test("STR-09 deux créations à la fois : la seconde devient une demande, et le dit", async () => {
    const siret = "99950076200011";
    const people = await Promise.all(
      ["premier@exemple.fr", "seconde@exemple.fr"].map((email) => signUp(portal, { email })),
    );
    for (const one of people) {
      await one.open("/organisation/structures/nouvelle");
      await one.send({ identifierType: "SIRET", identifierValue: siret });
      expect(one.text).toContain("Est-ce bien cette structure ?");
    }
    await Promise.all(people.map((one) => one.send()));
    const texts = people.map((one) => one.text);
    expect(texts.filter((text) => text.includes("Vous êtes gestionnaire principal"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("Votre création est devenue une demande"))).toHaveLength(1);
    const [made] = await portal.query<{ id: number }>(
      "select id from structure where identifier_value = $1",
      [siret],
    );
    expect(
      await portal.query("select from membership_request where structure_id = $1 and state = 'pending'", [
        made!.id,
      ]),
    ).toHaveLength(1);
  });

  test("STR-09 créée pendant que la liste de référence l'ajoute : une seule, et qui la créait l'apprend", async () => {
    const siret = "73282932000074";
    const browser = await signUp(portal, { email: "troisieme@exemple.fr" });
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: siret });
    let creating: Promise<unknown> | undefined;
    await portal.database.transaction(eyes, async (tx, now) => {
      const listed = {
        ...{ identifierValue: siret, legalName: "Régie d'Exemple", addressLine: "", addressExtra1: "" },
        ...{ postcode: "", town: "", country: "FR", email: null },
      };
      await addPublicStructures(tx, [listed], theClock, now);
      creating = browser.send({
        ...{ kind: "private", legalName: "Atelier d'Exemple", addressLine: "1 rue de la Paix" },
        ...{ postcode: "75002", town: "Paris" },
      });
      await vi.waitFor(async () =>
        expect(
          await portal.query(
            "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          ),
        ).toHaveLength(1),
      );
    });
    await creating;
    expect(browser.answer!.status).toBeLessThan(500);
    expect(browser.text).toContain("Régie d'Exemple");
    expect(await portal.query("select kind from structure where identifier_value = $1", [siret])).toEqual([
      { kind: "public" },
    ]);
  });
});

test("Qui travaille pour plus de cinq structures en cherche une par nom, numéro, nature ou état", async () => {
  const siret = String((await row(TOWN)).identifier_value);
  const claire = await signIn(CLAIRE);
  await claire.open("/organisation/structures");
  expect(claire.answer!.text).not.toContain("recherche-liste");
  await portal.query(
    `insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
     select a.id, s.id, 'member', 'structure', 'active', now(), 'demo' from account a, structure s
     where a.sign_in_email = $1 on conflict do nothing`,
    [CLAIRE],
  );
  const names = () => claire.answer!.page.querySelectorAll("main tbody th").map((one) => one.textContent);
  await claire.open("/organisation/structures?q=trois-vallees");
  expect(names()).toEqual(["Groupe hospitalier des Trois-Vallées"]);
  await claire.open(`/organisation/structures?q=${encodeURIComponent(siret.replace(/(...)/g, "$1 "))}`);
  expect(names()).toEqual(["Commune de Sainte-Aurore"]);
  await claire.open("/organisation/structures?etat=fermee&nature=private");
  expect(names()).toEqual(["Imprimerie du Pont (cessée)"]);
  await claire.open("/organisation/structures?q=introuvable");
  expect(claire.text).toContain("Aucune de vos structures ne correspond.");
});

test("STR-10 L'annuaire nomme vingt-quatre mois une structure publique remplacée, et mène à la nouvelle", async () => {
  const [hospital] = await portal.query<{ id: number; siret: string }>(
    "select id, identifier_value as siret from structure where display_name = 'Groupe hospitalier des Trois-Vallées'",
  );
  const agathe = await signIn(AGATHE);
  await agathe.open(`${sheet(hospital!.id)}/changer-identifiant`);
  await agathe.send({ identifiant: "99910022500021" }, { form: "main form" });
  await agathe.send({}, { form: "main form" });
  expect(agathe.text).toContain("a changé d'identifiant.");
  const visitor = portal.browser();
  await visitor.open(`/annuaire?q=${hospital!.siret}`);
  expect(visitor.text).toContain("Groupe hospitalier des Trois-Vallées a changé d'identifiant.");
  await visitor.click("Voir la structure qui la remplace");
  expect(visitor.text).toContain("Remplacée par 999 100 225 00021");
  await visitor.click("sous son nouvel identifiant");
  expect(visitor.text).toContain("99910022500021");
  expect(visitor.text).toContain("PHARMACIE");
  portal.advance({ days: 731 });
  expect((await visitor.open(`/annuaire/${hospital!.id}`)).status).toBe(404);
});
