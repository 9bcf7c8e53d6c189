import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Tx } from "../../../platform/database/index.ts";
import { byteRange, isSameContent } from "../../../web/byte-range.ts";
import { type CsvColumn, csvFile, inBatches } from "../../../web/csv.ts";
import { isFresh } from "../../../web/etag.ts";
import type { Context } from "../../../web/portal.ts";
import { sheet, workbook } from "../../../web/workbook.ts";
import { type DirectoryFile, type Editions, etagOf } from "../directory-editions.ts";
import { type DirectoryMarks, listServiceLines, listStructureLines } from "../directory-files-store.ts";
import { serviceColumns, structureColumns } from "./directory-columns.ts";

/** Lines read at once. */
export const BATCH = 1_000;

type Read<R> = (tx: Tx, after: number, limit: number, now: Date) => Promise<readonly R[]>;

/** All the lines of a file, as they are in one transaction. */
const linesOf = <R extends { readonly id: number }>(read: Read<R>, tx: Tx, now: Date, onLine: () => void) =>
  inBatches<R>(BATCH, async (after) => {
    const lines = await read(tx, after?.id ?? 0, BATCH, now);
    for (const _ of lines) onLine();
    return lines;
  });

const CSV = "text/csv; charset=utf-8";
const titlesOf = <R>(columns: readonly CsvColumn<R>[]) => columns.map(([title]) => title);

/** The files of the whole directory; what they hold follows from their columns and from what is in the directory. */
export const wholeFiles: readonly DirectoryFile[] = [
  {
    name: "structures.csv",
    type: CSV,
    parts: (marks) => [...titlesOf(structureColumns), marks.structures],
    make: (tx, now, onLine) => csvFile(structureColumns, linesOf(listStructureLines, tx, now, onLine)),
  },
  {
    name: "services.csv",
    type: CSV,
    parts: (marks) => [...titlesOf(serviceColumns), marks.services],
    make: (tx, now, onLine) => csvFile(serviceColumns, linesOf(listServiceLines, tx, now, onLine)),
  },
  {
    name: "annuaire.xlsx",
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    parts: (marks) => [
      // another compressor writes other bytes
      process.versions.zlib,
      ...titlesOf(structureColumns),
      ...titlesOf(serviceColumns),
      marks.services,
    ],
    make: (tx, now, onLine) =>
      workbook([
        sheet("Structures", structureColumns, () => linesOf(listStructureLines, tx, now, onLine)),
        sheet("Services", serviceColumns, () => linesOf(listServiceLines, tx, now, onLine)),
      ]),
  },
];

/**
 * Answers with a file as the directory is now: its validator alone to a client that already holds it, a part of it to one
 * that takes up where it was cut, or the whole, from its first lines even while the others are being written.
 */
export async function sendWholeFile(
  ctx: Context,
  editions: Editions,
  file: DirectoryFile,
): Promise<FastifyReply> {
  const { reply, request } = ctx;
  reply.header("accept-ranges", "bytes");
  // asked again each time: what is kept is used only if it is still true
  if (!ctx.caller) reply.header("cache-control", "public, no-cache");
  const asked = request.headers["if-none-match"];
  let marks: DirectoryMarks | undefined;
  if (asked !== undefined) {
    marks = await editions.marksNow();
    const etag = etagOf(file, marks);
    if (isFresh(asked, etag)) return reply.header("etag", etag).code(304).send();
  }
  const edition = await editions.current(file, marks);
  reply
    .header("etag", edition.etag)
    .type(file.type)
    .header("content-disposition", `attachment; filename="${file.name}"`);
  if (request.method === "HEAD")
    return reply.header("content-length", (await edition.made()).bytes).send(Readable.from([]));
  const asksPart = request.headers.range !== undefined && isSameContent(ifRangeOf(request), edition.etag);
  const facts = asksPart ? await edition.made() : edition.facts;
  if (facts === null) return reply.send(Readable.from(edition.read()));
  const range = asksPart ? byteRange(request.headers.range, facts.bytes) : null;
  if (range === "unsatisfiable")
    return reply.code(416).header("content-range", `bytes */${facts.bytes}`).send();
  if (range === null) return reply.header("content-length", facts.bytes).send(Readable.from(edition.read()));
  return reply
    .code(206)
    .header("content-range", `bytes ${range.first}-${range.last}/${facts.bytes}`)
    .header("content-length", range.last - range.first + 1)
    .send(Readable.from(edition.read(range)));
}

const ifRangeOf = ({ headers }: FastifyRequest) => [headers["if-range"]].flat()[0];
