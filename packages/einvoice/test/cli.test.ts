import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readXml } from "../src/index.ts";

const program = join(import.meta.dirname, "../bin/einvoice.mjs");
const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
const good = fixture("facture.cii.xml");

let folder: string;
let bad: string;

beforeAll(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/build.mjs")]);
  folder = mkdtempSync(join(tmpdir(), "einvoice-"));
  bad = join(folder, "fausse facture.xml");
  writeFileSync(
    bad,
    contentOf("facture.ubl.xml").replace(
      '<cbc:PayableAmount currencyID="EUR">600.00',
      '<cbc:PayableAmount currencyID="EUR">599.00',
    ),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

const contentOf = (name: string): string => readFileSync(fixture(name), "utf8");

async function run(args: string[], input = "", env: Record<string, string> = { LANG: "fr_FR.UTF-8" }) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, LC_ALL: "", ...env } });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

describe("La commande einvoice check", () => {
  test("dit conforme ce qui l'est, et rend 0", async () => {
    expect(await run(["check", good])).toEqual({ out: `${good} : conforme\n`, err: "", code: 0 });
  });

  test("montre chaque constat à sa place, et rend 1", async () => {
    const { out, code } = await run(["check", bad]);
    expect(out).toContain("1 erreur");
    expect(out).toMatch(/\d+:\d+ +BR-CO-16 {2}Le montant à payer \(BT-115\).*\(valeur : 599\.00\)/);
    expect(code).toBe(1);
  });

  test("vérifie aussi un message de cycle de vie, avec les règles françaises", async () => {
    const message = fixture("litige.cdar.xml");
    expect(await run(["check", message, "--rules", "fr-ctc"])).toMatchObject({
      out: `${message} : conforme\n`,
      code: 0,
    });
    const otherRules = await run(["check", message]);
    expect(otherRules.code).toBe(2);
    expect(otherRules.out).toContain("READ-LIFE-CYCLE");
  });

  test("parle anglais quand on le lui demande, ou que le poste le parle", async () => {
    expect((await run(["check", bad, "--lang", "en"])).out).toContain("The amount due (BT-115)");
    expect((await run(["check", good], "", { LANG: "en_GB.UTF-8" })).out).toContain(": conforms");
  });

  test("rend 2 pour un fichier absent ou illisible, sans taire les autres", async () => {
    const { out, code } = await run(["check", join(folder, "absent.xml"), program, good]);
    expect(out).toContain("READ-CANNOT-OPEN");
    expect(out).toContain("READ-UNKNOWN-FORMAT");
    expect(out).toContain(`${good} : conforme`);
    expect(out).toContain("3 fichiers, dont 1 conforme");
    expect(code).toBe(2);
  });

  test.each([
    [["check"], "Donnez au moins un fichier"],
    [["vérifie", "x"], "Commande inconnue : vérifie"],
    [["check", "x", "--rules", "en16931,inventé"], "Jeu de règles inconnu : inventé"],
    [["check", "x", "--format", "pdf"], "Format inconnu : pdf"],
    [["check", "x", "--lang", "de"], "Langue inconnue : de"],
    [["check", "--inconnue"], "Usage"],
  ])("refuse %j en disant pourquoi", async (args, said) => {
    const { err, code } = await run(args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  test("écrit JSON, SARIF et JUnit", async () => {
    const json = JSON.parse((await run(["check", bad, good, "--format", "json"])).out);
    expect(json.map((each: { outcome: string }) => each.outcome)).toEqual(["broken", "conforming"]);
    expect(json[0].findings[0].rule).toBe("BR-CO-16");

    const sarif = JSON.parse((await run(["check", bad, "--format", "sarif"])).out);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: "BR-CO-16", level: "error" });
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.region.startLine).toBeGreaterThan(100);

    const junit = (await run(["check", bad, good, "--format", "junit"])).out;
    expect(junit).toContain('<testsuite name="einvoice" tests="2" failures="1" errors="0">');
    expect(readXml(junit)).toMatchObject({
      ok: false,
      findings: [{ rule: "READ-NOT-AN-INVOICE", value: "testsuites" }],
    });
  });

  test("vérifie beaucoup de fichiers sur plusieurs cœurs, dans l'ordre donné", async () => {
    const files = Array.from({ length: 60 }, (_, index) => join(folder, `${index}.xml`));
    for (const [index, file] of files.entries()) cpSync(index % 3 === 0 ? bad : good, file);
    const { out, code } = await run(["check", ...files, "--format", "json"]);
    const verdicts = JSON.parse(out) as { file: string; outcome: string }[];
    expect(verdicts.map((each) => each.file)).toEqual(files);
    expect(verdicts.filter((each) => each.outcome === "broken")).toHaveLength(20);
    expect(code).toBe(1);
  });

  test("--ndjson répond une ligne par ligne, dans l'ordre, et survit à ce qui n'est pas une demande", async () => {
    const xml = contentOf("facture.ubl.xml");
    const wrong = xml.replaceAll("<cbc:ID>VAT</cbc:ID>", "").replace("<cbc:ID>F-2026-0042</cbc:ID>", "");
    const lines = [{ id: "a", xml }, { id: 2, xml: wrong }, { id: "c" }, { id: "d", xml: "<a" }].map((each) =>
      JSON.stringify(each),
    );
    const { out, code } = await run(["check", "--ndjson"], [...lines, "pas du JSON", ""].join("\n"));
    const answers = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers[0]).toEqual({ id: "a", fatal: [], warning: [] });
    expect(answers[1].id).toBe(2);
    expect(answers[1].fatal).toContain("BR-02");
    expect(answers[1].fatal).toEqual([...new Set(answers[1].fatal)].sort());
    expect(answers[2]).toEqual({ id: "c", fatal: ["READ-NOT-A-REQUEST"], warning: [] });
    expect(answers[3]).toEqual({ id: "d", fatal: ["READ-NOT-XML"], warning: [] });
    expect(answers[4]).toEqual({ id: null, fatal: ["READ-NOT-A-REQUEST"], warning: [] });
    expect(code).toBe(1);
  });

  test("--ndjson garde l'ordre quand plusieurs fils se partagent les lignes, longues et courtes mêlées", async () => {
    const xml = contentOf("facture.cii.xml");
    const bodies = Array.from({ length: 500 }, (_, index) =>
      index % 3 === 0 ? xml : index % 3 === 1 ? "<a/>" : "<a",
    );
    const input = bodies.map((body, id) => JSON.stringify({ id, xml: body })).join("\n");
    const { out, code } = await run(["check", "--ndjson"], input);
    const expected = [[], ["READ-NOT-AN-INVOICE"], ["READ-NOT-XML"]];
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(bodies.map((_, id) => ({ id, fatal: expected[id % 3], warning: [] })));
    expect(code).toBe(1);
  });
});

describe("La commande einvoice convert", () => {
  test("écrit dans l'autre syntaxe, et rend 0 quand rien ne se perd", async () => {
    const { out, err, code } = await run(["convert", good, "--to", "ubl"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    const [before, after] = [readXml(contentOf("facture.cii.xml")), readXml(out)];
    expect(after.ok && after.reading.invoice).toEqual(before.ok && before.reading.invoice);
  });

  test("dit ce que le profil ne porte pas, et rend 1", async () => {
    const output = join(folder, "basic-wl.xml");
    const { err, code } = await run(["convert", good, "--to", "cii", "--profile", "basic-wl", "-o", output]);
    expect(err).toContain("Perdu : BT-153 (Manuel d'entretien)");
    expect(code).toBe(1);
    expect((await run(["check", output, "--rules", "facturx"])).code).toBe(0);
  });

  test("dit chaque texte d'une extension qui ne passe pas dans l'autre syntaxe, avec sa place", async () => {
    const extended = join(folder, "agent.ubl.xml");
    const agent =
      "<cac:AgentParty><cac:PartyName><cbc:Name>Agent du Nord</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:CityName>Lille</cbc:CityName></cac:PostalAddress></cac:AgentParty></cac:Party>";
    writeFileSync(extended, contentOf("facture.ubl.xml").replace("</cac:Party>", agent));
    const { err, code } = await run(["convert", extended, "--to", "cii"]);
    expect(err.trim().split("\n")).toEqual([
      "Perdu : cac:AgentParty/cac:PartyName/cbc:Name (Agent du Nord)",
      "Perdu : cac:AgentParty/cac:PostalAddress/cbc:CityName (Lille)",
    ]);
    expect(code).toBe(1);
  });

  test.each([
    [["convert", "x.xml"], "Donnez --to ubl ou --to cii"],
    [["convert", "x.xml", "--to", "cii", "--profile", "or"], "Profil inconnu : or"],
    [["convert", "x.xml", "--to", "ubl", "--profile", "BASIC"], "ne vaut que pour CII"],
    [["convert", "a.xml", "b.xml", "--to", "ubl"], "un seul"],
    [["convert", "absent.xml", "--to", "ubl"], "ne peut être ouvert"],
  ])("refuse %j en disant pourquoi", async (args, said) => {
    const { err, code } = await run(args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });
});

describe("La commande einvoice show", () => {
  test("montre la facture, sans laisser le texte piloter le terminal", async () => {
    const file = join(folder, "affichée.xml");
    writeFileSync(
      file,
      contentOf("facture.ubl.xml")
        .replace("Pose comprise", "x")
        .replace("Paiement à 30 jours.", "Paiement &#x9b;31m à 30 jours."),
    );
    const { out, code } = await run(["show", file]);
    expect(code).toBe(0);
    expect(out).toContain("Facture F-2026-0042 du 5 octobre 2026");
    expect(out).toMatch(/À payer +600,00\u00a0€/);
    expect(out).toMatch(/1 {2}Main-d'œuvre +500,00/);
    expect(out).not.toContain("\u009b");
    const english = await run(["show", file, "--lang", "en"]);
    expect(english.out).toContain("Invoice F-2026-0042 of 2026-10-05");
    expect(english.out).toMatch(/To pay +600\.00 EUR/);
  });

  test.each([
    ["381", "Avoir", "Avoir (381)"],
    [" 380 ", "Facture", "Facture (380)"],
    ["83", "Avoir", "83"],
    ["9999", "Facture", "9999"],
  ])("nomme le type « %s » comme la page le nomme", async (type, title, text) => {
    const file = join(folder, "d'un type.xml");
    writeFileSync(file, contentOf("facture.ubl.xml").replace(/(?<=InvoiceTypeCode>)[^<]*/, type));
    const { out } = await run(["show", file]);
    expect(out).toContain(`${title} F-2026-0042 du 5 octobre 2026`);
    expect(out).toMatch(new RegExp(`^Type +${text.replace(/[()]/g, "\\$&")}$`, "m"));
  });

  test("met un point d'interrogation à la place d'un montant absent", async () => {
    const file = join(folder, "sans montants.xml");
    writeFileSync(
      file,
      contentOf("facture.ubl.xml").replace(/<cbc:(Amount|TaxAmount|TaxableAmount) [^>]*>[^<]*<\/[^>]*>/g, ""),
    );
    const { out } = await run(["show", file]);
    expect(out).toMatch(/^Majoration +\? Transport$/m);
    expect(out).toMatch(/^TVA S 20.% +\? sur \?$/m);
    expect(out).not.toContain("undefined");
  });
});

describe("Les PDF et les lots", () => {
  test("embed fait un Factur-X que check, show et extract lisent", async () => {
    const pdf = join(folder, "facture.pdf");
    expect(await run(["embed", good, "-o", pdf])).toMatchObject({ err: "", code: 0 });
    expect((await run(["check", pdf, "--rules", "en16931,facturx"])).out).toBe(`${pdf} : conforme\n`);
    expect((await run(["extract", pdf])).out).toBe(contentOf("facture.cii.xml"));
    expect((await run(["show", pdf])).out).toContain("Facture F-2026-0042");
  });

  test("embed convertit une facture UBL, et garde les pages d'un PDF donné", async () => {
    const [pages, pdf] = [join(folder, "pages.pdf"), join(folder, "avec-pages.pdf")];
    await run(["embed", fixture("facture.ubl.xml"), "-o", pages]);
    const { code } = await run(["embed", good, "--pdf", pages, "-o", pdf]);
    expect(code).toBe(0);
    expect(readFileSync(pdf).subarray(0, readFileSync(pages).length).equals(readFileSync(pages))).toBe(true);
  });

  test.each([
    [["extract", good], "n'est pas un PDF"],
    [["embed", good], "--output"],
    [["embed", good, "-o", "x.pdf", "--pdf", "absent.pdf"], "ne peut être ouvert"],
  ])("refuse %j en disant pourquoi", async (args, said) => {
    const { err, code } = await run(args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  test("une archive donne un verdict par facture", async () => {
    const archive = join(folder, "lot.tar.gz");
    cpSync(good, join(folder, "bonne.xml"));
    execFileSync("tar", ["czf", archive, "-C", folder, "bonne.xml", "fausse facture.xml"]);
    const { out, code } = await run(["check", archive]);
    expect(out).toContain(`${archive}/bonne.xml : conforme`);
    expect(out).toContain(`${archive}/fausse facture.xml : 1 erreur`);
    expect(code).toBe(1);
  });
});
