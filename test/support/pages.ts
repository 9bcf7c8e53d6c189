import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { launchChromium } from "./chromium.ts";
import { startPortal, type TestPortal } from "./portal.ts";

/** Where screenshots go when somebody wants to look: SCREENSHOTS=folder npx vitest run test/pages */
const screenshots = process.env.SCREENSHOTS;
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "no-trailing-whitespace": "off",
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "long-title": "off",
    "no-implicit-button-type": "off",
    "valid-id": "off",
    "prefer-native-element": "off",
    "attr-quotes": "off",
    "doctype-style": "off",
    "no-redundant-role": "off",
    "wcag/h32": "off",
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
  },
});

/** Who operates the portal whose pages are looked at. */
export const OPERATOR = "agathe.vidal@gh-trois-vallees.example";

export type SignedIn = { readonly context: BrowserContext; readonly page: Page };

/** A portal with the demonstration world, and a browser to look at its pages. */
export type LookedAt = {
  readonly portal: TestPortal;
  readonly chromium: Browser;
  signedIn(email: string, options?: Parameters<Browser["newContext"]>[0]): Promise<SignedIn>;
  close(): Promise<void>;
};

export async function startLooking(): Promise<LookedAt> {
  const portal = await startPortal({
    OIDC_ISSUER: "https://identite.example",
    OIDC_CLIENT_ID: "unisson",
    OIDC_CLIENT_SECRET: "secret-d-essai",
    UNISSON_OPERATORS: OPERATOR,
  });
  await makeDemoWorld(portal.database);
  const chromium = await launchChromium();
  return {
    portal,
    chromium,
    signedIn: async (email, options = {}) => {
      const context = await chromium.newContext({ javaScriptEnabled: true, ...options });
      const page = await context.newPage();
      await page.goto(`${portal.url}/connexion`);
      await page.getByLabel("Adresse électronique").fill(email);
      await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
      await page.getByRole("button", { name: "Se connecter" }).click();
      return { context, page };
    },
    close: async () => {
      await chromium.close();
      await portal.close();
    },
  };
}

/** By how many pixels a page is wider than its screen. */
const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The names of the content that say too little: of links that lead to several addresses, of several buttons. */
const namesIn = (page: Page) =>
  page.evaluate(() => {
    const nameOf = (one: Element) => (one.textContent ?? "").replace(/\s+/g, " ").trim();
    const all = (selector: string) => [...document.querySelectorAll(`main ${selector}`)];
    const links = all("a[href]").map((one) => [nameOf(one), one.getAttribute("href")!] as const);
    const buttons = all("button").map(nameOf);
    return {
      links: links.filter(([name, href]) => links.some((other) => other[0] === name && other[1] !== href)),
      buttons: buttons.filter((name, index) => buttons.indexOf(name) !== index),
    };
  });

/** How pages are looked at: the check of the whole, or in the dark of what colours change. */
const sizes = [
  { size: "large", width: 1280, colorScheme: "light" },
  { size: "telephone", width: 375, colorScheme: "light" },
  { size: "sombre", width: 1280, colorScheme: "dark" },
] as const;

/**
 * RGAA 10.4, 10.11, 10.12: half of a wide screen (enlarged twice), then 320 px, the text spread as its reader may ask.
 * Nothing scrolls sideways, nothing is cut.
 */
async function enlarge(page: Page, name: string): Promise<void> {
  const lost = () =>
    page.evaluate(() => {
      const spread = new CSSStyleSheet();
      spread.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
      document.adoptedStyleSheets = [spread];
      const root = document.documentElement;
      const cut = [...document.querySelectorAll<HTMLElement>("body *")].filter(
        (one) =>
          one.checkVisibility() &&
          // what is kept for who listens is one pixel wide
          one.clientWidth > 1 &&
          !one.matches("input, select, textarea, progress, meter, .u-table thead *") &&
          ["hidden", "clip"].includes(getComputedStyle(one).overflowX) &&
          (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight),
      );
      const wider = root.scrollWidth > root.clientWidth ? ["la page défile de côté"] : [];
      return [...wider, ...cut.map((one) => one.outerHTML.slice(0, 200))];
    });
  for (const width of [640, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await lost(), `${name}, ${width} px, texte espacé`).toEqual([]);
  }
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
}

/** A page in the state it is in: valid HTML, and at each size accessible and within its screen. */
export async function inspect(page: Page, name: string): Promise<void> {
  const report = await validator.validateString(await page.content());
  expect(
    report.results.flatMap((one) =>
      one.messages.map((message) => `${message.ruleId} ligne ${message.line} : ${message.message}`),
    ),
    name,
  ).toEqual([]);
  // what the grid of accessibility counts as not applicable is not there
  expect(
    await page.locator("iframe, frame, object, embed, video, audio, canvas, img, marquee").count(),
    name,
  ).toBe(0);
  expect(await page.locator("[target], [accesskey], [title], [dir], main [lang]").count(), name).toBe(0);
  const { links, buttons } = await namesIn(page);
  expect(links, `${name} : chaque nom de lien ne mène qu'à une adresse`).toEqual([]);
  expect(buttons, `${name} : deux boutons du même nom`).toEqual([]);
  for (const { size, width, colorScheme } of sizes) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    // no page holds a frame of another origin, which alone would need a page more for each analysis
    const axe = new AxeBuilder({ page }).setLegacyMode();
    if (colorScheme === "dark") axe.withRules("color-contrast");
    const { violations } = await axe.analyze();
    expect(
      violations.map((one) => `${one.id} : ${one.nodes.map((node) => node.html).join(" ")}`),
      `${name}, ${size}`,
    ).toEqual([]);
    expect(await sideways(page), `${name}, ${size}, défile de côté`).toBeLessThanOrEqual(0);
    if (screenshots) {
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({
        path: join(screenshots, `${size}-${name.replace(/[^a-z0-9]+/gi, "-")}.png`),
        fullPage: true,
      });
    }
  }
  await page.emulateMedia({ colorScheme: sizes[0].colorScheme });
  await page.setViewportSize({ width: 1920, height: 800 });
  expect(await sideways(page), `${name}, 1920 px, défile de côté`).toBeLessThanOrEqual(0);
  await enlarge(page, name);
  await page.setViewportSize({ width: sizes[0].width, height: 800 });
}
