import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../src/modules/demo/index.ts";
import { productRoot } from "../src/platform/paths.ts";
import { launchChromium } from "./support/chromium.ts";
import { startPortal, type TestPortal } from "./support/portal.ts";

const MANAGER = "claire.morel@sainte-aurore.example";

describe("Contraste des couleurs du portail, calculé sur ce qui les définit", () => {
  const style = (name: string) =>
    readFileSync(join(productRoot, `src/web/assets/styles/${name}.scss`), "utf8");
  const coloursIn = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/"?(?:--(?:unisson|govuk)-)?([a-z-]+?)(?:-colour)?"?: (#[0-9a-f]{6})/g)].map(
        ([, name, colour]) => [name!, colour!],
      ),
    );
  const [, lightMixin = "", darkMixin = ""] = style("_theme").split("@mixin ");
  const themes = {
    clair: { ...coloursIn(style("_settings")), ...coloursIn(lightMixin) },
    sombre: coloursIn(darkMixin),
  };
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const backgrounds = ["body-background", "template-background", "raised", "sunken", "header"];
  const onEach = (...texts: string[]) =>
    texts.flatMap((text) => backgrounds.map((back) => [text, back] as const));
  const texts = [
    ...onEach("text", "secondary-text", "link", "link-visited", "link-hover", "error"),
    ["text", "quiet"],
    ["quiet-text", "quiet"],
    ["quiet-text", "quiet-hover"],
    ["button-text", "button"],
    ["button-text", "button-hover"],
    ["danger-text", "danger"],
    ["danger-text", "danger-hover"],
    ["focus-text", "focus"],
    ...["info", "success", "warning", "error", "neutral"].map(
      (tone) => [`${tone}-text`, `${tone}-background`] as const,
    ),
  ] as const;
  const shapes = onEach("input-border", "brand", "accent", "button", "danger");

  describe.each(Object.entries(themes))("thème %s", (_name, theme: Record<string, string>) => {
    const between = (front: string, back: string) => {
      expect(theme, `${front} sur ${back}`).toHaveProperty(front);
      expect(theme, `${front} sur ${back}`).toHaveProperty(back);
      return contrast(theme[front]!, theme[back]!);
    };

    test("les textes : 4,5 au moins", () => {
      for (const [front, back] of texts)
        expect(between(front, back), `${front} sur ${back}`).toBeGreaterThanOrEqual(4.5);
    });

    test("les bords des champs, les boutons et les dessins : 3 au moins", () => {
      for (const [front, back] of shapes)
        expect(between(front, back), `${front} sur ${back}`).toBeGreaterThanOrEqual(3);
    });

    test("la marque de la prise de focus, fond ou liseré : 3 au moins", () => {
      for (const back of [...backgrounds, "quiet", "button"])
        expect(
          Math.max(between("focus", back), between("focus-text", back)),
          `focus sur ${back}`,
        ).toBeGreaterThanOrEqual(3);
    });
  });
});

describe("Dans un navigateur", () => {
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

  /** What has the focus: its name, and whether one sees that it has it. */
  const focused = (page: Page) =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      const label = element.labels?.[0];
      const isBox = element.type === "checkbox" || element.type === "radio";
      const painted = isBox ? getComputedStyle(label!, "::before") : getComputedStyle(element);
      const tile = element.closest(".u-tile");
      return {
        name:
          element === document.body
            ? ""
            : (label?.textContent ?? element.textContent ?? "").replace(/\s+/g, " ").trim(),
        isSeen:
          painted.boxShadow !== "none" ||
          (painted.outlineStyle !== "none" && Number.parseFloat(painted.outlineWidth) >= 2) ||
          (tile !== null && getComputedStyle(tile).outlineStyle !== "none"),
      };
    });

  /** Presses Tab until what bears that name has the focus, which is seen at each stop. */
  async function tabTo(page: Page, name: string): Promise<void> {
    const passed: string[] = [];
    while (passed.length < 150) {
      await page.keyboard.press("Tab");
      const stop = await focused(page);
      passed.push(stop.name);
      if (stop.name !== "" && !stop.isSeen) throw new Error(`Le focus ne se voit pas sur « ${stop.name} »`);
      if (stop.name.startsWith(name)) return;
    }
    throw new Error(`La touche Tab n'atteint pas « ${name} » ; elle passe par : ${passed.join(" | ")}`);
  }

  const fill = async (page: Page, name: string, typed: string) => {
    await tabTo(page, name);
    await page.keyboard.type(typed);
  };
  const press = async (page: Page, name: string) => {
    await tabTo(page, name);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  };

  async function signInByKeyboard(page: Page): Promise<void> {
    await page.goto(portal.url);
    await press(page, "Se connecter");
    await fill(page, "Adresse électronique", MANAGER);
    await fill(page, "Mot de passe", DEMO_PASSWORD);
    await Promise.all([page.waitForURL(`${portal.url}/`), page.keyboard.press("Enter")]);
  }

  test("Au clavier seul : se connecter, créer un service, rattacher une personne, accepter une demande", {
    timeout: 60_000,
  }, async () => {
    const page = await (await chromium.newContext()).newPage();
    await signInByKeyboard(page);

    await press(page, "Organisation");
    await press(page, "Créer un service");
    await fill(page, "Code de service", "CLAVIER");
    await fill(page, "Libellé du service", "Service créé sans souris");
    await fill(page, "Date de début d'activation", "10/03/2022");
    // the structure asks for a commitment number everywhere, so that its services do not ask it again
    await tabTo(page, "Le statut « Mise en paiement » est remonté");
    await page.keyboard.press("Space");
    await press(page, "Soumettre");
    await page.getByText("L'envoi des données pour « Créer un service » a bien été effectué").waitFor();

    await page.goto(`${portal.url}/organisation/utilisateurs/rattacher?structureId=1`);
    await fill(page, "Adresse électronique de l'utilisateur à rattacher", "clavier@exemple.example");
    await tabTo(page, "Maille structure");
    await page.keyboard.press("ArrowDown");
    expect((await focused(page)).name).toBe("Maille service");
    await tabTo(page, "ECOLES");
    await page.keyboard.press("Space");
    await tabTo(page, "Droits");
    await page.keyboard.press("ArrowDown");
    await press(page, "Soumettre");
    await page.getByText("clavier@exemple.example recevra un message").waitFor();

    await page.goto(`${portal.url}/organisation/demandes`);
    await press(page, "Samuel Roche");
    await press(page, "Valider la demande");
    expect(await portal.query("select state from membership_request where id = 1")).toEqual([
      { state: "approved" },
    ]);
    await page.context().close();
  });

  test("Une erreur se corrige au clavier : du résumé au champ, décrit par son erreur", async () => {
    const page = await (await chromium.newContext()).newPage();
    await signInByKeyboard(page);
    await page.goto(`${portal.url}/organisation/services/nouveau`);
    await press(page, "Soumettre");
    expect(await page.locator(".govuk-error-summary").evaluate((one) => one === document.activeElement)).toBe(
      true,
    );
    await tabTo(page, "Renseignez « Libellé du service ».");
    await page.keyboard.press("Enter");
    const field = page.getByLabel("Libellé du service");
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    const described = await field.evaluate((one) =>
      one
        .getAttribute("aria-describedby")!
        .split(" ")
        .map((id) => document.getElementById(id)!.textContent)
        .join(" "),
    );
    expect(described.replaceAll("\u00a0", " ")).toContain("Renseignez « Libellé du service ».");
    await page.context().close();
  });

  test("Chaque erreur d'un formulaire mène à un champ qui existe", async () => {
    const browser = portal.browser();
    await browser.open("/connexion");
    await browser.send({ email: MANAGER, password: DEMO_PASSWORD });
    for (const path of [
      "/organisation/services/nouveau",
      "/organisation/coordonnees-bancaires/nouvelle",
      "/organisation/utilisateurs/rattacher",
      "/organisation/structures/nouvelle",
      "/organisation/structures/1/ensembles-de-droits/nouveau",
      "/organisation/imports/services?structureId=1",
      "/organisation/reprise",
      "/mon-compte/mot-de-passe",
      "/mon-compte/fermer",
      "/mot-de-passe/oublie",
      "/compte/lien",
      "/compte/creer",
    ]) {
      await browser.open(path);
      await browser.send({}, { form: 'main form[method="post"]' });
      const { page } = browser.answer!;
      const links = page.querySelectorAll(".govuk-error-summary a");
      expect(links.length, path).toBeGreaterThan(0);
      for (const link of links) {
        const id = link.getAttribute("href")!.slice(1);
        expect(page.getElementById(id), `${path} : #${id}`).not.toBeNull();
        expect(page.getElementById(`${id}-erreur`)?.textContent, `${path} : #${id}-erreur`).toContain(
          link.textContent,
        );
      }
    }
  });

  test("La déclaration dit le taux de la grille, ce qui manque, et que nul tiers ne l'a vérifié", async () => {
    const grid = readFileSync(join(productRoot, "docs/rgaa.csv"), "utf8").trim().split("\n").slice(1);
    const count = (state: string) => grid.filter((line) => line.includes(`;${state};`)).length;
    const browser = portal.browser();
    const { page } = await browser.open("/accessibilite");
    const conforming = count("conforme");
    const applicable = conforming + count("non conforme");
    expect(browser.text).toContain(`${conforming} critères conformes sur ${applicable} applicables`);
    expect(browser.text).toContain("non par un tiers indépendant");
    expect(browser.text).toContain(portal.config.ACCESSIBILITY_CONTACT.replace("mailto:", ""));
    expect(browser.text).toContain("Défenseur des droits");
    expect(browser.text).not.toContain("Schéma pluriannuel");
    for (const line of grid.filter((one) => one.includes(";non conforme;")))
      expect(browser.text).toContain(`Critère ${line.split(";")[0]}`);
    const state =
      conforming === applicable
        ? "totalement conforme"
        : conforming * 2 >= applicable
          ? "partiellement conforme"
          : "non conforme";
    expect(page.querySelector("footer a")!.textContent).toBe(`Accessibilité\u00a0: ${state}`);
    expect(page.querySelector(".u-lead")!.textContent).toContain(`est ${state}`);
  });

  test("Le plan du site mène partout où mènent les menus", async () => {
    const browser = portal.browser();
    await browser.open("/connexion");
    await browser.send({ email: MANAGER, password: DEMO_PASSWORD });
    const linksOf = async (path: string, selector: string) =>
      (await browser.open(path)).page
        .querySelectorAll(selector)
        .map((one) => one.getAttribute("href")!)
        .filter((href) => href !== "/plan-du-site" && href !== "/boite-aux-lettres");
    const map = await linksOf("/plan-du-site", "main a");
    const menus = [
      // what is to be done leads to things of the moment
      ...(await linksOf("/", "header a, footer a, main a:not(.u-todo a)")),
      ...(await linksOf("/organisation", "main a")),
    ];
    expect(menus.length).toBeGreaterThan(30);
    expect(menus.filter((href) => !map.includes(href))).toEqual([]);
    for (const path of map) expect((await browser.open(path)).status, path).toBe(200);
  });

  test("Sur un téléphone, une liste en fiches reste un tableau pour qui l'écoute", async () => {
    const page = await (await chromium.newContext({ viewport: { width: 375, height: 800 } })).newPage();
    await signInByKeyboard(page);
    await page.goto(`${portal.url}/organisation/utilisateurs?structureId=1`);
    const table = page.getByRole("table", { name: /^Personnes rattachées/ });
    expect(await table.getByRole("columnheader").allTextContents()).toContain("Rôle");
    expect(await table.getByRole("rowheader", { name: "Durand Paul" }).count()).toBe(1);
    expect(await table.getByRole("cell", { name: "Gestionnaire principal" }).count()).toBeGreaterThan(0);
    await page.context().close();
  });

  test("La fin de la session est annoncée deux minutes avant, et se repousse sans rien perdre", async () => {
    const page = await (await chromium.newContext()).newPage();
    await page.clock.install();
    await signInByKeyboard(page);
    await page.goto(`${portal.url}/organisation/services/nouveau`);
    await page.getByLabel("Libellé du service").fill("Ce que je tape");
    await page.clock.fastForward("26:00");
    portal.advance({ minutes: 26 });
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    await page.clock.fastForward("02:30");
    portal.advance({ minutes: 2, seconds: 30 });
    const dialog = page.getByRole("dialog", { name: "Votre session va se terminer" });
    await dialog.waitFor();
    expect((await focused(page)).name).toBe("Rester connecté");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await page.clock.fastForward("20:00");
    portal.advance({ minutes: 20 });
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    expect(await page.getByLabel("Libellé du service").inputValue()).toBe("Ce que je tape");
    expect((await page.reload())!.url()).toContain("/organisation/services/nouveau");

    await page.clock.fastForward("28:10");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.clock.fastForward("02:00");
    await page.getByRole("dialog", { name: "Votre session est terminée" }).waitFor();
    await page.getByRole("button", { name: "Fermer cet avis" }).click();
    await page.context().close();
  });

  test("Une session ne se repousse pas au-delà de sa durée totale, et la page le dit", async () => {
    const page = await (await chromium.newContext()).newPage();
    await signInByKeyboard(page);
    await portal.query("update web_session set created_at = created_at - interval '11 hours 59 minutes'");
    await page.goto(`${portal.url}/mes-rattachements`);
    await page.getByRole("dialog", { name: "Votre session va se terminer" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Votre session ne peut pas durer plus longtemps" }).waitFor();
    expect(await page.getByRole("button", { name: "Rester connecté" }).isVisible()).toBe(false);
    await page.context().close();
  });

  test("Qui n'est pas connecté ne peut pas prolonger de session", async () => {
    const browser = portal.browser();
    await browser.open("/connexion");
    const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const answer = await browser.request("/session/prolonger", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", origin: portal.url },
      body: new URLSearchParams({ _jeton: token }),
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/connexion"]);
  });

  test("Le bouton de la souris relâché ailleurs n'ouvre pas la structure proposée", async () => {
    const page = await (await chromium.newContext()).newPage();
    await page.goto(`${portal.url}/annuaire`);
    await page.locator("#recherche-liste").pressSequentially("aurore");
    const option = page.getByRole("option").first();
    await option.waitFor();
    expect(await page.locator("#recherche-liste-propositions + [role=status]").textContent()).toMatch(
      /^\d+ structures? proposée/,
    );
    await option.hover();
    await page.mouse.down();
    await page.mouse.move(5, 700);
    await page.mouse.up();
    expect(new URL(page.url()).pathname).toBe("/annuaire");
    await page.context().close();
  });
});
