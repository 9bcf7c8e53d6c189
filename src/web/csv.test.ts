import { text } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsvCell } from "../shared/csv-cell.ts";
import { csvFile } from "./csv.ts";

const columns = ["a", "b"].map((title, at) => [title, (row: readonly string[]) => row[at]!] as const);
const cell = fc.oneof(
  fc.string(),
  fc.array(fc.constantFrom(..."=+-@;\"'\r\n\t ,é"), { maxLength: 6 }).map((all) => all.join("")),
);

test("ce qu'un fichier écrit se relit tel quel, quelles que soient ses cellules (10 000 cas)", () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), async (rows) => {
      const written = await text(csvFile(columns, rows));
      const read: string[][] = parse(written, { delimiter: ";", bom: true, record_delimiter: "\r\n" });
      expect(read.map((line) => line.map(readCsvCell))).toEqual([["a", "b"], ...rows]);
    }),
    { numRuns: 10_000 },
  ));

test("un fichier de mille lignes n'en perd aucune d'un morceau à l'autre", async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => [String(index), "x".repeat(200)]);
  const written = await text(csvFile(columns, rows));
  expect(written.startsWith("\u{feff}a;b\r\n")).toBe(true);
  expect(parse(written, { delimiter: ";", bom: true, from: 2 })).toEqual(rows);
});
