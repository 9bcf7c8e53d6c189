import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const LIST = `/organisation/ensembles-de-droits?structureId=${TOWN}`;
const SHEET = `/organisation/structures/${TOWN}/ensembles-de-droits`;
let portal: TestPortal;
const signIn = (email: string): Promise<Browser> => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const rightsOf = (address: string) =>
  portal.query(
    `select g.application, g.level, g.given_set from membership_grant g join membership m on m.id = g.membership_id
     join account a on a.id = m.account_id where m.structure_id = $1 and a.sign_in_email = $2 order by 1`,
    [TOWN, address],
  );

describe("Les ensembles de droits d'une structure", () => {
  test("la gestionnaire en ajoute un, et le donne en rattachant", async () => {
    const browser = await claire();
    await browser.open(`${SHEET}/nouveau`);
    await browser.send({ name: "Chef de service", "droit-invoicesToValidate": "write" });
    expect(browser.text).toContain("L'ensemble de droits « Chef de service » est enregistré.");
    expect(browser.text).toMatch(/Chef de service.*Propre à la structure/);
    await attach(browser, TOWN, { email: "victor.lenoir@exemple.example", profile: "chef-de-service" });
    expect(browser.text).toContain("Son accès : Chef de service, sur toute la structure.");
    expect(await rightsOf("victor.lenoir@exemple.example")).toEqual([
      { application: "invoicesToValidate", level: "write", given_set: "Chef de service" },
    ]);
  });

  test("deux ensembles ne portent pas le même nom ; un ensemble vide est refusé", async () => {
    const browser = await claire();
    await browser.open(`${SHEET}/nouveau`);
    await browser.send({ name: "COMPTABLE", "droit-users": "read" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Un autre ensemble de droits porte déjà ce nom.");
    await browser.send({ name: "Vide", "droit-users": "none" });
    expect(browser.text).toContain("Donnez au moins un droit à cet ensemble.");
  });

  test("RIG-02 en changer un ne change personne ; sur demande, ceux qui l'ont reçu suivent", async () => {
    const browser = await claire();
    await browser.open(`${SHEET}/chef-de-service`);
    await browser.send({ "droit-receivedInvoices": "read" });
    expect(await rightsOf("victor.lenoir@exemple.example")).toHaveLength(1);
    await browser.open(`${SHEET}/chef-de-service`);
    await browser.send({ "droit-commitments": "read", reapply: true });
    expect(browser.text).toContain("Personnes dont les droits ont suivi : 1.");
    expect((await rightsOf("victor.lenoir@exemple.example")).map((one) => one.application)).toEqual([
      "commitments",
      "invoicesToValidate",
      "receivedInvoices",
    ]);
    expect((await portal.mailsTo("victor.lenoir@exemple.example")).at(-1)!.subject).toContain(
      "Vos habilitations sur Commune de Sainte-Aurore ont changé",
    );
  });

  test("un ensemble du portail s'adapte, se retire et se rétablit", async () => {
    const browser = await claire();
    await browser.open(`${SHEET}/comptable`);
    await browser.send({ name: "Comptable en chef", "droit-bankAccounts": "write" });
    expect(browser.text).toMatch(/Comptable en chef.*Adapté/);
    await browser.send({}, { form: `main form[action="${SHEET}/comptable/retablir"]` });
    expect(browser.text).not.toContain("Comptable en chef Adapté");
    await browser.send({}, { form: `main form[action="${SHEET}/valideur/retirer"]` });
    expect(browser.text).toContain("Ensembles du portail retirés");
    await attach(browser, TOWN, { email: "x@exemple.example", profile: "valideur" });
    expect(browser.text).toContain("Choisissez un ensemble de droits de la liste.");
    await browser.open(LIST);
    await browser.send({}, { form: `main form[action="${SHEET}/valideur/retablir"]` });
    expect(browser.text).not.toContain("Ensembles du portail retirés");
    await browser.open(`/organisation/historique?structureId=${TOWN}`);
    expect(browser.text).toContain("a rétabli l'ensemble de droits du portail « Comptable en chef »");
  });

  test("deux modifications à la fois : la seconde est refusée", async () => {
    const [first, second] = [await claire(), await claire()];
    await first.open(`${SHEET}/chef-de-service`);
    await second.open(`${SHEET}/chef-de-service`);
    await first.send({ says: "Valide ce que son service a reçu." });
    await second.send({ says: "Autre chose." });
    expect(second.answer!.status).toBe(422);
    expect(second.text).toContain("Quelqu'un a modifié cet ensemble entre-temps.");
  });

  test("A-30 nul ne compose un ensemble au-delà de ses droits, ni ne se l'applique", async () => {
    await portal.query(
      `update membership_grant set level = 'write' where application = 'users' and membership_id =
       (select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email like 'paul.durand@%')`,
    );
    const paul = await signIn("paul.durand@sainte-aurore.example");
    await paul.open(`${SHEET}/nouveau`);
    await paul.send({ name: "Tout", "droit-bankAccounts": "write" });
    expect(paul.answer!.status).toBe(422);
    expect(paul.text).toContain("Un ensemble ne contient que des droits que vous avez vous-même.");
    const before = await rightsOf("paul.durand@sainte-aurore.example");
    await paul.open(`${SHEET}/utilisateur`);
    await paul.send({ "droit-users": "write", reapply: true });
    expect(paul.text).toContain("Paul Durand : Nul ne change ses propres droits");
    expect(await rightsOf("paul.durand@sainte-aurore.example")).toEqual(before);
  });

  test("A-34 l'ensemble d'une structure n'existe pas dans une autre", async () => {
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    for (const path of [
      `${SHEET}/chef-de-service`,
      "/organisation/structures/3/ensembles-de-droits/chef-de-service",
    ])
      expect((await agathe.request(path)).status).toBe(404);
  });
});
