import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const PAUL = 3;
const FI_SGPI = 2;
const GRID = `/organisation/structures/${TOWN}/utilisateurs/${PAUL}/habilitations`;
const FORM = 'main form[method="post"]';
let portal: TestPortal;
const signIn = (name: string): Promise<Browser> =>
  signInWith(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);
const rights = (application: string) =>
  portal.query<{ level: string; serviceId: number | null }>(
    'select level, service_id::int as "serviceId" from membership_grant where membership_id = $1 and application = $2 order by 2 nulls first',
    [PAUL, application],
  );
const rowOf = (browser: Browser, person: string) =>
  browser
    .answer!.page.querySelectorAll("main tbody tr")
    .map((row) =>
      row
        .querySelectorAll("th, td")
        .map((cell) => cell.textContent.replace(/\s+/g, " ").trim())
        .join(" "),
    )
    .filter((words) => words.includes(person));

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

describe("Gérer les habilitations, service par service", () => {
  test("un aperçu dit ce que la personne pourra faire, sans rien changer", async () => {
    const claire = await signIn("claire.morel");
    const before = await rights("users");
    await claire.open(`${GRID}?service=${FI_SGPI}`);
    await claire.send({ [`droit-users-${FI_SGPI}`]: "write" }, { form: FORM, button: ["apercu", "oui"] });
    expect(claire.text).toContain("Aperçu : ce que Paul Durand pourra faire");
    expect(claire.text).toContain("Modification, sur FI_SGPI");
    expect(claire.text).toContain("rattacher et inviter des personnes");
    expect(await rights("users")).toEqual(before);
  });

  test("consulter partout, modifier sur un seul service ; le journal le retient", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`${GRID}?service=${FI_SGPI}`);
    await claire.send(
      { "droit-receivedInvoices": "read", [`droit-receivedInvoices-${FI_SGPI}`]: "write" },
      { form: FORM },
    );
    expect(claire.text).toContain("Les droits de Paul Durand sont changés.");
    expect(await rights("receivedInvoices")).toEqual([
      { level: "read", serviceId: null },
      { level: "write", serviceId: FI_SGPI },
    ]);
    await claire.open(`/organisation/historique?structureId=${TOWN}`);
    expect(claire.text).toContain("a changé les droits de Paul Durand");
  });

  test("« qui peut traiter les factures reçues ? » : par application, puis par service", async () => {
    const claire = await signIn("claire.morel");
    const list = `/organisation/habilitations?structureId=${TOWN}&application=receivedInvoices`;
    await claire.open(list);
    expect(rowOf(claire, "Durand")).toEqual([
      "Durand Paul Consultation Toute la structure Habilitation",
      "Durand Paul Modification FI_SGPI Habilitation",
    ]);
    expect(rowOf(claire, "Morel Claire")).toEqual([
      "Morel Claire Modification Toute la structure Gestionnaire principal",
    ]);
    await claire.open(`${list}&service=3`);
    expect(rowOf(claire, "Durand")).toEqual(["Durand Paul Consultation Toute la structure Habilitation"]);
  });

  test("un ensemble de droits remplit la grille, et n'enregistre rien", async () => {
    const claire = await signIn("claire.morel");
    const before = await rights("commitments");
    await claire.open(GRID);
    await claire.send({ ensemble: "lecture-seule" }, { form: FORM, button: ["remplir", "oui"] });
    expect(
      claire.form(FORM).querySelector('[name="droit-commitments"] option[selected]')!.getAttribute("value"),
    ).toBe("read");
    expect(await rights("commitments")).toEqual(before);
  });
});

describe("Attaques", () => {
  test("A-30 par la grille non plus, nul ne donne plus qu'il n'a, ni ne change ses propres droits", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(GRID);
    await claire.send({ "droit-users": "write", "droit-bankAccounts": "none" }, { form: FORM });
    const paul = await signIn("paul.durand");
    await paul.open(`/organisation/structures/${TOWN}/utilisateurs/5/habilitations`);
    await paul.send({ "droit-bankAccounts": "write" }, { form: FORM });
    expect(paul.answer!.status).toBe(422);
    expect(paul.text).toContain("Vous ne pouvez donner que les droits que vous avez");
    await paul.open(GRID);
    await paul.send({ "droit-bankAccounts": "write" }, { form: FORM });
    expect(paul.answer!.status).toBe(422);
    expect(await rights("bankAccounts")).toEqual([]);
  });

  test("un service d'une autre structure n'entre pas dans la grille", async () => {
    const [foreign] = await portal.query<{ id: number }>(
      "select id::int from service where structure_id <> $1 and not reserved limit 1",
      [TOWN],
    );
    const claire = await signIn("claire.morel");
    await claire.open(GRID);
    const token = claire.form(FORM).querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const answer = await claire.request(GRID, {
      method: "POST",
      body: new URLSearchParams({ _jeton: token, [`droit-users-${foreign!.id}`]: "write" }),
      headers: { origin: portal.url },
    });
    expect(answer.status).toBe(422);
  });
});

describe("Les trois vues des habilitations", () => {
  test("par service : ceux qui y agissent, par le service ou par toute la structure ; pas les autres", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`/organisation/habilitations?structureId=${TOWN}`);
    await claire.click("Par service");
    await claire.send({ service: String(FI_SGPI) }, { form: "main form.u-bulk" });
    expect(claire.text).toContain("Qui peut agir sur FI_SGPI ?");
    const ines = rowOf(claire, "Benali");
    expect(ines).toHaveLength(1);
    expect(ines[0]).toContain("Factures reçues");
    await claire.send({ service: "3" }, { form: "main form.u-bulk" });
    expect(rowOf(claire, "Benali")).toEqual([]);
    expect(rowOf(claire, "Durand")).toHaveLength(1);
  });

  test("par personne : l'ensemble reçu, ou « Sur mesure » ; elle s'ouvre sur ses droits", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(`/organisation/habilitations?structureId=${TOWN}&vue=personne`);
    expect(rowOf(claire, "Morel")[0]).toContain("Gestionnaire principal");
    expect(rowOf(claire, "Benali")[0]).toContain("FI_SGPI");
    expect(rowOf(claire, "Durand")[0]).toContain("Sur mesure");
    await claire.click("Durand Paul");
    expect(new URL(claire.answer!.url).pathname).toBe(GRID);
  });

  test("RIG-07 qui ne voit qu'un service ne voit que lui, et ses personnes", async () => {
    const [ines] = await portal.query<{ id: string }>(
      "select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email like 'ines.%' and m.structure_id = $1",
      [TOWN],
    );
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       values ($1, $2, 'users', 'read', $3, now()) on conflict do nothing`,
      [ines!.id, TOWN, FI_SGPI],
    );
    const reader = await signIn("ines.benali");
    await reader.open(`/organisation/habilitations?structureId=${TOWN}&vue=service&service=3`);
    expect(reader.text).toContain("Qui peut agir sur FI_SGPI ?");
    expect(rowOf(reader, "Durand")).toEqual([]);
    await reader.open(`/organisation/habilitations?structureId=${TOWN}&vue=personne`);
    expect(rowOf(reader, "Lemaire")).toEqual([]);
  });
});
