import type { Page } from "playwright-core";
import type { Browser } from "./browser.ts";

/** The first three steps of a sign-up, up to the page that only waits for « Créer mon compte ». */
export async function reachSummary(browser: Browser, email: string): Promise<void> {
  await browser.open("/compte/creer");
  await browser.send({
    email,
    emailAgain: email,
    firstName: "Camille",
    lastName: "Exemple",
    acceptsTerms: true,
  });
  await browser.send({}, { button: ["later", "oui"] });
}

/** The same in a real browser. */
export async function reachSummaryOn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/compte/creer`);
  for (const [name, typed] of [
    ["email", email],
    ["emailAgain", email],
    ["firstName", "Camille"],
    ["lastName", "Exemple"],
  ] as const)
    await page.locator(`[name=${name}]`).fill(typed);
  await page.getByLabel("J'accepte").check();
  await page.getByRole("button", { name: "Continuer" }).click();
  await page.getByRole("button", { name: "Je le ferai plus tard" }).click();
}
