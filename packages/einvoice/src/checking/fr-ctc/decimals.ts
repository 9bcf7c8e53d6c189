import type { AllowanceCharge, Line, Totals, VatBreakdown, VatTotal } from "../../model/invoice.ts";
import type { FrenchLine, LineVat } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { isNumber } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules } from "./french-rule.ts";

/** BR-FR-DEC-01 on one amount. */
function amount<Group>(ids: string, field: keyof Group & string, fr: string, en: string): FrenchRule<Group> {
  return {
    id: `BR-FR-DEC-01_${ids}`,
    term: ids.split("_")[0] ?? ids,
    field,
    holds: (group) => {
      const text = group[field] as string | undefined;
      return text === undefined || isNumber(text, 2, "any sign");
    },
    fr: `Écrivez ${fr} (${ids.replace("_", ", ")}) avec au plus deux décimales et 19 caractères.`,
    en: `Write ${en} (${ids.replace("_", ", ")}) with two decimals and 19 characters at most.`,
  };
}

/** BR-FR-DEC-03 on one price, which is negative only in invoices both ways. */
function price(term: string, field: keyof Line & string, fr: string, en: string): FrenchRule<Line> {
  return {
    id: `BR-FR-DEC-03_${term}`,
    term,
    field,
    holds: (line, facts) => {
      const text = line[field] as string | undefined;
      if (text === undefined || isLeftEmpty(text, facts)) return true;
      return isNumber(text, 6, facts.grouping === "both ways" ? "any sign" : "no sign");
    },
    fr: `Écrivez ${fr} (${term}) sans signe, avec au plus six décimales et 19 caractères.`,
    en: `Write ${en} (${term}) without sign, with six decimals and 19 characters at most.`,
  };
}

/** The published rules for UBL let an empty price or base quantity pass. */
const isLeftEmpty = (text: string, { syntax }: FrenchFacts): boolean =>
  syntax === "ubl" && text.trim() === "";

const lineRules: FrenchRule<Line>[] = [
  amount("BT-131", "netAmount", "le montant net de la ligne", "the line net amount"),
  {
    id: "BR-FR-DEC-02_BT-129",
    term: "BT-129",
    field: "quantity",
    holds: ({ quantity }) => quantity === undefined || isNumber(quantity, 4, "any sign"),
    fr: "Écrivez la quantité (BT-129) avec au plus quatre décimales et 19 caractères.",
    en: "Write the quantity (BT-129) with four decimals and 19 characters at most.",
  },
  price("BT-146", "netPrice", "le prix net", "the net price"),
  price("BT-147", "priceDiscount", "le rabais sur le prix", "the price discount"),
  price("BT-148", "grossPrice", "le prix brut", "the gross price"),
];

const baseQuantityRule: FrenchRule<FrenchLine> = {
  id: "BR-FR-DEC-02_BT-149",
  term: "BT-149",
  field: "baseQuantity",
  holds: ({ baseQuantity: text }, facts) =>
    text === undefined || isLeftEmpty(text, facts) || isNumber(text, 4, "any sign"),
  fr: "Écrivez la quantité de base du prix (BT-149) avec au plus quatre décimales et 19 caractères.",
  en: "Write the base quantity of the price (BT-149) with four decimals and 19 characters at most.",
};

const totalsRules: FrenchRule<Totals>[] = [
  amount("BT-106", "lines", "la somme des lignes", "the sum of the lines"),
  amount("BT-107", "allowances", "la somme des remises", "the sum of the allowances"),
  amount("BT-108", "charges", "la somme des frais", "the sum of the charges"),
  amount("BT-109", "withoutVat", "le total hors TVA", "the total without VAT"),
  amount("BT-112", "withVat", "le total avec TVA", "the total with VAT"),
  amount("BT-113", "paid", "le montant payé", "the paid amount"),
  amount("BT-114", "rounding", "l'arrondi", "the rounding amount"),
  amount("BT-115", "due", "le net à payer", "the amount due"),
];

/** BR-FR-DEC-01 to 03: the form of amounts, quantities and prices. */
export const decimalRules: FrenchRules[] = [
  frenchRules<AllowanceCharge>(
    ({ invoice, extension }) => [...invoice.allowances, ...invoice.charges, ...extension.unsorted.ofDocument],
    [
      amount(
        "BT-92_BT-99",
        "amount",
        "le montant de la remise ou des frais",
        "the allowance or charge amount",
      ),
      amount("BT-93_BT-100", "base", "la base de la remise ou des frais", "the allowance or charge base"),
    ],
  ),
  frenchRules<Totals>(({ invoice }) => (invoice.totals ? [invoice.totals] : []), totalsRules),
  frenchRules<VatTotal>(
    ({ invoice }) => invoice.vatTotals,
    [amount("BT-110", "amount", "le total de TVA", "the total VAT")],
  ),
  // UBL's published rule looks at the totals of groups of lines too.
  frenchRules<LineVat>(
    ({ lines, syntax }) => (syntax === "ubl" ? lines.flatMap((line) => line.vat) : []),
    [amount("BT-110", "amount", "le total de TVA", "the total VAT")],
  ),
  frenchRules<VatBreakdown>(
    ({ invoice }) => invoice.vatTotals.flatMap((total) => total.breakdown),
    [
      amount("BT-116", "base", "la base de la ventilation", "the base of the breakdown"),
      amount("BT-117", "tax", "la TVA de la ventilation", "the VAT of the breakdown"),
    ],
  ),
  frenchRules<Line>(({ invoice }) => invoice.lines, lineRules),
  frenchRules<FrenchLine>(({ lines }) => lines, [baseQuantityRule]),
  frenchRules<AllowanceCharge>(
    ({ invoice, extension }) => [
      ...invoice.lines.flatMap((line) => [...line.allowances, ...line.charges]),
      ...extension.unsorted.ofLines,
    ],
    [
      amount(
        "BT-136_BT-141",
        "amount",
        "le montant de la remise ou des frais de la ligne",
        "the line's allowance or charge amount",
      ),
      amount(
        "BT-137_BT-142",
        "base",
        "la base de la remise ou des frais de la ligne",
        "the line's allowance or charge base",
      ),
    ],
  ),
];
