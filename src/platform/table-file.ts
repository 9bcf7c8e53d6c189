import { Worker } from "node:worker_threads";
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
  if (content.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004", "latin1"))) return readWorkbook(content);
  if (content.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))
    return Promise.resolve(refused({ code: "FILE_OLD_EXCEL" }));
  return Promise.resolve(readCsv(content));
}

function readCsv(content: Buffer): Result<string[][], FileRefusal> {
  const text = decoded(content);
  if (text === null) return refused({ code: "FILE_UNREADABLE" });
  try {
    return accepted(
      parse(text, {
        delimiter: separatorOf(text),
        relax_column_count: true,
        to: MAX_RECORDS,
        max_record_size: 100_000,
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
