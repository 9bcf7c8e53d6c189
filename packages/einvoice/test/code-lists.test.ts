import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { comparedWithOurs } from "../scripts/published-lists.ts";
import { en16931Rules } from "../src/checking/check.ts";
import { codeLists } from "../src/codelists/all.ts";
import { countries } from "../src/codelists/countries.ts";
import { currencies } from "../src/codelists/currencies.ts";
import { mediaTypes } from "../src/codelists/short-lists.ts";

/** What a file changes, as `list: +added -removed`. */
function changes(text: string, file: string, list?: string): string[] | string {
  const comparison = comparedWithOurs(new TextEncoder().encode(text), file, list);
  if (!comparison.ok) return comparison.refusal;
  return comparison.changes.map(
    ({ ours, added, removed }) => `${ours.source.name}: +${added.join(" ")} -${removed.join(" ")}`,
  );
}

/** Our currencies without the Hungarian one, with an invented one. */
const newer = [...currencies].filter((code) => code !== "HUF").concat("QQQ");

const genericode = (rows: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
  <Identification><ShortName>Currency</ShortName><Version>2027</Version></Identification>
  <ColumnSet>
    <Column Id="name" Use="required"><ShortName>Name</ShortName></Column>
    <Column Id="code" Use="required"><ShortName>Code</ShortName></Column>
    <Key Id="key"><ShortName>Key</ShortName><ColumnRef Ref="code"/></Key>
  </ColumnSet>
  <SimpleCodeList>${rows}</SimpleCodeList>
</gc:CodeList>`;

const value = (column: string, text: string): string =>
  `<Value${column && ` ColumnRef="${column}"`}><SimpleValue>${text}</SimpleValue></Value>`;

const among = (codes: Iterable<string>): string =>
  `contains(' ${[...codes].join(" ")} ', concat(' ', normalize-space(.), ' '))`;

const schematron = (context: string, id: string, condition: string): string =>
  `<pattern xmlns="http://purl.oclc.org/dsdl/schematron"><rule context="${context}">
    <assert id="${id}" flag="fatal" test="not(contains(normalize-space(.), ' ')) and ${condition}"/>
  </rule></pattern>`;

describe("Les listes de codes", () => {
  test("chacune dit d'où elle vient, et de quand", () => {
    expect(codeLists.length).toBeGreaterThan(40);
    for (const { source, size } of codeLists) {
      expect(source.publication, source.name).not.toBe("");
      expect(source.date, source.name).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(size, source.name).toBeGreaterThan(0);
    }
    expect(new Set(codeLists.map(({ source }) => source.name)).size).toBe(codeLists.length);
  });

  test("chaque règle BR-CL a la sienne", () => {
    const held = new Set(codeLists.flatMap(({ source }) => source.rules.map((rule) => rule.split(" ")[0])));
    const rules = en16931Rules.map(({ id }) => id).filter((id) => id.startsWith("BR-CL-"));
    expect(rules.filter((id) => !held.has(id))).toEqual([]);
  });
});

describe("Une liste plus récente se compare à la nôtre", () => {
  const change = ["ISO 4217: +QQQ -HUF"];

  test.each([
    [
      "Genericode, colonnes nommées",
      newer.map((code) => `<Row>${value("name", "x")}${value("code", code)}</Row>`),
    ],
    [
      "Genericode, colonnes dans l'ordre",
      newer.map((code) => `<Row>${value("", "x")}${value("", code)}</Row>`),
    ],
  ])("%s", (_, rows) => expect(changes(genericode(rows.join("")), "liste.gc")).toEqual(change));

  test.each([
    ["monnaies ISO 4217.txt", newer.join("\n")],
    [
      "iso-4217.csv",
      `Name,Alphabetic Code\r\n${newer.map((code) => `"Franc, ou autre",${code}`).join("\r\n")}\r\n`,
    ],
    [
      "currency.csv",
      `Code;Libellé\n${newer.map((code) => `"${code}";"Un ""grand"" libellé; long"`).join("\n")}`,
    ],
    ["currencies.tsv", newer.map((code) => `${code}\tnom`).join("\n")],
  ])("%s", (file, text) => expect(changes(text, file)).toEqual(change));

  test("un fichier au nom quelconque, par le nom de la liste", () => {
    expect(changes(newer.join("\n"), "valeurs.txt")).toBe("UNKNOWN_LIST");
    expect(changes(newer.join("\n"), "valeurs.txt", "ISO 4217")).toEqual(change);
  });

  test("Schematron : une liste par règle", () => {
    const rule = schematron("cbc:DocumentCurrencyCode", "BR-CL-04", among(newer));
    expect(changes(rule, "codes.sch")).toEqual(change);
    expect(
      changes(schematron("cac:Country/cbc:IdentificationCode", "BR-CL-14", among(countries)), "codes.sch"),
    ).toEqual(["ISO 3166-1: + -"]);
  });

  test("Schematron : une liste par élément, propre à la syntaxe", () => {
    const test = `((self::cbc:InvoiceTypeCode and ${among(["380", "999"])}) or (self::cbc:CreditNoteTypeCode and ${among(["381"])}))`;
    expect(
      changes(schematron("cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode", "BR-CL-01", test), "codes.sch"),
    ).toEqual([
      expect.stringMatching(/^UNTDID 1001, invoices: \+999 -71 80 /),
      expect.stringMatching(/^UNTDID 1001, credit notes: \+ -81 83 /),
    ]);
    expect(
      changes(schematron("ram:DueDateTypeCode", "BR-CL-06", among(["5", "29", "73"])), "codes.sch"),
    ).toEqual(["UNTDID 2475, restricted: +73 -72"]);
  });

  test("Schematron : les exceptions à côté de la liste n'en sont pas, des égalités en sont une", () => {
    const icd = codeLists.find(({ source }) => source.name === "ISO 6523 ICD") ?? [];
    const withSepa = `(${among(icd)} or (${among(["SEPA"])} and ancestor::cac:PayeeParty))`;
    expect(changes(schematron("cac:PartyIdentification/cbc:ID", "BR-CL-10", withSepa), "codes.sch")).toEqual([
      "ISO 6523 ICD: + -",
    ]);
    const equalities = [...mediaTypes, "text/xml"].map((type) => `@mimeCode = '${type}'`).join(" or ");
    expect(
      changes(schematron("cbc:EmbeddedDocumentBinaryObject[@mimeCode]", "BR-CL-24", equalities), "codes.sch"),
    ).toEqual(["MIME media types: +text/xml -"]);
  });

  test.each([
    ["<a><b></a>", "UNREADABLE"],
    ["", "NO_LIST"],
    ["<liste/>", "NO_LIST"],
  ])("%j : %s", (text, refusal) => expect(changes(text, "monnaies-4217")).toBe(refusal));
});

describe("npm run codes", () => {
  const script = join(import.meta.dirname, "../scripts/code-lists.ts");

  test("dit ce qui change et rend 1, 0 quand rien ne change, 2 quand rien ne se compare", () => {
    const folder = mkdtempSync(join(tmpdir(), "codes-"));
    const run = (file: string, ...args: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", script, file, ...args], {
        cwd: import.meta.dirname,
        env: { ...process.env, INIT_CWD: folder },
        encoding: "utf8",
      });
    try {
      writeFileSync(join(folder, "currency.txt"), newer.join("\n"));
      writeFileSync(join(folder, "pays.txt"), [...countries].join("\n"));
      const changed = run("currency.txt");
      expect(changed.stdout).toMatch(
        /^ISO 4217 \(currency\.txt\), face à .*2026-04-10 :\n {2}ajouté : QQQ\n {2}retiré : HUF\n$/,
      );
      expect(changed.status).toBe(1);
      const same = run("pays.txt", "--list", "ISO 3166-1");
      expect(same.stdout).toContain(`rien ne change, ${countries.size} codes`);
      expect(same.status).toBe(0);
      expect(run("pays.txt").status).toBe(2);
      expect(run("absent.txt")).toMatchObject({ status: 2, stderr: expect.stringContaining("n'existe pas") });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
