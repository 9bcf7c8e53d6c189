import { Worker } from "node:worker_threads";
import { type PdfLimits, pdfLimits } from "./bounds.ts";
import { type Extraction, refusalFinding } from "./extract.ts";

/** Limits of the reading, and of the thread that does it. */
export interface WorkerLimits extends PdfLimits {
  /** JavaScript heap of the thread, in megabytes; decoded bytes have their own limit. */
  readonly heapMegabytes: number;
}

const workerLimits: WorkerLimits = { ...pdfLimits, heapMegabytes: 96 };

/** Time left to the thread, beyond that of the reading, to start and to hand its answer over. */
const overheadMilliseconds = 400;

/** Sources run as they are; once built, the thread's file stands built beside. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./extract.worker.ts" : "./extract.worker.mjs",
  import.meta.url,
);

/**
 * `extractInvoice` in a thread of its own, stopped when it passes its time or its memory. Never rejects: a thread
 * that was stopped gives a finding.
 */
export function extractInWorker(bytes: Uint8Array, limits: Partial<WorkerLimits> = {}): Promise<Extraction> {
  const { heapMegabytes, ...reading } = { ...workerLimits, ...limits };
  if (bytes.length > reading.bytes)
    return Promise.resolve({ ok: false, findings: [refusalFinding({ refusal: "TOO_LARGE" })] });
  return new Promise((resolve) => {
    const worker = new Worker(threadFile, {
      workerData: { bytes, limits: reading },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    const finish = (extraction: Extraction) => {
      clearTimeout(deadline);
      void worker.terminate();
      resolve(extraction);
    };
    const refuse = (refusal: "TOO_SLOW" | "BROKEN" | "TOO_MANY_OBJECTS") =>
      finish({ ok: false, findings: [refusalFinding({ refusal })] });
    const deadline = setTimeout(() => refuse("TOO_SLOW"), reading.milliseconds + overheadMilliseconds);
    worker.once("message", finish);
    worker.once("error", (error) => refuse(isOutOfMemory(error) ? "TOO_MANY_OBJECTS" : "BROKEN"));
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
