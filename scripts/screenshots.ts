/**
 * npm run screenshots: takes the pictures of the README from the real pages, with the demonstration world, in the
 * browser of the tests. Looks and sizes are always the same; dates are those of the day.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBenchPortal } from "../bench/portal.ts";
import { DEMO_PASSWORD } from "../src/modules/demo/index.ts";
import { productRoot } from "../src/platform/paths.ts";
import { launchChromium } from "../test/support/chromium.ts";

const MANAGER = "claire.morel@sainte-aurore.example";
const pictures = [
  { name: "accueil", path: "/", width: 1280, height: 800, signedIn: false },
  { name: "service", path: "/organisation/services/nouveau?structureId=1", width: 1280, height: 900 },
  { name: "services", path: "/organisation/services?structureId=1", width: 1280, height: 860 },
  { name: "droits", path: "/organisation/structures/1/utilisateurs/3", width: 1280, height: 900 },
  { name: "telephone", path: "/organisation/utilisateurs?structureId=1", width: 375, height: 800 },
] as const;

const folder = mkdtempSync(join(tmpdir(), "unisson-pictures-"));
chmodSync(folder, 0o755);
const output = join(productRoot, "docs/screenshots");
mkdirSync(output, { recursive: true });
const portal = await startBenchPortal(folder);
const chromium = await launchChromium();
try {
  for (const { name, path, width, height, ...picture } of pictures) {
    const context = await chromium.newContext({ viewport: { width, height }, locale: "fr-FR" });
    const page = await context.newPage();
    if (!("signedIn" in picture)) {
      await page.goto(`${portal.url}/connexion`);
      await page.getByLabel("Adresse électronique").fill(MANAGER);
      await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
      await page.getByRole("button", { name: "Se connecter", exact: true }).click();
      await page.waitForURL((url) => url.pathname === "/");
    }
    await page.goto(`${portal.url}${path}`);
    await page.screenshot({ path: join(output, `${name}.png`) });
    await context.close();
  }
} finally {
  await chromium.close();
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
}
