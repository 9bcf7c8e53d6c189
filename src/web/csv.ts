import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { csvCell } from "../shared/csv-cell.ts";

/** A column of a file: its title, and the text of a row in it. */
export type CsvColumn<R> = readonly [title: string, value: (row: R) => string];

/**
 * A CSV file as French spreadsheets open it (`;`, UTF-8 with its mark), made row by row: it is never all in memory. No
 * cell can be taken for a formula (quality 2.8).
 */
export function csvFile<R>(columns: readonly CsvColumn<R>[], rows: AsyncIterable<R> | Iterable<R>): Readable {
  return Readable.from(textOf(columns, rows), { highWaterMark: 2 });
}

/** Answers with a CSV file of rows. */
export function sendCsv<R>(
  reply: FastifyReply,
  fileName: string,
  columns: readonly CsvColumn<R>[],
  rows: AsyncIterable<R> | Iterable<R>,
): FastifyReply {
  return sendCsvFile(reply, fileName, csvFile(columns, rows));
}

/** Answers with a CSV file as it is made. */
export function sendCsvFile(reply: FastifyReply, fileName: string, file: Readable): FastifyReply {
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${fileName}"`)
    .send(file);
}

/** The mark by which spreadsheets know UTF-8. */
const BOM = "\u{feff}";
/** Characters written at once: row by row, each would cost a turn of the stream. */
const AT_ONCE = 65_536;

async function* textOf<R>(
  columns: readonly CsvColumn<R>[],
  rows: AsyncIterable<R> | Iterable<R>,
): AsyncGenerator<string> {
  let text = BOM + csvLine(columns.map(([title]) => title));
  for await (const row of rows) {
    text += csvLine(columns.map(([, value]) => csvCell(value(row))));
    if (text.length < AT_ONCE) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** A line of a file, a cell between quotes where it needs them (RFC 4180). */
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(";")}\r\n`;
}

/**
 * All rows of a list read by keys, one batch at a time.
 * @param read the rows after one, `size` at most; null: from the first
 */
export async function* inBatches<R>(
  size: number,
  read: (after: R | null) => Promise<readonly R[]>,
): AsyncGenerator<R> {
  for (let after: R | null = null; ; ) {
    const rows: readonly R[] = await read(after);
    yield* rows;
    if (rows.length < size) return;
    after = rows.at(-1)!;
  }
}
