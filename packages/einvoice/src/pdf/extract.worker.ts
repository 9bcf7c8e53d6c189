import { parentPort, workerData } from "node:worker_threads";
import type { PdfLimits } from "./bounds.ts";
import { extractInvoice } from "./extract.ts";

// What `extractInWorker` hands over: the type is known on both sides of the thread.
const { bytes, limits } = workerData as { bytes: Uint8Array; limits: PdfLimits };
parentPort?.postMessage(extractInvoice(bytes, limits));
