import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { signIn } from "../support/people.ts";
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

const claire = () => signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);

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

describe("DIR-01 Un fichier n'est envoyé de nouveau que s'il a changé", () => {
  const files = ["structures.csv", "services.csv"] as const;
  const ask = async (file: string, etag = '"rien"') => {
    const answer = await portal
      .browser()
      .request(`/annuaire/${file}`, { headers: { "if-none-match": etag } });
    return { status: answer.status, etag: answer.headers.get("etag")!, text: await answer.text() };
  };

  for (const file of files)
    test(`${file} : 304 et rien d'autre tant que rien ne change`, async () => {
      const first = await ask(file);
      expect(first.status).toBe(200);
      const again = await ask(file, first.etag);
      expect(again).toEqual({ status: 304, etag: first.etag, text: "" });
    });

  test("une structure modifiée depuis son écran change structures.csv", async () => {
    const before = await ask("structures.csv");
    const browser = await claire();
    await browser.open(`/organisation/structures/${TOWN}/modifier`);
    await browser.send({ addressLine: "12 rue Neuve" }, { form: "main form" });
    const after = await ask("structures.csv", before.etag);
    expect(after.status).toBe(200);
    expect(after.text).toContain("12 rue Neuve");
  });

  test("un service créé change services.csv, et lui seul", async () => {
    const [structures, services] = [await ask("structures.csv"), await ask("services.csv")];
    const browser = await claire();
    await browser.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    await browser.send(
      { code: "ETAG", label: "Neuf", startsAt: "01/01/2030" },
      { form: 'main form[method="post"]' },
    );
    expect((await ask("structures.csv", structures.etag)).status).toBe(304);
    const after = await ask("services.csv", services.etag);
    expect(after.status).toBe(200);
    expect(after.text).toMatch(/;ETAG;Neuf;.;0;/);
  });

  test("un service qui commence, sans que personne n'y touche, change services.csv", async () => {
    const [{ code }] = (await portal.query<{ code: string }>(
      `insert into service (structure_id, code, label, starts_at)
       values (${TOWN}, 'DEMAIN', 'Demain', now() + interval '1 day') returning code`,
    )) as [{ code: string }];
    const before = await ask("services.csv");
    expect(before.text).toMatch(new RegExp(`;${code};Demain;.;0;`));
    portal.advance({ days: 2 });
    const after = await ask("services.csv", before.etag);
    expect(after.status).toBe(200);
    expect(after.text).toMatch(new RegExp(`;${code};Demain;.;1;`));
  });

  test("une personne connectée ne laisse rien dans une mémoire partagée", async () => {
    const answer = await (await claire()).request("/annuaire/structures.csv");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    await answer.text();
  });
});

describe("Le manifeste dit vrai", () => {
  type Manifest = {
    instant: string;
    licence: string;
    fichiers: {
      nom: string;
      adresse: string;
      lignes: number;
      octets: number;
      sha256: string;
      etag: string;
    }[];
  };
  const manifest = async () =>
    (await (await portal.browser().request("/annuaire/manifest.json")).json()) as Manifest;

  for (const when of ["une première fois", "après un changement"])
    test(`lignes, octets, empreinte et validateur de chaque fichier, ${when}`, async () => {
      await portal.query(
        "update structure set town = town || ' ', version = version + 1 where id = $1 and $2 like 'après%'",
        [TOWN, when],
      );
      const { licence, instant, fichiers } = await manifest();
      expect(licence).toContain("etalab-2.0");
      expect(Number.isNaN(Date.parse(instant))).toBe(false);
      expect(fichiers.map(({ nom }) => nom)).toEqual(["structures.csv", "services.csv"]);
      for (const { adresse, lignes, octets, sha256, etag } of fichiers) {
        const answer = await fetch(adresse);
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect(answer.headers.get("etag")).toBe(etag);
        expect(bytes.length).toBe(octets);
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
        expect(parse(bytes, { columns: true, delimiter: ";", bom: true })).toHaveLength(lignes);
      }
    });
});

describe("DIR-03 Une structure fermée reste vingt-quatre mois", () => {
  test("fermée depuis son écran : inactive, ses services aussi, puis absents ; rouverte, de retour", async () => {
    const browser = await claire();
    const [town] = await portal.query<{ name: string }>(
      "select display_name as name from structure where id = $1",
      [TOWN],
    );
    await browser.open(`/organisation/structures/${TOWN}/desactiver`);
    await browser.send({ typedName: town!.name, reason: "Fusion" }, { form: "main form" });
    const mine = await ofTown();
    const structure = async () => (await download("/annuaire/structures.csv")).lines.find(mine);
    const services = async () => (await download("/annuaire/services.csv")).lines.filter(mine);
    expect((await structure())!.StructureActive).toBe("0");
    expect(new Set((await services()).map((line) => line.ServiceActif))).toEqual(new Set(["0"]));
    portal.advance({ days: 2 * 365 - 1 });
    expect(await structure()).toBeDefined();
    portal.advance({ days: 3 });
    expect(await structure()).toBeUndefined();
    expect(await services()).toEqual([]);
    const later = await claire();
    await later.open(`/organisation/structures/${TOWN}`);
    await later.send({}, { form: 'main form[action$="/reactiver"]' });
    expect((await structure())!.StructureActive).toBe("1");
  });
});
