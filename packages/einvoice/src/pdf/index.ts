/** Hybrid PDFs (Factur-X, ZUGFeRD, XRechnung): read in a bounded thread, and written. */

export { type PdfLimits, pdfLimits } from "./bounds.ts";
export type { EmbeddedFile } from "./embedded-files.ts";
export { type Extraction, extractInvoice, isPdf, type PdfContent } from "./extract.ts";
export { extractInWorker, type WorkerLimits } from "./extract-in-worker.ts";
export type { PdfMetadata } from "./metadata.ts";
export { type PdfOutcome, readExtraction, readPdf } from "./read-pdf.ts";
export type { Relationship } from "./writing/embedding.ts";
export { type FacturxOptions, type Written, writeFacturx } from "./writing/write-facturx.ts";
