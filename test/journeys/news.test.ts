import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
let portal: TestPortal;
let operator: Browser;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  operator = await signIn(portal, OPERATOR, DEMO_PASSWORD);
});
afterAll(() => portal?.close());

describe("Les actualités du portail", () => {
  test("écrites par l'opérateur, lues par tous, sur l'accueil et par abonnement", async () => {
    await operator.open("/operateur/actualites/nouvelle");
    await operator.send({ title: "", body: "Sans titre" });
    expect(operator.answer!.status).toBe(422);
    await operator.send({
      title: "Fermeture <samedi> & dimanche",
      body: "Le portail ferme samedi.\n\nIl rouvre lundi.",
    });
    expect(operator.text).toContain("L'actualité est publiée.");
    const nobody = portal.browser();
    await nobody.open("/");
    await nobody.click("Fermeture <samedi> & dimanche");
    expect(nobody.text).toContain("Il rouvre lundi.");
    const feed = await (await nobody.request("/actualites.atom")).text();
    expect(feed).toContain("<title>Fermeture &lt;samedi> &amp; dimanche</title>");
    expect(feed).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www.w3.org\/2005\/Atom">/,
    );
    expect(feed).toContain(`${portal.url}/actualites/1`);
  });

  test("modifiée, retirée, remise ; chaque acte au journal du portail", async () => {
    await operator.open("/operateur/actualites/1");
    await operator.send({ title: "Fermeture samedi" });
    await operator.open("/operateur/actualites");
    await operator.send({}, { form: 'main form[action$="/retirer"]' });
    expect((await portal.browser().open("/actualites/1")).status).toBe(404);
    const nobody = portal.browser();
    await nobody.open("/");
    expect(nobody.text).not.toContain("Fermeture samedi");
    await operator.send({}, { form: 'main form[action$="/remettre"]' });
    expect((await portal.browser().open("/actualites/1")).status).toBe(200);
    const acts = await portal.query<{ type: string; means: string }>(
      "select type, means from journal_entry where object_kind = 'news' order by seq",
    );
    expect(acts.map((act) => act.type)).toEqual([
      "NewsPublished",
      "NewsChanged",
      "NewsWithdrawn",
      "NewsShownAgain",
    ]);
    expect(new Set(acts.map((act) => act.means))).toEqual(new Set(["operator"]));
  });

  test("nul autre n'en écrit", async () => {
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    for (const path of ["/operateur/actualites", "/operateur/actualites/nouvelle", "/operateur/actualites/1"])
      expect((await claire.request(path)).status).toBe(404);
  });
});

test("Le plan du site ne mène qu'à des pages qui existent", async () => {
  const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
  await claire.open("/plan-du-site");
  const links = claire.answer!.page.querySelectorAll("main li a").map((link) => link.getAttribute("href")!);
  expect(links.length).toBeGreaterThan(25);
  for (const link of links) expect((await claire.open(link)).status, link).toBe(200);
});
