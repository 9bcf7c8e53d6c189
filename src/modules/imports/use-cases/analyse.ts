import type { Tx } from "../../../platform/database/index.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import type { ImportKind, ImportTarget } from "../domain/import.ts";
import { readTable, tableRefusalText } from "../domain/table.ts";
import { insertImport } from "../store.ts";

/**
 * Judges the lines of a file and keeps what was found; nothing else changes.
 * @param lines of the file, titles first
 * @returns the number of the import, or what is wrong with the table as a whole
 */
export async function analyseFile(
  tx: Tx,
  kind: ImportKind,
  file: {
    readonly name: string;
    readonly lines: readonly (readonly string[])[];
    readonly closeAbsent: boolean;
  },
  target: ImportTarget & { readonly importer: { readonly id: number; readonly label: string } },
  now: Date,
): Promise<Result<number, string>> {
  const table = readTable(file.lines, kind.columns, kind.maxLines);
  if (!table.ok) return refused(tableRefusalText(table.refusal, kind.columns));
  const judged = await kind.judge(tx, table.value, target, { closeAbsent: file.closeAbsent }, now);
  const run = {
    structureId: target.structureId,
    kind: kind.name,
    fileName: file.name.slice(0, 200),
    createdBy: target.importer.id,
    createdByLabel: target.importer.label,
  };
  return accepted(await insertImport(tx, run, judged, now));
}
