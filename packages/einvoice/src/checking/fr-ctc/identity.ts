import type { Delivery, Invoice, Line, Period, PrecedingInvoice } from "../../model/invoice.ts";
import type { CitedInvoice, FrenchLine } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { businessProcesses, isAtMost, isDayOfThisCentury, isInvoiceNumber, typeCodes } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules, theInvoice } from "./french-rule.ts";

/** BR-FR-01 and 02 on one invoice number. */
function numberRules<Group extends { number?: string }>(
  term: string,
  fr: string,
  en: string,
): FrenchRule<Group>[] {
  const common = { term, field: "number" } as const;
  const format = (id: FrenchRule<Group>["id"]): FrenchRule<Group> => ({
    id,
    ...common,
    holds: ({ number }) => number === undefined || isInvoiceNumber(number),
    fr: `N'employez dans ${fr} (${term}) que des lettres sans accent, des chiffres et + - _ /, sans espace.`,
    en: `Use only unaccented letters, digits and + - _ / in ${en} (${term}), without spaces.`,
  });
  return [
    {
      id: { ubl: `BR-FR-01_${term}-1`, cii: `BR-FR-01_${term}` },
      ...common,
      holds: ({ number }) => number === undefined || isAtMost(number, 35),
      fr: `Raccourcissez ${fr} (${term}) à 35 caractères.`,
      en: `Shorten ${en} (${term}) to 35 characters.`,
    },
    format({ ubl: `BR-FR-01_${term}-2` }),
    format(`BR-FR-02_${term}`),
  ];
}

/** A BR-FR-03 rule on one date. */
function dateRule<Group extends object>(
  id: FrenchRule<Group>["id"],
  term: string,
  field: keyof Group & string,
  fr: string,
  en: string,
): FrenchRule<Group> {
  return {
    id,
    term,
    field,
    holds: (group, facts) => {
      const text = dateAsWritten(group, field, facts);
      return text === undefined || isDayOfThisCentury(text, facts.syntax);
    },
    fr: `Donnez pour ${fr} (${term}) un jour du calendrier, entre 2000 et 2099.`,
    en: `Give a day of the calendar, between 2000 and 2099, as ${en} (${term}).`,
  };
}

/** The elements that dates are checked in; UBL's due date of a payment means is left aside. */
const dateElements = /^(cbc:.*(?<!PaymentDue)Date|udt:DateTimeString|udt:DateString|qdt:DateTimeString)$/;

/** A date as its source writes it; undefined where there is none to check. */
export function dateAsWritten<Group extends object>(
  group: Group,
  field: keyof Group & string,
  { origins, syntax }: FrenchFacts,
): string | undefined {
  const text = group[field];
  if (typeof text !== "string") return undefined;
  const element = origins.of(group, field);
  if (!element) return syntax === "cii" ? text.replaceAll("-", "") : text;
  return dateElements.test(element.name) ? element.text : undefined;
}

/** A BR-FR-04 rule on one type code. */
function typeRule<Group extends { typeCode?: string }>(
  term: string,
  fr: string,
  en: string,
): FrenchRule<Group> {
  return {
    id: `BR-FR-04_${term}`,
    term,
    field: "typeCode",
    holds: ({ typeCode }) => typeCode === undefined || typeCodes.has(typeCode),
    fr: `Choisissez ${fr} (${term}) parmi ${[...typeCodes].join(", ")}.`,
    en: `Choose ${en} (${term}) among ${[...typeCodes].join(", ")}.`,
  };
}

const invoiceRules: FrenchRule<Invoice>[] = [
  ...numberRules<Invoice>("BT-1", "le numéro de la facture", "the invoice number"),
  dateRule("BR-FR-03_BT-2", "BT-2", "issueDate", "la date d'émission", "the issue date"),
  dateRule("BR-FR-03_BT-7", "BT-7", "taxPointDate", "la date d'exigibilité de la TVA", "the VAT point date"),
  dateRule("BR-FR-03_BT-9", "BT-9", "dueDate", "la date d'échéance", "the due date"),
  typeRule<Invoice>("BT-3", "le type de facture", "the invoice type"),
  {
    id: "BR-FR-08_BT-23",
    term: "BT-23",
    field: "businessProcess",
    holds: ({ businessProcess }, { syntax, holds }) =>
      businessProcesses.has(businessProcess ?? "") ||
      (syntax === "cii" && !holds("rsm:ExchangedDocumentContext")),
    fr: `Indiquez le cadre de facturation (BT-23), parmi ${[...businessProcesses].join(", ")}.`,
    en: `Give the business process (BT-23), among ${[...businessProcesses].join(", ")}.`,
  },
];

/** BR-FR-01 to 04 and 08: numbers, dates, type and process. */
export const identityRules: FrenchRules[] = [
  frenchRules(theInvoice, invoiceRules),
  frenchRules<PrecedingInvoice>(
    ({ invoice }) => invoice.precedingInvoices,
    [
      ...numberRules<PrecedingInvoice>(
        "BT-25",
        "le numéro de la facture antérieure",
        "the preceding invoice number",
      ),
      dateRule(
        "BR-FR-03_BT-26",
        "BT-26",
        "issueDate",
        "la date de la facture antérieure",
        "the preceding invoice date",
      ),
    ],
  ),
  frenchRules<CitedInvoice>(
    ({ extension }) => extension.cited,
    [typeRule("EXT-FR-FE-02", "le type de la facture antérieure", "the preceding invoice type")],
  ),
  frenchRules<Delivery>(
    ({ invoice }) => (invoice.delivery ? [invoice.delivery] : []),
    [dateRule("BR-FR-03_BT-72", "BT-72", "date", "la date de livraison", "the delivery date")],
  ),
  frenchRules<Period>(
    ({ invoice }) => (invoice.period ? [invoice.period] : []),
    [
      dateRule("BR-FR-03_BT-73", "BT-73", "start", "le début de la période", "the start of the period"),
      dateRule("BR-FR-03_BT-74", "BT-74", "end", "la fin de la période", "the end of the period"),
    ],
  ),
  frenchRules<Period>(
    ({ invoice }) => invoice.lines.flatMap(({ period }: Line) => (period ? [period] : [])),
    [
      dateRule(
        { ubl: "BR-FR-03_BT-134", cii: "BR-FR-03_EXT-FR-FE-134" },
        "BT-134",
        "start",
        "le début de la période de la ligne",
        "the start of the line's period",
      ),
      dateRule(
        { ubl: "BR-FR-03_BT-135", cii: "BR-FR-03_EXT-FR-FE-135" },
        "BT-135",
        "end",
        "la fin de la période de la ligne",
        "the end of the line's period",
      ),
    ],
  ),
  frenchRules<CitedInvoice>(
    ({ lines }) => lines.flatMap((line) => line.cited),
    [
      ...numberRules<CitedInvoice>(
        "EXT-FR-FE-136",
        "le numéro de la facture antérieure de la ligne",
        "the line's preceding invoice number",
      ),
      typeRule(
        "EXT-FR-FE-137",
        "le type de la facture antérieure de la ligne",
        "the line's preceding invoice type",
      ),
      dateRule(
        "BR-FR-03_EXT-FR-FE-138",
        "EXT-FR-FE-138",
        "issueDate",
        "la date de la facture antérieure de la ligne",
        "the line's preceding invoice date",
      ),
    ],
  ),
  frenchRules<FrenchLine>(
    ({ lines }) => lines,
    [
      dateRule(
        "BR-FR-03_EXT-FR-FE-158",
        "EXT-FR-FE-158",
        "deliveryDate",
        "la date de livraison de la ligne",
        "the line's delivery date",
      ),
    ],
  ),
];
