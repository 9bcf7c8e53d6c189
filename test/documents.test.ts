import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { productRoot } from "../src/platform/paths.ts";
import type { Criterion } from "../src/web/accessibility.ts";

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
      expect(["atteinte", "partielle", "non atteinte", "sans objet"], row.exigence).toContain(row.état);
      expect(row.exigence).toMatch(/^\d+\.\d+\.\d+$/);
      expect(row.comment, row.exigence).not.toBe("");
    }
  });

  test("chaque exigence a son niveau, celui de l'ASVS 5.0.0", () => {
    const ofLevel = (level: string) => rows.filter(({ niveau }) => niveau === level).length;
    expect([ofLevel("1"), ofLevel("2"), ofLevel("3")]).toEqual([65, 155, 54]);
  });

  test("aucune du premier niveau n'est non atteinte, et neuf sur dix de ce qui a un objet sont atteintes", () => {
    const withObject = rows.filter(({ état }) => état !== "sans objet");
    expect(rows.filter(({ niveau, état }) => niveau === "1" && état === "non atteinte")).toEqual([]);
    const reached = withObject.filter(({ état }) => état === "atteinte").length;
    expect(reached / withObject.length).toBeGreaterThan(0.9);
  });

  test("chaque exigence atteinte, même en partie, nomme un fichier qui existe, et ce qui s'y lit", () => {
    const reached = rows.filter(({ état }) => état === "atteinte" || état === "partielle");
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

describe("docs/security.md dit vrai", () => {
  const said = readFileSync(join(productRoot, "docs/security.md"), "utf8");

  test("aucun script n'emploie le stockage du navigateur", () => {
    expect(said).toContain("Rien dans le stockage du navigateur");
    const islands = globSync("src/modules/*/web/*.island.ts", { cwd: productRoot });
    expect(islands.length).toBeGreaterThan(4);
    for (const island of islands)
      expect(readFileSync(join(productRoot, island), "utf8"), island).not.toMatch(
        /localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|eval\(|postMessage/,
      );
  });

  test("les fichiers qu'il nomme existent", () => {
    for (const [, file = ""] of said.matchAll(/`((?:rights|personal-data)\/[\w./-]+)`/g))
      expect(existsSync(join(productRoot, "src/modules", file)), file).toBe(true);
  });

  test("son inventaire de la cryptographie nomme chaque fichier qui en fait, par ce qu'il emploie", () => {
    const used = globSync("src/**/*.ts", { cwd: productRoot })
      .filter((file) => !file.includes(".test."))
      .flatMap((file) => [
        ...readFileSync(join(productRoot, file), "utf8").matchAll(
          /createHash\("(\w+)"\)|createHmac\("(\w+)"|createCipheriv\("([\w-]+)"|derive\("(\w+)"|hkdfSync\("(\w+)"/g,
        ),
      ])
      .map((found) => found.slice(1).find(Boolean)!);
    const names: Readonly<Record<string, RegExp>> = {
      sha256: /SHA-256/,
      "aes-256-gcm": /AES-256-GCM/,
      argon2id: /Argon2id/,
    };
    expect(new Set(used)).toEqual(new Set(Object.keys(names)));
    for (const name of Object.values(names)) expect(said).toMatch(name);
  });
});

describe("docs/rgaa.csv dit vrai", () => {
  const rows: Criterion[] = parse(readFileSync(join(productRoot, "docs/rgaa.csv")), {
    delimiter: ";",
    columns: true,
  });
  /** How many criteria each theme of RGAA 4.1.2 has, in order. */
  const themes = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12];

  test("les 106 critères y sont une fois, dans l'ordre", () => {
    const numbers = themes.flatMap((count, theme) =>
      Array.from({ length: count }, (_, index) => `${theme + 1}.${index + 1}`),
    );
    expect(numbers).toHaveLength(106);
    expect(rows.map((row) => row.critère)).toEqual(numbers);
    expect(new Set(rows.map((row) => row.thématique)).size).toBe(themes.length);
  });

  test.each(rows.map((row) => [row.critère, row] as const))(
    "%s : un état, un motif, une preuve qui se lit",
    (_, row) => {
      expect(["conforme", "non conforme", "non applicable"]).toContain(row.état);
      expect(row.comment).not.toBe("");
      const [file = "", ...words] = row.preuve.split(" : ");
      expect(words.join(" : ").length, row.preuve).toBeGreaterThan(4);
      expect(readFileSync(join(productRoot, file), "utf8"), row.preuve).toContain(words.join(" : "));
    },
  );
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
