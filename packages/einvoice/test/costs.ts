import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Gunzip, InflateRaw } from "node:zlib";
import { vi } from "vitest";
import { type PdfLimits, pdfLimits } from "../src/pdf/bounds.ts";

/*
 * What a piece of work costs, told in measures that do not depend on how busy the machine is.
 */

/**
 * A watch that says how many milliseconds of processor this program has taken since, all its threads together. What it
 * waited while others had the processor does not count.
 */
export function processorWatch(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

/** Time enough for one PDF on a busy machine; what the default limit allows has a test of its own. */
export const unhurried: PdfLimits = { ...pdfLimits, milliseconds: 60_000 };

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes of the memory that something still holds: what waits to be collected does not count. */
export function memoryInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many bytes come out of compressed streams during a piece of work, and what it answers. */
export async function unpackedBy<Answer>(
  work: () => Promise<Answer>,
): Promise<{ answer: Answer; bytes: number }> {
  let bytes = 0;
  const { push } = Readable.prototype;
  const spy = vi.spyOn(Readable.prototype, "push").mockImplementation(function (
    this: Readable,
    chunk,
    encoding,
  ) {
    if (this instanceof Gunzip || this instanceof InflateRaw) bytes += chunk?.length ?? 0;
    return push.call(this, chunk, encoding);
  });
  try {
    const answer = await work();
    return { answer, bytes };
  } finally {
    spy.mockRestore();
  }
}
