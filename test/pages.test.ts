import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../src/modules/demo/index.ts";
import { codeOf } from "./support/authenticator.ts";
import { launchChromium } from "./support/chromium.ts";
import { startPortal, type TestPortal } from "./support/portal.ts";

/** Where screenshots go when somebody wants to look: SCREENSHOTS=folder npx vitest run test/pages.test.ts */
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

const OPERATOR = "agathe.vidal@gh-trois-vallees.example";
let portal: TestPortal;
let chromium: Browser;
beforeAll(async () => {
  portal = await startPortal({
    OIDC_ISSUER: "https://identite.example",
    OIDC_CLIENT_ID: "unisson",
    OIDC_CLIENT_SECRET: "secret-d-essai",
    UNISSON_OPERATORS: OPERATOR,
  });
  await makeDemoWorld(portal.database);
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.close();
  await portal.close();
});

async function signedIn(
  email: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.newContext({ javaScriptEnabled: true, ...options });
  const page = await context.newPage();
  await page.goto(`${portal.url}/connexion`);
  await page.getByLabel("Adresse électronique").fill(email);
  await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Se connecter" }).click();
  return { context, page };
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
async function inspect(page: Page, name: string): Promise<void> {
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
const managerPages = [
  "/",
  "/bienvenue",
  "/bienvenue/invitation",
  "/bienvenue/adresse",
  "/mon-compte",
  "/mon-compte/identite",
  "/mon-compte/coordonnees",
  "/mon-compte/contact",
  "/mon-compte/mot-de-passe",
  "/mon-compte/adresse",
  "/mon-compte/desactiver",
  "/mon-compte/fermer",
  "/mon-compte/identite-federee",
  "/mon-compte/double-authentification",
  "/mon-compte/double-authentification/application",
  "/mon-compte/double-authentification/cle",
  "/mes-rattachements",
  "/mes-rattachements/demander",
  "/mes-demandes",
  "/mon-historique",
  "/mes-habilitations",
  "/mes-habilitations?structureId=1",
  "/mes-habilitations/demander?structureId=1",
  "/mes-habilitations/demandes",
  "/notifications",
  "/mon-compte/notifications",
  "/organisation/structures",
  "/organisation/structures/nouvelle",
  "/organisation/structures/1",
  "/organisation/structures/1/modifier",
  "/organisation/structures/1/facturation",
  "/organisation/structures/1/desactiver",
  "/organisation/structures/1/repertoire",
  "/organisation/structures/1/securite",
  "/organisation/structures/1/exporter",
  "/organisation/services",
  "/organisation/services/nouveau",
  "/organisation/imports?structureId=1",
  "/organisation/imports/services?structureId=1",
  "/organisation/imports/rattachements?structureId=1",
  "/organisation/structures/1/services/2",
  "/organisation/structures/1/services/2/modifier",
  "/organisation/structures/1/services/5",
  "/organisation/structures/1/services/5/modifier",
  "/organisation/structures/1/services/5/supprimer",
  "/organisation/structures/1/services/6",
  "/organisation/structures/1/services/6/activer",
  "/organisation/structures/1/services/remplacer",
  "/organisation/coordonnees-bancaires",
  "/organisation/coordonnees-bancaires?structureId=1",
  "/organisation/coordonnees-bancaires/nouvelle",
  "/organisation/structures/1/coordonnees-bancaires/1",
  "/organisation/structures/1/coordonnees-bancaires/1/modifier",
  "/organisation/structures/1/coordonnees-bancaires/1/desactiver",
  "/organisation/structures/1/coordonnees-bancaires/1/bloquer",
  "/organisation/coordonnees-bancaires/nouvelle?structureId=1&remplace=1",
  "/organisation/utilisateurs",
  "/organisation/utilisateurs?structureId=1",
  "/organisation/utilisateurs?structureId=1&etat=parti",
  "/organisation/utilisateurs/rattacher",
  "/organisation/utilisateurs/selection?structureId=1&acte=suspendre&qui=3&qui=4",
  "/organisation/utilisateurs/selection?structureId=1&acte=fin&qui=3&qui=4",
  "/organisation/utilisateurs/selection?structureId=1&acte=copier&qui=3&de=hugo.lemaire@sainte-aurore.example&mode=replace",
  "/organisation/structures/1/utilisateurs/3",
  "/organisation/utilisateurs/copier?structureId=1&de=3",
  "/organisation/structures/1/utilisateurs/4",
  "/organisation/structures/1/utilisateurs/3/habilitations?service=2",
  "/organisation/habilitations?structureId=1",
  "/organisation/habilitations?structureId=1&vue=personne",
  "/organisation/habilitations?structureId=1&vue=service&service=2",
  "/organisation/gestionnaires?structureId=1",
  "/organisation/gestionnaires/designer?structureId=1&qui=3",
  "/organisation/gestionnaires/transmettre?structureId=1",
  "/organisation/structures/1/utilisateurs/3/detacher",
  "/organisation/ensembles-de-droits?structureId=1",
  "/organisation/structures/1/ensembles-de-droits/nouveau",
  "/organisation/structures/1/ensembles-de-droits/comptable",
  "/organisation/revue?structureId=1",
  "/organisation/demandes",
  "/organisation/demandes/1?structureId=1",
  "/organisation/demandes/repondre?demande=1&reponse=valider",
  "/organisation/demandes/repondre?demande=1&reponse=refuser",
  "/mes-rattachements/1/je-ne-la-connais-pas",
  "/organisation/demandes/habilitations",
  "/organisation/structures/1/demandes-d-habilitation/1",
  "/organisation/historique",
  "/organisation/historique?structureId=1&famille=rattachement",
  "/mes-rattachements/1/quitter",
  "/organisation/reprise",
  "/organisation/structures/1/reprise",
  "/annuaire/1/signaler",
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

  test("pages d'une gestionnaire", { timeout: 360_000 }, async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    for (const path of managerPages) {
      const answer = await page.goto(`${portal.url}${path}`);
      expect(answer!.status(), path).toBe(200);
      await inspect(page, path);
    }
    await context.close();
  });

  test("pages de l'opérateur du portail, et un refus", { timeout: 90_000 }, async () => {
    const { context, page } = await signedIn(OPERATOR);
    for (const path of [
      "/operateur",
      "/operateur/structures/4/adresse",
      "/operateur/reprises",
      "/operateur/coordonnees-bancaires",
      "/operateur/comptes",
      "/operateur/actualites",
      "/operateur/actualites/nouvelle",
    ]) {
      const answer = await page.goto(`${portal.url}${path}`);
      expect(answer!.status(), path).toBe(200);
      await inspect(page, path);
    }
    await context.close();
    const paul = await signedIn("paul.durand@sainte-aurore.example");
    for (const path of ["/", "/organisation"]) {
      await paul.page.goto(`${portal.url}${path}`);
      await inspect(paul.page, `${path}, en consultation`);
    }
    const refused = await paul.page.goto(`${portal.url}/organisation/structures/1/desactiver`);
    expect(refused!.status()).toBe(403);
    await inspect(paul.page, "accès refusé");
    await paul.context.close();
  });

  test("un service remplacé, de la question à l'annulation", { timeout: 120_000 }, async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/1/services/remplacer?service=2`);
    await page.getByRole("button", { name: "Continuer" }).click();
    await inspect(page, "remplacement refusé");
    await page
      .getByLabel("Service qui prend leur place")
      .selectOption({ label: "URBANISME – Urbanisme et voirie" });
    for (const [at, done] of [
      ["01/01/2090", "Renoncer à ce remplacement"],
      ["", "Annuler ce remplacement"],
    ] as const) {
      await page.goto(`${portal.url}/organisation/structures/1/services/remplacer?service=2`);
      await page
        .getByLabel("Service qui prend leur place")
        .selectOption({ label: "URBANISME – Urbanisme et voirie" });
      await page.getByLabel("Date du remplacement").fill(at);
      await page.getByRole("button", { name: "Continuer" }).click();
      await inspect(page, `remplacement à confirmer ${at}`);
      await page
        .getByRole("button", { name: at ? "Prévoir ce remplacement" : "Remplacer maintenant" })
        .click();
      await inspect(page, `remplacement ${at ? "prévu" : "fait"}`);
      const sheet = page.url();
      const seen = ["/organisation/structures/1/services/2", "/annuaire/1"];
      if (!at) seen.push("/organisation/structures/1/services/3", "/organisation/services?structureId=1");
      for (const path of seen) {
        await page.goto(`${portal.url}${path}`);
        await inspect(page, `remplacement ${at ? "prévu" : "fait"} ${path}`);
      }
      await page.goto(sheet);
      await page.getByRole("button", { name: done }).click();
      await inspect(page, `remplacement ${at ? "abandonné" : "annulé"}`);
    }
    await context.close();
  });

  test("une revue des rattachements en cours", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/revue?structureId=1`);
    if (await page.getByLabel("Répondre avant le").isVisible()) {
      await page
        .getByLabel("Répondre avant le")
        .fill(new Date(Date.now() + 20 * 24 * 3_600_000).toLocaleDateString("fr-FR"));
      await page.getByRole("button", { name: "Commencer la revue" }).click();
    }
    await page.getByLabel("Réponse pour Hugo Lemaire").waitFor();
    await inspect(page, "revue en cours");
    await context.close();
  });

  test("une structure à vérifier, le code envoyé", async () => {
    const { context, page } = await signedIn("odile.marchand@eaux-val-fleuri.example");
    await page.goto(`${portal.url}/organisation/structures/4`);
    await page.getByRole("link", { name: "Prouver que j'agis pour cette structure" }).click();
    await inspect(page, "preuve à demander");
    await page.getByRole("button", { name: /^Envoyer/ }).click();
    await page.getByLabel("Code reçu").fill("00000-00000");
    await page.getByRole("button", { name: "Vérifier la structure" }).click();
    await page.getByRole("link", { name: /^Ce n'est pas le code reçu/ }).waitFor();
    await inspect(page, "preuve refusée");
    await context.close();
  });

  test("une structure du répertoire, à choisir puis à vérifier", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/nouvelle`);
    await page.getByRole("textbox", { name: /^Identifiant/ }).fill("999 500 101");
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Quel établissement ?").waitFor();
    await inspect(page, "établissements");
    await page.getByLabel("999 500 101 00020").check();
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Est-ce bien cette structure ?").waitFor();
    await inspect(page, "structure à vérifier");
    await context.close();
  });

  test("un changement d'identifiant, de la demande à l'annuaire", { timeout: 120_000 }, async () => {
    const [network] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Clair Réseau SAS'",
    );
    const sheet = `${portal.url}/organisation/structures/${network!.id}`;
    const { context, page } = await signedIn("jeanne.caron@clair-reseau.example");
    await page.goto(`${sheet}/changer-identifiant`);
    await inspect(page, "identifiant à changer");
    const ask = async (date: string) => {
      await page.goto(`${sheet}/changer-identifiant`);
      await page.getByLabel("Nouvel identifiant").fill("99920022300025");
      await page.getByLabel("Date d'effet").fill(date);
      await page.getByRole("button", { name: "Continuer" }).click();
    };
    await ask(new Date(Date.now() + 30 * 24 * 3_600_000).toLocaleDateString("fr-FR"));
    await page.getByText("Ce qui est copié").waitFor();
    await inspect(page, "identifiant à confirmer");
    await page.getByRole("button", { name: "Prévoir le changement" }).click();
    await page.getByText("Changement d'identifiant prévu").waitFor();
    await inspect(page, "identifiant prévu");
    await page.getByRole("button", { name: "Annuler le changement prévu" }).click();
    await ask("");
    await page.getByRole("button", { name: "Changer l'identifiant" }).click();
    await page.getByRole("link", { name: "Défaire le changement" }).click();
    await inspect(page, "identifiant à défaire");
    await page.getByRole("button", { name: "Défaire le changement" }).click();
    await page.getByText("est défait").waitFor();
    await context.close();
  });

  test("une coordonnée bancaire à confirmer, puis bloquée", { timeout: 120_000 }, async () => {
    await portal.query(
      `update membership set role = 'mainManager' where structure_id = 1
         and account_id = (select id from account where sign_in_email = 'paul.durand@sainte-aurore.example')`,
    );
    const claire = await signedIn("claire.morel@sainte-aurore.example");
    await claire.page.goto(
      `${portal.url}/organisation/coordonnees-bancaires/nouvelle?structureId=1&remplace=1`,
    );
    await claire.page.getByLabel("Nom de la coordonnée bancaire").fill("Compte à confirmer");
    await claire.page.getByLabel("Titulaire du compte").fill("Jean Fourbe");
    await claire.page.getByLabel("IBAN").fill("FR14 2004 1010 0505 0001 3M02 606");
    await claire.page.getByRole("button", { name: "Soumettre" }).click();
    await claire.page.getByText("En attente de confirmation").waitFor();
    await inspect(claire.page, "coordonnée en attente");
    await claire.page.getByRole("link", { name: "Vérifier, puis confirmer ou bloquer" }).click();
    await inspect(claire.page, "coordonnée à confirmer par une autre");
    const address = claire.page.url();
    await claire.context.close();
    const paul = await signedIn("paul.durand@sainte-aurore.example");
    await paul.page.goto(address);
    await inspect(paul.page, "coordonnée à confirmer");
    await paul.page.getByRole("link", { name: "Ce n'est pas nous : bloquer" }).click();
    await paul.page.getByRole("button", { name: "Bloquer cette coordonnée" }).click();
    await paul.page.getByText("Bloquée par Paul Durand").waitFor();
    await inspect(paul.page, "coordonnée bloquée");
    await paul.page.goto(`${portal.url}/organisation/coordonnees-bancaires?structureId=1`);
    await inspect(paul.page, "coordonnées dans tous les états");
    await paul.context.close();
    await portal.query(
      `update membership set role = 'member' where structure_id = 1
         and account_id = (select id from account where sign_in_email = 'paul.durand@sainte-aurore.example')`,
    );
    const operator = await signedIn(OPERATOR);
    await operator.page.goto(`${portal.url}/operateur/coordonnees-bancaires`);
    await inspect(operator.page, "coordonnées à surveiller");
    await operator.context.close();
  });

  test("une fiche modifiée entre-temps par une autre, les deux versions côte à côte", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/structures/1/modifier`);
    await portal.query(
      "update structure set version = version + 1, town = 'Sainte-Aurore-le-Haut' where id = 1",
    );
    await page.getByLabel("Téléphone").fill("02 38 00 00 01");
    await page.getByRole("button", { name: "Soumettre" }).click();
    await page.getByText("Ce qui diffère").waitFor();
    await inspect(page, "fiche modifiée entre-temps");
    await context.close();
    await portal.query("update structure set town = 'Sainte-Aurore' where id = 1");
  });

  test("une structure du répertoire, à mettre à jour ligne par ligne", async () => {
    const { context, page } = await signedIn("emile.tessier@atelier-demo.example");
    const [workshop] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Atelier Démo'",
    );
    const sheet = `${portal.url}/organisation/structures/${workshop!.id}`;
    await page.goto(`${sheet}/repertoire`);
    await page.getByText("Ce que le répertoire changerait").waitFor();
    await inspect(page, "répertoire à appliquer");
    await page.getByRole("button", { name: "Appliquer" }).click();
    await page.goto(`${sheet}/modifier`);
    await inspect(page, "fiche tenue par le répertoire");
    await context.close();
  });

  test("la réponse à une liste d'identifiants", async () => {
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    const page = await chromium.newPage();
    await page.goto(`${portal.url}/annuaire/verifier`);
    await page.getByLabel("Identifiants").fill(`${town!.siret}\n57210489100013\n12345\n5,72E+13`);
    await page.getByRole("button", { name: "Vérifier" }).click();
    await page.getByText("La réponse de l'annuaire").waitFor();
    await inspect(page, "liste vérifiée");
    await page.close();
  });

  test("un changement d'identifiant, à confirmer", async () => {
    const { context, page } = await signedIn("jeanne.caron@clair-reseau.example");
    const [{ id }] = (await portal.query<{ id: string }>(
      "select id from structure where display_name = 'Clair Réseau SAS'",
    )) as [{ id: string }];
    await page.goto(`${portal.url}/organisation/structures/${id}/changer-identifiant`);
    await inspect(page, "identifiant à changer");
    await page.getByLabel("Nouvel identifiant").fill("732 829 320 00074");
    await page.getByLabel("Motif").fill("Fusion avec la société mère.");
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Ce qui est copié").waitFor();
    await inspect(page, "identifiant à confirmer");
    await context.close();
  });

  test("un import analysé, puis en cours", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/imports/services?structureId=1`);
    const lines = ["code;libelle;debut;fin", "IMP_1;Voirie;01/01/2026;", ";Sans code;;", "ECOLES;Écoles;;"];
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles({
      name: "services.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(lines.join("\n")),
    });
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("Indiquez le code du service.").waitFor();
    await inspect(page, "import analysé");
    await page.getByRole("button", { name: "Appliquer" }).click();
    await page.getByText("Import en cours").waitFor();
    await inspect(page, "import en cours");
    await context.close();
  });

  test("l'annuaire importé par l'opérateur : le départ, puis ce qui sera fait", async () => {
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    const { context, page } = await signedIn(OPERATOR);
    await page.goto(`${portal.url}/operateur`);
    await inspect(page, "opérateur");
    await page.getByRole("link", { name: "Importer des structures" }).click();
    await inspect(page, "import de structures");
    const lines = [
      "Identifiant;RaisonSociale;StructureActive;Ville",
      `${town!.siret};Sainte-Aurore;0;Aurore`,
      "73282932000074;Syndicat d'Exemple;1;Nantes",
      "12345;Trop court;1;Nantes",
    ];
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles({
      name: "structures.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(lines.join("\n")),
    });
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("Analyse en cours").first().waitFor();
    await inspect(page, "import de structures en cours d'analyse");
    await portal.runJob("judge-import", { importId: Number(/(\d+)$/.exec(page.url())![1]) });
    await page.reload();
    await page.getByLabel("Ce fichier ferme plus de 5 %").waitFor();
    await inspect(page, "import de structures analysé");
    await context.close();
  });

  test("la double authentification, de sa mise en place à la connexion", async () => {
    const { context, page } = await signedIn("jeanne.caron@clair-reseau.example");
    const settings = `${portal.url}/mon-compte/double-authentification`;
    await page.goto(`${settings}/application`);
    const key = (await page.locator("main .u-code").textContent())!.replaceAll(" ", "");
    await page.getByLabel("Code à six chiffres").fill(codeOf(portal, key));
    await page.getByRole("button", { name: "Confirmer" }).click();
    await page.getByRole("link", { name: "Je les ai gardés" }).waitFor();
    await inspect(page, "codes-de-secours");
    await page.getByRole("link", { name: "Je les ai gardés" }).click();
    await inspect(page, "double-authentification-en-place");
    await page.getByRole("link", { name: "Retirer Application d'authentification" }).click();
    await inspect(page, "double-authentification-retirer");
    await context.clearCookies();
    await page.goto(`${portal.url}/connexion`);
    await page.getByLabel("Adresse électronique").fill("jeanne.caron@clair-reseau.example");
    await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByLabel("Ne plus demander de code").check();
    await inspect(page, "seconde-etape");
    await context.close();
  });

  test("l'inscription, étape par étape, jusqu'au choix du mot de passe", async () => {
    const page = await chromium.newPage();
    await page.goto(`${portal.url}/compte/creer`);
    await page.getByRole("button", { name: "Continuer" }).click();
    await inspect(page, "inscription refusée");
    await page.getByLabel("Adresse électronique de connexion").fill("accueil@exemple.example");
    await page.getByLabel("Confirmation de l'adresse").fill("accueil@exemple.example");
    await page.getByLabel("Prénom").fill("Camille");
    await page.getByRole("textbox", { name: /^Nom/ }).fill("Exemple");
    await page.getByLabel("J'accepte").check();
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Étape 2 sur 4").waitFor();
    await inspect(page, "inscription, structure");
    const [town] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where id = 1",
    );
    await page.getByRole("textbox", { name: /^Identifiant/ }).fill(town!.siret);
    await page.getByRole("button", { name: "Continuer" }).click();
    await page.getByText("Cette structure existe déjà").waitFor();
    await inspect(page, "inscription, structure connue");
    await page.getByRole("button", { name: "Changer d'identifiant" }).click();
    await page.getByRole("button", { name: "Je le ferai plus tard" }).click();
    await inspect(page, "inscription, vérification");
    await page.getByRole("button", { name: "Créer mon compte" }).click();
    await page.getByText("Étape 4 sur 4").waitFor();
    await page.getByRole("button", { name: "Renvoyer le message" }).click();
    await page.getByText("Message déjà envoyé").waitFor();
    await inspect(page, "inscription, message envoyé");
    const [mail] = await portal.mailsTo("accueil@exemple.example");
    await page.goto(new URL(portal.linkIn(mail!), portal.url).href);
    await page.getByRole("button", { name: "Activer mon compte" }).click();
    await page.getByText("trop court").first().waitFor();
    await inspect(page, "activation refusée");
    for (const name of ["newPassword", "newPasswordAgain"])
      await page.locator(`[name=${name}]`).fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Activer mon compte" }).click();
    await page.getByText("Votre compte est activé.").waitFor();
    await inspect(page, "compte activé");
    await page.close();
  });

  test("une demande en attente, à relancer", async () => {
    const { context, page } = await signedIn("samuel.roche@mairie-voisine.example");
    await inspect(page, "bienvenue, demande en attente");
    await page.goto(`${portal.url}/mes-rattachements`);
    await inspect(page, "mes rattachements, demande en attente");
    await page
      .getByRole("link", { name: /^Leur écrire/ })
      .first()
      .click();
    await inspect(page, "relancer");
    await context.close();
  });

  test("un formulaire refusé reste accessible, et son titre dit l'erreur", async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example");
    await page.goto(`${portal.url}/organisation/services/nouveau`);
    await page.getByRole("button", { name: "Soumettre" }).click();
    expect(await page.title()).toMatch(/^Erreur : /);
    await inspect(page, "erreur");
    await page.getByRole("link", { name: "Renseignez « Code de service »." }).click();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("code");
    await context.close();
  });
});

for (const javaScriptEnabled of [true, false])
  test(`Le service FI_SGPI2 se crée dans un navigateur ${javaScriptEnabled ? "avec" : "sans"} JavaScript`, async () => {
    const { context, page } = await signedIn("claire.morel@sainte-aurore.example", { javaScriptEnabled });
    const code = javaScriptEnabled ? "FI_SGPI2" : "FI_SGPI3";
    await page.getByRole("link", { name: "Organisation" }).first().click();
    await page.getByRole("link", { name: "Créer un service" }).click();
    await page.getByLabel("Code de service").fill(code);
    await page.getByLabel("Libellé du service").fill("Service financier SGPI");
    await page.getByLabel("Date de début d'activation").fill("10/03/2022 15:01:32");
    await page.getByLabel("Le numéro d'engagement est obligatoire").check();
    await page.getByRole("button", { name: "Soumettre" }).click();
    await page.getByText("L'envoi des données pour « Créer un service » a bien été effectuée").waitFor();
    await context.close();
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
