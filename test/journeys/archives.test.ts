import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { deactivateStructure } from "../../src/modules/structures/index.ts";
import { reactivateStructure } from "../../src/modules/structures/use-cases/deactivation.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const CLAIRE = "claire.morel@sainte-aurore.example";
const HUGO = "hugo.lemaire@sainte-aurore.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
const EMILE = "emile.tessier@atelier-demo.example";
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const ARCHIVES = "/operateur/archives";
const eyes = { kind: "system", reason: "a test" } as const;
const actor = { accountId: null, label: "Essai", means: "import" } as const;
let portal: TestPortal;
let workshop: number;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ id: number }>(
    "select id from structure where display_name = 'Atelier Démo'",
  );
  workshop = Number(row!.id);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const row = async (id: number) =>
  (
    await portal.query<{ state: string; version: number; siret: string }>(
      "select state, version, identifier_value as siret from structure where id = $1",
      [id],
    )
  )[0]!;
const archive = async () => (await portal.runJob("archive-structures")).archived;
const living = (id: number) =>
  portal.query("select id from membership where structure_id = $1 and state <> 'ended'", [id]);

describe("§ 7.6 Désactivée depuis vingt-quatre mois, une structure est archivée", () => {
  let before: Browser;

  test("pas un jour plus tôt ; jamais celle qui a été réactivée", async () => {
    const main = await signIn(CLAIRE);
    await main.open(`/organisation/structures/${TOWN}/desactiver`);
    await main.send({ typedName: "Commune de Sainte-Aurore", reason: "Fusion" }, { form: "main form" });
    await main.send({}, { form: 'main form[action$="/retirer"]' });
    for (const id of [TOWN, HOSPITAL, workshop]) {
      const { version } = await row(id);
      await portal.database.transaction(eyes, (tx, now) =>
        deactivateStructure(tx, { structureId: id, version, reason: "Cessation" }, actor, now),
      );
    }
    portal.advance({ days: 725 });
    expect(await archive()).toBe(0);
    const claire = await signIn(CLAIRE);
    await claire.open(`/organisation/structures/${TOWN}`);
    expect(claire.text).toContain("Désactivée : Cessation");
    expect(claire.text).toMatch(/se réactive jusqu'au \d\d\/\d\d\/\d{4}/);
    const agathe = await signIn(AGATHE);
    await agathe.open(`/organisation/structures/${HOSPITAL}`);
    await agathe.send({}, { form: 'main form[action$="/reactiver"]' });
    portal.advance({ days: 10 });
    before = await signIn(HUGO);
    await before.open(`/organisation/structures/${TOWN}`);
    expect(before.answer!.status).toBe(200);
    // these two, and the one that the demonstration closed
    expect(await archive()).toBe(3);
    expect(await archive()).toBe(0);
    for (const [id, state] of [
      [TOWN, "archived"],
      [workshop, "archived"],
      [HOSPITAL, "active"],
    ] as const)
      expect((await row(id)).state).toBe(state);
    expect(await living(TOWN)).toEqual([]);
    expect((await living(HOSPITAL)).length).toBeGreaterThan(1);
  });

  test("ses personnes l'apprennent, et n'y ont plus rien : ni fiche, ni menu, ni liste, ni réactivation", async () => {
    const bells = await portal.query(
      `select title from notification n join account a on a.id = n.account_id
       where a.sign_in_email = $1 and title like '%est archivée'`,
      [HUGO],
    );
    expect(bells).toEqual([{ title: "Commune de Sainte-Aurore est archivée" }]);
    expect((await before.open(`/organisation/structures/${TOWN}`)).status).toBe(404);
    const claire = await signIn(CLAIRE);
    for (const path of ["/", "/organisation/structures", "/mes-rattachements"]) {
      await claire.open(path);
      expect(claire.answer!.page.querySelector("main")!.textContent, path).not.toContain(
        "Commune de Sainte-Aurore",
      );
      expect(claire.answer!.page.querySelector("header")!.textContent).not.toContain(
        "Commune de Sainte-Aurore",
      );
    }
    for (const path of ["", "/modifier", "/desactiver", "/exporter", "/services/1"])
      expect((await claire.open(`/organisation/structures/${TOWN}${path}`)).status, path).toBe(404);
    await claire.open("/");
    const { version } = await row(TOWN);
    const answer = await claire.post(`/organisation/structures/${TOWN}/reactiver`, {
      version: String(version),
    });
    expect(answer.status).toBe(404);
    expect(
      await portal.database.transaction(eyes, (tx, now) =>
        reactivateStructure(tx, { structureId: TOWN, version }, actor, now),
      ),
    ).toMatchObject({ ok: false, refusal: { code: "WRONG_STATE" } });
  });

  test("qui y travaillait la retrouve dans les données qu'il télécharge, avec ses actions", async () => {
    const emile = await signIn(EMILE);
    const data = await (await emile.request("/mon-compte/donnees.json")).json();
    expect(data.rattachements).toContainEqual(
      expect.objectContaining({ structure: "Atelier Démo", role: "mainManager", etat: "ended" }),
    );
    const claire = await signIn(CLAIRE);
    const { demandesDeDesactivation } = await (await claire.request("/mon-compte/donnees.json")).json();
    expect(demandesDeDesactivation).toEqual([
      expect.objectContaining({ structure: "Commune de Sainte-Aurore", motif: "Fusion", etat: "withdrawn" }),
    ]);
  });

  test("elle n'est plus dans l'annuaire, ses recherches, ses fichiers ni ses vérifications", async () => {
    const { siret } = await row(TOWN);
    const visitor = portal.browser();
    for (const asked of ["Sainte-Aurore", siret]) {
      await visitor.open(`/annuaire?q=${asked}&etat=toutes`);
      expect(visitor.answer!.page.querySelector(`a[href="/annuaire/${TOWN}"]`), asked).toBeNull();
    }
    expect((await visitor.open(`/annuaire/${TOWN}`)).status).toBe(404);
    for (const file of ["structures.csv", "services.csv"])
      expect(await (await visitor.request(`/annuaire/${file}`)).text()).not.toContain(siret);
    await visitor.open("/annuaire/verifier");
    await visitor.send({ list: siret }, { form: "main form" });
    expect(visitor.text).toContain("Introuvable");
  });

  test("l'opérateur la retrouve, par son nom ou son numéro, et la consulte sans rien pouvoir y changer", async () => {
    const { siret } = await row(TOWN);
    const operator = await signIn(OPERATOR);
    await operator.open("/operateur");
    await operator.click("Structures archivées");
    expect(operator.text).toContain("Atelier Démo");
    for (const words of ["sainte aurore", siret, `${siret.slice(0, 3)} ${siret.slice(3, 6)}`]) {
      await operator.open(`${ARCHIVES}?q=${encodeURIComponent(words)}`);
      expect(operator.answer!.page.querySelector(`a[href="${ARCHIVES}/${TOWN}"]`), words).not.toBeNull();
    }
    await operator.open(`${ARCHIVES}?q=${encodeURIComponent("100 % introuvable")}`);
    expect(operator.text).toContain("Aucune structure archivée ne correspond.");
    await operator.open(`${ARCHIVES}/${TOWN}`);
    for (const says of ["Archivée le", "Cessation", "FI_SGPI", "Portail a archivé la structure"])
      expect(operator.text).toContain(says);
    expect(operator.answer!.page.querySelectorAll("main form")).toEqual([]);
    for (const path of [HOSPITAL, 999_999])
      expect((await operator.open(`${ARCHIVES}/${path}`)).status).toBe(404);
    const claire = await signIn(CLAIRE);
    for (const path of [ARCHIVES, `${ARCHIVES}/${TOWN}`])
      expect([403, 404]).toContain((await claire.open(path)).status);
  });

  test("son numéro est libre : qui la crée de nouveau n'y trouve rien de l'ancienne", async () => {
    const { siret } = await row(workshop);
    const emile = await signIn(EMILE);
    await emile.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
    expect(emile.text).not.toContain("peut la réactiver");
    const ada = await signUp(portal, {
      email: "ada@exemple.fr",
      structure: { siret, name: "Atelier Démo" },
    });
    const [made] = await portal.query<{ id: number; state: string }>(
      "select id, state from structure where identifier_value = $1 and state <> 'archived'",
      [siret],
    );
    expect(made!.state).toBe("active");
    await ada.open(`/organisation/structures/${made!.id}`);
    expect(ada.answer!.status).toBe(200);
    expect((await ada.open(`/organisation/structures/${workshop}`)).status).toBe(404);
    expect(await living(Number(made!.id))).toHaveLength(1);
    await expect(
      portal.query("update structure set state = 'inactive' where id = $1", [workshop]),
    ).rejects.toThrow("structure_identifier_is_unique");
  });
});

test("la reprise demandée avant qu'elle ne ferme prend fin avec elle, et qui la demandait l'apprend", async () => {
  const SAMUEL = "samuel.roche@mairie-voisine.example";
  const { siret } = await row(HOSPITAL);
  const samuel = await signIn(SAMUEL);
  await samuel.open("/organisation/reprise");
  await samuel.send(
    { type: "SIRET", identifiant: siret, justification: "Fusion." },
    { form: 'main form[action="/organisation/reprise"]' },
  );
  const [claim] = await portal.query<{ id: number }>("select id from manager_claim where state = 'open'");
  const { version } = await row(HOSPITAL);
  await portal.database.transaction(eyes, (tx, now) =>
    deactivateStructure(tx, { structureId: HOSPITAL, version, reason: "" }, actor, now),
  );
  portal.advance({ days: 740 });
  expect(await archive()).toBe(1);
  expect((await portal.mailsTo(SAMUEL)).at(-1)!.text).toContain("Motif : La structure est archivée.");
  const back = await signIn(SAMUEL);
  await back.open("/organisation/reprise");
  expect(back.text).toContain("La structure est archivée.");
  const operator = await signIn(OPERATOR);
  await operator.open("/operateur/reprises");
  await operator.post(`/operateur/reprises/${claim!.id}/accepter`, {});
  expect(operator.text).toContain("Cette demande de reprise n'est plus en cours.");
  expect(await living(HOSPITAL)).toEqual([]);
});

test("archivée et réactivée au même instant : l'un ou l'autre, jamais les deux", async () => {
  const social = 2;
  const { version } = await row(social);
  await portal.database.transaction(eyes, (tx, now) =>
    deactivateStructure(tx, { structureId: social, version, reason: "" }, actor, now),
  );
  portal.advance({ days: 740 });
  const present = await row(social);
  const [archived, reactivated] = await Promise.all([
    archive(),
    portal.database.transaction(eyes, (tx, now) =>
      reactivateStructure(tx, { structureId: social, version: present.version }, actor, now),
    ),
  ]);
  expect([archived === 1, reactivated.ok].filter(Boolean)).toHaveLength(1);
  const attached = (await living(social)).length > 0;
  expect([(await row(social)).state, attached]).toEqual(archived ? ["archived", false] : ["active", true]);
});
