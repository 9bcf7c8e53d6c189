import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLines, readLinesOfFile } from "./table-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tables-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function linesOnDisk(content: Buffer): Promise<string[][]> {
  const path = join(folder, "table.csv");
  await writeFile(path, content);
  const read = await readLinesOfFile(path);
  return read.ok ? Readable.from(read.value).toArray() : [];
}

describe("Un CSV se lit pareil, d'un bloc ou au fil du fichier", () => {
  test.each([
    ["windows-1252", Buffer.from("nom\nCité d'Exemple\n", "latin1")],
    ["windows-1252, dont le dernier octet est le seul accent", Buffer.from("nom\nCité", "latin1")],
    ["UTF-8", Buffer.from("nom\nCité")],
  ])("%s", async (_how, content) => {
    const lines = [["nom"], [expect.stringContaining("Cité")]];
    expect(await readLines(content)).toEqual({ ok: true, value: lines });
    expect(await linesOnDisk(content)).toEqual(lines);
  });
});
