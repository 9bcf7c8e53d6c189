import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApplication, SETTINGS } from "../support/authenticator.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

let count = 0;
async function protectedPerson() {
  const email = `cible-${++count}@exemple.fr`;
  const browser = await signUp(portal, { email });
  const telephone = await addApplication(portal, browser);
  portal.advance({ minutes: 2 });
  return { email, browser, telephone };
}

describe("A-15 Les codes de l'application", () => {
  test("le code qui a servi à la mise en place ne sert pas à se connecter", async () => {
    const email = "immediat@exemple.fr";
    const telephone = await addApplication(portal, await signUp(portal, { email }));
    const browser = await signIn(portal, email);
    await browser.send({ code: telephone.code() });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Ce code a déjà servi");
  });

  test("un code ne sert qu'une fois, même deux fois au même instant", async () => {
    const { email, telephone } = await protectedPerson();
    const code = telephone.code();
    const browsers = [await signIn(portal, email), await signIn(portal, email)];
    const answers = await Promise.all(browsers.map((one) => one.send({ code })));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 422]);
    const later = await signIn(portal, email);
    await later.send({ code });
    expect(later.text).toContain("Ce code a déjà servi");
  });

  for (const seconds of [-90, 90])
    test(`un code décalé de ${seconds} s n'ouvre rien`, async () => {
      const { email, telephone } = await protectedPerson();
      const browser = await signIn(portal, email);
      await browser.send({ code: telephone.code(seconds) });
      expect(browser.answer!.status).toBe(422);
    });
});

describe("Entre le mot de passe et le code", () => {
  test("la session n'ouvre aucune page, et sa page de code ne dure que dix minutes", async () => {
    const { email, telephone } = await protectedPerson();
    const browser = await signIn(portal, email);
    const routes = portal.portal.routes.filter((one) => one.access !== "public" && one.method === "GET");
    for (const { url } of routes) {
      const answer = await browser.request(url.replace(/:\w+/g, "1"));
      expect([answer.status, answer.headers.get("location")?.split("?")[0]], url).toEqual([
        303,
        "/connexion/code",
      ]);
    }
    portal.advance({ minutes: 11 });
    await browser.send({ code: telephone.code() });
    expect(browser.answer!.url).toMatch(/\/connexion$/);
  });

  test("A-11 le jeton d'avant le code est mort après lui", async () => {
    const { email, telephone } = await protectedPerson();
    const browser = await signIn(portal, email);
    const thief = portal.browser();
    thief.cookies.set("unisson", browser.cookies.get("unisson")!);
    await browser.send({ code: telephone.code() });
    expect((await browser.request("/mon-compte")).status).toBe(200);
    expect((await thief.request("/mon-compte")).headers.get("location")).toContain("/connexion?");
  });

  test("A-06 trente codes à la fois : cinq au plus sont évalués, et le bon attend son tour", async () => {
    const { email, telephone } = await protectedPerson();
    const browser = await signIn(portal, email);
    const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const guess = (code: string) =>
      browser.request("/connexion/code", {
        method: "POST",
        body: new URLSearchParams({ _jeton: token, code }),
        headers: { origin: portal.url },
      });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => guess(String(100_000 + index))),
    );
    expect(answers.filter((one) => one.status === 422).length).toBeLessThanOrEqual(5);
    expect((await guess(telephone.code())).status).toBe(429);
    portal.advance({ seconds: 61 });
    expect((await guess(telephone.code())).status).toBe(303);
  });

  test("A-17 le retour après le code reste dans le portail", async () => {
    const { email, telephone } = await protectedPerson();
    const browser = await signIn(portal, email);
    await browser.open("/connexion/code?suite=//evil.example");
    await browser.send({ code: telephone.code() });
    expect(new URL(browser.answer!.url).origin).toBe(portal.url);
  });
});

describe("Contourner le second facteur", () => {
  test("un nouveau mot de passe par message ne dispense pas du code, et n'a plus confiance en aucun navigateur", async () => {
    const { email, telephone } = await protectedPerson();
    const trusted = await signIn(portal, email);
    await trusted.send({ code: telephone.code(), trustsBrowser: true });
    const thief = portal.browser();
    await thief.open("/mot-de-passe/oublie");
    await thief.send({ email });
    const mail = (await portal.mailsTo(email)).findLast((one) => one.name === "password-reset")!;
    await thief.open(portal.linkIn(mail));
    const password = "Pommier-Locomotive-17";
    await thief.send({ newPassword: password, newPasswordAgain: password });
    for (const browser of [thief, trusted]) {
      await browser.open("/connexion");
      await browser.send({ email, password });
      expect(browser.text).toContain("Saisissez votre code");
    }
  });

  test("les sessions ouvertes sans code doivent le donner dès qu'il existe", async () => {
    const email = "ailleurs@exemple.fr";
    const browser = await signUp(portal, { email });
    const elsewhere = await signIn(portal, email);
    await addApplication(portal, browser);
    expect((await elsewhere.request("/mon-compte")).headers.get("location")).toContain("/connexion/code");
  });

  test("la marque de confiance d'une personne ne sert pas à une autre", async () => {
    const mine = await protectedPerson();
    const browser = await signIn(portal, mine.email);
    await browser.send({ code: mine.telephone.code(), trustsBrowser: true });
    const theirs = await protectedPerson();
    const thief = portal.browser();
    thief.cookies.set("unisson-navigateur", browser.cookies.get("unisson-navigateur")!);
    await thief.open("/connexion");
    await thief.send({ email: theirs.email, password: PASSWORD });
    expect(thief.text).toContain("Saisissez votre code");
  });

  test("qui échoue ailleurs n'enferme pas dehors la personne sur son navigateur de confiance", async () => {
    const { email, telephone } = await protectedPerson();
    const browser = await signIn(portal, email);
    await browser.send({ code: telephone.code(), trustsBrowser: true });
    await browser.send({}, { form: 'form[action="/deconnexion"]' });
    for (let index = 0; index < 6; index++) await signIn(portal, email, `faux-mot-de-passe-${index}`);
    expect((await signIn(portal, email)).answer!.status).toBe(429);
    await browser.open("/connexion");
    await browser.send({ email, password: PASSWORD });
    expect(browser.text).toContain("Pour quelle structure travaillez-vous ?");
  });

  test("la clé proposée à une session n'est pas reprise dans une autre", async () => {
    const victim = await signUp(portal, { email: "victime@exemple.fr" });
    const thief = await signUp(portal, { email: "voleur@exemple.fr" });
    await thief.open(`${SETTINGS}/application`);
    const sealed = thief.form().querySelector('[name="cle"]')!.getAttribute("value")!;
    await victim.open(`${SETTINGS}/application`);
    await victim.send({ cle: sealed, code: "123456" });
    expect(victim.text).toContain("Cette page était trop ancienne");
  });

  test("A-21 le moyen et le navigateur d'autrui sont introuvables, et restent", async () => {
    const { email, telephone } = await protectedPerson();
    await (await signIn(portal, email)).send({ code: telephone.code(), trustsBrowser: true });
    const [row] = await portal.query<{ factor: string; browser: string }>(
      `select f.id as factor, b.id as browser from second_factor f join trusted_browser b using (account_id)
       join account a on a.id = f.account_id where a.sign_in_email = $1`,
      [email],
    );
    const stranger = await signUp(portal, { email: `curieux-${count}@exemple.fr` });
    await stranger.open(SETTINGS);
    const token = stranger.form("form").querySelector('[name="_jeton"]')?.getAttribute("value");
    const jeton =
      token ?? stranger.form('form[action="/deconnexion"]').querySelector("input")!.getAttribute("value")!;
    for (const path of [
      `${SETTINGS}/${row!.factor}/retirer`,
      `${SETTINGS}/navigateurs/${row!.browser}/oublier`,
    ]) {
      const answer = await stranger.request(path, {
        method: "POST",
        body: new URLSearchParams({ _jeton: jeton, code: "123456" }),
        headers: { origin: portal.url },
      });
      expect(answer.status, path).toBe(404);
    }
    expect(await portal.query("select 1 from trusted_browser where id = $1", [row!.browser])).toHaveLength(1);
    expect(await portal.query("select 1 from second_factor where id = $1", [row!.factor])).toHaveLength(1);
  });

  test("A-35 le second mur : sous une autre personne, aucune ligne", async () => {
    await protectedPerson();
    for (const table of ["secondFactor", "recoveryCode", "trustedBrowser"] as const)
      for (const eyes of [
        { kind: "public" },
        { kind: "caller", accountId: 999_999, structureIds: [] },
      ] as const)
        expect(
          await portal.database.transaction(eyes, (tx) => tx.selectFrom(table).selectAll().execute()),
          table,
        ).toEqual([]);
  });

  test("A-20 six minutes après sa preuve, retirer ou ajouter un moyen redemande le mot de passe", async () => {
    const { browser } = await protectedPerson();
    portal.advance({ minutes: 6 });
    await browser.open(`${SETTINGS}/application`);
    expect(browser.answer!.url).toContain("/confirmer-identite");
  });
});
