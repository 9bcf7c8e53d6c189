import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { findStructureByIdentifier } from "../../src/modules/structures/index.ts";
import { copiedTables } from "../../src/modules/structures/replacement-store.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const JEANNE = "jeanne.caron@clair-reseau.example";
const THEO = "theo.blin@clair-reseau.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
/** Numbers of other establishments of the company. */
const NEW = ["99920022300025", "99920022300033", "99920022300041", "99920022300058"];
let portal: TestPortal;
let id: number;
let siret: string;

beforeAll(async () => {
  portal = await startPortal({ NATIONAL_REGISTER: "none" });
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ id: number; siret: string }>(
    "select id, identifier_value as siret from structure where display_name = 'Clair Réseau SAS'",
  );
  id = Number(row!.id);
  siret = row!.siret;
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const sheet = (of = id) => `/organisation/structures/${of}`;
const url = (of = id) => `${sheet(of)}/changer-identifiant`;
const inDays = (days: number) =>
  new Date(Date.now() + portal.database.clockOffsetMs + days * 24 * 3_600_000).toLocaleDateString("fr-FR", {
    timeZone: "Europe/Paris",
  });
const structures = () =>
  portal.query<{ id: number; state: string; value: string; replaced_by: number | null }>(
    "select id, state, identifier_value as value, replaced_by_id as replaced_by from structure order by id",
  );
const changes = () =>
  portal.query<{ state: string; failure: string | null }>(
    "select state, failure from identifier_change where structure_id = $1 order by id",
    [id],
  );
const run = () => portal.runJob("change-identifiers");

/** Asks for another number, and confirms unless something is to be corrected. */
async function ask(browser: Browser, identifiant: string, effet = "", motif = "") {
  await browser.open(url());
  await browser.send({ identifiant, effet, motif }, { form: "main form" });
  if (browser.answer!.status === 200) await browser.send({}, { form: "main form" });
}
async function copyOf(value: string): Promise<number> {
  const [row] = await portal.query<{ id: number }>("select id from structure where identifier_value = $1", [
    value,
  ]);
  return Number(row!.id);
}

describe("§ 7.5 Une date d'effet, jusqu'à 90 jours plus tard", () => {
  test("passée, trop lointaine ou illisible : refusée à côté du champ, la saisie reste", async () => {
    const jeanne = await signIn(JEANNE);
    for (const [typed, says] of [
      [inDays(-2), "Cette date est passée"],
      [inDays(92), "au plus 90 jours à l'avance"],
      ["bientôt", "Saisissez la date d'effet"],
    ] as const) {
      await ask(jeanne, NEW[0]!, typed);
      expect(jeanne.answer!.status, typed).toBe(422);
      expect(jeanne.text).toContain(says);
      expect(jeanne.form("main form").toString()).toContain(`value="${typed}"`);
    }
    expect(await changes()).toEqual([]);
  });

  test("J10 prévu : dit aux gestionnaires et sur la fiche ; rien ne change avant le jour, même si l'horloge passe", async () => {
    const jeanne = await signIn(JEANNE);
    const before = await structures();
    await ask(jeanne, NEW[0]!, inDays(10));
    expect(jeanne.text).toContain("Le changement d'identifiant est prévu.");
    expect(jeanne.text).toContain("999 200 223 00025");
    const mail = (await portal.mailsTo(JEANNE)).at(-1)!;
    expect(mail.name).toBe("identifier-change-planned");
    expect(mail.text).toContain(`prenne l'identifiant ${NEW[0]} le ${inDays(10)} 00:00:00`);
    expect(await run()).toEqual({ done: 0, failed: 0 });
    expect(await structures()).toEqual(before);
    // one at a time
    expect((await jeanne.open(url())).status).toBe(403);
    expect(jeanne.text).toContain("déjà prévu");
    const theo = await signIn(THEO);
    await theo.open(sheet());
    expect(theo.text).toContain("Changement d'identifiant prévu le");
    expect(theo.text).not.toContain("Annuler le changement prévu");
  });

  test("annulé d'un clic par un gestionnaire : le jour venu, rien ne se passe ; un second clic le dit", async () => {
    const jeanne = await signIn(JEANNE);
    await jeanne.open(sheet());
    await jeanne.send({}, { form: `main form[action="${url()}/annuler"]` });
    expect(jeanne.text).toContain("Le changement d'identifiant est annulé.");
    expect((await jeanne.post(`${url()}/annuler`, {})).status).toBe(403);
    expect(await changes()).toEqual([{ state: "cancelled", failure: null }]);
    expect((await portal.mailsTo(JEANNE)).at(-1)!.name).toBe("identifier-change-cancelled");
    portal.advance({ days: 11 });
    expect(await run()).toEqual({ done: 0, failed: 0 });
    expect(await copyCount()).toBe(0);
  });

  test("J10 le jour venu : copiée une fois, deux horloges à la fois ; l'ancienne répond par la nouvelle", async () => {
    const jeanne = await signIn(JEANNE);
    await ask(jeanne, NEW[0]!, inDays(3));
    // the sheet of the day is what is copied
    await jeanne.open(`${sheet()}/modifier`);
    await jeanne.send({ displayName: "Clair Réseau bis" }, { form: "main form" });
    portal.advance({ days: 4 });
    const reports = await Promise.all([run(), run(), run()]);
    expect(reports.reduce((sum, one) => sum + one.done!, 0)).toBe(1);
    expect(await run()).toEqual({ done: 0, failed: 0 });
    expect(await copyCount()).toBe(1);
    expect((await structures()).find((one) => Number(one.id) === id)).toMatchObject({
      state: "replaced",
      value: siret,
    });
    expect(
      await portal.query("select display_name from structure where identifier_value = $1", [NEW[0]]),
    ).toEqual([{ display_name: "Clair Réseau bis" }]);
    const entries = await portal.query<{ means: string; on_behalf_of: string }>(
      "select means, on_behalf_of from journal_entry where structure_id = $1 and type = 'StructureReplaced'",
      [id],
    );
    expect(entries).toEqual([{ means: "job", on_behalf_of: "Jeanne Caron" }]);
    expect((await portal.mailsTo(THEO)).at(-1)!.name).toBe("structure-replaced");
    const theo = await signIn(THEO);
    await theo.open(sheet());
    expect(theo.text).toContain("Cette structure a changé d'identifiant.");
    // who asks to join it is told the new number
    const agathe = await signIn(AGATHE);
    await agathe.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
    expect(agathe.text).toContain("demandez votre rattachement sous le nouveau, 999 200 223 00025");
  });
});

const copyCount = async () =>
  (await portal.query("select from structure where replaces_id = $1 and state <> 'archived'", [id])).length;

describe("STR-11 Une erreur se défait pendant sept jours", () => {
  test("A-30 ni une simple personne de la structure, ni une gestionnaire d'une autre ne le défait", async () => {
    const before = await structures();
    const theo = await signIn(THEO);
    await theo.open(sheet());
    expect(theo.answer!.text).not.toContain("/defaire");
    expect((await theo.post(`${url()}/defaire`, {})).status).toBe(403);
    const agathe = await signIn(AGATHE);
    await agathe.open("/mon-compte");
    for (const path of [`${url()}/defaire`, `${url()}/annuler`])
      expect((await agathe.post(path, {})).status, path).toBe(404);
    expect(await structures()).toEqual(before);
  });

  test("défait : l'ancienne est comme avant, le numéro est libre, les droits ne valent plus que sous elle ; une fois", async () => {
    const copy = await copyOf(NEW[0]!);
    const jeanne = await signIn(JEANNE);
    await jeanne.open(sheet(copy));
    await jeanne.click("Défaire le changement");
    expect(jeanne.text).toContain("ce numéro est de nouveau libre");
    const [first, second] = await Promise.all([
      jeanne.post(`${url()}/defaire`, {}),
      jeanne.post(`${url()}/defaire`, {}),
    ]);
    expect([first!.status, second!.status].sort()).toEqual([200, 422]);
    expect((await structures()).find((one) => Number(one.id) === id)).toMatchObject({
      state: "active",
      replaced_by: null,
    });
    const holder = await portal.database.transaction({ kind: "system", reason: "a test" }, (tx) =>
      findStructureByIdentifier(tx, "SIRET", NEW[0]!),
    );
    expect(holder).toBeUndefined();
    expect(
      await portal.query("select id, state from structure where identifier_value = $1", [NEW[0]]),
    ).toEqual([{ id: copy, state: "archived" }]);
    expect(
      await portal.query("select from membership where structure_id = $1 and state <> 'ended'", [copy]),
    ).toEqual([]);
    expect((await jeanne.open(sheet(copy))).status).toBe(404);
    await jeanne.open(sheet());
    expect(jeanne.text).not.toContain("a changé d'identifiant");
    expect((await portal.mailsTo(THEO)).at(-1)!.name).toBe("identifier-change-undone");
    expect((await changes()).at(-1)).toMatchObject({ state: "undone" });
  });

  test("après un acte sous le nouvel identifiant, il ne se défait plus : qui y fut détaché ne revient pas", async () => {
    const jeanne = await signIn(JEANNE);
    await ask(jeanne, NEW[1]!);
    const copy = await copyOf(NEW[1]!);
    const [theo] = await portal.query<{ id: number }>(
      "select m.id from membership m join account a on a.id = m.account_id where m.structure_id = $1 and a.sign_in_email = $2",
      [copy, THEO],
    );
    await jeanne.open(`/organisation/structures/${copy}/utilisateurs/${theo!.id}/detacher`);
    await jeanne.send({}, { form: "main form" });
    await jeanne.open(`${url()}/defaire`);
    expect(jeanne.text).toContain("On a déjà agi sous le nouvel identifiant");
    expect((await jeanne.post(`${url()}/defaire`, {})).status).toBe(422);
    expect((await structures()).find((one) => Number(one.id) === id)).toMatchObject({ state: "replaced" });
    // the rest of this file goes on under the new number
    id = copy;
    siret = NEW[1]!;
  });

  test("huit jours plus tard, il ne se défait plus", async () => {
    const jeanne = await signIn(JEANNE);
    await ask(jeanne, NEW[2]!);
    const copy = await copyOf(NEW[2]!);
    portal.advance({ days: 7, minutes: 1 });
    const later = await signIn(JEANNE);
    await later.open(sheet());
    expect((await later.post(`${url()}/defaire`, {})).status).toBe(422);
    expect(later.text).toContain("Plus de sept jours ont passé");
    await later.open(sheet(copy));
    expect(later.text).not.toContain("Défaire le changement");
    id = copy;
    siret = NEW[2]!;
  });

  test("sans changement, rien à défaire", async () => {
    const jeanne = await signIn(JEANNE);
    const [{ id: other } = { id: 0 }] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Propreté Boréale SARL'",
    );
    expect((await jeanne.open(`${url(Number(other))}/defaire`)).status).toBe(404);
  });
});

describe("Ce qui arrive d'ici le jour prévu", () => {
  beforeEach(async () => {
    const jeanne = await signIn(JEANNE);
    await ask(jeanne, NEW[3]!, inDays(5));
    expect((await changes()).at(-1)).toMatchObject({ state: "planned" });
  });

  test("le numéro est pris par une autre : rien ne change, les gestionnaires savent pourquoi, une fois", async () => {
    await portal.query(
      "insert into structure (kind, identifier_type, identifier_value, legal_name, display_name) values ('private', 'SIRET', $1, 'Autre', 'Autre')",
      [NEW[3]],
    );
    const before = await structures();
    portal.advance({ days: 6 });
    expect(await run()).toEqual({ done: 0, failed: 1 });
    expect(await run()).toEqual({ done: 0, failed: 0 });
    expect(await structures()).toEqual(before);
    expect((await changes()).at(-1)!.failure).toContain("a déjà cet identifiant");
    const mail = (await portal.mailsTo(JEANNE)).at(-1)!;
    expect(mail.name).toBe("identifier-change-failed");
    expect(mail.text).toContain("a déjà cet identifiant");
    const jeanne = await signIn(JEANNE);
    await jeanne.open(sheet());
    expect(jeanne.text).toContain("n'a pas eu lieu");
    await portal.query("delete from structure where identifier_value = $1", [NEW[3]]);
  });

  test("la structure est désactivée : la page le dit, le changement est annulé ; réactivée, il ne revient pas", async () => {
    const jeanne = await signIn(JEANNE);
    await jeanne.open(`${sheet()}/desactiver`);
    expect(jeanne.text).toContain("Le changement d'identifiant prévu le");
    const [{ name } = { name: "" }] = await portal.query<{ name: string }>(
      "select display_name as name from structure where id = $1",
      [id],
    );
    await jeanne.send({ typedName: name }, { form: "main form" });
    expect((await changes()).at(-1)).toMatchObject({ state: "cancelled" });
    portal.advance({ days: 6 });
    expect(await run()).toEqual({ done: 0, failed: 0 });
    const later = await signIn(JEANNE);
    await later.open(sheet());
    await later.send({}, { form: `main form[action="${sheet()}/reactiver"]` });
    expect(await run()).toEqual({ done: 0, failed: 0 });
    expect((await structures()).find((one) => Number(one.id) === id)).toMatchObject({ state: "active" });
  });

  test("désactivée sans passer par le portail : le jour venu, il est abandonné et dit", async () => {
    await portal.query("update structure set state = 'inactive' where id = $1", [id]);
    portal.advance({ days: 6 });
    expect(await run()).toEqual({ done: 0, failed: 1 });
    expect((await changes()).at(-1)!.failure).toContain("n'est plus active");
    await portal.query("update structure set state = 'active' where id = $1", [id]);
  });

  test("annulé à l'instant où l'horloge le fait : l'un des deux seulement", async () => {
    portal.advance({ days: 6 });
    const jeanne = await signIn(JEANNE);
    await jeanne.open(sheet());
    await Promise.all([jeanne.post(`${url()}/annuler`, {}), run()]);
    const { state } = (await changes()).at(-1)!;
    expect(["cancelled", "done"]).toContain(state);
    expect(await copyCount()).toBe(state === "done" ? 1 : 0);
  });
});

test("chaque colonne de ce qui se copie est dite copiée ou refaite : aucune n'est oubliée", async () => {
  const columns = await portal.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and table_name = any($1)`,
    [Object.keys(copiedTables)],
  );
  for (const [table, { kept, anew }] of Object.entries(copiedTables))
    expect([...kept, ...anew].sort(), table).toEqual(
      columns
        .filter((one) => one.table === table)
        .map((one) => one.column)
        .sort(),
    );
});
