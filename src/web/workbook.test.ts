import { buffer } from "node:stream/consumers";
import { readSheet } from "read-excel-file/node";
import { expect, test } from "vitest";
import { sheet, workbook } from "./workbook.ts";

const rows = [
  ["00123", '=1+1 & <b> "x"', "é\u0001😀"],
  ["", " espaces ", "deux\nlignes"],
];
const columns = ["A", "B", "C"].map((title, at) => [title, (row: string[]) => row[at]!] as const);
async function* read() {
  yield* rows;
}
const make = () => buffer(workbook([sheet("Un", columns, read), sheet("Deux & trois", columns, read)]));

test("un classeur se relit feuille par feuille, chaque cellule telle quelle", async () => {
  const file = await make();
  for (const name of ["Un", "Deux & trois"])
    expect(await readSheet(file, name, { trim: false })).toEqual([
      ["A", "B", "C"],
      ["00123", '=1+1 & <b> "x"', "é😀"],
      [null, " espaces ", "deux\nlignes"],
    ]);
});

test("les mêmes lignes donnent les mêmes octets", async () => expect(await make()).toEqual(await make()));

test("une ligne qui ne peut être lue arrête le fichier", async () => {
  const failing = sheet("Un", columns, async function* () {
    yield* rows;
    throw new Error("the database stopped");
  });
  await expect(buffer(workbook([failing]))).rejects.toThrow("the database stopped");
});
