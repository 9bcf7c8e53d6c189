import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { addPublicStructures } from "../../src/modules/structures/index.ts";
import { theClock } from "../../src/platform/events.ts";
import type { Browser } from "../support/browser.ts";
import { activate, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const structureNamed = async (name: string) =>
  (await portal.query("select * from structure where legal_name = $1 order by id", [name]))[0];

async function create(browser: Browser, filling: Record<string, string>): Promise<void> {
  await browser.open("/organisation/structures/nouvelle");
  await browser.send({ identifierType: filling.identifierType!, identifierValue: "" });
  await browser.send(filling);
}

describe("Les structures sans SIRET", () => {
  test("hors de l'Union : l'identifiant est fait du pays et de la raison sociale", async () => {
    const browser = await signUp(portal, { email: "us@exemple.com" });
    await create(browser, {
      identifierType: "HORS_UE",
      legalName: "Acme Widgets",
      addressLine: "1 Main St",
      town: "Austin",
    });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Choisissez le pays du siège.");
    await browser.send({ country: "US" });
    expect(browser.text).toContain("Vous êtes gestionnaire principal de Acme Widgets");
    expect(await structureNamed("Acme Widgets")).toMatchObject({
      identifier_type: "HORS_UE",
      identifier_value: "USACME WIDGETS",
      country: "US",
      kind: "private",
      postcode: "",
    });
    const other = await signUp(portal, { email: "us2@exemple.com" });
    await create(other, {
      identifierType: "HORS_UE",
      country: "US",
      legalName: "Acme Widgets",
      addressLine: "2 Main St",
      town: "Dallas",
    });
    expect(other.text).toContain("Cette structure existe déjà");
  });

  test("un particulier : une référence tirée au sort, jamais dans l'annuaire", async () => {
    const browser = await signUp(portal, { email: "jeanne@exemple.fr" });
    await create(browser, {
      identifierType: "PARTICULIER",
      legalName: "Jeanne Exemplaire",
      addressLine: "3 rue du Puits",
      postcode: "45990",
      town: "Sainte-Aurore",
    });
    const structure = await structureNamed("Jeanne Exemplaire");
    expect(structure!.identifier_value).toMatch(/^P\d{10}$/);
    const stranger = portal.browser();
    await stranger.open("/annuaire?q=Exemplaire");
    expect(stranger.text).not.toContain("Jeanne Exemplaire");
  });

  test("à l'inscription : en cours d'immatriculation, relancée à 30 et 75 jours, puis identifiée", async () => {
    const browser = portal.browser();
    const email = "jeune@pousse.example";
    await browser.open("/compte/creer");
    await browser.send({
      email,
      emailAgain: email,
      firstName: "Léa",
      lastName: "Pousse",
      acceptsTerms: true,
    });
    await browser.send({ identifierType: "EN_COURS_D_IMMATRICULATION", identifierValue: "" });
    await browser.send({
      legalName: "Jeune Pousse",
      addressLine: "4 rue Neuve",
      postcode: "45990",
      town: "Sainte-Aurore",
    });
    expect(browser.text).toContain("Vérifiez votre demande");
    await browser.send();
    await activate(portal, browser, email);
    const made = await structureNamed("Jeune Pousse");
    expect(made!.identifier_value).toMatch(/^EC\d{10}$/);
    expect(await portal.runJob("remind-unregistered")).toEqual({ reminded: 0 });
    portal.advance({ days: 30 });
    expect(await portal.runJob("remind-unregistered")).toEqual({ reminded: 1 });
    expect(await portal.runJob("remind-unregistered")).toEqual({ reminded: 0 });
    const mail = (await portal.mailsTo(email)).at(-1)!;
    expect(mail.subject).toContain("Jeune Pousse : avez-vous reçu le SIRET ?");
    portal.advance({ days: 45 });
    expect(await portal.runJob("remind-unregistered")).toEqual({ reminded: 1 });

    const lea = await signIn(portal, email);
    await lea.open(portal.linkIn(mail));
    for (const [siret, says] of [
      ["123", "Un SIRET compte 14 chiffres"],
      ["99950098600016", "fermé depuis"],
      ["99950032500017", "celui d'une structure publique"],
    ] as const) {
      await lea.send({ siret });
      expect(lea.answer!.status).toBe(422);
      expect(lea.text).toContain(says);
    }
    const [taken] = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where kind = 'private' and identifier_type = 'SIRET' and state = 'active' limit 1",
    );
    await lea.send({ siret: taken!.siret });
    expect(lea.text).toContain("Une structure du portail a déjà ce SIRET");
    await lea.send({ siret: "99950065500017" });
    expect(lea.text).toContain("Le SIRET est enregistré.");
    expect(await structureNamed("Jeune Pousse")).toMatchObject({
      id: made!.id,
      identifier_type: "SIRET",
      identifier_value: "99950065500017",
      registry_check: "confirmed",
      activity_code: "49.41A",
    });
    // the page is for those who wait, and for their main manager
    expect((await lea.request(`/organisation/structures/${made!.id}/siret`)).status).toBe(404);
    const claire = await signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);
    expect((await claire.request(`/organisation/structures/${made!.id}/siret`)).status).toBe(404);
  });

  test("STR-02, STR-12 le SIRET est d'une entreprise non diffusible : elle quitte l'annuaire où elle figurait", async () => {
    const { id } = (await structureNamed("Jeune Pousse"))!;
    await portal.query(
      `update structure set identifier_type = 'EN_COURS_D_IMMATRICULATION', identifier_value = 'EC0000000001',
        registry_check = 'none', listed_in_directory = true where id = $1`,
      [id],
    );
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=jeune%20pousse");
    expect(visitor.text).toContain("Jeune Pousse");
    const lea = await signIn(portal, "jeune@pousse.example");
    await lea.open(`/organisation/structures/${id}/siret`);
    await lea.send({ siret: "99950054900012" });
    expect(lea.text).toContain("Le SIRET est enregistré.");
    await visitor.open("/annuaire?q=jeune%20pousse");
    expect(visitor.text).not.toContain("Jeune Pousse");
    expect((await visitor.open(`/annuaire/${id}`)).status).toBe(404);
  });
});

test("STR-12 un SIRET donné pendant que la liste de référence le prend : rien ne change, et réessayer dit pourquoi", async () => {
  const siret = "99950076200011";
  const browser = await signUp(portal, { email: "attente@exemple.fr" });
  await create(browser, {
    identifierType: "EN_COURS_D_IMMATRICULATION",
    legalName: "Atelier qui attend",
    addressLine: "1 rue de la Paix",
    postcode: "75002",
    town: "Paris",
  });
  const { id } = (await structureNamed("Atelier qui attend"))!;
  await browser.open(`/organisation/structures/${id}/siret`);
  let giving: Promise<unknown> | undefined;
  await portal.database.transaction({ kind: "system", reason: "a test" }, async (tx, now) => {
    const listed = {
      ...{ identifierValue: siret, legalName: "Régie d'Exemple", addressLine: "", addressExtra1: "" },
      ...{ postcode: "", town: "", country: "FR", email: null },
    };
    await addPublicStructures(tx, [listed], theClock, now);
    giving = browser.send({ siret });
    await vi.waitFor(async () =>
      expect(
        await portal.query(
          "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        ),
      ).toHaveLength(1),
    );
  });
  await giving;
  expect(browser.answer!.status).toBe(503);
  expect(browser.text).toContain("Quelqu'un d'autre a agi au même instant");
  expect((await structureNamed("Atelier qui attend"))!.identifier_value).not.toBe(siret);
  await browser.open(`/organisation/structures/${id}/siret`);
  await browser.send({ siret });
  expect(browser.answer!.status).toBe(422);
  expect(browser.text).toContain("Une structure du portail a déjà ce SIRET");
});
