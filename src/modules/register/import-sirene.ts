import { compose, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { accepted, type Result, refused } from "../../shared/result.ts";
import {
  type SireneFile,
  type SireneFileRefusal,
  type SireneKind,
  sireneFile,
} from "./domain/sirene-file.ts";

const LINES_A_BATCH = 20_000;
const tables: { readonly [K in SireneKind]: string } = {
  establishments: "register_establishment",
  companies: "register_company",
};

export type ImportProgress = { readonly lines: number; readonly skipped: number };

/**
 * Fills the register from StockEtablissement or StockUniteLegale, line by line, in batches that are each one
 * transaction: memory stays the same whatever the file, the register stays readable, and a run cut short goes on after
 * the last batch that was written.
 * @param client connection of the owner of the tables
 * @param source `key` names the file's content: another key starts anew
 * @returns lines read, those without a usable number among them
 */
export async function importSirene(
  client: pg.ClientBase,
  source: { readonly key: string; readonly stream: NodeJS.ReadableStream },
  onProgress: (progress: ImportProgress) => void = () => {},
  linesABatch = LINES_A_BATCH,
): Promise<Result<ImportProgress & { readonly kind: SireneKind }, SireneFileRefusal>> {
  const records = compose(source.stream, parse({ bom: true, relax_column_count: true }));
  let file: SireneFile | null = null;
  let done = 0;
  let lines = 0;
  let skipped = 0;
  let batch: (readonly (string | null)[])[] = [];
  for await (const cells of records as unknown as AsyncIterable<string[]>) {
    if (file === null) {
      const read = sireneFile(cells);
      if (!read.ok) return read;
      file = read.value;
      done = await linesDone(client, source.key, file.kind);
      continue;
    }
    lines++;
    if (lines <= done) continue;
    const row = file.row(cells);
    if (row) batch.push(row);
    else skipped++;
    if (lines % linesABatch > 0) continue;
    await write(client, file, batch, { key: source.key, lines });
    batch = [];
    onProgress({ lines, skipped });
  }
  if (file === null) return refused({ code: "NOT_A_SIRENE_FILE" });
  if (lines > done) await write(client, file, batch, { key: source.key, lines });
  await client.query("update register_import set finished_at = now() where file_key = $1", [source.key]);
  await client.query(`analyze ${tables[file.kind]}`);
  return accepted({ kind: file.kind, lines, skipped });
}

/** Lines already written of a file whose import did not end. */
async function linesDone(client: pg.ClientBase, key: string, kind: SireneKind): Promise<number> {
  const { rows } = await client.query<{ lines_done: string }>(
    `insert into register_import (file_key, kind) values ($1, $2)
     on conflict (file_key) do update set
       lines_done = case when register_import.finished_at is null then register_import.lines_done else 0 end,
       finished_at = null
     returning lines_done`,
    [key, kind],
  );
  return Number(rows[0]!.lines_done);
}

/** Writes a batch and how far one is, both or neither; a line given twice keeps its last form. */
async function write(
  client: pg.ClientBase,
  file: SireneFile,
  rows: readonly (readonly (string | null)[])[],
  progress: { readonly key: string; readonly lines: number },
): Promise<void> {
  const table = tables[file.kind];
  const [id, ...others] = file.columns;
  const columns = file.columns.join(", ");
  await client.query("begin");
  try {
    await client.query(
      `create temp table staged on commit drop as select ${columns}, 0 as place from ${table} limit 0`,
    );
    const texts = rows.map((row, place) => `${[...row, String(place)].map(copyText).join("\t")}\n`);
    await pipeline(
      Readable.from(texts),
      client.query(copyFrom(`copy staged (${columns}, place) from stdin`)),
    );
    await client.query(
      `insert into ${table} (${columns})
       select distinct on (${id}) ${columns} from staged order by ${id}, place desc
       on conflict (${id}) do update set ${others.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    );
    await client.query("update register_import set lines_done = $2 where file_key = $1", [
      progress.key,
      progress.lines,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** A value in the text form of COPY. */
function copyText(value: string | null): string {
  if (value === null) return "\\N";
  return value.replace(
    /[\\\t\n\r]/g,
    (char) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[char]!,
  );
}
