import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { PASSWORD, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let provider: IdentityProvider;
let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  provider = await startIdentityProvider();
  portal = await startPortal({ ...provider.settings, OIDC_LABEL: "Clé commune" }, "localhost");
  provider.serve(portal.url);
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
  await provider?.close();
});

async function isAccessible(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

async function sayWho(page: Page, who: string): Promise<void> {
  await page.getByRole("heading", { name: "Fournisseur d'essai" }).waitFor();
  await page.getByLabel("Nom").fill(who);
  await page.getByRole("button", { name: "Entrer" }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.locator("summary", { hasText: "Camille Exemple" }).click();
  await page.getByRole("button", { name: "Se déconnecter" }).click();
}

describe("SIG-07 Se connecter par un fournisseur d'identité", () => {
  for (const [how, javaScriptEnabled, width] of [
    ["avec JavaScript, au téléphone", true, 375],
    ["sans JavaScript, au bureau", false, 1280],
  ] as const)
    test(`relier, sortir, revenir, retirer : ${how}`, async () => {
      const who = `claire-${width}`;
      const email = `${who}@exemple.fr`;
      provider.people.set("inconnue", { email: "inconnue@exemple.fr", emailVerified: false });
      provider.people.set(who, { email: `${who}@ministere.example` });
      await signUp(portal, { email });
      const context = await chromium.newContext({
        javaScriptEnabled,
        viewport: { width, height: 800 },
        baseURL: portal.url,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(5000);

      await page.goto("/connexion");
      if (javaScriptEnabled) await isAccessible(page);
      await page.getByLabel("Adresse électronique").fill(email);
      await page.getByLabel("Mot de passe").fill(PASSWORD);
      await page.getByRole("button", { name: "Se connecter" }).click();
      await page.goto("/mon-compte/identite-federee");
      if (javaScriptEnabled) await isAccessible(page);
      await page.getByRole("button", { name: "Relier Clé commune" }).click();
      await sayWho(page, who);
      await page.getByText("Clé commune est relié à votre compte.").waitFor();
      await page.getByText(`Relié : ${who}@ministere.example`).waitFor();
      if (javaScriptEnabled) await isAccessible(page);

      await signOut(page);
      await page.getByRole("banner").getByRole("link", { name: "Se connecter" }).waitFor();
      await page.goto("/connexion?suite=/mes-rattachements");
      await page.getByRole("button", { name: "S'identifier avec Clé commune" }).click();
      await page.waitForURL(`${portal.url}/mes-rattachements`);

      // the session came from the provider: leaving ends its own too, and the next sign-in asks who one is
      await signOut(page);
      await page.getByRole("button", { name: "Se déconnecter ici aussi" }).click();
      await page.waitForURL(`${portal.url}/?**`);
      await page.goto("/connexion");
      await page.getByRole("button", { name: "S'identifier avec Clé commune" }).click();
      await sayWho(page, "inconnue");
      await page.getByRole("heading", { name: "Clé commune n'est relié à aucun compte" }).waitFor();
      if (javaScriptEnabled) await isAccessible(page);

      await page.getByRole("link", { name: "Se connecter avec son mot de passe" }).click();
      await page.getByLabel("Adresse électronique").fill(email);
      await page.getByLabel("Mot de passe").fill(PASSWORD);
      await page.getByRole("button", { name: "Se connecter" }).click();
      await page.getByRole("heading", { name: "Clé commune est relié à mon compte" }).waitFor();
      if (javaScriptEnabled) await isAccessible(page);
      await page.getByRole("button", { name: "Retirer Clé commune" }).click();
      await page.getByText("Clé commune n'ouvre plus votre compte.").waitFor();
      await context.close();
    });

  test("entrer pour la première fois, sans compte", async () => {
    provider.people.set("nadia", {
      email: "nadia@ministere.example",
      firstName: "Nadia",
      lastName: "Benali",
    });
    const context = await chromium.newContext({
      viewport: { width: 375, height: 800 },
      baseURL: portal.url,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(5000);
    await page.goto("/connexion");
    await page.getByRole("button", { name: "S'identifier avec Clé commune" }).click();
    await sayWho(page, "nadia");
    await page.getByRole("heading", { name: "Créer mon compte avec Clé commune" }).waitFor();
    await page.getByText("nadia@ministere.example").waitFor();
    expect(await page.locator("[name=firstName]").inputValue()).toBe("Nadia");
    expect(await page.locator("[name=lastName]").inputValue()).toBe("Benali");
    await isAccessible(page);
    await page.locator("[name=newPassword]").fill(PASSWORD);
    await page.locator("[name=newPasswordAgain]").fill(PASSWORD);
    await page.getByLabel("J'accepte").check();
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.waitForURL(`${portal.url}/bienvenue`);
    await page.locator("summary", { hasText: "Nadia Benali" }).waitFor();
    await context.close();
  });
});
