import { readCsvCell } from "../../../shared/csv-cell.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";

/** A column of a file: its title in the model, and whether the file must have it. */
export type ImportColumn = { readonly title: string; readonly isRequired?: true };

/** A line of a file; `cells` by title of the model, without those that the file has no column for. */
export type TableRow = { readonly lineNumber: number; readonly cells: Readonly<Record<string, string>> };

export type TableRefusal =
  | { readonly code: "TABLE_EMPTY" }
  | { readonly code: "TABLE_TOO_LONG"; readonly maxLines: number }
  | { readonly code: "COLUMN_MISSING"; readonly title: string }
  | { readonly code: "COLUMN_UNKNOWN"; readonly title: string }
  | { readonly code: "COLUMN_TWICE"; readonly title: string };

/** A title, or a word of a cell, without its accents, case and spaces: « Libellé » is `libelle`. */
export const folded = (title: string): string =>
  title
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .trim()
    .toLowerCase()
    .replace(/[\s'’-]+/g, "_");

/**
 * How the lines of a table are read, once its titles are, in any order. An empty line is null; the others keep the number
 * that a spreadsheet shows.
 */
export function rowReader(
  titleLine: readonly string[],
  columns: readonly ImportColumn[],
): Result<(line: readonly string[], lineNumber: number) => TableRow | null, TableRefusal> {
  const titles = titleLine.map(folded);
  while (titles.at(-1) === "") titles.pop();
  if (titles.length === 0) return refused({ code: "TABLE_EMPTY" });
  const known = new Map(columns.map((column) => [folded(column.title), column.title]));
  for (const [index, title] of titles.entries()) {
    const typed = titleLine[index]!.trim();
    if (!known.has(title)) return refused({ code: "COLUMN_UNKNOWN", title: typed });
    if (titles.indexOf(title) < index) return refused({ code: "COLUMN_TWICE", title: typed });
  }
  const missing = columns.find((column) => column.isRequired && !titles.includes(folded(column.title)));
  if (missing) return refused({ code: "COLUMN_MISSING", title: missing.title });
  return accepted((line, lineNumber) => {
    const cells = titles.map(
      (title, at) => [known.get(title)!, readCsvCell((line[at] ?? "").trim())] as const,
    );
    return cells.some(([, cell]) => cell !== "") ? { lineNumber, cells: Object.fromEntries(cells) } : null;
  });
}

/**
 * Reads a whole table whose first line has the titles.
 * @param lines every line of the file, first to last
 */
export function readTable(
  lines: readonly (readonly string[])[],
  columns: readonly ImportColumn[],
  maxLines: number,
): Result<TableRow[], TableRefusal> {
  const read = rowReader(lines[0] ?? [], columns);
  if (!read.ok) return read;
  const rows = lines.slice(1).flatMap((line, index) => read.value(line, index + 2) ?? []);
  if (rows.length === 0) return refused({ code: "TABLE_EMPTY" });
  return rows.length > maxLines ? refused({ code: "TABLE_TOO_LONG", maxLines }) : accepted(rows);
}

/** What to tell of a table that cannot be read. */
export function tableRefusalText(refusal: TableRefusal, columns: readonly ImportColumn[]): string {
  const titles = columns.map((column) => column.title).join(", ");
  switch (refusal.code) {
    case "TABLE_EMPTY":
      return "Ce fichier n'a aucune ligne à importer : la première donne les titres des colonnes, les suivantes les données.";
    case "TABLE_TOO_LONG":
      return `Ce fichier compte plus de ${refusal.maxLines.toLocaleString("fr-FR")} lignes. Coupez-le en plusieurs.`;
    case "COLUMN_MISSING":
      return `Il manque la colonne « ${refusal.title} ». Partez du modèle.`;
    case "COLUMN_UNKNOWN":
      return `La colonne « ${refusal.title} » n'est pas connue. Colonnes possibles : ${titles}.`;
    case "COLUMN_TWICE":
      return `La colonne « ${refusal.title} » figure deux fois. Gardez-en une.`;
  }
}

/** « oui », « non » and what spreadsheets write for them; null: neither. An empty cell is a no. */
export function yesOrNo(cell: string): boolean | null {
  const word = folded(cell);
  if (["oui", "o", "vrai", "true", "1", "x"].includes(word)) return true;
  return ["", "non", "n", "faux", "false", "0"].includes(word) ? false : null;
}
