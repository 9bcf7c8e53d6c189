import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspect, type LookedAt, startLooking } from "../support/pages.ts";

let looked: LookedAt;
let portal: LookedAt["portal"];
let chromium: LookedAt["chromium"];
let signedIn: LookedAt["signedIn"];
beforeAll(async () => {
  looked = await startLooking();
  ({ portal, chromium, signedIn } = looked);
});
afterAll(() => looked?.close());

const publicPages = [
  "/",
  "/organisation",
  "/plan-du-site",
  "/actualites",
  "/annuaire",
  "/annuaire?q=aurore",
  "/annuaire?q=zzzzzz",
  "/annuaire?departement=999&etat=toutes&q=aurore",
  "/annuaire/telecharger",
  "/annuaire/verifier",
  "/annuaire/1",
  "/connexion",
  "/connexion/federation/retour?state=perdu",
  "/compte/creer",
  "/compte/lien",
  "/mot-de-passe/oublie",
  "/compte/activer?lien=perdu",
  "/compte/reactiver?lien=perdu",
  "/compte/parti?comment=ferme",
  "/mon-compte/adresse/confirmer?lien=perdu",
  "/mon-compte/adresse/ce-n-est-pas-moi?lien=perdu",
  "/mon-compte/contact/confirmer?lien=perdu",
  "/aide",
  "/aide?q=espace",
  "/aide?q=zzzz",
  "/accessibilite",
  "/mentions-legales",
  "/donnees-personnelles",
  "/donnees-personnelles/registre",
  "/securite",
  "/boite-aux-lettres",
  "/nulle-part",
];

describe("Chaque page est accessible, valide, et tient dans son écran", () => {
  test("pages publiques", { timeout: 240_000 }, async () => {
    const page = await chromium.newPage();
    for (const path of publicPages) {
      await page.goto(`${portal.url}${path}`);
      await inspect(page, `public ${path}`);
    }
    await page.close();
  });
});

test("Au clavier seul : le lien d'évitement, puis le menu", async () => {
  const page = await chromium.newPage();
  await page.goto(portal.url);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Aller au contenu");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("contenu");
  await page.close();
});

test("A-44 Des noms hostiles s'affichent comme du texte, sans rien exécuter", async () => {
  const hostile = `"><img src=x onerror=alert(1)><svg/onload=alert(1)>{{1+1}}`;
  await portal.query("update structure set display_name = $1 where id = 1", [hostile]);
  await portal.query("update service set label = $1, description = $1 where structure_id = 1", [hostile]);
  const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
  const events: string[] = [];
  page.on("dialog", (dialog) => {
    events.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) events.push(message.text());
  });
  for (const path of [
    "/",
    "/organisation/structures",
    "/organisation/structures/1",
    "/organisation/services",
    "/organisation/services/nouveau",
    "/annuaire/1",
    "/mes-habilitations",
    "/organisation/historique",
    "/mes-rattachements/1/quitter",
  ]) {
    await page.goto(`${portal.url}${path}`);
    expect(await page.locator("img[src='x'], svg[onload]").count()).toBe(0);
  }
  expect(events).toEqual([]);
  await context.close();
});
