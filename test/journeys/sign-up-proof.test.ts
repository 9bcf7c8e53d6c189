import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummaryOn } from "../support/sign-up-form.ts";

let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  portal = await startPortal({ SIGN_UP_PROOF: "on" });
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

const sent = (email: string) => portal.mailsTo(email).then((mails) => mails.map((one) => one.name));
const counted = () => portal.query("select key from sign_in_throttle where key like 'sign-up:%'");

describe("ACC-15 Créer un compte prouve que l'on n'est pas un robot", () => {
  test("le navigateur calcule seul, à l'adresse du portail, et le dit", async () => {
    const context = await chromium.newContext({ viewport: { width: 375, height: 800 } });
    const page = await context.newPage();
    const elsewhere: string[] = [];
    page.on("request", (request) => request.url().startsWith(portal.url) || elsewhere.push(request.url()));
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await reachSummaryOn(page, portal.url, "calcule@exemple.fr");
    await page.getByText("Vérification automatique faite.").waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.getByRole("heading", { name: "Ouvrez le message" }).waitFor();
    expect(await sent("calcule@exemple.fr")).toEqual(["activation-link"]);
    expect([elsewhere, problems, await counted()]).toEqual([[], [], []]);
    await context.close();
  });

  test("qui envoie avant la fin du calcul n'a pas à recommencer", async () => {
    const page = await chromium.newPage();
    await page.addInitScript(() => {
      const derive = crypto.subtle.deriveBits.bind(crypto.subtle);
      crypto.subtle.deriveBits = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return derive(...given);
      };
    });
    await reachSummaryOn(page, portal.url, "presse@exemple.fr");
    await page.getByText("Vérification automatique en cours").waitFor();
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.getByText("Encore un instant").waitFor();
    await page.getByRole("heading", { name: "Ouvrez le message" }).waitFor();
    expect(await sent("presse@exemple.fr")).toEqual(["activation-link"]);
    expect(await counted()).toEqual([]);
    await page.close();
  });

  test("sans JavaScript, le compte se crée aussi, et l'inscription est comptée", async () => {
    const context = await chromium.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await reachSummaryOn(page, portal.url, "sans-script@exemple.fr");
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.getByRole("heading", { name: "Ouvrez le message" }).waitFor();
    expect(await sent("sans-script@exemple.fr")).toEqual(["activation-link"]);
    expect(await counted()).toHaveLength(2);
    await context.close();
  });
});
