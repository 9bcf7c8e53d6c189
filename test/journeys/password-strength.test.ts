import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { type Structure, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  portal = await startPortal();
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

async function passwordPage(email: string, javaScriptEnabled: boolean, structure?: Structure) {
  const signedIn = await signUp(portal, { email, structure });
  const context = await chromium.newContext({ javaScriptEnabled });
  await context.addCookies([{ name: "unisson", value: signedIn.cookies.get("unisson")!, url: portal.url }]);
  const page = await context.newPage();
  await page.goto(`${portal.url}/mon-compte/mot-de-passe`);
  return page;
}

describe("La force d'un nouveau mot de passe", () => {
  test("se montre pendant la saisie, et s'efface avec elle", async () => {
    const page = await passwordPage("force@exemple.fr", true);
    const field = page.locator("[name=newPassword]");
    const words = page.locator(".u-strength");
    expect(await words.isVisible()).toBe(false);
    for (const [typed, says] of [
      ["court", "Trop court"],
      ["402917385612", "Trop simple"],
      ["kfzqwmtrbvxl", "Suffisant."],
      ["Kf4-wmtrbv9l%", "Fort."],
    ] as const) {
      await field.fill(typed);
      expect(await words.textContent()).toContain(says);
    }
    await field.fill("");
    expect(await words.isVisible()).toBe(false);
    await page.context().close();
  });

  test("suit la règle d'un gestionnaire principal", async () => {
    const structure = { siret: "55208131766522", name: "Atelier d'Exemple" };
    const page = await passwordPage("gestion@exemple.fr", true, structure);
    const field = page.locator("[name=newPassword]");
    const words = page.locator(".u-strength");
    await field.fill("kfzqwmtrbvxl");
    expect(await words.textContent()).toContain("Trop simple");
    await field.fill("Kf4-wmtrbv9l");
    expect(await words.textContent()).toContain("Fort.");
    await page.context().close();
  });

  test("ne se montre pas sans JavaScript", async () => {
    const page = await passwordPage("sans-script@exemple.fr", false);
    await page.locator("[name=newPassword]").fill("kfzqwmtrbvxl");
    expect(await page.locator(".u-strength").isVisible()).toBe(false);
    await page.context().close();
  });
});
