import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const CLAIMANT = "samuel.roche@mairie-voisine.example";
const MANAGER = "claire.morel@sainte-aurore.example";
const STRUCTURE_MAILBOX = "mairie@sainte-aurore.example";
let portal: TestPortal;
let town: { id: number; siret: string };

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ id: number; siret: string }>(
    "select id, identifier_value as siret from structure where display_name = 'Commune de Sainte-Aurore'",
  );
  town = row!;
});
afterAll(() => portal?.close());

async function signedIn(email: string): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/connexion");
  await browser.send({ email, password: DEMO_PASSWORD });
  return browser;
}
async function claim(browser: Browser, justification = "Décision du conseil municipal du 2 mars.") {
  await browser.open("/organisation/reprise");
  return browser.send(
    { type: "SIRET", identifiant: town.siret, justification },
    { form: 'main form[action="/organisation/reprise"]' },
  );
}
const subjects = async (address: string) => (await portal.mailsTo(address)).map((mail) => mail.subject);
const claims = () =>
  portal.query<{ id: number; state: string }>("select id, state from manager_claim order by id");

describe("J9 Reprendre une structure dont personne ne répond", () => {
  test("sans justification, la demande est refusée et garde ce qui est saisi", async () => {
    const samuel = await signedIn(CLAIMANT);
    const answer = await claim(samuel, " ");
    expect(answer.status).toBe(422);
    expect(samuel.text).toContain("Renseignez « Justification »");
    expect(samuel.form('main form[action="/organisation/reprise"]').toString()).toContain(town.siret);
    expect(await claims()).toEqual([]);
  });

  test("la demande prévient la gestionnaire et l'adresse de la structure ; la gestionnaire l'arrête", async () => {
    const samuel = await signedIn(CLAIMANT);
    await claim(samuel);
    expect(samuel.text).toContain("Votre demande de reprise est envoyée");
    for (const address of [MANAGER, STRUCTURE_MAILBOX])
      expect(await subjects(address)).toContain(
        "Unisson – Une personne demande à reprendre la gestion de Commune de Sainte-Aurore",
      );
    expect((await claim(samuel)).status).toBe(422);
    expect(samuel.text).toContain("déjà en cours");

    const claire = await signedIn(MANAGER);
    await claire.open(`/organisation/structures/${town.id}/reprise`);
    expect(claire.text).toContain("Samuel Roche");
    await claire.send();
    expect(claire.text).toContain("La reprise est arrêtée");
    expect((await subjects(CLAIMANT)).at(-1)).toContain("est arrêtée");
    expect((await claims()).map((one) => one.state)).toEqual(["stopped"]);
  });

  test("ni un simple utilisateur ni un inconnu ne peut voir ou arrêter une reprise ; nul ne décide s'il n'est opérateur", async () => {
    const samuel = await signedIn(CLAIMANT);
    await claim(samuel);
    const [, open] = await claims();
    const paul = await signedIn("paul.durand@sainte-aurore.example");
    expect((await paul.open(`/organisation/structures/${town.id}/reprise`)).status).toBe(403);
    expect((await samuel.open(`/organisation/structures/${town.id}/reprise`)).status).toBe(404);
    expect((await paul.open("/operateur/reprises")).status).toBe(404);
    // a manager of another structure names this claim under her own address
    const agathe = await signedIn("agathe.vidal@gh-trois-vallees.example");
    const [hospital] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Groupe hospitalier des Trois-Vallées'",
    );
    await agathe.open("/organisation/reprise");
    const token = agathe.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const attack = await agathe.request(
      `/organisation/structures/${hospital!.id}/reprise/${open!.id}/arreter`,
      {
        method: "POST",
        body: new URLSearchParams({ _jeton: token }),
        headers: { "sec-fetch-site": "same-origin", origin: agathe.base },
      },
    );
    expect(attack.status).toBe(403);
    expect((await claims()).map((one) => one.state)).toEqual(["stopped", "open"]);
  });

  test("l'opérateur ne peut accepter avant la fin des sept jours, même en forçant l'adresse", async () => {
    const operator = await signedIn(OPERATOR);
    await operator.open("/operateur");
    expect(operator.text).not.toContain("attend votre décision");
    await operator.open("/operateur/reprises");
    expect(operator.text).toContain("l'acceptation attend");
    const token = operator.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const [, open] = await claims();
    const forced = await operator.request(`/operateur/reprises/${open!.id}/accepter`, {
      method: "POST",
      body: new URLSearchParams({ _jeton: token }),
      headers: { "sec-fetch-site": "same-origin", origin: operator.base },
    });
    expect(forced.status).toBe(403);
  });

  test("sept jours plus tard l'opérateur accepte : nouveau gestionnaire, ancienne suspendue", async () => {
    portal.advance({ days: 7 });
    const operator = await signedIn(OPERATOR);
    const [, open] = await claims();
    await operator.open("/operateur");
    await operator.click("La reprise de Commune de Sainte-Aurore par");
    await operator.send({}, { form: `main form[action="/operateur/reprises/${open!.id}/accepter"]` });
    expect(operator.text).toContain("La reprise de Commune de Sainte-Aurore est acceptée");
    expect(
      await portal.query(
        `select a.sign_in_email as email, m.role, m.state from membership m join account a on a.id = m.account_id
         where m.structure_id = $1 and (m.role = 'mainManager' or a.sign_in_email = $2) order by m.role`,
        [town.id, MANAGER],
      ),
    ).toEqual([
      { email: CLAIMANT, role: "mainManager", state: "active" },
      { email: MANAGER, role: "member", state: "suspended" },
    ]);
    expect((await subjects(MANAGER)).at(-1)).toContain("Vous ne gérez plus Commune de Sainte-Aurore");
    expect((await subjects(CLAIMANT)).at(-1)).toContain("Vous gérez désormais Commune de Sainte-Aurore");

    const samuel = await signedIn(CLAIMANT);
    await samuel.open(`/organisation/historique?structureId=${town.id}`);
    expect(samuel.text).toContain("a accepté la reprise demandée par Samuel Roche");
    const claire = await signedIn(MANAGER);
    expect((await claire.open(`/organisation/historique?structureId=${town.id}`)).status).toBe(404);
  });
});
