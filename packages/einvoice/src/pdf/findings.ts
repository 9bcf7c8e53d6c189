import type { Finding } from "../model/finding.ts";
import type { PdfRefusal } from "./bounds.ts";

type Message = Finding["message"];

/** Why a PDF cannot be read, and what to do then. */
export const refusalMessages: Record<PdfRefusal, Message> = {
  NOT_A_PDF: {
    fr: "Ce fichier n'est pas un PDF : envoyez le PDF lui-même.",
    en: "This file is not a PDF: send the PDF itself.",
  },
  BROKEN: {
    fr: "Le PDF est abîmé ou incomplet : produisez-le ou envoyez-le de nouveau.",
    en: "The PDF is damaged or cut short: make it or send it again.",
  },
  ENCRYPTED: {
    fr: "Le PDF est chiffré : enregistrez-le sans mot de passe ni restriction, comme PDF/A le demande.",
    en: "The PDF is encrypted: save it without password or restriction, as PDF/A asks.",
  },
  TOO_LARGE: {
    fr: "Le PDF est trop gros : allégez ses images ou ses annexes.",
    en: "The PDF is too large: make its images or annexes lighter.",
  },
  TOO_MANY_OBJECTS: {
    fr: "Le PDF contient bien plus d'objets qu'une facture : produisez-le de nouveau, plus simplement.",
    en: "The PDF has far more objects than an invoice: make it again, more simply.",
  },
  TOO_DEEP: {
    fr: "Les objets du PDF sont imbriqués trop profondément : produisez-le de nouveau.",
    en: "The objects of the PDF are nested too deep: make it again.",
  },
  INFLATES_TOO_MUCH: {
    fr: "Le contenu compressé du PDF dépasse toute mesure une fois déployé : produisez-le de nouveau, sans annexe démesurée.",
    en: "The compressed content of the PDF unfolds beyond measure: make it again, without oversized annexes.",
  },
  TOO_MANY_FILTERS: {
    fr: "Un flux du PDF est compressé plusieurs fois de suite, refusé par sécurité : compressez-le une seule fois.",
    en: "A stream of the PDF is compressed several times over, refused for safety: compress it once.",
  },
  UNKNOWN_FILTER: {
    fr: "Un flux du PDF est compressé par un procédé que PDF/A-3 n'admet pas pour des données : employez FlateDecode.",
    en: "A stream of the PDF is compressed in a way that PDF/A-3 does not admit for data: use FlateDecode.",
  },
  TOO_SLOW: {
    fr: "La lecture du PDF a pris trop de temps et s'est arrêtée : produisez-le de nouveau, plus simplement.",
    en: "Reading the PDF took too long and was stopped: make it again, more simply.",
  },
};

/** What is wrong with a hybrid PDF that can be read (Factur-X 1.0, § 6; ISO 19005-3). */
export const flaws = {
  "PDF-WITHOUT-INVOICE": {
    fr: "Le PDF ne contient aucune facture XML : joignez-lui factur-x.xml, ou déposez-le comme PDF simple en saisissant ses données.",
    en: "The PDF holds no XML invoice: embed factur-x.xml in it, or deposit it as a plain PDF and type its data.",
  },
  "PDF-REBUILT": {
    fr: "La table des objets du PDF est absente ou fausse : la facture a été lue malgré cela, mais produisez-le de nouveau.",
    en: "The PDF's table of objects is missing or wrong: the invoice was read all the same, but make it again.",
  },
  "PDF-SEVERAL-INVOICES": {
    fr: "Le PDF contient plusieurs factures XML : n'en laissez qu'une.",
    en: "The PDF holds several XML invoices: leave only one.",
  },
  "PDF-NAME": {
    fr: "Le fichier XML joint porte un nom inattendu : nommez-le factur-x.xml.",
    en: "The embedded XML file has an unexpected name: call it factur-x.xml.",
  },
  "PDF-ASSOCIATION": {
    fr: "Le catalogue du PDF ne déclare pas le fichier XML : ajoutez-le au tableau AF, comme PDF/A-3 le demande.",
    en: "The catalogue of the PDF does not declare the XML file: add it to the AF array, as PDF/A-3 asks.",
  },
  "PDF-RELATIONSHIP": {
    fr: "Le lien du fichier XML avec le PDF (AFRelationship) doit être Data, Source ou Alternative : corrigez-le.",
    en: "The relationship of the XML file to the PDF (AFRelationship) must be Data, Source or Alternative: correct it.",
  },
  "PDF-MEDIA-TYPE": {
    fr: "Le fichier joint doit être déclaré text/xml (Subtype) : corrigez son type.",
    en: "The embedded file must be declared as text/xml (Subtype): correct its type.",
  },
  "PDF-METADATA-ABSENT": {
    fr: "Les métadonnées XMP ne décrivent pas la facture jointe : ajoutez-leur les propriétés fx de Factur-X.",
    en: "The XMP metadata do not describe the embedded invoice: add Factur-X's fx properties to them.",
  },
  "PDF-METADATA-TYPE": {
    fr: "Les métadonnées XMP doivent annoncer une facture : fx:DocumentType vaut INVOICE.",
    en: "The XMP metadata must announce an invoice: fx:DocumentType is INVOICE.",
  },
  "PDF-METADATA-FILE-NAME": {
    fr: "Les métadonnées XMP nomment un autre fichier que celui qui est joint : accordez fx:DocumentFileName.",
    en: "The XMP metadata name another file than the one embedded: make fx:DocumentFileName agree.",
  },
  "PDF-METADATA-VERSION": {
    fr: "Les métadonnées XMP ne disent pas la version : donnez fx:Version, 1.0 pour Factur-X.",
    en: "The XMP metadata do not tell the version: give fx:Version, 1.0 for Factur-X.",
  },
  "PDF-METADATA-PROFILE": {
    fr: "Les métadonnées XMP annoncent un profil inconnu : choisissez fx:ConformanceLevel parmi MINIMUM, BASIC WL, BASIC, EN 16931, EXTENDED et XRECHNUNG.",
    en: "The XMP metadata announce an unknown profile: choose fx:ConformanceLevel among MINIMUM, BASIC WL, BASIC, EN 16931, EXTENDED and XRECHNUNG.",
  },
  "PDF-PROFILE-AGREEMENT": {
    fr: "Le profil des métadonnées XMP (fx:ConformanceLevel) n'est pas celui de la facture (BT-24) : accordez-les.",
    en: "The profile in the XMP metadata (fx:ConformanceLevel) is not that of the invoice (BT-24): make them agree.",
  },
  "PDF-METADATA-SCHEMA": {
    fr: "Les métadonnées XMP n'ont pas le schéma d'extension des propriétés de la facture : ajoutez-le, comme PDF/A le demande.",
    en: "The XMP metadata lack the extension schema of the invoice's properties: add it, as PDF/A asks.",
  },
  "PDF-PDFA-PART": {
    fr: "Le PDF ne se déclare pas PDF/A-3 : produisez-le en PDF/A-3 (pdfaid:part vaut 3).",
    en: "The PDF does not declare itself PDF/A-3: make it as PDF/A-3 (pdfaid:part is 3).",
  },
  "PDF-STRUCTURE-EMPTY": {
    fr: "Le PDF se déclare PDF/A-3A, accessible, mais sa structure est vide : balisez son contenu, ou déclarez-le PDF/A-3B.",
    en: "The PDF declares itself PDF/A-3A, accessible, but its structure is empty: tag its content, or declare PDF/A-3B.",
  },
  "PDF-FOREIGN-ELEMENT": {
    fr: "La facture XML contient un élément étranger à la norme, qui n'est pas lu : corrigez son espace de noms, ou retirez-le.",
    en: "The XML invoice has an element foreign to the standard, which is not read: correct its namespace, or take it out.",
  },
} as const satisfies Record<string, Message>;

export type Flaw = keyof typeof flaws;

/** A finding on the PDF itself. */
export function flaw(rule: Flaw, severity: Finding["severity"] = "fatal", value?: string): Finding {
  return { rule, severity, ...(value === undefined ? {} : { value }), message: flaws[rule] };
}
