import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { compose, Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import { parse as parseStream } from "csv-parse";
import { CsvError, parse } from "csv-parse/sync";
import { accepted, type Result, refused } from "../shared/result.ts";

export type FileRefusal =
  | { readonly code: "FILE_OLD_EXCEL" }
  | { readonly code: "FILE_UNREADABLE" }
  | { readonly code: "FILE_TOO_MUCH" };

/** Size of a file, in bytes. */
export const MAX_FILE_BYTES = 5_000_000;
/** Lines read at most, empty ones included; what a page accepts is less. */
const MAX_RECORDS = 25_000;
/** What a workbook begins with, and what one of the former format did. */
const ZIP = Buffer.from("PK\u0003\u0004", "latin1");
const OLD_EXCEL = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const WORKBOOK_HEAP_MEGABYTES = 192;
const WORKBOOK_MS = 10_000;

/** Sources run as they are; once built, the thread's file stands beside the server's. */
const workbookThread = new URL(
  import.meta.url.endsWith(".ts") ? "./workbook.worker.ts" : "./workbook.worker.js",
  import.meta.url,
);

/** What to tell of a file that is no table. */
export const fileRefusalTexts: { readonly [C in FileRefusal["code"]]: string } = {
  FILE_OLD_EXCEL: "Ce classeur est d'un ancien format (.xls). Enregistrez-le en .xlsx ou en CSV.",
  FILE_UNREADABLE:
    "Ce fichier n'est ni un CSV ni un classeur .xlsx lisible. Ouvrez-le dans votre tableur et enregistrez-le de nouveau.",
  FILE_TOO_MUCH:
    "Ce classeur est trop lourd une fois déployé. Gardez une seule feuille, ou passez par un CSV.",
};

/**
 * The lines of a CSV (`;`, `,` or tab; UTF-8, UTF-16 or windows-1252) or of the first sheet of an .xlsx, recognised by
 * its content and never by its name. A workbook is opened in a thread bounded in memory and time (a zip may hide far
 * more than its size).
 */
export function readLines(content: Buffer): Promise<Result<string[][], FileRefusal>> {
  if (content.subarray(0, 4).equals(ZIP)) return readWorkbook(content);
  if (content.subarray(0, 4).equals(OLD_EXCEL)) return Promise.resolve(refused({ code: "FILE_OLD_EXCEL" }));
  return Promise.resolve(readCsv(content));
}

/** A CSV that proved unreadable in the middle: what was read of it so far counts for nothing. */
export class BrokenFile extends Error {}

/**
 * The lines of a file on the disk, as `readLines` recognises it: a CSV of any size is read as it comes, twice (its encoding
 * is known at its end); a workbook of more than `MAX_FILE_BYTES` is refused.
 * @returns lines to read once, which may throw `BrokenFile`
 */
export async function readLinesOfFile(path: string): Promise<Result<AsyncIterable<string[]>, FileRefusal>> {
  const file = await open(path);
  const { buffer: head } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
  if (head.equals(ZIP) || head.equals(OLD_EXCEL)) {
    if ((await stat(path)).size > MAX_FILE_BYTES) return refused({ code: "FILE_TOO_MUCH" });
    const lines = await readLines(await readFile(path));
    return lines.ok ? accepted(Readable.from(lines.value)) : lines;
  }
  const encoding = await encodingOf(path);
  return encoding === null ? refused({ code: "FILE_UNREADABLE" }) : accepted(csvLines(path, encoding));
}

type Encoding = "utf-8" | "utf-16le" | "windows-1252";

/** How the text of a file is written; null: it is no text. */
async function encodingOf(path: string): Promise<Encoding | null> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let encoding: Encoding | null = null;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (encoding === null && chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
    if (chunk.includes(0)) return null;
    if (encoding === "windows-1252") continue;
    try {
      decoder.decode(chunk, { stream: true });
      encoding = "utf-8";
    } catch {
      encoding = "windows-1252";
    }
  }
  try {
    // a last character that is not whole shows here alone
    if (encoding === "utf-8") decoder.decode();
  } catch {
    return "windows-1252";
  }
  return encoding ?? "utf-8";
}

async function* decodedText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>)
    yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* csvLines(path: string, encoding: Encoding): AsyncGenerator<string[]> {
  const text = decodedText(path, encoding);
  const first = await text.next();
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* text;
  };
  const lines = compose(
    Readable.from(whole()),
    parseStream({ ...dialect, delimiter: separatorOf(first.value) }),
  ) as AsyncIterable<string[]>;
  try {
    yield* lines;
  } catch (error) {
    if (error instanceof CsvError) throw new BrokenFile("The file is no CSV to its end", { cause: error });
    throw error;
  }
}

/** Lines need not have as many cells; none is longer than a page of text. */
const dialect = { relax_column_count: true, max_record_size: 100_000 } as const;

function readCsv(content: Buffer): Result<string[][], FileRefusal> {
  const text = decoded(content);
  if (text === null) return refused({ code: "FILE_UNREADABLE" });
  try {
    return accepted(
      parse(text, {
        ...dialect,
        delimiter: separatorOf(text),
        to: MAX_RECORDS,
      }),
    );
  } catch (error) {
    if (error instanceof CsvError) return refused({ code: "FILE_UNREADABLE" });
    throw error;
  }
}

/** The text of a file, whatever the spreadsheet that wrote it; null: no text. */
function decoded(content: Buffer): string | null {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe;
  if (!isUtf16 && content.includes(0)) return null;
  try {
    return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(content);
  } catch {
    return isUtf16 ? null : new TextDecoder("windows-1252").decode(content);
  }
}

/** The separator that the line of titles uses most. */
function separatorOf(text: string): string {
  const titles = text.slice(0, text.search(/\r|\n|$/));
  const count = (separator: string) => titles.split(separator).length;
  return [";", ",", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function readWorkbook(content: Buffer): Promise<Result<string[][], FileRefusal>> {
  return new Promise((resolve) => {
    const worker = new Worker(workbookThread, {
      workerData: content,
      resourceLimits: { maxOldGenerationSizeMb: WORKBOOK_HEAP_MEGABYTES, maxYoungGenerationSizeMb: 32 },
    });
    const finish = (answer: Result<string[][], FileRefusal>) => {
      clearTimeout(deadline);
      void worker.terminate();
      resolve(answer);
    };
    const deadline = setTimeout(() => finish(refused({ code: "FILE_TOO_MUCH" })), WORKBOOK_MS);
    worker.once("message", (lines: string[][]) => finish(accepted(lines)));
    worker.once("error", (error: unknown) =>
      finish(refused({ code: isOutOfMemory(error) ? "FILE_TOO_MUCH" : "FILE_UNREADABLE" })),
    );
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
