import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal?.close();
});

const open = async (options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> => {
  const page = await (await chromium.newContext(options)).newPage();
  await page.goto(`${portal.url}/annuaire`);
  return page;
};
const field = (page: Page) => page.locator("#recherche-liste");

describe("Chercher dans l'annuaire pendant qu'on tape", () => {
  test("des structures sont proposées, malgré l'accent oublié ; au clavier, jusqu'à la fiche", async () => {
    const page = await open();
    await field(page).pressSequentially("hopital des trois vallee");
    await page.getByRole("option").first().waitFor();
    expect(await field(page).getAttribute("aria-expanded")).toBe("true");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => one.id)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    expect(await field(page).getAttribute("aria-activedescendant")).toBe("recherche-liste-propositions-0");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/annuaire\/\d+$/);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("Trois-Vallées");
    await page.context().close();
  });

  test("à la souris ; Échap ferme ; Entrée sans choix cherche comme sans script", async () => {
    const page = await open();
    await field(page).pressSequentially("aurore");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("listbox").isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=aurore/);
    await field(page).fill("");
    await field(page).pressSequentially("eaux");
    await page.getByRole("option", { name: /eaux/i }).first().click();
    await page.waitForURL(/\/annuaire\/\d+$/);
    await page.context().close();
  });

  test("sans script, rien n'est proposé et la recherche marche", async () => {
    const page = await open({ javaScriptEnabled: false });
    await field(page).fill("aurore");
    await field(page).press("Enter");
    await page.waitForURL(/q=aurore/);
    expect(await page.getByText("Commune de Sainte-Aurore").first().isVisible()).toBe(true);
    await page.context().close();
  });

  test("rien de privé n'est proposé, et rien sans question", async () => {
    const ask = async (words: string) =>
      (await (await fetch(`${portal.url}/annuaire/suggestions?q=${encodeURIComponent(words)}`)).json()) as {
        structures: { name: string }[];
      };
    expect((await ask("Atelier Démo")).structures.map((one) => one.name)).not.toContain("Atelier Démo");
    expect(await ask("")).toEqual({ structures: [] });
    expect((await ask("'; drop table structure; --")).structures).toEqual([]);
  });
});

describe("Chercher dans l'annuaire", () => {
  const found = async (words: string) => {
    const { text } = await portal.browser().open(`/annuaire?q=${encodeURIComponent(words)}`);
    return ["Commune de Sainte-Aurore", "Groupement hospitalier des Trois-Vallées"].filter((one) =>
      text.includes(one),
    );
  };

  test.each([
    ["sans accent ni majuscule", "commune sainte aurore"],
    ["une lettre de moins", "comune de sainte aurore"],
    ["une lettre de trop, au milieu", "commune de sainte aurrore"],
    ["deux lettres échangées", "commune de sainet aurore"],
    ["une lettre restée d'un petit mot", "commune e saint-aurore"],
    ["un espace oublié", "communede sainte aurore"],
    ["le début des mots", "com sain auro"],
  ])("%s : la structure est trouvée", async (_, words) => {
    expect(await found(words)).toContain("Commune de Sainte-Aurore");
  });

  test("le mot d'une structure qui n'est plus active ne mène à rien", async () => {
    await portal.query(
      "update structure set display_name = 'Régie Zéphyrine', legal_name = 'Régie Zéphyrine' where id = 1",
    );
    expect((await portal.browser().open("/annuaire?q=zephyrinne")).text).toContain("Régie Zéphyrine");
    await portal.query("update structure set state = 'inactive' where id = 1");
    expect((await portal.browser().open("/annuaire?q=zephyrinne")).text).not.toContain("Régie Zéphyrine");
  });
});
