import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { activate, PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummary } from "../support/sign-up-form.ts";

const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
let portal: TestPortal;
let town: { id: number; siret: string };
let orphan: { id: number; siret: string; name: string };

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  const one = async (where: string) =>
    (
      await portal.query<{ id: number; siret: string; name: string }>(
        `select id, identifier_value as siret, display_name as name from structure where ${where} limit 1`,
      )
    )[0]!;
  town = await one("display_name = 'Commune de Sainte-Aurore'");
  orphan = await one("without_manager and state = 'active'");
});
afterAll(() => portal?.close());
beforeEach(() => portal.advance({ hours: 1 }));

const PERSON = { firstName: "Lina", lastName: "Moreau", acceptsTerms: true };
const mailNames = async (address: string) => (await portal.mailsTo(address)).map((mail) => mail.name);
const fieldOf = (browser: Browser, name: string) =>
  browser.form().querySelector(`[name="${name}"]`)?.getAttribute("value");

async function identify(email: string, siret: string, more: Record<string, string> = {}): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/compte/creer");
  await browser.send({ email, emailAgain: email, ...PERSON, ...more });
  await browser.send({ identifierType: "SIRET", identifierValue: siret });
  return browser;
}
const correct = (browser: Browser, step: "personne" | "structure", url = "/compte/creer/corriger") =>
  browser.send({}, { button: ["corriger", step], action: url });

describe("Étape 2 : la structure est déjà dans le portail", () => {
  test("cas C : on souhaite un service et on écrit un mot ; la demande part à l'activation, pas avant", async () => {
    const email = "lina.moreau@exemple.fr";
    const browser = await identify(email, town.siret);
    expect(browser.text).toContain("Cette structure existe déjà. Ses gestionnaires recevront votre demande.");
    const box = browser
      .form()
      .querySelectorAll(".govuk-checkboxes__item")
      .find((item) => item.textContent.startsWith("FI_SGPI"))!
      .querySelector("input")!
      .getAttribute("value")!;
    await browser.send({ serviceIds: box, message: "Je remplace Inès en mars." });
    expect(browser.text).toContain("Services souhaitésFI_SGPI");
    expect(browser.text).toContain("Je remplace Inès en mars.");
    await browser.send();
    const asked = () =>
      portal.query<{ scope: string; message: string; codes: string[] }>(
        `select r.scope, r.message, array(select code from service where id = any(r.service_ids)) as codes
         from membership_request r join account a on a.id = r.account_id where a.sign_in_email = $1`,
        [email],
      );
    expect(await asked()).toEqual([]);
    await activate(portal, browser, email);
    expect(await asked()).toEqual([
      { scope: "service", message: "Je remplace Inès en mars.", codes: ["FI_SGPI"] },
    ]);
    expect(browser.text).toContain(
      "Votre demande pour Commune de Sainte-Aurore attend la réponse d'un gestionnaire depuis aujourd'hui.",
    );
  });

  test("sans gestionnaire (MGR-04) : la justification est demandée, et l'opérateur examine", async () => {
    const email = "premier@exemple.fr";
    const browser = await identify(email, orphan.siret);
    expect(browser.text).toContain("Aucun gestionnaire : votre demande sera examinée par l'opérateur.");
    await browser.send({ message: " " });
    expect(browser.answer!.status).toBe(422);
    await browser.send({ message: "Secrétaire générale, décision du 2 mars." });
    await browser.send();
    await activate(portal, browser, email);
    expect(browser.text).toContain(`Votre demande de gestion de ${orphan.name} est envoyée à l'opérateur`);
    const operator = await signIn(portal, OPERATOR, DEMO_PASSWORD);
    await operator.open("/operateur/reprises");
    expect(operator.text).toContain("Secrétaire générale, décision du 2 mars.");
  });

  test("cas D : fermée, la page dit depuis quand et que faire", async () => {
    await portal.query("update structure set state = 'inactive', deactivated_at = now() where id = $1", [
      town.id,
    ]);
    const browser = await identify("tard@exemple.fr", town.siret);
    await portal.query("update structure set state = 'active', deactivated_at = null where id = $1", [
      town.id,
    ]);
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toMatch(
      /Commune de Sainte-Aurore, Sainte-Aurore n'est plus active dans le portail depuis le \d\d\//,
    );
    expect(browser.text).toContain("adressez-vous à l'opérateur du portail");
  });

  test("les services d'une structure qui n'est pas dans l'annuaire ne se montrent pas", async () => {
    const [workshop] = await portal.query<{ siret: string }>(
      `with s as (select id, identifier_value from structure where display_name = 'Atelier Démo'),
       added as (insert into service (structure_id, code, label, starts_at) select id, 'SECRET', 'Secret', now() from s)
       select identifier_value as siret from s`,
    );
    const browser = await identify("curieux@exemple.fr", workshop!.siret);
    expect(browser.text).toContain("Cette structure existe déjà.");
    expect(browser.text).not.toContain("SECRET");
  });
});

describe("Étape 3 : chaque ligne se modifie, et rien de saisi n'est perdu", () => {
  test("modifier la personne, puis la structure, garde le reste", async () => {
    const browser = await identify("hesite@exemple.fr", town.siret, { phone: "01 23 45 67 89" });
    await browser.send({ message: "Bonjour" });
    await correct(browser, "personne");
    expect(fieldOf(browser, "firstName")).toBe("Lina");
    await browser.send({ firstName: "Line" });
    expect(fieldOf(browser, "identifierValue")).toBe(town.siret);
    await browser.send();
    expect(browser.form().querySelector("textarea")!.textContent).toBe("Bonjour");
    await browser.send();
    expect(browser.text).toContain("Line Moreau");
    expect(browser.text).toContain("Bonjour");
    await correct(browser, "structure");
    await browser.send({}, { button: ["later", "oui"] });
    expect(browser.text).toContain("À choisir plus tard");
  });

  test("« Ce n'est pas la bonne adresse » : on la corrige sans tout retaper", async () => {
    const browser = portal.browser();
    await reachSummary(browser, "fote@exemple.fr");
    await browser.send();
    expect(browser.text).toContain("Ce n'est pas la bonne adresse");
    await correct(browser, "personne");
    await browser.send({ email: "faute@exemple.fr", emailAgain: "faute@exemple.fr" });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    await activate(portal, browser, "faute@exemple.fr");
  });
});

describe("ACC-06 Renvoyer le lien", () => {
  test("une seconde pression dans la minute dit depuis quand il est parti ; la quatrième de l'heure attend", async () => {
    const email = "impatient@exemple.fr";
    const browser = portal.browser();
    await reachSummary(browser, email);
    await browser.send();
    portal.advance({ seconds: 20 });
    await browser.send({}, { form: 'main form[action="/compte/renvoyer"]' });
    expect(browser.text).toMatch(/Message déjà envoyé il y a 2\d s/);
    for (let press = 0; press < 2; press++) {
      portal.advance({ minutes: 2 });
      await browser.send({}, { form: 'main form[action="/compte/renvoyer"]' });
      expect(browser.text).not.toContain("déjà");
    }
    portal.advance({ minutes: 2 });
    await browser.send({}, { form: 'main form[action="/compte/renvoyer"]' });
    expect(browser.answer!.status).toBe(429);
    expect(browser.text).toContain("Trois messages sont déjà partis à cette adresse dans l'heure");
    expect(await mailNames(email)).toEqual(["activation-link", "activation-link", "activation-link"]);
  });

  test("A-03 la réponse est la même pour une adresse sans compte, et pour un compte actif", async () => {
    const pages: string[] = [];
    for (const email of ["personne@exemple.fr", "claire.morel@sainte-aurore.example"]) {
      const browser = portal.browser();
      await browser.open("/compte/lien");
      for (let press = 0; press < 2; press++)
        await browser.send({ email }, { form: "main form", extra: true });
      pages.push(browser.text.replace(/.…@\S+/, "").replace(/\d+ s/, ""));
      expect(browser.text).toContain("Message déjà envoyé");
    }
    expect(pages[0]).toBe(pages[1]);
    expect(await portal.mailsTo("personne@exemple.fr")).toEqual([]);
  });

  test("A-03 trois inscriptions par heure au plus préviennent le titulaire d'un compte", async () => {
    const email = "victor.lenoir@exemple.example";
    for (let round = 0; round < 5; round++) {
      const browser = portal.browser();
      await reachSummary(browser, email);
      await browser.send();
    }
    expect((await mailNames(email)).filter((name) => name === "sign-up-on-existing-account")).toHaveLength(3);
  });
});

describe("Adresse de contact", () => {
  test("donnée à l'inscription, elle ne sert qu'une fois confirmée par son lien", async () => {
    const email = "contactee@exemple.fr";
    const browser = portal.browser();
    await browser.open("/compte/creer");
    await browser.send({ email, emailAgain: email, ...PERSON, contactEmail: "equipe@exemple.fr" });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    expect(await portal.mailsTo("equipe@exemple.fr")).toEqual([]);
    await activate(portal, browser, email);
    await browser.open("/mon-compte");
    expect(browser.text).toContain("La même que pour se connecter");
    expect(browser.text).toContain("equipe@exemple.fr À confirmer");
    const [mail] = await portal.mailsTo("equipe@exemple.fr");
    expect(mail!.subject).toContain("Confirmez votre adresse de contact");
    const link = portal.linkIn(mail!);
    for (const method of ["GET", "HEAD"]) await portal.browser().request(link, { method });
    const reader = portal.browser();
    await reader.open(link);
    await reader.send();
    expect(reader.text).toContain("Votre adresse de contact est confirmée");
    expect((await portal.browser().open(link)).status).toBe(410);
    expect(await mailNames(email)).toContain("contact-email-changed");
  });

  test("donnée à l'inscription, la même que pour se connecter n'annonce aucun changement", async () => {
    const email = "memeadresse@exemple.fr";
    const browser = portal.browser();
    await browser.open("/compte/creer");
    await browser.send({ email, emailAgain: email, ...PERSON, contactEmail: "MemeAdresse@exemple.fr" });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    await activate(portal, browser, email);
    await browser.open("/mon-compte");
    expect(browser.text).toContain("La même que pour se connecter");
    expect(await mailNames(email)).toEqual(["activation-link", "account-activated"]);
  });

  test("la vie des structures y va, la sécurité et les demandes restent à l'adresse de connexion", async () => {
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    await claire.open("/mon-compte/contact");
    await claire.send({ contactEmail: "claire@perso.example" }, { form: "main form" });
    expect(claire.text).toContain("Un lien part à claire@perso.example");
    const reader = portal.browser();
    await reader.open(portal.linkIn((await portal.mailsTo("claire@perso.example"))[0]!));
    await reader.send();
    // a hand-over is told at once to every manager, at the contact address
    await portal.query("update structure set created_at = now() - interval '40 days'");
    const paul = await signIn(portal, "paul.durand@sainte-aurore.example", DEMO_PASSWORD);
    await claire.open(`/organisation/gestionnaires/designer?structureId=${town.id}`);
    await claire.send({ adresse: "paul.durand@sainte-aurore.example" }, { form: "main form" });
    await paul.open("/");
    await paul.click("On vous propose de gérer");
    await paul.send({}, { form: 'main form[action$="/accepter"]' });
    expect(await mailNames("claire@perso.example")).toContain("main-manager-named");
    expect(await mailNames("claire.morel@sainte-aurore.example")).not.toContain("main-manager-named");
    await claire.open("/mon-compte/contact");
    await claire.send({ contactEmail: "" }, { form: "main form" });
    expect(claire.text).toContain("Vous recevez tout à votre adresse de connexion.");
  });

  test("A-20 six minutes après la connexion, le mot de passe est redemandé", async () => {
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    portal.advance({ minutes: 6 });
    await claire.open("/mon-compte/contact");
    expect(claire.text).toContain("Confirmez que c'est vous");
  });
});

describe("ACC-08 Se connecter sans structure", () => {
  test("la page d'accueil le dit d'abord ; « Plus tard » mène à l'accueil", async () => {
    await signUp(portal, { email: "seule@exemple.fr" });
    const browser = await signIn(portal, "seule@exemple.fr");
    expect(browser.text).toContain("Pour quelle structure travaillez-vous ?");
    await browser.click("J'ai reçu une invitation");
    expect(browser.text).toContain("seule@exemple.fr");
    await browser.open("/bienvenue");
    await browser.click("Plus tard");
    expect(browser.text).toContain("À faire");
  });

  test("une page demandée avant la connexion s'ouvre tout de même", async () => {
    const browser = portal.browser();
    await browser.open("/mes-rattachements");
    await browser.send({ email: "seule@exemple.fr", password: PASSWORD });
    expect(browser.text).toContain("Vous n'êtes rattaché à aucune structure.");
  });

  test("invitée et déclarant la même structure : rattachée, sans demande de plus", async () => {
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    await claire.open(`/organisation/utilisateurs/rattacher?structureId=${town.id}`);
    await claire.send(
      { email: "invitee@exemple.fr", scope: "structure", profile: "utilisateur" },
      { form: 'main form[action="/organisation/utilisateurs/rattacher"][method="post"]' },
    );
    const browser = await identify("invitee@exemple.fr", town.siret);
    await browser.send();
    await browser.send();
    await activate(portal, browser, "invitee@exemple.fr");
    expect(browser.text).toContain("Vous êtes rattaché à Commune de Sainte-Aurore.");
    expect(browser.text).not.toContain("n'a pas pu être envoyée");
    expect(browser.text).toContain("Protéger mon compte");
  });
});

describe("N-07 Connexion inhabituelle", () => {
  const HUGO = "hugo.lemaire@sainte-aurore.example";
  async function signInFrom(userAgent: string, password = DEMO_PASSWORD): Promise<number> {
    const browser = portal.browser();
    await browser.open("/connexion");
    const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const answer = await browser.request("/connexion", {
      method: "POST",
      body: new URLSearchParams({ _jeton: token, email: HUGO, password, suite: "/" }),
      headers: { origin: portal.url, "user-agent": userAgent },
    });
    return answer.status;
  }
  const PC = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
  const TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605";
  const unusual = async () => (await mailNames(HUGO)).filter((name) => name === "signed-in-unusually").length;

  test("d'un autre appareil, un message part, une fois ; du même, aucun", async () => {
    expect(await signInFrom(PC)).toBe(303);
    expect(await signInFrom(PC)).toBe(303);
    expect(await unusual()).toBe(0);
    await signInFrom(TELEPHONE);
    await signInFrom(TELEPHONE);
    expect(await unusual()).toBe(1);
    expect((await portal.mailsTo(HUGO)).at(-1)!.text).toContain("Safari sur iPhone");
    portal.advance({ days: 91 });
    await signInFrom(TELEPHONE);
    expect(await unusual()).toBe(1);
  });

  test("cinq échecs préviennent le titulaire, une seule fois par jour", async () => {
    for (let round = 0; round < 8; round++) {
      await signInFrom(PC, "ce n'est pas le bon");
      portal.advance({ minutes: round < 4 ? 0 : 20 });
      await portal.runJob("tell-of-failed-sign-ins");
    }
    expect((await mailNames(HUGO)).filter((name) => name === "account-locked")).toHaveLength(1);
  });

  test("toutes les autres sessions se ferment d'un geste", async () => {
    const here = await signIn(portal, HUGO, DEMO_PASSWORD);
    const there = await signIn(portal, HUGO, DEMO_PASSWORD);
    await here.open("/mon-compte");
    await here.send({}, { form: 'main form[action="/mon-compte/autres-sessions/fermer"]' });
    expect(here.text).toContain("Toutes vos autres sessions sont fermées.");
    expect((await there.request("/mon-compte")).status).toBe(303);
    expect((await here.request("/mon-compte")).status).toBe(200);
  });
});
