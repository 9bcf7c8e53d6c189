import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApplication, openFresh, SETTINGS, type Telephone } from "../support/authenticator.ts";
import type { Browser } from "../support/browser.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

const mailNames = async (email: string) => (await portal.mailsTo(email)).map((one) => one.name);

/** A person with an application; her browser stays signed in. */
async function protectedPerson(email: string): Promise<{ browser: Browser; telephone: Telephone }> {
  const browser = await signUp(portal, { email });
  const telephone = await addApplication(portal, browser);
  portal.advance({ minutes: 2 });
  return { browser, telephone };
}

describe("SIG-03 La double authentification", () => {
  test("se met en place par un code, montre dix codes de secours, et le dit par message", async () => {
    const browser = await signUp(portal, { email: "alice@exemple.fr" });
    const telephone = await addApplication(portal, browser);
    expect(browser.text).toContain("La double authentification est en place");
    expect(new Set(telephone.recoveryCodes).size).toBe(10);
    expect(await mailNames("alice@exemple.fr")).toContain("second-factor-added");
    await browser.open("/mon-compte");
    expect(browser.text).toContain("En place");
    const kept = await portal.query<{ secret: string; hash: string }>(
      "select encode(secret_encrypted, 'escape') as secret, encode(code_hash, 'escape') as hash from second_factor, recovery_code",
    );
    for (const code of telephone.recoveryCodes) expect(JSON.stringify(kept)).not.toContain(code);
    const journal = await portal.query("select 1 from journal_entry where type = 'SecondFactorAdded'");
    expect(journal).toHaveLength(1);
  });

  test("un mauvais code n'ajoute rien, et la même clé reste proposée", async () => {
    const browser = await signUp(portal, { email: "bruno@exemple.fr" });
    await browser.open(`${SETTINGS}/application`);
    const key = browser.form().querySelector('[name="cle"]')!.getAttribute("value");
    await browser.send({ code: "000000" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Ce code n'est pas le bon");
    expect(browser.form().querySelector('[name="cle"]')!.getAttribute("value")).toBe(key);
    await browser.open(SETTINGS);
    expect(browser.text).toContain("Ajouter une application");
  });

  test("la connexion demande le code, puis mène où l'on allait", async () => {
    const { telephone } = await protectedPerson("chloe@exemple.fr");
    const browser = portal.browser();
    await browser.open("/mon-compte/identite");
    await browser.send({ email: "chloe@exemple.fr", password: PASSWORD });
    expect(browser.text).toContain("Saisissez votre code");
    await browser.send({ code: telephone.code() });
    expect(browser.text).toContain("Modifier mon identité");
  });

  test("un code de secours ouvre une fois, le dit, et il en reste neuf", async () => {
    const { telephone } = await protectedPerson("denis@exemple.fr");
    const browser = await signIn(portal, "denis@exemple.fr");
    await browser.send({ code: telephone.recoveryCodes[0]!.toLowerCase() });
    expect(browser.text).toContain("Pour quelle structure travaillez-vous ?");
    expect((await portal.mailsTo("denis@exemple.fr")).at(-1)!.text).toContain("Il vous en reste 9");
    const again = await signIn(portal, "denis@exemple.fr");
    await again.send({ code: telephone.recoveryCodes[0]! });
    expect(again.answer!.status).toBe(422);
  });

  test("de nouveaux codes de secours remplacent les anciens", async () => {
    const { browser, telephone } = await protectedPerson("elsa@exemple.fr");
    await browser.open(SETTINGS);
    await browser.send({}, { form: `form[action="${SETTINGS}/codes"]` });
    const fresh = browser.answer!.page.querySelectorAll(".u-codes .u-code").map((one) => one.textContent);
    expect(fresh).toHaveLength(10);
    expect(await mailNames("elsa@exemple.fr")).toContain("recovery-codes-renewed");
    const other = await signIn(portal, "elsa@exemple.fr");
    await other.send({ code: telephone.recoveryCodes[0]! });
    expect(other.answer!.status).toBe(422);
    await other.send({ code: fresh[0]! });
    expect(other.text).toContain("Pour quelle structure travaillez-vous ?");
  });

  test("un navigateur de confiance n'en demande plus pendant trente jours, jusqu'à ce qu'on l'oublie", async () => {
    const { telephone } = await protectedPerson("fanny@exemple.fr");
    const browser = await signIn(portal, "fanny@exemple.fr");
    await browser.send({ code: telephone.code(), trustsBrowser: true });
    expect(await mailNames("fanny@exemple.fr")).toContain("browser-trusted");
    const signInAgain = async () => {
      await browser.open("/connexion");
      if (browser.answer!.url.endsWith("/connexion"))
        await browser.send({ email: "fanny@exemple.fr", password: PASSWORD });
      return browser.text;
    };
    await browser.send({}, { form: 'form[action="/deconnexion"]' });
    expect(await signInAgain()).toContain("Pour quelle structure travaillez-vous ?");
    portal.advance({ days: 29 });
    expect(await signInAgain()).toContain("Pour quelle structure travaillez-vous ?");

    await browser.open(SETTINGS);
    await browser.send({}, { form: 'form[action$="/oublier"]' });
    expect(browser.text).toContain("Se connecter");
    expect(await signInAgain()).toContain("Saisissez votre code");
    await browser.send({ code: telephone.code(), trustsBrowser: true });
    await browser.send({}, { form: 'form[action="/deconnexion"]' });
    portal.advance({ days: 31 });
    expect(await signInAgain()).toContain("Saisissez votre code");
  });

  test("se retire par un code : le mot de passe suffit de nouveau, les codes de secours ne sont plus rien", async () => {
    const { browser, telephone } = await protectedPerson("gilles@exemple.fr");
    await openFresh(browser, SETTINGS);
    await browser.click("Retirer");
    if (browser.answer!.url.includes("/confirmer-identite")) await browser.send({ password: PASSWORD });
    await browser.send({ code: "123456" });
    expect(browser.answer!.status).toBe(422);
    await browser.send({ code: telephone.code() });
    expect(browser.text).toContain("est retirée");
    expect(await mailNames("gilles@exemple.fr")).toContain("second-factor-removed");
    expect((await signIn(portal, "gilles@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
    const codes = await portal.query(
      "select 1 from recovery_code r join account a on a.id = r.account_id where a.sign_in_email = 'gilles@exemple.fr'",
    );
    expect(codes).toEqual([]);
  });
});

test("SIG-05 La dernière structure choisie revient à la connexion suivante", async () => {
  const first = { siret: "55208131766522", name: "Atelier Abeille" };
  const browser = await signUp(portal, { email: "hugo@exemple.fr", structure: first });
  await portal.query(
    `insert into structure (identifier_type, identifier_value, kind, display_name, legal_name, state, proof_state)
     values ('SIRET', '73282932000074', 'private', 'Zinc et Compagnie', 'Zinc et Compagnie', 'active', 'proved')`,
  );
  await portal.query(
    `insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
     select a.id, s.id, 'member', 'structure', 'active', now(), 'demo' from account a, structure s
     where a.sign_in_email = 'hugo@exemple.fr' and s.identifier_value = '73282932000074'`,
  );
  const current = (one: Browser) => one.answer!.page.querySelector(".u-nav__end .u-menu__name")!.textContent;
  await browser.open("/");
  expect(current(browser)).toBe("Atelier Abeille");
  const other = browser
    .answer!.page.querySelectorAll('[name="structureId"]')
    .find((one) => one.textContent.includes("Zinc"))!;
  await browser.send(
    {},
    {
      form: 'form[action="/structure-courante"]',
      button: ["structureId", other.getAttribute("value")!],
    },
  );
  expect(current(browser)).toBe("Zinc et Compagnie");
  expect(current(await signIn(portal, "hugo@exemple.fr"))).toBe("Zinc et Compagnie");
});
