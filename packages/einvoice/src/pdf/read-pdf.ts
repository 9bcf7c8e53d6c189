import { placeOf } from "../checking/rule.ts";
import type { Finding } from "../model/finding.ts";
import { profileOf } from "../model/profiles.ts";
import { readXml } from "../read.ts";
import type { Reading } from "../reading/binding.ts";
import type { Extraction, PdfContent } from "./extract.ts";
import { extractInWorker, type WorkerLimits } from "./extract-in-worker.ts";
import { flaw } from "./findings.ts";

/** A hybrid PDF whose invoice was read, or what is wrong with it. */
export type PdfOutcome =
  | { ok: true; reading: Reading; content: PdfContent; findings: Finding[] }
  | { ok: false; content?: PdfContent; findings: Finding[] };

/**
 * Reads the invoice of a hybrid PDF, in a worker thread within limits. `findings` are those on the PDF itself, the
 * agreement of its metadata with the invoice (BT-24) included; run `checkReading` for those on the invoice.
 * Never rejects, whatever the bytes.
 */
export async function readPdf(bytes: Uint8Array, limits?: Partial<WorkerLimits>): Promise<PdfOutcome> {
  return readExtraction(await extractInWorker(bytes, limits));
}

/** Reads the invoice of a PDF already opened. */
export function readExtraction(extraction: Extraction): PdfOutcome {
  if (!extraction.ok) return extraction;
  const { content } = extraction;
  const outcome = readXml(content.invoice.bytes);
  if (!outcome.ok) return { ok: false, content, findings: [...content.findings, ...outcome.findings] };
  const { reading } = outcome;
  const findings = [...content.findings, ...profileFlaws(reading, content), ...foreignElements(reading)];
  return { ok: true, reading, content, findings };
}

function profileFlaws({ invoice }: Reading, { metadata }: PdfContent): Finding[] {
  const announced = metadata?.conformanceLevel;
  const actual = profileOf(invoice.specification);
  if (announced === undefined || announced === actual) return [];
  return [{ ...flaw("PDF-PROFILE-AGREEMENT", "fatal", announced), term: "BT-24" }];
}

/** Elements of another namespace than those of the standard, or of none: most often a forgotten prefix. */
function foreignElements({ unread }: Reading): Finding[] {
  return unread
    .filter((element) => element.name.startsWith("{") || !element.name.includes(":"))
    .map((element) => ({
      ...flaw("PDF-FOREIGN-ELEMENT", "warning", element.name),
      place: placeOf(element),
    }));
}
