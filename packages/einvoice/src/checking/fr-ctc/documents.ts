import type { Attachment, Invoice } from "../../model/invoice.ts";
import { child } from "../../xml/tree.ts";
import { filled } from "../rule.ts";
import type { InvoicedObject, ItemAttribute } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { attachmentKinds } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules, theInvoice } from "./french-rule.ts";

const attachmentRules: FrenchRule<Attachment>[] = [
  {
    id: "BR-FR-17_BT-123",
    term: "BT-123",
    field: "description",
    holds: (attachment, facts) => {
      const { description } = attachment;
      if (description === undefined) return true;
      if (facts.syntax === "ubl") return attachmentKinds.has(description);
      const kind = description.trim();
      return kind === "" || attachmentKinds.has(kind) || !isSupportingDocument(attachment, facts);
    },
    fr: `Choisissez la qualification de la pièce jointe (BT-123) parmi ${[...attachmentKinds].join(", ")}.`,
    en: `Choose the kind of the attachment (BT-123) among ${[...attachmentKinds].join(", ")}.`,
  },
];

/** CII marks supporting documents (BG-24) with the type 916. */
function isSupportingDocument(attachment: Attachment, { origins }: FrenchFacts): boolean {
  const element = origins.of(attachment);
  return element === undefined || child(element, "ram:TypeCode")?.text === "916";
}

const countOf = (objects: readonly InvoicedObject[], scheme: string): number =>
  objects.filter((each) => each.scheme === scheme).length;

const invoiceRules: FrenchRule<Invoice>[] = [
  {
    id: "BR-FR-18_BT-123",
    term: "BT-123",
    holds: ({ attachments }) => attachments.filter((each) => each.description === "LISIBLE").length <= 1,
    fr: "Ne gardez qu'une pièce jointe qualifiée LISIBLE (BT-123).",
    en: "Keep one attachment of kind LISIBLE (BT-123) only.",
  },
  {
    // The published rule for UBL counts within each document reference, which holds one identifier.
    id: { cii: "BR-FR-29_BT-18" },
    term: "BT-18",
    holds: (_, { extension: { objects } }) => countOf(objects, "AFL") <= 1 && countOf(objects, "AVV") <= 1,
    fr: "Ne gardez qu'un objet facturé (BT-18) de schéma AFL, et un de schéma AVV.",
    en: "Keep one invoiced object (BT-18) of scheme AFL only, and one of scheme AVV.",
  },
];

/** BR-FR-29 and 30: an invoiced object of that scheme is not empty. */
const notEmpty = (rule: "29" | "30", scheme: "AFL" | "AVV", term: string): FrenchRule<InvoicedObject> => ({
  // In CII the published rule 30 looks where no line has its objects.
  id: rule === "30" ? { ubl: `BR-FR-30_${scheme}` } : `BR-FR-29_${scheme}`,
  term,
  field: "value",
  holds: (object) => object.scheme !== scheme || filled(object.value),
  fr: `Remplissez l'objet facturé (${term}) de schéma ${scheme}, ou retirez-le.`,
  en: `Fill in the invoiced object (${term}) of scheme ${scheme}, or remove it.`,
});

const attributeRules: FrenchRule<ItemAttribute>[] = [
  // In UBL the published rule 27 looks where no invoice has its items.
  {
    id: { cii: "BR-FR-27_BG-32" },
    term: "BG-32",
    holds: ({ name, code }) => name !== undefined || code !== undefined,
    fr: "Indiquez le nom (BT-160) ou le code (EXT-FR-FE-159) de l'attribut de l'article.",
    en: "Give the name (BT-160) or the code (EXT-FR-FE-159) of the item attribute.",
  },
  {
    id: { cii: "BR-FR-27_BT-160" },
    term: "BT-160",
    field: "name",
    holds: ({ name }) => name === undefined || filled(name),
    fr: "Remplissez le nom de l'attribut de l'article (BT-160), ou retirez-le.",
    en: "Fill in the name of the item attribute (BT-160), or remove it.",
  },
  {
    id: { cii: "BR-FR-27_EXT-FR-FE-159" },
    term: "EXT-FR-FE-159",
    field: "code",
    holds: ({ code }) => code === undefined || filled(code),
    fr: "Remplissez le code de l'attribut de l'article (EXT-FR-FE-159), ou retirez-le.",
    en: "Fill in the code of the item attribute (EXT-FR-FE-159), or remove it.",
  },
  {
    id: "BR-FR-28-Value",
    term: "BT-161",
    field: "value",
    holds: ({ value, measure, measureUnit }) =>
      value === undefined ? measure !== undefined && Boolean(measureUnit) : measure === undefined,
    fr: "Donnez à l'attribut de l'article une valeur (BT-161) ou une mesure avec son unité, pas les deux.",
    en: "Give the item attribute a value (BT-161) or a measure with its unit, not both.",
  },
];

/** BR-FR-17, 18 and 27 to 30: attachments, invoiced objects and item attributes. */
export const documentRules: FrenchRules[] = [
  frenchRules(theInvoice, invoiceRules),
  frenchRules(({ invoice }) => invoice.attachments, attachmentRules),
  frenchRules(
    ({ extension }) => extension.objects,
    [notEmpty("29", "AFL", "BT-18"), notEmpty("29", "AVV", "BT-18")],
  ),
  frenchRules(
    ({ lines }) => lines.flatMap((line) => line.objects),
    [notEmpty("30", "AFL", "BT-128"), notEmpty("30", "AVV", "BT-128")],
  ),
  frenchRules(({ lines }) => lines.flatMap((line) => line.attributes), attributeRules),
];
