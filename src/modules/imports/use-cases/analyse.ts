import type { Tx } from "../../../platform/database/index.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import type { JudgedLine, StructureImport } from "../domain/import.ts";
import { readTable, type TableRow, tableRefusalText } from "../domain/table.ts";
import { insertImport, insertLines } from "../store.ts";

/**
 * Judges the lines of a file and keeps what was found; nothing else changes.
 * @param file.lines of the file, titles first
 * @param judge by the rules of the kind, for who imports
 * @returns the number of the import, or what is wrong with the table as a whole
 */
export async function analyseFile(
  tx: Tx,
  kind: StructureImport,
  file: {
    readonly name: string;
    readonly lines: readonly (readonly string[])[];
    readonly structureId: number;
    readonly importer: { readonly id: number; readonly label: string };
  },
  judge: (rows: readonly TableRow[]) => Promise<JudgedLine[]>,
  now: Date,
): Promise<Result<number, string>> {
  const table = readTable(file.lines, kind.columns, kind.maxLines);
  if (!table.ok) return refused(tableRefusalText(table.refusal, kind.columns));
  const run = {
    structureId: file.structureId,
    kind: kind.name,
    fileName: file.name.slice(0, 200),
    createdBy: file.importer.id,
    createdByLabel: file.importer.label,
    state: "analysed",
  } as const;
  const id = await insertImport(tx, run, now);
  await insertLines(tx, { id, structureId: file.structureId }, await judge(table.value));
  return accepted(id);
}
