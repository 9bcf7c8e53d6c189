import type { Browser as Chromium, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SETTINGS } from "../support/authenticator.ts";
import { launchChromium } from "../support/chromium.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
let chromium: Chromium;
beforeAll(async () => {
  portal = await startPortal({}, "localhost");
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

/** A page of a device that keeps passkeys and recognises its holder by itself. */
async function device(): Promise<Page> {
  const page = await (await chromium.newContext()).newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

async function signInOn(page: Page, email: string): Promise<void> {
  await page.goto(`${portal.url}/connexion`);
  await page.getByLabel("Adresse électronique").fill(email);
  await page.getByLabel("Mot de passe").fill(PASSWORD);
  await page.getByRole("button", { name: "Se connecter" }).click();
}

/** A person with a passkey on a device, signed out. Answers the page and her recovery codes. */
async function personWithPasskey(email: string): Promise<{ page: Page; codes: string[] }> {
  await signUp(portal, { email });
  const page = await device();
  await signInOn(page, email);
  await page.goto(`${portal.url}${SETTINGS}/cle`);
  await page.getByLabel("Nom de la clé").fill("Téléphone");
  await page.getByRole("button", { name: "Créer la clé d'accès" }).click();
  await page.getByRole("heading", { name: "La double authentification est en place" }).waitFor();
  const codes = await page.locator(".u-codes .u-code").allTextContents();
  await page.context().clearCookies();
  return { page, codes };
}

const usePasskey = (page: Page) => page.getByRole("button", { name: "Utiliser ma clé d'accès" }).click();

const inventions = ["{}", "null", "[]", "texte", '{"id":"x","response":{"clientDataJSON":"e30"}}'];

describe("SIG-03 Les clés d'accès", () => {
  test("une clé s'ajoute, prévient, ouvre la session suivante, puis se retire par elle-même", async () => {
    const email = "cle@exemple.fr";
    const { page, codes } = await personWithPasskey(email);
    expect(codes).toHaveLength(10);
    expect((await portal.mailsTo(email)).at(-1)!.name).toBe("second-factor-added");
    await signInOn(page, email);
    await usePasskey(page);
    await page.getByRole("heading", { name: "Pour quelle structure travaillez-vous ?" }).waitFor();

    await page.goto(`${portal.url}${SETTINGS}`);
    await page.getByRole("link", { name: "Retirer Téléphone" }).click();
    await usePasskey(page);
    await page.getByText("« Téléphone » est retirée.").waitFor();
    expect((await signIn(portal, email)).text).toContain("Pour quelle structure travaillez-vous ?");
    await page.context().close();
  });

  test("sans nom, rien n'est créé sur l'appareil, et la page dit ce qui manque", async () => {
    await signUp(portal, { email: "sans-nom@exemple.fr" });
    const page = await device();
    await signInOn(page, "sans-nom@exemple.fr");
    await page.goto(`${portal.url}${SETTINGS}/cle`);
    await page.getByRole("button", { name: "Créer la clé d'accès" }).click();
    await page.getByRole("link", { name: "Renseignez « Nom de la clé »." }).waitFor();
    expect(await portal.query("select 1 from second_factor where name = ''")).toEqual([]);
    await page.context().close();
  });

  test("un code de secours remplace l'appareil perdu, sans JavaScript", async () => {
    const email = "perdu@exemple.fr";
    const { page, codes } = await personWithPasskey(email);
    await page.context().close();
    const browser = await signIn(portal, email);
    expect(browser.text).toContain("Saisissez votre code");
    await browser.send({ code: codes[3]! });
    expect(browser.text).toContain("Pour quelle structure travaillez-vous ?");
  });
});

describe("Les attaques sur les clés d'accès", () => {
  test("A-15 une réponse déjà donnée ne rouvre rien, ni avec son défi, ni avec un autre", async () => {
    const email = "rejouee@exemple.fr";
    const { page } = await personWithPasskey(email);
    await signInOn(page, email);
    const sent = page.waitForRequest(
      (request) => request.method() === "POST" && request.url().endsWith("/code"),
    );
    await usePasskey(page);
    const form = new URLSearchParams((await sent).postData()!);
    await page.getByRole("heading", { name: "Pour quelle structure travaillez-vous ?" }).waitFor();
    expect(form.get("reponse")).toContain("signature");
    for (const defi of [form.get("defi")!, undefined]) {
      const thief = await signIn(portal, email);
      await thief.send({ reponse: form.get("reponse")!, ...(defi ? { defi } : {}) });
      expect(thief.answer!.status).toBe(422);
      expect(thief.text).toContain("Cette clé d'accès n'a pas été reconnue");
    }
    await page.context().close();
  });

  test("la clé d'une personne n'ouvre pas le compte d'une autre", async () => {
    const mine = await personWithPasskey("moi@exemple.fr");
    const theirs = await personWithPasskey("autre@exemple.fr");
    const mayUse = async (page: Page, email: string) => {
      await signInOn(page, email);
      await usePasskey(page);
      const home = page.getByRole("heading", { name: "Pour quelle structure travaillez-vous ?" }).waitFor();
      const refused = page.getByText("Rien n'a été fait").waitFor();
      return Promise.race([home.then(() => true), refused.then(() => false)]);
    };
    expect(await mayUse(mine.page, "autre@exemple.fr")).toBe(false);
    expect(await mayUse(theirs.page, "autre@exemple.fr")).toBe(true);
    for (const { page } of [mine, theirs]) await page.context().close();
  });

  for (const [index, reponse] of inventions.entries())
    test(`une réponse qui n'en est pas une (${reponse}) est refusée, à la connexion comme à l'ajout`, async () => {
      const email = `invente-${index}@exemple.fr`;
      const { page } = await personWithPasskey(email);
      await page.context().close();
      const browser = await signIn(portal, email);
      await browser.send({ reponse });
      expect(browser.answer!.status).toBe(422);
      const other = await signUp(portal, { email: `ajout-${index}@exemple.fr` });
      await other.open(`${SETTINGS}/cle`);
      await other.send({ name: "Fausse", reponse });
      expect(other.answer!.status).toBe(422);
      expect(await portal.query("select 1 from second_factor where name = 'Fausse'")).toEqual([]);
    });
});

const ALONE = "/connexion/cle-d-acces";
const enterWithPasskey = (page: Page) =>
  page.getByRole("button", { name: "Entrer avec ma clé d'accès" }).click();

/** What the browser sends when the passkey answers on the sign-in page; it goes no further. */
async function interceptAnswer(page: Page): Promise<{ defi: string; reponse: string }> {
  await page.goto(`${portal.url}/connexion`);
  const kept = Promise.withResolvers<string>();
  await page.route(`**${ALONE}`, async (route) => {
    kept.resolve(route.request().postData()!);
    await route.fulfill({ body: "" });
  });
  await enterWithPasskey(page);
  const form = new URLSearchParams(await kept.promise);
  await page.unroute(`**${ALONE}`);
  return { defi: form.get("defi")!, reponse: form.get("reponse")! };
}

describe("SIG-03 La clé d'accès seule, en un geste", () => {
  test("ouvre le compte sans adresse, sans mot de passe ni code, et mène où l'on allait", async () => {
    const { page } = await personWithPasskey("geste@exemple.fr");
    await page.goto(`${portal.url}/connexion?suite=/mes-rattachements`);
    await enterWithPasskey(page);
    await page.waitForURL(`${portal.url}/mes-rattachements`);
    await page.goto(`${portal.url}${SETTINGS}`);
    await page.getByRole("heading", { name: "Double authentification" }).waitFor();
    expect(await portal.query("select 1 from spent_challenge")).not.toEqual([]);
    await page.context().close();
  });

  test("ne se montre pas sans JavaScript", async () => {
    const context = await chromium.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${portal.url}/connexion`);
    expect(await page.getByRole("button", { name: "Entrer avec ma clé d'accès" }).isVisible()).toBe(false);
    await context.close();
  });

  test("un appareil à qui l'on dit de ne pas vérifier son porteur n'ouvre rien seul", async () => {
    const { page } = await personWithPasskey("sans-verification@exemple.fr");
    const [key] = await portal.query<{ id: string }>(
      `select credential_id as id from second_factor
       where account_id = (select id from account where sign_in_email = 'sans-verification@exemple.fr')`,
    );
    await page.goto(`${portal.url}/connexion`);
    await page.locator("[data-passkey]").evaluate((button: HTMLElement, id) => {
      const options = JSON.parse(button.dataset.options!);
      const allowCredentials = [{ id, type: "public-key" }];
      button.dataset.options = JSON.stringify({
        ...options,
        allowCredentials,
        userVerification: "discouraged",
      });
    }, key!.id);
    await enterWithPasskey(page);
    await page.getByRole("heading", { name: "Cette clé d'accès n'a pas été reconnue" }).waitFor();
    await page.context().close();
  });

  test("A-15 une réponse volée n'ouvre rien dans un autre navigateur, ni deux fois dans le sien, ni trop tard", async () => {
    const { page } = await personWithPasskey("volee@exemple.fr");
    const stolen = await interceptAnswer(page);
    const thief = portal.browser();
    const send = async () => {
      await thief.open("/connexion");
      return thief.send(stolen, { form: `form[action="${ALONE}"]` });
    };
    expect((await send()).status).toBe(422);
    expect(thief.text).toContain("n'a pas été reconnue");

    // with her own cookie it opens once
    const cookies = await page.context().cookies();
    thief.cookies.set("unisson", cookies.find((one) => one.name === "unisson")!.value);
    const own = new Map(thief.cookies);
    expect((await send()).status).toBe(200);
    expect(thief.text).toContain("Pour quelle structure travaillez-vous ?");
    thief.cookies.clear();
    for (const [name, value] of own) thief.cookies.set(name, value);
    expect((await send()).status).toBe(422);

    await page.context().clearCookies();
    const late = await interceptAnswer(page);
    thief.cookies.set(
      "unisson",
      (await page.context().cookies()).find((one) => one.name === "unisson")!.value,
    );
    portal.advance({ minutes: 11 });
    await thief.open("/connexion");
    expect((await thief.send(late, { form: `form[action="${ALONE}"]` })).status).toBe(422);
    await page.context().close();
  });

  test("une clé retirée, ou d'un compte désactivé, n'ouvre plus", async () => {
    const { page } = await personWithPasskey("retiree@exemple.fr");
    await portal.query("update account set state = 'inactive' where sign_in_email = 'retiree@exemple.fr'");
    const isRefused = async () => {
      await page.goto(`${portal.url}/connexion`);
      await enterWithPasskey(page);
      await page.getByRole("heading", { name: "Cette clé d'accès n'a pas été reconnue" }).waitFor();
    };
    await isRefused();
    await portal.query("update account set state = 'active' where sign_in_email = 'retiree@exemple.fr'");
    await portal.query(
      "delete from second_factor where account_id = (select id from account where sign_in_email = 'retiree@exemple.fr')",
    );
    await isRefused();
    await page.context().close();
  });

  for (const reponse of inventions)
    test(`une réponse inventée (${reponse}) est refusée`, async () => {
      const browser = portal.browser();
      await browser.open("/connexion");
      expect((await browser.send({ reponse }, { form: `form[action="${ALONE}"]` })).status).toBe(422);
    });
});
