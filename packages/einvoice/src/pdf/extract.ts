import type { Finding } from "../model/finding.ts";
import { profileNames } from "../model/profiles.ts";
import { broken, type PdfLimits, PdfRefused, pdfLimits } from "./bounds.ts";
import { PdfDocument } from "./document.ts";
import { type EmbeddedFile, embeddedFiles } from "./embedded-files.ts";
import { type Flaw, flaw, refusalMessages } from "./findings.ts";
import { metadataOf, type PdfMetadata } from "./metadata.ts";
import { latin1, nameOf } from "./objects.ts";

/** What a hybrid PDF holds besides its pages. */
export interface PdfContent {
  /** The invoice in XML. */
  readonly invoice: EmbeddedFile;
  /** The other files: supporting documents. */
  readonly annexes: readonly EmbeddedFile[];
  readonly metadata?: PdfMetadata;
  /** What is wrong with the PDF itself; the invoice's own findings come from reading and checking it. */
  readonly findings: readonly Finding[];
}

/** What a PDF holds, or why it holds no invoice that can be used. */
export type Extraction =
  | { readonly ok: true; readonly content: PdfContent }
  | { readonly ok: false; readonly findings: Finding[] };

/** Names of the embedded invoice: Factur-X and ZUGFeRD 2.1, XRechnung, ZUGFeRD 2.0 and 1. */
export const usualNames: readonly string[] = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"];

/** Whether bytes start as those of a PDF do. */
export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 1024)).includes("%PDF-");
}

/**
 * Takes the XML invoice out of a hybrid PDF (Factur-X, ZUGFeRD 1 and 2, XRechnung). Never throws: a PDF that is
 * encrypted, damaged, hostile or without invoice comes back as findings. The limits hold whatever the bytes; from a
 * server, call `extractInWorker`, which also keeps the main thread free.
 */
export function extractInvoice(bytes: Uint8Array, limits: PdfLimits = pdfLimits): Extraction {
  try {
    return extract(new PdfDocument(bytes, limits));
  } catch (error) {
    if (error instanceof PdfRefused) return { ok: false, findings: [refusalFinding(error)] };
    throw error;
  }
}

/** The finding that a refusal becomes, such as `PDF-ENCRYPTED`. */
export function refusalFinding({ refusal }: Pick<PdfRefused, "refusal">): Finding {
  return {
    rule: refusal.startsWith("NOT_A") ? "PDF-NOT-A-PDF" : `PDF-${refusal.replaceAll("_", "-")}`,
    severity: "fatal",
    message: refusalMessages[refusal],
  };
}

function extract(document: PdfDocument): Extraction {
  const files = embeddedFiles(document);
  const metadata = metadataOf(document);
  const candidates = candidatesAmong(files, metadata);
  const [invoice] = candidates;
  if (!invoice && document.rebuilt) broken("objects missing");
  if (!invoice) return { ok: false, findings: [flaw("PDF-WITHOUT-INVOICE")] };
  const findings = [
    ...(document.rebuilt ? [flaw("PDF-REBUILT", "warning")] : []),
    ...(candidates.length > 1 ? [flaw("PDF-SEVERAL-INVOICES", "fatal", namesOf(candidates))] : []),
    ...attachmentFlaws(invoice),
    ...metadataFlaws(metadata, invoice),
    ...(hasEmptyStructure(document, metadata) ? [flaw("PDF-STRUCTURE-EMPTY", "warning")] : []),
  ];
  const annexes = files.filter((file) => file !== invoice);
  return { ok: true, content: { invoice, annexes, findings, ...(metadata ? { metadata } : {}) } };
}

/** The files that may be the invoice, the likeliest first: by their names, then by what they contain. */
function candidatesAmong(
  files: readonly EmbeddedFile[],
  metadata: PdfMetadata | undefined,
): readonly EmbeddedFile[] {
  const named = usualNames.flatMap((name) => files.filter((file) => file.name.toLowerCase() === name));
  if (named.length > 0) return named;
  const announced = files.filter((file) => file.name === metadata?.documentFileName);
  return announced.length > 0 ? announced : files.filter(looksLikeInvoice);
}

function looksLikeInvoice({ bytes }: EmbeddedFile): boolean {
  const start = latin1(bytes.subarray(0, 4096)).replaceAll("\0", "");
  return /<(\w+:)?(CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote)[\s>]/.test(start);
}

const namesOf = (files: readonly EmbeddedFile[]) => files.map((file) => file.name).join(", ");

function attachmentFlaws(file: EmbeddedFile): Finding[] {
  const { name, associated, relationship = "", mediaType = "" } = file;
  const isUsual = usualNames.includes(name) || name === "ZUGFeRD-invoice.xml";
  return [
    ...(isUsual ? [] : [flaw("PDF-NAME", "warning", name)]),
    ...(associated ? [] : [flaw("PDF-ASSOCIATION")]),
    ...(["Data", "Source", "Alternative"].includes(relationship)
      ? []
      : [flaw("PDF-RELATIONSHIP", "fatal", relationship)]),
    ...(/^(text|application)\/xml$/.test(mediaType) ? [] : [flaw("PDF-MEDIA-TYPE", "warning", mediaType)]),
  ];
}

function metadataFlaws(metadata: PdfMetadata | undefined, file: EmbeddedFile): Finding[] {
  if (!metadata) return [flaw("PDF-METADATA-ABSENT")];
  const { documentType, documentFileName, version, conformanceLevel, schemaIsDescribed, pdfaPart } = metadata;
  const part = pdfaPart === "3" ? [] : [flaw("PDF-PDFA-PART", "fatal", pdfaPart)];
  if (!documentType && !documentFileName && !conformanceLevel) return [flaw("PDF-METADATA-ABSENT"), ...part];
  const checks: [boolean, Flaw, string?][] = [
    [documentType === "INVOICE", "PDF-METADATA-TYPE", documentType],
    [documentFileName === file.name, "PDF-METADATA-FILE-NAME", documentFileName],
    [Boolean(version), "PDF-METADATA-VERSION"],
    [isProfile(conformanceLevel), "PDF-METADATA-PROFILE", conformanceLevel],
    [schemaIsDescribed, "PDF-METADATA-SCHEMA"],
  ];
  return [...checks.flatMap(([holds, rule, value]) => (holds ? [] : [flaw(rule, "fatal", value)])), ...part];
}

/** Whether a `ConformanceLevel` is a profile, `COMFORT` of ZUGFeRD 1 included. */
function isProfile(level: string | undefined): boolean {
  return level === "COMFORT" || profileNames.some((name) => name === level);
}

/** Whether a PDF says that it is tagged (level A) and holds no tag at all. */
function hasEmptyStructure(document: PdfDocument, metadata: PdfMetadata | undefined): boolean {
  if (metadata?.pdfaConformance !== "A") return false;
  const root = document.dictionary(document.catalog.get("StructTreeRoot"));
  const marked = document.dictionary(document.catalog.get("MarkInfo")).get("Marked");
  return root.get("K") === undefined || marked !== true || nameOf(root.get("Type")) !== "StructTreeRoot";
}
