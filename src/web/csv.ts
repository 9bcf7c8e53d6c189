import { Readable } from "node:stream";
import { stringify } from "csv-stringify";
import type { FastifyReply } from "fastify";
import { csvCell } from "../shared/csv-cell.ts";

/** A column of a file: its title, and the text of a row in it. */
export type CsvColumn<R> = readonly [title: string, value: (row: R) => string];

/**
 * A CSV file as French spreadsheets open it (`;`, UTF-8 with its mark), made row by row: it is never all in memory. No
 * cell can be taken for a formula (quality 2.8).
 */
export function csvFile<R>(columns: readonly CsvColumn<R>[], rows: AsyncIterable<R> | Iterable<R>): Readable {
  return Readable.from(textOf(columns, rows)).pipe(
    stringify({ delimiter: ";", bom: true, record_delimiter: "\r\n" }),
  );
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

async function* textOf<R>(
  columns: readonly CsvColumn<R>[],
  rows: AsyncIterable<R> | Iterable<R>,
): AsyncGenerator<string[]> {
  yield columns.map(([title]) => title);
  for await (const row of rows) yield columns.map(([, value]) => csvCell(value(row)));
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
