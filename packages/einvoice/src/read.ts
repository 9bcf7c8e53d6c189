import type { Finding } from "./model/finding.ts";
import type { Reading } from "./reading/binding.ts";
import { readCii } from "./reading/cii.ts";
import { decode } from "./reading/decode.ts";
import { readUbl } from "./reading/ubl.ts";
import { parseXml, type Refusal, type XmlElement } from "./xml/tree.ts";

/** An invoice read, or what is wrong with the bytes. */
export type ReadOutcome = { ok: true; reading: Reading } | { ok: false; findings: Finding[] };

/**
 * Reads a UBL Invoice, a UBL CreditNote or a CII invoice (D16B, D22B, Factur-X), in the encoding that it declares.
 * Never throws: what cannot be read comes back as findings that say what to change.
 */
export function readXml(source: Uint8Array | string): ReadOutcome {
  const tree = readTree(source);
  if (!tree.ok) return tree;
  const reading = readDocument(tree.root);
  return reading ? { ok: true, reading } : refusedRoot(tree.root, "NOT_AN_INVOICE", notAnInvoice);
}

/** The tree of an XML document, in the encoding that it declares, or findings that say what is wrong with the bytes. */
export function readTree(
  source: Uint8Array | string,
): { ok: true; root: XmlElement } | { ok: false; findings: Finding[] } {
  const decoded = typeof source === "string" ? { ok: true as const, text: source } : decode(source);
  if (!decoded.ok) return refused(decoded.refusal, encodingMessages(decoded.encoding)[decoded.refusal]);
  const parsed = parseXml(decoded.text.replace(/^\uFEFF/, ""));
  if (parsed.ok) return parsed;
  const { line, column, detail } = parsed;
  return refused(parsed.refusal, xmlMessages[parsed.refusal], { xpath: "/", line, column }, detail);
}

/** The refusal of a document whose root element is not the one expected. */
export function refusedRoot(
  { name, line, column }: XmlElement,
  refusal: string,
  message: Finding["message"],
): { ok: false; findings: Finding[] } {
  return refused(refusal, message, { xpath: `/${name}`, line, column }, name);
}

/** The invoice under a root element; undefined when the element is no invoice that we know. */
export function readDocument(root: XmlElement): Reading | undefined {
  if (root.name === "ubl:Invoice" || root.name === "cn:CreditNote") return readUbl(root);
  if (root.name === "rsm:CrossIndustryInvoice") return readCii(root);
  return undefined;
}

function refused(
  refusal: string,
  message: Finding["message"],
  place?: Finding["place"],
  value?: string,
): { ok: false; findings: Finding[] } {
  const rule = `READ-${refusal.replaceAll("_", "-")}`;
  return {
    ok: false,
    findings: [
      { rule, severity: "fatal", ...(place ? { place } : {}), ...(value ? { value } : {}), message },
    ],
  };
}

const notAnInvoice = {
  fr: "Ce fichier XML n'est pas une facture : envoyez une facture UBL (Invoice ou CreditNote) ou CII (CrossIndustryInvoice).",
  en: "This XML file is not an invoice: send a UBL (Invoice or CreditNote) or CII (CrossIndustryInvoice) one.",
};

const encodingMessages = (encoding: string) => ({
  UNKNOWN_ENCODING: {
    fr: `Le fichier se dit encodé en ${encoding}, qui n'est pas accepté : enregistrez-le en UTF-8.`,
    en: `The file says that it is encoded in ${encoding}, which is not accepted: save it as UTF-8.`,
  },
  BYTES_DO_NOT_FIT_ENCODING: {
    fr: `Le fichier se dit encodé en ${encoding}, mais ses octets ne le sont pas : enregistrez-le de nouveau en UTF-8.`,
    en: `The file says that it is encoded in ${encoding}, but its bytes are not: save it again as UTF-8.`,
  },
});

const xmlMessages: Record<Refusal, Finding["message"]> = {
  NOT_XML: {
    fr: "Le fichier n'est pas du XML bien formé : corrigez-le à l'endroit indiqué.",
    en: "The file is not well-formed XML: correct it at the place shown.",
  },
  DOCTYPE: {
    fr: "Le fichier déclare un DOCTYPE, refusé par sécurité : retirez cette déclaration.",
    en: "The file declares a DOCTYPE, which is refused for safety: leave that declaration out.",
  },
  TOO_DEEP: {
    fr: "Les éléments sont imbriqués trop profondément pour une facture : vérifiez le fichier.",
    en: "The elements are nested too deep for an invoice: check the file.",
  },
  TOO_MANY_ELEMENTS: {
    fr: "Le fichier contient trop d'éléments pour une facture : vérifiez-le, ou partagez-le.",
    en: "The file has too many elements for an invoice: check it, or split it.",
  },
  TOO_MANY_ATTRIBUTES: {
    fr: "Un élément porte trop d'attributs : vérifiez le fichier à l'endroit indiqué.",
    en: "An element has too many attributes: check the file at the place shown.",
  },
  UNDECLARED_PREFIX: {
    fr: "Un préfixe d'espace de noms n'est pas déclaré : déclarez-le sur l'élément racine.",
    en: "A namespace prefix is not declared: declare it on the root element.",
  },
};
