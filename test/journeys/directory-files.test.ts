import { createHash, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import {
  type DirectoryFile,
  directoryEditions,
  type Edition,
  type Editions,
} from "../../src/modules/structures/directory-editions.ts";
import { readCsvCell } from "../../src/shared/csv-cell.ts";
import { deactivatePublic, signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
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

/** How many lines a file has, whatever its form, but those of titles. */
async function linesIn(file: Buffer): Promise<number> {
  if (!file.subarray(0, 2).equals(Buffer.from("PK")))
    return parse(file, { columns: true, delimiter: ";", bom: true }).length;
  const sheets = await Promise.all(["Structures", "Services"].map((name) => readSheet(file, name)));
  return sheets.reduce((sum, rows) => sum + rows.length - 1, 0);
}

const claire = () => signIn(portal, "claire.morel@sainte-aurore.example", DEMO_PASSWORD);

describe("Les fichiers de l'annuaire", () => {
  test("une page les présente, sans compte", async () => {
    const nobody = portal.browser();
    await nobody.open("/annuaire");
    expect(nobody.answer!.page.querySelector('a[href="/annuaire/telecharger"]')).not.toBeNull();
    await nobody.open("/annuaire/telecharger");
    for (const file of ["structures.csv", "services.csv", "annuaire.xlsx", "manifest.json"])
      expect(nobody.answer!.page.querySelector(`a[href="/annuaire/${file}"]`), file).not.toBeNull();
    const differences = nobody.answer!.page.querySelectorAll('main a[href^="/annuaire/diff-"]');
    expect(differences).toHaveLength(3);
    for (const link of differences)
      expect((await nobody.request(link.getAttribute("href")!)).status).toBe(200);
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
      "update structure set email = 'mairie@aurore.example', email_published = false, version = version + 1 where id = $1",
      [TOWN],
    );
    expect(await mail()).toBe("");
    await portal.query("update structure set email_published = true, version = version + 1 where id = $1", [
      TOWN,
    ]);
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
  const files = ["structures.csv", "services.csv", "annuaire.xlsx"] as const;
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

describe("Un fichier de l'annuaire se lit pendant qu'il s'écrit", () => {
  /** A file of which each content is given by a test. */
  const fileOf = (make: () => AsyncGenerator<string>): DirectoryFile & { content: string } => {
    const file = {
      name: `essai-${randomUUID()}.csv`,
      type: "text/csv",
      content: "1",
      parts: () => [file.content],
      make: () => Readable.from(make()),
    };
    return file;
  };
  const textOf = (edition: Edition) => text(Readable.from(edition.read()));
  /** Where editions of a file are kept. */
  const onDisk = async (name: string) => {
    const folders = (await readdir(tmpdir())).filter((one) => one.startsWith("unisson-annuaire-"));
    const files = await Promise.all(folders.map((one) => readdir(join(tmpdir(), one)).catch(() => [])));
    return files.flat().filter((one) => one.endsWith(name));
  };
  let editions: Editions;
  beforeAll(() => {
    editions = directoryEditions(portal.database);
  });
  afterAll(() => editions.close());

  test("coupé au milieu, il ne finit pas comme s'il était entier ; redemandé, il est refait", async () => {
    let isCut = true;
    const file = fileOf(async function* () {
      yield "début, ";
      if (isCut) throw new Error("the database stopped");
      yield "fin";
    });
    const cut = await editions.current(file);
    await expect(textOf(cut)).rejects.toThrow("could not be made");
    await expect(cut.made()).rejects.toThrow("could not be made");
    isCut = false;
    expect(await textOf(await editions.current(file))).toBe("début, fin");
  });

  test("coupé, il ne reste pas sur le disque, qu'on le lise ou non, et se dit coupé à qui l'avait", async () => {
    for (const isRead of [true, false]) {
      const file = fileOf(async function* () {
        yield "début, ";
        throw new Error("the database stopped");
      });
      const cut = await editions.current(file);
      if (isRead) await expect(textOf(cut)).rejects.toThrow("could not be made");
      else await expect(cut.made()).rejects.toThrow("could not be made");
      await expect.poll(() => onDisk(file.name)).toEqual([]);
      await expect(textOf(cut)).rejects.toThrow("could not be made");
    }
  });

  test("ses premières lignes partent avant que les dernières existent ; un autre fichier attend son tour", async () => {
    const { promise, release } = gate();
    const slow = fileOf(async function* () {
      yield "début, ";
      await promise;
      yield "fin";
    });
    const edition = await editions.current(slow);
    const reader = edition.read();
    expect(String((await reader.next()).value)).toBe("début, ");
    let isOtherMade = false;
    const other = editions.current({ ...slow, name: "autre.csv", make: () => Readable.from(["autre"]) });
    void other.then(() => {
      isOtherMade = true;
    });
    // whoever asks meanwhile has the same one
    expect(await editions.current(slow)).toBe(edition);
    expect(isOtherMade).toBe(false);
    release();
    expect(String((await reader.next()).value)).toBe("fin");
    expect((await reader.next()).done).toBe(true);
    expect(await textOf(await other)).toBe("autre");
  });

  test("qui lit lentement finit le fichier qu'il a commencé, l'annuaire changeant", async () => {
    const long = (content: string) => `contenu ${content} `.repeat(100_000);
    const file = fileOf(async function* () {
      yield long(file.content);
    });
    const first = await editions.current(file);
    await first.made();
    const reader = first.read();
    let read = String((await reader.next()).value);
    expect(read.length, "le reste attend").toBeLessThan(long("1").length);
    file.content = "2";
    const second = await editions.current(file);
    await second.made();
    expect(await textOf(second)).toBe(long("2"));
    for await (const piece of reader) read += String(piece);
    expect(read).toBe(long("1"));
    // the first goes once the second is committed, which who waits for its content does not wait for
    await expect.poll(() => onDisk(file.name)).toHaveLength(1);
    await expect(textOf(first)).rejects.toThrow("ENOENT");
  });
});

/** Something to wait for, until it is released. */
function gate(): { promise: Promise<void>; release: () => void } {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

describe("annuaire.xlsx tient les deux fichiers, feuille par feuille", () => {
  test("mêmes titres, mêmes cellules ; un texte n'y est jamais une formule", async () => {
    await portal.query(
      `update structure set legal_name = '=1+1 & <Aurore>', version = version + 1 where id = ${TOWN}`,
    );
    const answer = await portal.browser().request("/annuaire/annuaire.xlsx");
    expect(answer.headers.get("content-type")).toContain("spreadsheetml.sheet");
    const workbook = Buffer.from(await answer.arrayBuffer());
    for (const [name, file] of [
      ["Structures", "structures"],
      ["Services", "services"],
    ] as const) {
      const { titles, lines } = await download(`/annuaire/${file}.csv`);
      const [first, ...rows] = await readSheet(workbook, name);
      expect(first!.join(";")).toBe(titles);
      expect(rows.map((row) => row.map((cell) => cell ?? "").join(";"))).toEqual(
        lines.map((line) =>
          Object.values(line)
            .map((cell) => readCsvCell(cell).trim())
            .join(";"),
        ),
      );
    }
    expect(workbook.includes("<f>")).toBe(false);
  });
});

describe("DIR-01 Un téléchargement coupé reprend où il en était", () => {
  const part = (headers: Record<string, string>, file = "structures.csv", method = "GET") =>
    portal.browser().request(`/annuaire/${file}`, { method, headers });
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  for (const file of ["structures.csv", "annuaire.xlsx"])
    test(`${file} : les deux moitiés font le tout`, async () => {
      const answer = await part({}, file);
      const [whole, etag] = [await bytesOf(answer), answer.headers.get("etag")!];
      expect(answer.headers.get("accept-ranges")).toBe("bytes");
      expect(etag).not.toMatch(/^W/);
      const half = Math.floor(whole.length / 2);
      const halves = [`bytes=0-${half - 1}`, `bytes=${half}-`];
      const parts = await Promise.all(halves.map((range) => part({ range, "if-range": etag }, file)));
      expect(parts.map((one) => [one.status, one.headers.get("content-range")])).toEqual([
        [206, `bytes 0-${half - 1}/${whole.length}`],
        [206, `bytes ${half}-${whole.length - 1}/${whole.length}`],
      ]);
      expect(Buffer.concat(await Promise.all(parts.map(bytesOf)))).toEqual(whole);
    });

  test("l'annuaire a changé entre-temps : le fichier entier, et non un bout d'un autre", async () => {
    const etag = (await part({})).headers.get("etag")!;
    await portal.query(`update structure set town = 'Ailleurs', version = version + 1 where id = ${TOWN}`);
    const answer = await part({ range: "bytes=10-19", "if-range": etag });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).not.toBe(etag);
    expect((await bytesOf(answer)).toString()).toContain("Ailleurs");
  });

  test("au-delà de la fin : refusé, avec la taille ; plusieurs parties : le tout", async () => {
    const size = (await bytesOf(await part({}))).length;
    const beyond = await part({ range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
    expect((await part({ range: "bytes=0-1,4-5" })).status).toBe(200);
  });

  test("HEAD dit la taille sans rien envoyer", async () => {
    const size = (await bytesOf(await part({}))).length;
    const head = await part({}, "structures.csv", "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(size),
      "",
    ]);
  });

  test("dix personnes à la fois, l'annuaire changeant : chacune a un fichier entier et vrai", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await portal.query(
          `update structure set town = 'Ville ' || $1, version = version + 1 where id = ${TOWN}`,
          [index],
        );
        const answer = await part({});
        return [answer.headers.get("etag")!, (await bytesOf(answer)).toString()] as const;
      }),
    );
    const byEtag = Map.groupBy(answers, ([etag]) => etag);
    for (const [etag, same] of byEtag) expect(new Set(same.map(([, text]) => text)).size, etag).toBe(1);
    for (const [, text] of answers) {
      expect(text).toMatch(/;Ville \d;/);
      expect(text.endsWith("\r\n")).toBe(true);
    }
  });
});

describe("diff-{jour}.csv dit ce qui a changé depuis ce jour", () => {
  // as Paris dates it: an hour or two before midnight it is no longer the day of UTC
  const today = () =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(
      Date.now() + portal.database.clockOffsetMs,
    );
  const differences = async (day: string) => (await download(`/annuaire/diff-${day}.csv`)).lines;

  test("rien n'y est de ce qui n'a pas bougé ; les colonnes sont celles des deux fichiers", async () => {
    portal.advance({ days: 40 });
    const day = today();
    expect(await differences(day)).toEqual([]);
    const { titles } = await download(`/annuaire/diff-${day}.csv`);
    expect(titles).toMatch(/^Objet;Changement;TypeIdentifiant;Identifiant;.*;CodeService;.*;DateFin$/);
  });

  test("modifiée depuis son écran, service créé, désactivé, commencé à sa date : chacun dit lequel", async () => {
    const day = today();
    await portal.query(
      `insert into service (structure_id, code, label, starts_at, created_at, changed_at)
       values (${TOWN}, 'PLUS_TARD', 'Plus tard', now() + interval '43 days', now() - interval '1 year', now() - interval '1 year')`,
    );
    expect(await differences(day)).toEqual([]);
    const browser = await claire();
    await browser.open(`/organisation/structures/${TOWN}/modifier`);
    await browser.send({ town: "Aurore-les-Bains" }, { form: "main form" });
    await browser.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    await browser.send(
      { code: "DIFF", label: "Neuf", startsAt: "01/01/2026" },
      { form: 'main form[method="post"]' },
    );
    portal.advance({ days: 2 });
    const lines = await differences(day);
    const mine = await ofTown();
    expect(lines.every(mine)).toBe(true);
    expect(lines.find((line) => line.Objet === "structure")).toMatchObject({
      Changement: "modification",
      Ville: "Aurore-les-Bains",
      StructureActive: "1",
    });
    const ofCode = (code: string) => lines.find((line) => line.CodeService === code);
    expect(ofCode("DIFF")).toMatchObject({ Objet: "service", Changement: "ajout", ServiceActif: "1" });
    // its structure moved, and with it what its line may say
    expect(ofCode("PLUS_TARD")).toMatchObject({ Changement: "modification", ServiceActif: "1" });
    const [{ id }] = (await portal.query<{ id: number }>(
      "select id from service where code = 'DIFF' and structure_id = $1",
      [TOWN],
    )) as [{ id: number }];
    const later = await claire();
    await later.open(`/organisation/structures/${TOWN}/services/${id}`);
    await later.send({}, { form: 'main form[action$="/desactiver"]' });
    expect((await differences(day)).find((line) => line.CodeService === "DIFF")).toMatchObject({
      Changement: "fin",
      ServiceActif: "0",
    });
  });

  test("DIR-04 une adresse retenue n'y est pas non plus ; une structure privée, jamais", async () => {
    await portal.query(
      `update structure set email = 'cachee@aurore.example', email_published = false, changed_at = unisson_now() where id = ${TOWN}`,
    );
    await portal.query("update structure set changed_at = unisson_now() where kind = 'private'");
    const text = await (await portal.browser().request(`/annuaire/diff-${today()}.csv`)).text();
    expect(text).not.toContain("cachee@");
    const privates = await portal.query<{ value: string }>(
      "select identifier_value as value from structure where kind = 'private'",
    );
    for (const { value } of privates) expect(text).not.toContain(value);
  });

  for (const day of ["2019-01-01", "2126-01-01", "2026-02-30", "hier", "../x"])
    test(`${day} : introuvable, et la page dit quoi demander`, async () => {
      const answer = await portal.browser().request(`/annuaire/diff-${encodeURIComponent(day)}.csv`);
      expect(answer.status).toBe(404);
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
      expect(fichiers.map(({ nom }) => nom)).toEqual(["structures.csv", "services.csv", "annuaire.xlsx"]);
      for (const { adresse, lignes, octets, sha256, etag } of fichiers) {
        const answer = await fetch(adresse);
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect(answer.headers.get("etag")).toBe(etag);
        expect(bytes.length).toBe(octets);
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
        expect(await linesIn(bytes)).toBe(lignes);
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
    const operator = await signIn(portal, OPERATOR, DEMO_PASSWORD);
    await deactivatePublic(browser, operator, { id: TOWN, name: town!.name });
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
