import type { Finding } from "../../model/finding.ts";
import { profileOf } from "../../model/profiles.ts";
import { readXml } from "../../read.ts";
import { outlineOf } from "../../rendering/outline.ts";
import { PdfRefused, pdfLimits } from "../bounds.ts";
import { PdfDocument } from "../document.ts";
import { refusalFinding } from "../extract.ts";
import { fileNameFor, type Relationship, relationshipFor } from "./embedding.ts";
import { newDocument } from "./new-document.ts";
import { pdfaLevelOf, updatedDocument } from "./update.ts";

/** How a Factur-X is made: when, around which pages, and how the invoice relates to them. */
export interface FacturxOptions {
  /** Moment written in the file. */
  readonly createdAt: Date;
  /** A PDF to put the invoice in, its pages kept; without one, the invoice is laid out in French. */
  readonly pdf?: Uint8Array;
  /** `Data` for profiles without lines, otherwise `Alternative`, unless said here. */
  readonly relationship?: Relationship;
}

/** A hybrid PDF, or why there is none; findings beside a PDF are warnings. */
export type Written =
  | { ok: true; bytes: Uint8Array; findings: Finding[] }
  | { ok: false; findings: Finding[] };

/**
 * Makes a Factur-X: a PDF/A-3b with the CII invoice inside, its pages laid out in French from the invoice itself, or
 * those of a PDF given. The XML is embedded as it is, byte for byte; its profile is that of its BT-24. The invoice is
 * not checked: run `check` first. Never throws, whatever the bytes.
 */
export function writeFacturx(xml: Uint8Array | string, options: FacturxOptions): Written {
  const outcome = readXml(xml);
  if (!outcome.ok) return outcome;
  const { invoice, syntax } = outcome.reading;
  const profile = profileOf(invoice.specification);
  if (syntax !== "cii") return { ok: false, findings: [finding("FACTURX-SYNTAX", "fatal")] };
  if (!profile) return { ok: false, findings: [finding("FACTURX-PROFILE", "fatal", invoice.specification)] };
  const embedded = {
    fileName: fileNameFor(profile),
    xml: typeof xml === "string" ? encoded(xml) : xml,
    relationship: options.relationship ?? relationshipFor(profile),
    createdAt: options.createdAt,
  };
  if (!options.pdf) {
    const { bytes, missing } = newDocument(invoice, profile, embedded);
    const findings = missing.length > 0 ? [finding("PDF-CHARACTERS", "warning", missing.join(" "))] : [];
    return { ok: true, bytes, findings };
  }
  const facts = { profile, title: outlineOf(invoice).title, author: invoice.seller?.name?.trim() ?? "" };
  return around(options.pdf, (document) => updatedDocument(document, embedded, facts));
}

/** Text as UTF-8, whatever encoding its declaration named. */
function encoded(xml: string): Uint8Array {
  const declared = xml.replace(/^(\uFEFF?<\?xml[^>]*?\sencoding\s*=\s*)(["'])[^"']*\2/, "$1$2UTF-8$2");
  return new TextEncoder().encode(declared);
}

function around(pdf: Uint8Array, update: (document: PdfDocument) => Uint8Array): Written {
  try {
    const document = new PdfDocument(pdf, pdfLimits);
    if (document.rebuilt) return { ok: false, findings: [refusalFinding({ refusal: "BROKEN" })] };
    const bytes = update(document);
    const form = document.dictionary(document.catalog.get("AcroForm"));
    return {
      ok: true,
      bytes,
      findings: [
        ...(pdfaLevelOf(document) ? [] : [finding("PDF-NOT-PDFA", "warning")]),
        ...(document.resolve(form.get("SigFlags")) ? [finding("PDF-SIGNED", "warning")] : []),
      ],
    };
  } catch (error) {
    if (error instanceof PdfRefused) return { ok: false, findings: [refusalFinding(error)] };
    throw error;
  }
}

const messages = {
  "FACTURX-SYNTAX": {
    fr: "Un Factur-X contient une facture CII : convertissez d'abord cette facture UBL.",
    en: "A Factur-X holds a CII invoice: convert this UBL invoice first.",
  },
  "FACTURX-PROFILE": {
    fr: "L'identifiant de spécification (BT-24) n'est pas celui d'un profil de Factur-X : choisissez-en un, de MINIMUM à EXTENDED.",
    en: "The specification identifier (BT-24) is not that of a Factur-X profile: choose one, from MINIMUM to EXTENDED.",
  },
  "PDF-CHARACTERS": {
    fr: "La police ne connaît pas ces caractères, remplacés dans les pages ; la facture XML les garde.",
    en: "The font lacks these characters, replaced in the pages; the XML invoice keeps them.",
  },
  "PDF-NOT-PDFA": {
    fr: "Le PDF fourni n'est pas un PDF/A, et le Factur-X ne peut donc se dire PDF/A-3 : fournissez un PDF/A, ou laissez-nous mettre en page.",
    en: "The PDF given is no PDF/A, so the Factur-X cannot declare itself PDF/A-3: give a PDF/A, or let us lay it out.",
  },
  "PDF-SIGNED": {
    fr: "Le PDF fourni est signé : la signature reste valable pour les pages d'origine, non pour la facture ajoutée. Signez plutôt le Factur-X.",
    en: "The PDF given is signed: the signature holds for the original pages, not for the invoice added. Sign the Factur-X instead.",
  },
} as const satisfies Record<string, Finding["message"]>;

function finding(rule: keyof typeof messages, severity: Finding["severity"], value?: string): Finding {
  return { rule, severity, ...(value === undefined ? {} : { value }), message: messages[rule] };
}
