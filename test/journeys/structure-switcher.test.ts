import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
let chromium: Browser;
let cookie: string;
beforeAll(async () => {
  portal = await startPortal();
  chromium = await launchChromium();
  const manager = await signUp(portal, {
    email: "quarante-ecoles@exemple.fr",
    structure: { siret: "73282932000074", name: "École numéro 1" },
  });
  // eleven more, as their creation would leave them: an attachment of the same person in each
  await portal.query(`
    insert into structure (identifier_type, identifier_value, kind, legal_name, display_name, state)
    select 'RIDET', (1000000 + n) * 1000 + n, 'private', name, name, 'active'
    from generate_series(2, 12) n, lateral (select 'École numéro ' || n as name) named`);
  await portal.query(`
    insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
    select account_id, structure.id, role, scope, membership.state, starts_at, origin
    from structure, membership where identifier_type = 'RIDET'`);
  cookie = manager.cookies.get("unisson")!;
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

async function switcher(javaScriptEnabled: boolean) {
  const context = await chromium.newContext({ javaScriptEnabled });
  await context.addCookies([{ name: "unisson", value: cookie, url: portal.url }]);
  const page = await context.newPage();
  await page.goto(`${portal.url}/organisation`);
  await page.locator(".u-nav summary").click();
  return page;
}

describe("Qui travaille pour beaucoup de structures", () => {
  test("les lit toutes sans JavaScript", async () => {
    const page = await switcher(false);
    expect(await page.locator(".u-nav li li:visible").count()).toBe(12);
    expect(await page.getByLabel("Chercher parmi mes structures").isVisible()).toBe(false);
    await page.context().close();
  });

  // last: going to another structure gives the session a new cookie
  test("en cherche une par son nom ou son identifiant, et y passe d'une touche", async () => {
    const page = await switcher(true);
    const field = page.getByLabel("Chercher parmi mes structures");
    const shown = page.locator(".u-nav li li:visible");
    expect(await shown.count()).toBe(12);
    await field.fill("ecole numero 1");
    expect(await shown.count()).toBe(4);
    expect(await page.locator("[data-structure-filter] [role=status]").textContent()).toBe("4 structures");
    await field.press("Enter");
    expect(await shown.count(), "rien n'est choisi tant qu'il en reste plusieurs").toBe(4);
    await field.fill("1000007");
    expect(await shown.count()).toBe(1);
    await Promise.all([page.waitForLoadState("load"), field.press("Enter")]);
    await page.waitForFunction(() =>
      document.querySelector(".u-nav summary")?.textContent?.includes("École numéro 7"),
    );
    await page.context().close();
  });
});
