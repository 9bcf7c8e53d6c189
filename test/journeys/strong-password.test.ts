import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { activate, askForAccount, openLink, PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

/** Twelve letters, 56 bits: enough for everybody but main managers and operators. */
const ORDINARY = "kfzqwmtrbvxl";
/** Twelve characters of the four classes: enough for main managers, too short for operators. */
const STRONG = "Kf4-wmtrbv9l";
const OPERATOR = "operatrice@exemple.fr";
const TOWN = 1;
const PASSWORD_PAGE = "/mon-compte/mot-de-passe";
const address = (name: string) => `${name}@sainte-aurore.example`;

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const choose = (browser: Browser, password: string) =>
  browser.send({ newPassword: password, newPasswordAgain: password });

async function change(browser: Browser, from: string, to: string): Promise<void> {
  await browser.open(PASSWORD_PAGE);
  await browser.send({ currentPassword: from, newPassword: to, newPasswordAgain: to });
}

/** A member of the town whose password suits a member. */
async function ordinaryMember(name: string): Promise<Browser> {
  const browser = await signIn(portal, address(name), DEMO_PASSWORD);
  await change(browser, DEMO_PASSWORD, ORDINARY);
  expect(browser.text).toContain("Votre mot de passe a changé.");
  return browser;
}

const makeMainManager = (email: string) =>
  portal.query(
    `update membership set role = 'mainManager', state = 'active', scope = 'structure', ends_at = null
     where structure_id = $2 and account_id = (select id from account where sign_in_email = $1)`,
    [email, TOWN],
  );

const ruleKept = async (email: string) =>
  (
    await portal.query<{ rule: string | null }>(
      "select password_rule as rule from account where sign_in_email = $1",
      [email],
    )
  )[0]!.rule;

const forget = (email: string) =>
  portal.query("update account set password_rule = null where sign_in_email = $1", [email]);

describe("À l'activation, le mot de passe suit ce que la personne va être", () => {
  test("qui crée une structure en sera gestionnaire principal : un mot de passe ordinaire est refusé", async () => {
    const email = "creatrice@exemple.fr";
    const browser = await askForAccount(portal, {
      email,
      structure: { siret: "55208131766522", name: "Atelier d'Exemple" },
    });
    await openLink(portal, browser, email, "activation-link");
    expect(browser.text).toContain("12 caractères variés (minuscules");
    await choose(browser, ORDINARY);
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("choisissez 12 caractères variés, ou une phrase de 7 mots");
    await choose(browser, STRONG);
    expect(browser.text).toContain("Vous êtes gestionnaire principal");
    await browser.open("/organisation/structures");
    expect(browser.answer!.url).toContain("/organisation/structures");
  });

  test("qui n'en crée pas choisit un mot de passe ordinaire", async () => {
    const email = "simple@exemple.fr";
    const browser = await askForAccount(portal, { email });
    await openLink(portal, browser, email, "activation-link");
    expect(browser.text).toContain("une phrase de quatre ou cinq mots");
    await activate(portal, browser, email, ORDINARY);
    expect(await ruleKept(email)).toBe("ordinary");
  });

  test("un opérateur choisit seize caractères", async () => {
    const browser = await askForAccount(portal, { email: OPERATOR });
    await openLink(portal, browser, OPERATOR, "activation-link");
    expect(browser.text).toContain("16 caractères variés (au moins deux");
    await choose(browser, STRONG);
    expect(browser.text).toContain("trop court : 16 caractères au moins");
    await choose(browser, PASSWORD);
    expect(browser.text).toContain("Votre compte est activé");
  });
});

describe("Qui devient gestionnaire principal avec un mot de passe ordinaire en choisit un plus fort", () => {
  test("en acceptant le rôle : elle est menée à le changer, puis revient où elle allait", async () => {
    const claire = await signIn(portal, address("claire.morel"), DEMO_PASSWORD);
    const paul = await ordinaryMember("paul.durand");
    await claire.open(`/organisation/gestionnaires/designer?structureId=${TOWN}`);
    await claire.send({ adresse: address("paul.durand") }, { form: "main form" });
    const [proposal] = await portal.query<{ id: number }>("select max(id) as id from manager_proposal");
    await paul.open(`/mes-rattachements/propositions/${proposal!.id}`);
    await paul.send({}, { form: 'main form[action$="/accepter"]' });
    expect(paul.answer!.url).toContain(PASSWORD_PAGE);
    expect(paul.text).toContain("Choisissez un mot de passe plus fort pour continuer.");
    await paul.open(`/organisation/services?structureId=${TOWN}`);
    expect(paul.answer!.url).toContain(PASSWORD_PAGE);
    await paul.send({
      currentPassword: ORDINARY,
      newPassword: `${ORDINARY}pq`,
      newPasswordAgain: `${ORDINARY}pq`,
    });
    expect(paul.answer!.status).toBe(422);
    expect(paul.text).toContain("choisissez 12 caractères variés, ou une phrase de 7 mots");
    await paul.send({ currentPassword: ORDINARY, newPassword: STRONG, newPasswordAgain: STRONG });
    expect(paul.answer!.url).toBe(`${portal.url}/organisation/services?structureId=${TOWN}`);
    expect(paul.text).toContain("Votre mot de passe a changé.");
  });

  test("en créant une structure plus tard", async () => {
    const email = "plus-tard@exemple.fr";
    const browser = await askForAccount(portal, { email });
    await activate(portal, browser, email, ORDINARY);
    await browser.open("/organisation/structures/nouvelle");
    await browser.send({ identifierType: "SIRET", identifierValue: "73282932000074" });
    await browser.send({
      kind: "private",
      legalName: "Atelier Second",
      addressLine: "1 rue de la Paix",
      postcode: "75002",
      town: "Paris",
    });
    expect(browser.answer!.url).toContain(PASSWORD_PAGE);
    expect(browser.text).toContain("a bien été effectué");
    await browser.send({ currentPassword: ORDINARY, newPassword: STRONG, newPasswordAgain: STRONG });
    expect(browser.answer!.url).toMatch(/\/organisation\/structures\/\d+/);
  });

  test("même seule à gérer, elle se connecte, se déconnecte, et le change quand elle revient", async () => {
    const email = address("hugo.lemaire");
    await ordinaryMember("hugo.lemaire");
    await makeMainManager(email);
    const browser = await signIn(portal, email, ORDINARY);
    expect(browser.answer!.url).toContain(PASSWORD_PAGE);
    await browser.send({}, { form: 'form[action="/deconnexion"]' });
    expect(browser.text).toContain("Se connecter");
    const back = await signIn(portal, email, ORDINARY);
    await change(back, ORDINARY, STRONG);
    expect(back.text).toContain("Votre mot de passe a changé.");
  });

  test("un mot de passe oublié se remplace selon ce que la personne est devenue", async () => {
    const email = address("hugo.lemaire");
    await makeMainManager(email);
    const browser = portal.browser();
    await browser.open("/mot-de-passe/oublie");
    await browser.send({ email });
    await openLink(portal, browser, email, "password-reset");
    await choose(browser, ORDINARY);
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("une phrase de 7 mots");
    await choose(browser, STRONG);
    expect(browser.text).toContain("Votre mot de passe a changé");
  });
});

test("Dans le monde de démonstration, le mot de passe de tous suffit à chacun", async () => {
  const untouched = await portal.query(
    `select distinct password_rule from account
     where origin = 'demo' and state = 'active' and password_changed_at is null`,
  );
  expect(untouched).toEqual([{ password_rule: "operator" }]);
});

describe("Un mot de passe dont la force n'est pas connue se pèse quand il sert", () => {
  test("à la connexion", async () => {
    const email = address("claire.morel");
    await forget(email);
    const claire = await signIn(portal, email, DEMO_PASSWORD);
    expect(await ruleKept(email)).toBe("operator");
    await claire.open(`/organisation/services?structureId=${TOWN}`);
    expect(claire.answer!.url).toContain("/organisation/services");
  });

  test("dans une session déjà ouverte : il est redemandé, et l'on revient", async () => {
    const email = address("claire.morel");
    const claire = await signIn(portal, email, DEMO_PASSWORD);
    await forget(email);
    await claire.open(`/organisation/services?structureId=${TOWN}`);
    expect(claire.text).toContain("Confirmez que c'est vous");
    await claire.send({ password: DEMO_PASSWORD });
    expect(claire.answer!.url).toBe(`${portal.url}/organisation/services?structureId=${TOWN}`);
  });
});

describe("Attaque : agir en gestionnaire avec un mot de passe ordinaire", () => {
  test("chaque page et chaque formulaire mène au changement, et rien ne change", async () => {
    const email = address("ines.benali");
    const browser = await ordinaryMember("ines.benali");
    await makeMainManager(email);
    const token = browser.answer!.page.querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const before = await portal.query("select count(*) from journal_entry");
    const open = new Set(["/confirmer-identite", "/deconnexion", "/session/prolonger", PASSWORD_PAGE]);
    const guarded = portal.portal.routes.filter(({ access, url }) => access !== "public" && !open.has(url));
    expect(guarded.length).toBeGreaterThan(100);
    for (const { method, url } of guarded) {
      const path = url.replace(/:\w+/g, "1");
      const answer = await browser.request(path, {
        method,
        ...(method === "POST" ? { body: new URLSearchParams({ _jeton: token, structureId: "1" }) } : {}),
        headers: {
          "sec-fetch-site": "same-origin",
          origin: portal.url,
          referer: `${portal.url}/organisation/services?structureId=${TOWN}`,
        },
      });
      expect(answer.status, `${method} ${url}`).toBe(303);
      const back = method === "GET" ? path : `/organisation/services?structureId=${TOWN}`;
      expect(answer.headers.get("location"), `${method} ${url}`).toBe(
        `${PASSWORD_PAGE}?suite=${encodeURIComponent(back)}`,
      );
    }
    expect(await portal.query("select count(*) from journal_entry")).toEqual(before);
  });

  test("l'adresse de retour ne sort pas du portail", async () => {
    const browser = await signUp(portal, { email: "retour@exemple.fr" });
    await browser.open(`${PASSWORD_PAGE}?suite=${encodeURIComponent("//malveillant.example")}`);
    await browser.send({ currentPassword: PASSWORD, newPassword: STRONG, newPasswordAgain: STRONG });
    expect(browser.answer!.url).toBe(`${portal.url}/`);
  });
});
