import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { organisationDomain } from "../../src/modules/home/organisation-applications.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
const paul = () => signIn("paul.durand@sainte-aurore.example");
const allApplications = organisationDomain.flatMap(({ applications }) => applications);
const tilesOf = (browser: Browser) =>
  browser.answer!.page.querySelectorAll("main .u-tile").map((tile) => ({
    title: tile.querySelector("h3")!.text,
    isClosed: tile.classNames.includes("u-tile--closed"),
    href: tile.querySelector("a")!.getAttribute("href")!,
    text: tile.text.replace(/\s+/g, " "),
  }));

describe("§ 3.3 Le domaine Organisation", () => {
  test("NAV-01 un visiteur voit toutes les applications ; y entrer demande de se connecter, puis y mène", async () => {
    const nobody = portal.browser();
    await nobody.open("/organisation");
    const tiles = tilesOf(nobody);
    expect(tiles.map(({ title }) => title)).toEqual(allApplications.map(({ title }) => title));
    expect(tiles.filter(({ isClosed }) => isClosed)).toEqual([]);
    for (const words of ["Gestion des structures", "Gestion des utilisateurs", "Retour aux domaines"])
      expect(nobody.text).toContain(words);
    for (const { needs, href } of allApplications.filter((one) => one.needs)) {
      const answer = await nobody.request(href);
      expect([answer.status, answer.headers.get("location")], `${needs}`).toEqual([
        303,
        `/connexion?suite=${encodeURIComponent(href)}`,
      ]);
    }
  });

  for (const [who, enter] of [
    ["une gestionnaire principale", claire],
    ["un utilisateur", paul],
  ] as const)
    test(`NAV-02 chaque application ouverte à ${who} s'ouvre, chaque autre la refuse`, async () => {
      const browser = await enter();
      await browser.open("/organisation");
      const tiles = tilesOf(browser);
      for (const { href, needs } of allApplications) {
        const tile = tiles.find((one) => one.href === href);
        const { status } = await browser.request(href);
        // the inbox and the form of a service say by themselves what one may do there
        if (tile) expect(status, href).toBe(200);
        else if (!["request.answer", "service.create"].includes(needs!)) expect(status, href).toBe(403);
      }
    });

  test("NAV-02 une application fermée dit pourquoi et comment la demander ; NAV-03 accordée, elle s'ouvre à la page suivante", async () => {
    const browser = await paul();
    await browser.open("/organisation");
    const tile = tilesOf(browser).find((one) => one.title === "Créer un service")!;
    expect(tile.isClosed).toBe(true);
    expect(tile.text).toContain(
      "Vous n'avez pas l'habilitation « Organisation – structures » en modification sur Commune de Sainte-Aurore. Demander cette habilitation",
    );
    await browser.open(tile.href);
    expect(browser.answer!.status).toBe(200);
    const form = browser.form("main form");
    expect(form.querySelector("option[selected]")!.getAttribute("value")).toBe("structures");
    expect(form.querySelector("input[checked]")!.getAttribute("value")).toBe("write");

    await portal.query(
      `update membership_grant g set level = 'write' from membership m, account a
       where g.membership_id = m.id and a.id = m.account_id and g.application = 'structures'
         and a.sign_in_email = 'paul.durand@sainte-aurore.example'`,
    );
    await browser.open("/organisation");
    expect(tilesOf(browser).find((one) => one.title === "Créer un service")!.isClosed).toBe(false);
  });

  test("une personne sans structure est menée à en choisir une", async () => {
    const [{ email }] = (await portal.query<{ email: string }>(
      `select a.sign_in_email as email from account a where a.state = 'active' and not exists (
         select from membership m where m.account_id = a.id) limit 1`,
    )) as [{ email: string }];
    const browser = await signIn(email);
    await browser.open("/organisation");
    const tile = tilesOf(browser).find((one) => one.title === "Gérer les utilisateurs")!;
    expect(tile.text).toContain("Vous n'êtes rattaché à aucune structure.");
    expect(tile.href).toBe("/bienvenue");
    await browser.open("/organisation/services");
    expect(browser.answer!.status).toBe(403);
    await browser.click("Choisir ma structure");
    expect(browser.answer!.url).toBe(`${portal.url}/bienvenue`);
  });

  test("la fiche de l'annuaire mène à demander un rattachement, sauf un visiteur et qui l'a déjà", async () => {
    const victor = await signIn("victor.lenoir@exemple.example");
    await victor.open(`/annuaire/${TOWN}`);
    await victor.click("Demander un rattachement");
    expect(victor.text).toContain("Niveau de rattachement");
    for (const other of [portal.browser(), await claire()]) {
      await other.open(`/annuaire/${TOWN}`);
      expect(other.text).not.toContain("Vous y travaillez");
    }
  });

  test("de la fiche d'une structure à ses personnes et à son historique, les onglets restent", async () => {
    const browser = await claire();
    await browser.open(`/organisation/structures/${TOWN}`);
    for (const tab of ["Services", "Utilisateurs", "Coordonnées bancaires", "Historique", "Général"]) {
      const tabs = browser.answer!.page.querySelectorAll("main .moj-sub-navigation a");
      await browser.open(tabs.find((one) => one.text.trim() === tab)!.getAttribute("href")!);
      const current = browser.answer!.page.querySelector("main .moj-sub-navigation [aria-current]");
      expect(current?.text.trim()).toBe(tab);
    }
  });
});

describe("§ 15.1 Imports et exports", () => {
  test("une page les réunit ; chacun s'ouvre, et nul n'y voit ce qu'il ne peut faire", async () => {
    for (const enter of [claire, paul]) {
      const browser = await enter();
      await browser.open("/organisation/imports");
      expect(browser.answer!.status).toBe(200);
      const links = browser.answer!.page.querySelectorAll("main .u-card a");
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) {
        const href = link.getAttribute("href")!;
        expect((await browser.request(href)).status, href).toBe(200);
      }
      expect(browser.text.includes("Toute la structure")).toBe(enter === claire);
    }
  });
});

describe("NAV-04 L'accueil s'ouvre sur ce qui attend", () => {
  test("un service qui ferme bientôt, à qui peut le prolonger, et à nul autre", async () => {
    await portal.query(
      `update service set ends_at = now() + interval '10 days' where structure_id = ${TOWN} and code = 'URBANISME'`,
    );
    const browser = await claire();
    await browser.open("/");
    expect(browser.text).toMatch(
      /Le service URBANISME de Commune de Sainte-Aurore ferme le \d\d\/\d\d\/\d{4}/,
    );
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    await agathe.open("/");
    expect(agathe.text).not.toContain("URBANISME");
  });

  test("Fonctionnalités les plus utilisées : les mêmes tuiles, ouvertes ou non", async () => {
    const browser = await paul();
    await browser.open("/");
    expect(browser.text).toContain("Fonctionnalités les plus utilisées");
    const tiles = tilesOf(browser);
    expect(tiles.some(({ title }) => title === "Rattacher un utilisateur")).toBe(true);
  });
});
