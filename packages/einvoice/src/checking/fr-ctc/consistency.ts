import type { Invoice } from "../../model/invoice.ts";
import { approximate } from "../rule.ts";
import type { FrenchLine } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { advances, afterAdvance, alreadyPaid, corrections, creditNotes } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules, theInvoice } from "./french-rule.ts";
import { dateAsWritten } from "./identity.ts";

const typeIn = ({ typeCode = "" }: Invoice, types: ReadonlySet<string>): boolean => types.has(typeCode);

const processIn = ({ businessProcess = "" }: Invoice, processes: ReadonlySet<string>): boolean =>
  processes.has(businessProcess);

/** Whether a line cites, with its date, an invoice other than its own. */
function citesAnother(line: FrenchLine, { invoice, syntax }: FrenchFacts): boolean {
  return line.cited.some(
    ({ number, issueDate }) =>
      number !== undefined && issueDate !== undefined && (syntax === "cii" || number !== invoice.number),
  );
}

/** BR-FR-CO-05, whose form in UBL is about credit notes only. */
function citesWhatItCredits(invoice: Invoice, facts: FrenchFacts): boolean {
  if (facts.root === "ubl:Invoice" || !typeIn(invoice, creditNotes)) return true;
  if (invoice.precedingInvoices.some((each) => each.number !== undefined && each.issueDate !== undefined))
    return true;
  const detail = facts.lines.filter((line) => line.subtype === undefined || line.subtype === "DETAIL");
  return detail.every((line) => citesAnother(line, facts));
}

/** BR-FR-CO-07; in UBL the due date of a payment means is left aside. */
function isDueInTime(invoice: Invoice, facts: FrenchFacts): boolean {
  const due = dateAsWritten(invoice, "dueDate", facts);
  if (
    due === undefined ||
    (due === "" && facts.syntax === "cii") ||
    typeIn(invoice, advances) ||
    processIn(invoice, alreadyPaid)
  )
    return true;
  const issued = dateAsWritten(invoice, "issueDate", facts);
  return issued === undefined ? facts.syntax === "ubl" : due >= issued;
}

const rules: FrenchRule<Invoice>[] = [
  {
    id: "BR-FR-CO-03_BT-3",
    term: "BT-3",
    field: "typeCode",
    holds: ({ typeCode, contractReference, period }, { root }) =>
      typeCode !== "262" ||
      root === "ubl:Invoice" ||
      Boolean(contractReference && period?.start && period.end),
    fr: "Indiquez le contrat (BT-12) et les deux dates de la période (BG-14) : l'avoir est une remise globale (262).",
    en: "Give the contract (BT-12) and both dates of the period (BG-14): the credit note is a global discount (262).",
  },
  {
    id: { ubl: "BR-FR-CO-04_BT-3", cii: "BR-FR-CO-04_BT-4" },
    term: "BG-3",
    holds: (invoice, { root }) =>
      !typeIn(invoice, corrections) || root === "cn:CreditNote" || invoice.precedingInvoices.length === 1,
    fr: "Citez la facture corrigée, une seule, avec sa date (BT-25, BT-26).",
    en: "Cite the invoice corrected, one only, with its date (BT-25, BT-26).",
  },
  {
    id: "BR-FR-CO-05_BT-3",
    term: "BG-3",
    holds: citesWhatItCredits,
    fr: "Citez la facture créditée avec sa date (BT-25, BT-26), ou une facture sur chaque ligne (EXT-FR-FE-136, 138).",
    en: "Cite the invoice credited with its date (BT-25, BT-26), or one on each line (EXT-FR-FE-136, 138).",
  },
  {
    id: "BR-FR-CO-07_BT-9",
    term: "BT-9",
    field: "dueDate",
    holds: isDueInTime,
    fr: "Donnez une date d'échéance (BT-9) qui ne précède pas la date de la facture (BT-2).",
    en: "Give a due date (BT-9) that is not before the invoice date (BT-2).",
  },
  {
    id: "BR-FR-CO-08_BT-23",
    term: "BT-23",
    field: "businessProcess",
    holds: (invoice) => !processIn(invoice, afterAdvance) || !typeIn(invoice, advances),
    fr: "Changez le cadre de facturation (BT-23) ou le type (BT-3) : B4, S4 et M4 ne sont pas des acomptes.",
    en: "Change the business process (BT-23) or the type (BT-3): B4, S4 and M4 are no advances.",
  },
  {
    id: "BR-FR-CO-09_BT-23-1",
    term: "BT-113",
    holds: (invoice) =>
      !processIn(invoice, alreadyPaid) ||
      approximate(invoice.totals?.paid) === approximate(invoice.totals?.withVat),
    fr: "Indiquez un montant payé (BT-113) égal au total avec TVA (BT-112) : la facture est déjà payée (BT-23).",
    en: "Give a paid amount (BT-113) equal to the total with VAT (BT-112): the invoice is already paid (BT-23).",
  },
  {
    id: "BR-FR-CO-09_BT-23-2",
    term: "BT-115",
    holds: (invoice) => !processIn(invoice, alreadyPaid) || approximate(invoice.totals?.due) === 0,
    fr: "Indiquez un net à payer nul (BT-115) : la facture est déjà payée (BT-23).",
    en: "Give an amount due of zero (BT-115): the invoice is already paid (BT-23).",
  },
  {
    id: "BR-FR-CO-09_BT-23-3",
    term: "BT-9",
    field: "dueDate",
    holds: (invoice) => !processIn(invoice, alreadyPaid) || Boolean(invoice.dueDate),
    fr: "Indiquez la date du paiement comme date d'échéance (BT-9) : la facture est déjà payée (BT-23).",
    en: "Give the date of payment as due date (BT-9): the invoice is already paid (BT-23).",
  },
];

/** BR-FR-CO-03 to 09: what the type and the process of an invoice ask of its other terms. */
export const consistencyRules: FrenchRules[] = [frenchRules(theInvoice, rules)];
