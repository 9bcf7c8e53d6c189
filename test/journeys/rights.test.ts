import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const PAUL = 3;
let portal: TestPortal;
const signIn = (name: string): Promise<Browser> =>
  signInWith(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

/** The row of the rights table that begins with an application, its cells in order. */
function right(browser: Browser, application: string): string[] {
  const row = browser
    .answer!.page.querySelectorAll("main tbody tr")
    .find((one) => one.querySelector("th")?.textContent === application);
  return row?.querySelectorAll("td").map((cell) => cell.textContent.replace(/\s+/g, " ").trim()) ?? [];
}

describe("Que puis-je faire, et pourquoi ?", () => {
  test("chaque droit dit l'ensemble, le gestionnaire et la date dont il vient", async () => {
    const claire = await signIn("claire.morel");
    await attach(claire, TOWN, {
      email: "victor.lenoir@exemple.example",
      services: ["FI_SGPI"],
      profile: "comptable",
      mayAccept: true,
    });
    const victor = await signInWith(portal, "victor.lenoir@exemple.example", DEMO_PASSWORD);
    await victor.open("/mes-habilitations");
    const today = new Intl.DateTimeFormat("fr-FR", { dateStyle: "short", timeZone: "Europe/Paris" }).format();
    expect(victor.text).toContain(`Rattachement par un gestionnaire, le ${today}, par Claire Morel`);
    expect(right(victor, "Factures reçues")).toEqual([
      "Modification, sur FI_SGPI",
      "Application à venir",
      `Ensemble « Comptable », donné par Claire Morel le ${today}`,
    ]);
    expect(right(victor, "Accepter des rattachements")).toEqual([
      "Modification, sur FI_SGPI",
      "répondre aux demandes de rattachement",
      `Choisi à part, donné par Claire Morel le ${today}`,
    ]);
    expect(victor.text).toContain("Hors d'atteinte, faute d'habilitation");
  });

  test("un droit changé à part le dit ; les autres gardent leur ensemble", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`/organisation/structures/${TOWN}/utilisateurs/${PAUL}/habilitations`);
    await claire.send({ "droit-users": "write" });
    expect(right(claire, "Organisation – utilisateurs")[2]).toMatch(/^Choisi à part, donné par Claire Morel/);
    expect(right(claire, "Engagements")[2]).toMatch(/^Ensemble « Utilisateur »/);
    expect(right(claire, "Organisation – utilisateurs")[1]).toContain("rattacher et inviter des personnes");
  });

  test("un gestionnaire principal lit depuis quand il l'est, et ce que lui seul peut", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`/organisation/gestionnaires/designer?structureId=${TOWN}&qui=${PAUL}`);
    await claire.send({}, { form: "main form" });
    const paul = await signIn("paul.durand");
    await paul.open("/");
    await paul.click("On vous propose de gérer Commune de Sainte-Aurore");
    await paul.send({}, { form: 'main form[action$="/accepter"]' });
    await paul.open("/mes-habilitations");
    expect(paul.text).toMatch(/Gestionnaire principal\s*Depuis le \d\d\/\d\d\/\d{4}, par Claire Morel/);
    expect(paul.text).toContain("désigner un gestionnaire principal");
    expect(right(paul, "Coordonnées bancaires")[2]).toBe("Rôle de gestionnaire principal");
  });

  test("un service fermé : le droit reste écrit, sans effet (RIG-08)", async () => {
    await portal.query(
      "update service set ends_at = now() - interval '1 hour' where structure_id = $1 and code = 'FI_SGPI'",
      [TOWN],
    );
    const ines = await signIn("ines.benali");
    await ines.open("/mes-habilitations");
    expect(right(ines, "Engagements")[0]).toBe("Modification, sur FI_SGPI Service fermé : sans effet");
  });

  test("sans « Organisation – utilisateurs », on ne lit pas les droits d'un collègue", async () => {
    const victor = await signInWith(portal, "victor.lenoir@exemple.example", DEMO_PASSWORD);
    const answer = await victor.request(`/organisation/structures/${TOWN}/utilisateurs/${PAUL}`);
    expect(answer.status).toBe(403);
  });
});
