/** Whatever people deposit: XML, PDF or archive. */

import { archiveKind } from "../archive/entry.ts";
import type { ArchiveLimits } from "../archive/limits.ts";
import { readArchive } from "../archive/read-archive.ts";
import { type LifeCycleReading, readLifeCycle } from "../lifecycle/read.ts";
import type { Finding } from "../model/finding.ts";
import { isPdf, type PdfContent } from "../pdf/extract.ts";
import type { WorkerLimits } from "../pdf/extract-in-worker.ts";
import { latin1 } from "../pdf/objects.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { readXml } from "../read.ts";
import type { Reading } from "../reading/binding.ts";

/** One file of a deposit, by what it turned out to be. */
export type Deposited =
  | {
      readonly kind: "invoice";
      /** Name in the archive; absent when the deposit is one file. */
      readonly name?: string;
      readonly reading: Reading;
      /** Where the invoice came in a PDF: its other files and metadata. */
      readonly pdf?: PdfContent;
      /** On the file itself; run `checkReading` for those on the invoice. */
      readonly findings: readonly Finding[];
    }
  | {
      /** A life-cycle message (CDAR); run `checkLifeCycleReading` for its rules. */
      readonly kind: "lifecycle";
      readonly name?: string;
      readonly reading: LifeCycleReading;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "annex"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "unusable"; readonly name?: string; readonly findings: readonly Finding[] };

/** What reading one deposit may cost at most, where it differs from `pdfLimits` and `archiveLimits`. */
export interface DepositLimits {
  readonly pdf?: Partial<WorkerLimits>;
  readonly archive?: Partial<ArchiveLimits>;
}

/**
 * Reads whatever was deposited, told from its bytes: an invoice in XML (UBL, CII), a hybrid PDF, a life-cycle
 * message (CDAR), a zip or tar.gz of several, with their annexes. One at a time, so that a batch never stands in memory whole. Never throws: what cannot
 * be used comes as `unusable`, with findings that say what to change.
 */
export async function* read(bytes: Uint8Array, limits: DepositLimits = {}): AsyncGenerator<Deposited> {
  if (archiveKind(bytes) === undefined) {
    yield await readFile(bytes, limits);
    return;
  }
  for await (const item of readArchive(bytes, limits.archive)) {
    if (item.kind === "finding") yield unusable([item.finding], item.finding.value);
    else yield await readEntry(item.name, item.bytes, limits);
  }
}

async function readFile(bytes: Uint8Array, limits: DepositLimits): Promise<Deposited> {
  if (!isPdf(bytes)) {
    if (!startsAsXml(bytes)) return unusable([unknownFormat]);
    return readMessage(bytes);
  }
  const { content, ...outcome } = await readPdf(bytes, limits.pdf);
  return outcome.ok
    ? {
        kind: "invoice",
        reading: outcome.reading,
        findings: outcome.findings,
        ...(content ? { pdf: content } : {}),
      }
    : unusable(outcome.findings);
}

/** XML is an invoice, failing that a life-cycle message; what it is not is told as of an invoice. */
function readMessage(bytes: Uint8Array): Deposited {
  const outcome = readXml(bytes);
  if (outcome.ok) return { kind: "invoice", reading: outcome.reading, findings: [] };
  if (outcome.findings.some(({ rule }) => rule === notAnInvoice)) {
    const lifeCycle = readLifeCycle(bytes);
    if (lifeCycle.ok) return { kind: "lifecycle", reading: lifeCycle.reading, findings: [] };
  }
  return unusable(outcome.findings);
}

/** In an archive, a file that is no invoice is an annex; XML that is no invoice may be one too, if it can be read. */
async function readEntry(name: string, bytes: Uint8Array, limits: DepositLimits): Promise<Deposited> {
  if (!isPdf(bytes) && !/\.xml$/i.test(name)) return { kind: "annex", name, bytes };
  const deposited = await readFile(bytes, limits);
  const isAnnex =
    deposited.kind === "unusable" && deposited.findings.every(({ rule }) => annexRules.has(rule));
  return isAnnex ? { kind: "annex", name, bytes } : { ...deposited, name };
}

/** Whether the first character is a `<`, after any byte order mark and space, in one or two bytes a character. */
function startsAsXml(bytes: Uint8Array): boolean {
  return /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\s]*</.test(latin1(bytes.subarray(0, 1024)));
}

const unknownFormat: Finding = {
  rule: "READ-UNKNOWN-FORMAT",
  severity: "fatal",
  message: {
    fr: "Ce fichier n'est pas une facture électronique : envoyez une facture UBL ou CII, un PDF Factur-X, ou une archive zip ou tar.gz de factures.",
    en: "This file is no electronic invoice: send a UBL or CII invoice, a Factur-X PDF, or a zip or tar.gz archive of invoices.",
  },
};

const notAnInvoice = "READ-NOT-AN-INVOICE";

/** What reading says of a good file that holds no invoice. */
const annexRules = new Set(["PDF-WITHOUT-INVOICE", notAnInvoice]);

function unusable(findings: readonly Finding[], name?: string): Deposited {
  return { kind: "unusable", findings, ...(name === undefined ? {} : { name }) };
}
