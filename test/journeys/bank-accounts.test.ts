import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const MANAGER = "claire.morel@sainte-aurore.example";
const TOWN_IBAN = "FR7630001007941234567890185";
const NEW_IBAN = "FR1420041010050500013M02606";
let portal: TestPortal;

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const accounts = () =>
  portal.query<{ id: number; name: string; iban: string; state: string; is_default: boolean }>(
    "select id, name, iban, state, is_default from bank_account where structure_id = $1 order by id",
    [TOWN],
  );
const sheet = (id: number) => `/organisation/structures/${TOWN}/coordonnees-bancaires/${id}`;

async function create(browser: Browser, filling: Record<string, string | boolean>) {
  await browser.open(`/organisation/coordonnees-bancaires/nouvelle?structureId=${TOWN}`);
  return browser.send(
    { structureId: String(TOWN), ...filling },
    { form: 'main form[action="/organisation/coordonnees-bancaires/nouvelle"]' },
  );
}

async function post(browser: Browser, path: string, body: Record<string, string>): Promise<Response> {
  await browser.open("/mon-compte/identite");
  const token = browser.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
  return browser.request(path, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token, ...body }),
    headers: { "sec-fetch-site": "same-origin", origin: browser.base },
  });
}

describe("Les coordonnées bancaires d'une structure", () => {
  test("une faute de frappe est dite à côté de l'IBAN, et rien n'est perdu de la saisie", async () => {
    const claire = await signIn(MANAGER);
    const before = await accounts();
    const answer = await create(claire, { name: "Cantine", iban: "FR76 3000 1007 9412 3456 7890 186" });
    expect(answer.status).toBe(422);
    expect(claire.text).toContain("Cet IBAN comporte une erreur de saisie");
    expect(claire.form('main form[action$="/nouvelle"]').toString()).toContain('value="Cantine"');
    expect(await accounts()).toEqual(before);
  });

  test("la gestionnaire en crée une par défaut : l'ancienne ne l'est plus, les gestionnaires sont prévenus", async () => {
    const claire = await signIn(MANAGER);
    await create(claire, { name: "Cantine", iban: "FR14 2004 1010 0505 0001 3M02 606", isDefault: true });
    expect(claire.text).toContain("« Cantine » est créée");
    expect(claire.text).toContain("FR14 2004 1010 0505 0001 3M02 606");
    expect((await accounts()).filter((one) => one.is_default).map((one) => one.iban)).toEqual([NEW_IBAN]);
    const mail = (await portal.mailsTo(MANAGER)).at(-1)!;
    expect(mail.subject).toBe("Unisson – Coordonnée bancaire ajoutée pour Commune de Sainte-Aurore");
    await claire.open(portal.linkIn(mail));
    expect(claire.answer!.page.querySelector("h1")!.textContent).toContain("Cantine");
  });

  test("deux coordonnées actives ne portent pas le même nom", async () => {
    const claire = await signIn(MANAGER);
    expect((await create(claire, { name: "cantine", iban: TOWN_IBAN })).status).toBe(422);
    expect(claire.text).toContain("a déjà ce nom");
  });

  test("modifier garde l'IBAN ; désactiver retire le défaut ; réactiver est possible", async () => {
    const claire = await signIn(MANAGER);
    const { id } = (await accounts()).at(-1)!;
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ name: "Restauration scolaire", endsAt: "31/12/2099" });
    expect(claire.text).toContain("est modifiée");
    await claire.open(`${sheet(id)}/modifier`);
    expect((await claire.send({ endsAt: "31/12/1999" })).status).toBe(422);
    await claire.open(`${sheet(id)}/modifier`);
    expect((await claire.send({ iban: TOWN_IBAN }, { extra: true })).status).toBe(422);
    await claire.open(`${sheet(id)}/desactiver`);
    await claire.send();
    expect((await accounts()).at(-1)).toMatchObject({
      name: "Restauration scolaire",
      iban: NEW_IBAN,
      state: "disabled",
      is_default: false,
    });
    await claire.open(`${sheet(id)}/activer`);
    await claire.send();
    expect((await accounts()).at(-1)).toMatchObject({ state: "active", is_default: false });
    expect((await portal.mailsTo(MANAGER)).slice(-3).map((mail) => mail.name)).toEqual([
      "bank-account-changed",
      "bank-account-disabled",
      "bank-account-enabled",
    ]);
  });

  test("deux créations à la fois du même nom par défaut : une seule, et un seul défaut", async () => {
    const [one, other] = await Promise.all([signIn(MANAGER), signIn(MANAGER)]);
    const answers = await Promise.all(
      [one, other].map((browser) =>
        create(browser!, { name: "Deux clics", iban: NEW_IBAN, isDefault: true }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
    expect((await accounts()).filter((account) => account.is_default)).toHaveLength(1);
  });

  test("l'historique dit ce qui a changé sans aucun IBAN en clair", async () => {
    const rows = await portal.query<{ entry: string }>(
      "select j::text as entry from journal_entry j where structure_id = $1 and object_kind = 'bankAccount'",
      [TOWN],
    );
    expect(rows.length).toBeGreaterThanOrEqual(5);
    const all = rows.map((row) => row.entry).join("\n");
    expect(all).toContain("FR14 •••• •••• 2606");
    for (const iban of [NEW_IBAN, TOWN_IBAN]) {
      expect(all).not.toContain(iban);
      expect(all).not.toContain(iban.slice(4, -4));
    }
  });
});

describe("A-21, A-22, A-34 Qui n'en a pas le droit", () => {
  test("en consultation : l'IBAN est masqué jusque dans le code de la page, et rien ne se change", async () => {
    const hugo = await signIn("hugo.lemaire@sainte-aurore.example");
    const before = await accounts();
    const id = before[0]!.id;
    for (const path of [`/organisation/coordonnees-bancaires?structureId=${TOWN}`, sheet(id)]) {
      const answer = await hugo.open(path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain("FR76 •••• •••• 0185");
      expect(answer.text.replaceAll(/\s/g, "")).not.toContain(TOWN_IBAN.slice(4, -4));
      expect(hugo.text).not.toContain("Désactiver");
    }
    for (const verb of ["modifier", "desactiver", "activer"])
      expect((await hugo.request(`${sheet(id)}/${verb}`)).status, verb).toBe(403);
    expect((await post(hugo, `${sheet(id)}/desactiver`, { version: "1" })).status).toBe(403);
    expect(
      (await post(hugo, "/organisation/coordonnees-bancaires/nouvelle", { structureId: String(TOWN) }))
        .status,
    ).toBe(403);
    expect(await accounts()).toEqual(before);
  });

  test("sans l'habilitation : ni liste, ni fiche, ni onglet", async () => {
    const ines = await signIn("ines.benali@sainte-aurore.example");
    expect((await ines.request(`/organisation/coordonnees-bancaires?structureId=${TOWN}`)).status).toBe(403);
    expect((await ines.request(sheet(1))).status).toBe(403);
    await ines.open(`/organisation/structures/${TOWN}`);
    expect(ines.text).not.toContain("Coordonnées bancaires");
  });

  test("la gestionnaire d'une autre structure, sous son adresse et sous la sienne : introuvable", async () => {
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    const [hospital] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Groupe hospitalier des Trois-Vallées'",
    );
    const before = await accounts();
    for (const structure of [TOWN, hospital!.id]) {
      const base = `/organisation/structures/${structure}/coordonnees-bancaires/${before[0]!.id}`;
      for (const path of ["", "/modifier", "/desactiver"])
        expect((await agathe.request(`${base}${path}`)).status, `${base}${path}`).toBe(404);
      for (const verb of ["modifier", "desactiver"])
        expect((await post(agathe, `${base}/${verb}`, { version: "1" })).status).toBe(404);
    }
    expect(await accounts()).toEqual(before);
  });

  test("A-20 six minutes après la connexion, changer une coordonnée redemande le mot de passe", async () => {
    const claire = await signIn(MANAGER);
    portal.advance({ minutes: 6 });
    await claire.open(`${sheet(1)}/desactiver`);
    expect(claire.answer!.url).toContain("/confirmer-identite");
    expect(
      (await post(claire, `${sheet(1)}/desactiver`, { version: "1" })).headers.get("location"),
    ).toContain("/confirmer-identite");
    expect((await accounts())[0]).toMatchObject({ state: "active" });
    await claire.open(`${sheet(1)}/desactiver`);
    await claire.send({ password: DEMO_PASSWORD });
    expect(claire.answer!.url).toContain(`${sheet(1)}/desactiver`);
  });
});
