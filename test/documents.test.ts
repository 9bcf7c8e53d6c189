import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { productRoot } from "../src/platform/paths.ts";

type Requirement = {
  readonly exigence: string;
  readonly niveau: string;
  readonly état: string;
  readonly comment: string;
  readonly preuve: string;
};

describe("docs/asvs.csv dit vrai", () => {
  const rows: Requirement[] = parse(readFileSync(join(productRoot, "docs/asvs.csv")), {
    delimiter: ";",
    columns: true,
  });

  test("chaque exigence une fois, dans un état connu, avec ce qui s'y rapporte", () => {
    expect(rows.length).toBeGreaterThan(250);
    expect(new Set(rows.map((row) => row.exigence)).size).toBe(rows.length);
    for (const row of rows) {
      expect(["atteinte", "sans objet", "à examiner"], row.exigence).toContain(row.état);
      expect(row.exigence).toMatch(/^\d+\.\d+\.\d+$/);
      if (row.état !== "à examiner") expect(row.comment, row.exigence).not.toBe("");
    }
  });

  test("chaque exigence atteinte nomme un fichier qui existe, et ce qui s'y lit", () => {
    const reached = rows.filter((row) => row.état === "atteinte");
    expect(reached.length).toBeGreaterThan(50);
    for (const { exigence, preuve } of reached) {
      const [file, text] = preuve.split(" : ");
      const path = join(productRoot, file!);
      expect(existsSync(path), `${exigence} : ${file}`).toBe(true);
      expect(readFileSync(path, "utf8").toLowerCase(), `${exigence} : ${preuve}`).toContain(
        text!.toLowerCase(),
      );
    }
  });
});

describe("docs/attacks.md dit vrai", () => {
  const rows = [
    ...readFileSync(join(productRoot, "docs/attacks.md"), "utf8").matchAll(
      /^\| (A-\d\d) \| (.+) \| (.+) \|$/gm,
    ),
  ];

  test("chaque attaque du catalogue y est une fois, dans l'ordre", () =>
    expect(rows.map(([, id]) => id)).toEqual(
      Array.from({ length: 72 }, (_, index) => `A-${String(index + 1).padStart(2, "0")}`),
    ));

  test.each(rows.map(([, id = "", , where = ""]) => [id, where]))("%s : %s", (id, where) => {
    if (where.startsWith("sans objet : ")) return;
    const files = [...where.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
    expect(files).not.toEqual([]);
    for (const file of files) expect(readFileSync(join(productRoot, file), "utf8")).toContain(id);
  });
});
