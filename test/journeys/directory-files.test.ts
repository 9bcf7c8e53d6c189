import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

type Line = Readonly<Record<string, string>>;
const download = async (path: string) => {
  const text = await (await portal.browser().request(path)).text();
  return {
    titles: text.replace("\ufeff", "").split("\r\n")[0],
    lines: parse(text, { columns: true, delimiter: ";", bom: true }) as Line[],
  };
};
const ofTown = async () => {
  const [town] = await portal.query<{ siret: string }>(
    "select identifier_value as siret from structure where id = $1",
    [TOWN],
  );
  return (line: Line) => line.Identifiant === town!.siret;
};

describe("Les fichiers de l'annuaire", () => {
  test("une page les présente, sans compte", async () => {
    const nobody = portal.browser();
    await nobody.open("/annuaire");
    expect(nobody.answer!.page.querySelector('a[href="/annuaire/telecharger"]')).not.toBeNull();
    await nobody.open("/annuaire/telecharger");
    for (const file of ["structures", "services"])
      expect(nobody.answer!.page.querySelector(`a[href="/annuaire/${file}.csv"]`), file).not.toBeNull();
  });

  test("structures.csv a les colonnes du fichier officiel, dans leur ordre, et aucune structure privée", async () => {
    const { titles, lines } = await download("/annuaire/structures.csv");
    expect(titles).toBe(
      "TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;GestionStatutMiseEnPaiement;GestionEngagement;GestionService;GestionServiceEngagement;EstMOA;EstMOAUniquement;StructureActive;Adresse;ComplementAdresse1;ComplementAdresse2;CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays",
    );
    const known = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where kind = 'public' and state in ('active', 'inactive') order by id",
    );
    expect(known.length).toBeGreaterThan(0);
    expect(lines.map((line) => line.Identifiant)).toEqual(known.map(({ siret }) => siret));
  });

  test("DIR-04 Une adresse électronique n'y paraît que publiée", async () => {
    const mine = await ofTown();
    const mail = async () => (await download("/annuaire/structures.csv")).lines.find(mine)!.Courriel;
    await portal.query(
      "update structure set email = 'mairie@aurore.example', email_published = false where id = $1",
      [TOWN],
    );
    expect(await mail()).toBe("");
    await portal.query("update structure set email_published = true where id = $1", [TOWN]);
    expect(await mail()).toBe("mairie@aurore.example");
  });

  test("services.csv dit quels services sont actifs ; un service terminé ne l'est plus", async () => {
    const { titles, lines } = await download("/annuaire/services.csv");
    expect(titles).toBe(
      "Identifiant;CodeService;LibelleService;GestionEngagement;ServiceActif;DateDebut;DateFin;Adresse;CodePostal;Ville",
    );
    const town = lines.filter(await ofTown());
    const active = (code: string) => town.find((line) => line.CodeService === code)?.ServiceActif;
    expect(active("URBANISME")).toBe("1");
    expect(active("SPORTS")).toBe("0");
  });

  test("DIR-05 Le service réservé aux factures entre structures publiques n'y est pas", async () => {
    await portal.query(
      `insert into service (structure_id, code, label, starts_at, reserved)
       select id, 'FACTURES_PUBLIQUES', 'Factures publiques', now() - interval '1 day', true from structure s
       where id = $1 and not exists (select from service where structure_id = s.id and reserved)`,
      [TOWN],
    );
    const { lines } = await download("/annuaire/services.csv");
    expect(lines.filter((line) => line.CodeService === "FACTURES_PUBLIQUES")).toEqual([]);
  });
});
