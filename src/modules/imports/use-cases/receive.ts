import type { Database } from "../../../platform/database/index.ts";
import { BrokenFile, fileRefusalTexts, readLinesOfFile } from "../../../platform/table-file.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import type { OperatorImport } from "../domain/import.ts";
import { rowReader, type TableRow, tableRefusalText } from "../domain/table.ts";
import { insertImport, insertLines, noteLineCount } from "../store.ts";

const eyes = { kind: "system", reason: "an import of the operator belongs to no structure" } as const;
/** Lines kept at once. */
const STEP = 1000;

/** The file is refused: what was kept of it is undone. */
class FileRefused extends Error {
  readonly says: string;
  constructor(says: string) {
    super("FILE_REFUSED");
    this.says = says;
  }
}

/**
 * Keeps the lines of a file as they come, however many, for a job to judge; nothing else changes.
 * @param file.path on this machine's disk, titles first
 * @returns the number of the import, or what is wrong with the file as a whole
 */
export async function receiveFile(
  database: Database,
  kind: OperatorImport,
  file: {
    readonly name: string;
    readonly path: string;
    readonly importer: { readonly id: number | null; readonly label: string };
  },
): Promise<Result<number, string>> {
  const read = await readLinesOfFile(file.path);
  if (!read.ok) return refused(fileRefusalTexts[read.refusal.code]);
  try {
    return accepted(
      await database.transaction(eyes, async (tx, now) => {
        const run = {
          structureId: null,
          kind: kind.name,
          fileName: file.name.slice(0, 200),
          createdBy: file.importer.id,
          createdByLabel: file.importer.label,
          state: "analysing",
        } as const;
        const id = await insertImport(tx, run, now);
        let count = 0;
        for await (const rows of rowsOf(read.value, kind)) {
          count += rows.length;
          await insertLines(tx, { id, structureId: null }, rows);
        }
        await noteLineCount(tx, id, count);
        return id;
      }),
    );
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.says);
    if (error instanceof BrokenFile) return refused(fileRefusalTexts.FILE_UNREADABLE);
    throw error;
  }
}

/** The rows of a table, by batches. @throws FileRefused when it is none, or is too long */
async function* rowsOf(lines: AsyncIterable<string[]>, kind: OperatorImport): AsyncGenerator<TableRow[]> {
  const refuse = (refusal: Parameters<typeof tableRefusalText>[0]): never => {
    throw new FileRefused(tableRefusalText(refusal, kind.columns));
  };
  let toRow: ((line: readonly string[], lineNumber: number) => TableRow | null) | null = null;
  let [lineNumber, count] = [0, 0];
  let rows: TableRow[] = [];
  for await (const line of lines) {
    lineNumber++;
    if (toRow === null) {
      const reader = rowReader(line, kind.columns);
      toRow = reader.ok ? reader.value : refuse(reader.refusal);
      continue;
    }
    const row = toRow(line, lineNumber);
    if (row === null) continue;
    if (++count > kind.maxLines) refuse({ code: "TABLE_TOO_LONG", maxLines: kind.maxLines });
    if (rows.push(row) < STEP) continue;
    yield rows;
    rows = [];
  }
  if (count === 0) refuse({ code: "TABLE_EMPTY" });
  yield rows;
}
