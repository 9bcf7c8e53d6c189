import { describe, expect, test } from "vitest";
import { readTable, type TableRefusal, tableRefusalText, yesOrNo } from "./table.ts";

const columns = [{ title: "code", isRequired: true }, { title: "libelle" }] as const;
const codeOf = (lines: string[][]) => {
  const table = readTable(lines, columns, 3);
  return table.ok ? "ok" : table.refusal.code;
};

describe("Un tableau à importer", () => {
  test("se lit dans n'importe quel ordre de colonnes, titres accentués ou non, lignes vides passées", () => {
    const table = readTable([["Libellé ", "CODE"], ["Achats", " A1 "], ["", " "], ["Ventes"]], columns, 3);
    expect(table).toEqual({
      ok: true,
      value: [
        { lineNumber: 2, cells: { libelle: "Achats", code: "A1" } },
        { lineNumber: 4, cells: { libelle: "Ventes", code: "" } },
      ],
    });
  });

  for (const [name, lines, expected] of [
    ["sans rien", [], "TABLE_EMPTY"],
    ["sans ligne", [["code"]], "TABLE_EMPTY"],
    ["sans la colonne obligatoire", [["libelle"], ["Achats"]], "COLUMN_MISSING"],
    [
      "avec une colonne inconnue",
      [
        ["code", "couleur"],
        ["A1", "vert"],
      ],
      "COLUMN_UNKNOWN",
    ],
    [
      "avec deux fois la même",
      [
        ["code", "Code"],
        ["A1", "A2"],
      ],
      "COLUMN_TWICE",
    ],
    ["trop long", [["code"], ...Array.from({ length: 4 }, (_, i) => [`C${i}`])], "TABLE_TOO_LONG"],
  ] as const)
    test(`est refusé ${name}`, () => expect(codeOf(lines as unknown as string[][])).toBe(expected));

  test("chaque refus dit quoi faire", () => {
    const refusals: TableRefusal[] = [
      { code: "TABLE_EMPTY" },
      { code: "TABLE_TOO_LONG", maxLines: 3 },
      { code: "COLUMN_MISSING", title: "code" },
      { code: "COLUMN_UNKNOWN", title: "couleur" },
      { code: "COLUMN_TWICE", title: "code" },
    ];
    for (const refusal of refusals) expect(tableRefusalText(refusal, columns)).toMatch(/\.$/);
  });
});

test("Oui et non, comme les tableurs les écrivent", () => {
  expect(["Oui", "VRAI", "1", "x"].map(yesOrNo)).toEqual([true, true, true, true]);
  expect(["non", "faux", "0", ""].map(yesOrNo)).toEqual([false, false, false, false]);
  expect(yesOrNo("peut-être")).toBeNull();
});
