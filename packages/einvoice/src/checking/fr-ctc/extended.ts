import type { Checkable } from "../../check.ts";
import { mediaTypes } from "../../codelists/short-lists.ts";
import {
  absolute,
  add,
  compare,
  type Decimal,
  multiply,
  percent,
  round,
  subtract,
} from "../../model/decimal.ts";
import type { Finding } from "../../model/finding.ts";
import type { AllowanceCharge, Attachment, Invoice, Line, VatBreakdown } from "../../model/invoice.ts";
import { checkEn16931 } from "../check.ts";
import { categoryIn, isVatIn } from "../facts.ts";
import { approximate, type RuleDescription } from "../rule.ts";
import { type ExtendedFacts, extendedFactsOf, numberOf, sumOf, sumsFor } from "./extended-facts.ts";
import type { FrenchLine, ItemAttribute } from "./extension.ts";
import { type FrenchRule, type FrenchRules, frenchRules, type RuleId, theInvoice } from "./french-rule.ts";

/** Whether two amounts differ by so many cents at most; false when one is no number. */
function isWithin(left: Decimal | undefined, right: Decimal | undefined, cents: number): boolean {
  const most: Decimal = { units: BigInt(cents), scale: 2 };
  return Boolean(left && right && compare(absolute(subtract(left, right)), most) <= 0);
}

type ExtendedRule<Group> = FrenchRule<Group, ExtendedFacts>;

/** BR-FREXT-CO-15: total with VAT = total without + VAT, give or take a cent for each element. */
function isTotalWithVatRight({ totals, vatTotals, currency }: Invoice, facts: ExtendedFacts): boolean {
  const inCurrency = vatTotals.filter((each) => each.amount !== undefined && each.currency === currency);
  const without = numberOf(totals?.withoutVat);
  const vat = numberOf(inCurrency[0]?.amount);
  const isRight = isWithin(numberOf(totals?.withVat), without && vat && add(without, vat), facts.elements);
  if (facts.syntax === "ubl") return inCurrency.length === 0 || isRight;
  return inCurrency.length === 1 ? isRight : isWithin(numberOf(totals?.withVat), without, 0);
}

/** BR-CO-25, which this profile applies again: what is due is due on a day, or on terms. */
const isDueSometime = ({ totals, dueDate, paymentTerms }: Invoice): boolean =>
  !(approximate(totals?.due) > 0) || dueDate !== undefined || paymentTerms !== undefined;

const invoiceRules: ExtendedRule<Invoice>[] = [
  {
    id: "BR-CO-25",
    term: "BT-9",
    holds: (invoice, { root }) => root === "cn:CreditNote" || isDueSometime(invoice),
    fr: "Indiquez la date d'échéance (BT-9) ou les conditions de paiement (BT-20) : il reste à payer.",
    en: "Give the due date (BT-9) or the payment terms (BT-20): an amount is due.",
  },
  {
    id: "BR-FREXT-CO-10",
    term: "BT-106",
    holds: ({ totals, lines }, { netSum, counted, syntax }) =>
      isWithin(numberOf(totals?.lines), netSum, syntax === "cii" ? lines.length : counted.length),
    fr: "Corrigez la somme des lignes (BT-106) : la somme des montants nets des lignes de détail (BT-131), à un centime près par ligne.",
    en: "Correct the sum of the lines (BT-106): the sum of the detail lines' net amounts (BT-131), give or take a cent a line.",
  },
  {
    id: "BR-FREXT-CO-11",
    term: "BT-107",
    holds: ({ totals, allowances }, { allowancesSum }) =>
      (totals?.allowances === undefined && allowances.length === 0) ||
      isWithin(numberOf(totals?.allowances), allowancesSum, allowances.length),
    fr: "Corrigez la somme des remises (BT-107) : la somme des BT-92, à un centime près par remise.",
    en: "Correct the sum of the allowances (BT-107): the sum of BT-92, give or take a cent an allowance.",
  },
  {
    id: "BR-FREXT-CO-12",
    term: "BT-108",
    holds: ({ totals, charges: named }, { chargesSum, charges }) =>
      (totals?.charges === undefined && named.length === 0) ||
      isWithin(numberOf(totals?.charges), chargesSum, charges.length),
    fr: "Corrigez la somme des frais (BT-108) : la somme des BT-99, à un centime près par frais.",
    en: "Correct the sum of the charges (BT-108): the sum of BT-99, give or take a cent a charge.",
  },
  {
    id: "BR-FREXT-CO-13",
    term: "BT-109",
    holds: ({ totals }, { netSum, allowancesSum, chargesSum, elements }) =>
      isWithin(numberOf(totals?.withoutVat), add(subtract(netSum, allowancesSum), chargesSum), elements),
    fr: "Corrigez le total hors TVA (BT-109) : lignes de détail moins remises plus frais, à un centime près par élément.",
    en: "Correct the total without VAT (BT-109): detail lines less allowances plus charges, give or take a cent an element.",
  },
  {
    id: "BR-FREXT-CO-15",
    term: "BT-112",
    holds: isTotalWithVatRight,
    fr: "Corrigez le total avec TVA (BT-112) : total hors TVA plus TVA, à un centime près par élément.",
    en: "Correct the total with VAT (BT-112): total without VAT plus VAT, give or take a cent an element.",
  },
  ...(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] as const).map(
    (code): ExtendedRule<Invoice> => ({
      id: `BR-FREXT-${familyOf(code)}-01`,
      term: "BT-118",
      holds: (invoice, facts) => isUsed(code, invoice, facts) === isBrokenDown(code, invoice, facts),
      fr: `Ventilez la TVA de catégorie ${code} (BT-118) si des lignes de détail, des remises ou des frais la portent, et seulement alors.`,
      en: `Break down the VAT of category ${code} (BT-118) if detail lines, allowances or charges carry it, and only then.`,
    }),
  ),
];

/** The part of the rule ids that names a VAT category. */
function familyOf(code: string): string {
  return { K: "IC", L: "AF", M: "AG" }[code] ?? code;
}

/** CII's published rules count every line, whatever its subtype. */
function isUsed(code: string, { allowances, charges }: Invoice, facts: ExtendedFacts): boolean {
  const lines = facts.syntax === "cii" ? facts.lines : facts.counted;
  return [...lines.map(({ line }) => line), ...allowances, ...charges].some(
    (each) => categoryIn(facts.syntax, each) === code,
  );
}

function isBrokenDown(code: string, { vatTotals }: Invoice, { syntax }: ExtendedFacts): boolean {
  return vatTotals.some((total) => total.breakdown.some((each) => categoryIn(syntax, each) === code));
}

const isOfCategory = (code: string, group: VatBreakdown, { syntax }: ExtendedFacts): boolean =>
  categoryIn(syntax, group) === code && isVatIn(syntax, group.taxScheme);

const breakdownRules: ExtendedRule<VatBreakdown>[] = [
  ...(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] as const).map(
    (code): ExtendedRule<VatBreakdown> => ({
      id: { ubl: `BR-FREXT-${familyOf(code)}-08`, cii: `BR-FXEXT-${familyOf(code)}-08` },
      term: "BT-116",
      field: "base",
      holds: (group, facts) =>
        !isOfCategory(code, group, facts) ||
        sumsFor(group, facts).some(({ amount, count }) =>
          isWithin(numberOf(group.base), round(amount, 2), count),
        ),
      fr: `Corrigez la base de la ventilation de catégorie ${code} (BT-116) : lignes de détail moins remises plus frais de même catégorie et taux, à un centime près par élément.`,
      en: `Correct the base of the breakdown of category ${code} (BT-116): detail lines less allowances plus charges of that category and rate, give or take a cent an element.`,
    }),
  ),
  {
    id: { ubl: "BR-FREXT-S-09", cii: "BR-FXEXT-S-09" },
    term: "BT-117",
    field: "tax",
    holds: (group, facts) => {
      if (!isOfCategory("S", group, facts)) return true;
      const base = numberOf(group.base);
      const rate = numberOf(group.vatRate);
      const tax = base && rate && round(percent(multiply(base, rate)), 2);
      // UBL's published rule only counts the elements with the reason of the breakdown.
      const sums = sumsFor(group, facts).slice(0, facts.syntax === "ubl" ? 1 : 2);
      return sums.some(({ count }) => isWithin(numberOf(group.tax), tax, count));
    },
    fr: "Corrigez la TVA de la ventilation (BT-117) : base × taux, à un centime près par élément de même catégorie, taux et raison.",
    en: "Correct the VAT of the breakdown (BT-117): base × rate, give or take a cent an element of that category, rate and reason.",
  },
];

/** The published ids of a rule that UBL and CII name differently. */
const numbered = (number: string): RuleId => ({
  ubl: `BR-FREXT-${number}`,
  cii: `BR-FREXT-BR-${number}`,
});

/** A rule on a term that every line of detail has. */
function lineRule(
  id: RuleId,
  term: string,
  field: keyof Line & string,
  fr: string,
  en: string,
): ExtendedRule<Line> {
  return {
    id,
    term,
    field,
    holds: (line) => line[field] !== undefined,
    fr: `Indiquez ${fr} de la ligne (${term}) : elle ne groupe pas d'autres lignes.`,
    en: `Give the ${en} of the line (${term}): it does not group others.`,
  };
}

const lineRules: ExtendedRule<Line>[] = [
  lineRule(numbered("22"), "BT-129", "quantity", "la quantité", "quantity"),
  lineRule(numbered("23"), "BT-130", "unit", "l'unité de la quantité", "unit of the quantity"),
  lineRule(numbered("24"), "BT-131", "netAmount", "le montant net", "net amount"),
  lineRule(numbered("26"), "BT-146", "netPrice", "le prix net", "net price"),
  {
    ...lineRule("BR-FREXT-CO-04", "BT-151", "vatCategory", "la catégorie de TVA", "VAT category"),
    holds: (line, { syntax }) => line.vatCategory !== undefined && isVatIn(syntax, line.taxScheme),
  },
];

const attributeRules: ExtendedRule<ItemAttribute>[] = [
  {
    id: "BR-FREXT-54-1",
    term: "BT-160",
    holds: ({ name, code }) => name !== undefined || code !== undefined,
    fr: "Indiquez le nom (BT-160) ou le code (EXT-FR-FE-159) de l'attribut de l'article.",
    en: "Give the name (BT-160) or the code (EXT-FR-FE-159) of the item attribute.",
  },
  {
    id: "BR-FREXT-54-2",
    term: "BT-161",
    holds: ({ value, measure, measureUnit }) =>
      value === undefined ? measure !== undefined && Boolean(measureUnit) : measure === undefined,
    fr: "Donnez à l'attribut de l'article une valeur (BT-161) ou une mesure avec son unité, pas les deux.",
    en: "Give the item attribute a value (BT-161) or a measure with its unit, not both.",
  },
];

const chargeRule = (id: RuleId, terms: string): ExtendedRule<AllowanceCharge> => ({
  id,
  term: terms.split(", ")[0] ?? terms,
  holds: ({ reason, reasonCode }) => reason !== undefined || reasonCode !== undefined,
  fr: `Indiquez le motif des frais, ou son code (${terms}).`,
  en: `Give the reason of the charge, or its code (${terms}).`,
});

const filled = (text: string | undefined): boolean => text !== undefined && text !== "";

const under = ({ line }: FrenchLine, { lines }: ExtendedFacts): FrenchLine[] =>
  lines.filter((each) => each.parent === line.identifier);

/** A line that groups others, and says what they come to. */
const isSubtotal = ({ subtype, line }: FrenchLine): boolean =>
  subtype === "GROUP" && line.netAmount !== undefined;

/** BR-FREXT-08: to the cent, what the lines just under it come to; lines of information do not count. */
function isSubtotalRight(line: FrenchLine, facts: ExtendedFacts): boolean {
  const amounts = under(line, facts)
    .filter(({ subtype }) => subtype === "DETAIL" || subtype === "GROUP")
    .map((each) => each.line.netAmount);
  return isWithin(numberOf(line.line.netAmount), sumOf(amounts), 0);
}

const hierarchyRules: ExtendedRule<FrenchLine>[] = [
  {
    id: "BR-FREXT-05",
    term: "EXT-FR-FE-163",
    field: "subtype",
    holds: ({ subtype }) => subtype === undefined || ["DETAIL", "GROUP", "INFORMATION"].includes(subtype),
    fr: "Choisissez le sous-type de la ligne (EXT-FR-FE-163) : DETAIL, GROUP ou INFORMATION.",
    en: "Choose the subtype of the line (EXT-FR-FE-163): DETAIL, GROUP or INFORMATION.",
  },
  {
    id: "BR-FREXT-06",
    term: "EXT-FR-FE-163",
    field: "parent",
    holds: ({ parent, subtype }) => !filled(parent) || filled(subtype),
    fr: "Donnez son sous-type (EXT-FR-FE-163) à la ligne : elle nomme une ligne au-dessus.",
    en: "Give the line its subtype (EXT-FR-FE-163): it names a line above.",
  },
  {
    id: "BR-FREXT-08",
    term: "BT-131",
    holds: (line, facts) => !isSubtotal(line) || isSubtotalRight(line, facts),
    fr: "Corrigez le montant net de la ligne qui groupe (BT-131) : la somme des lignes DETAIL et GROUP juste au-dessous.",
    en: "Correct the net amount of the grouping line (BT-131): the sum of the DETAIL and GROUP lines just below.",
  },
  {
    id: "BR-FREXT-11",
    term: "EXT-FR-FE-162",
    field: "parent",
    holds: (line, { lines }) =>
      line.parent === undefined ||
      lines.some((other) => other !== line && other.line.identifier === line.parent),
    fr: "Nommez au-dessus de la ligne (EXT-FR-FE-162) une autre ligne de la facture (BT-126).",
    en: "Name above the line (EXT-FR-FE-162) another line of the invoice (BT-126).",
  },
  {
    id: "BR-FREXT-12",
    term: "BT-131",
    holds: (line, facts) =>
      !isSubtotal(line) ||
      under(line, facts).every((each) => each.subtype !== "GROUP" || each.line.netAmount !== undefined),
    fr: "Indiquez le montant net (BT-131) des lignes GROUP au-dessous : la ligne qui les groupe a le sien.",
    en: "Give the net amount (BT-131) of the GROUP lines below: the line that groups them has its own.",
  },
];

const attachmentRules: ExtendedRule<Attachment>[] = [
  {
    id: { ubl: "BR-FREXT-CL-24" },
    term: "BT-125-1",
    field: "mimeType",
    holds: ({ mimeType }) =>
      mimeType === undefined ||
      mediaTypes.has(mimeType) ||
      mimeType === "application/xml" ||
      mimeType === "text/xml",
    fr: "Choisissez le type de la pièce jointe (BT-125-1) : PDF, PNG, JPEG, CSV, XLSX, ODS ou XML.",
    en: "Choose the attachment's media type (BT-125-1): PDF, PNG, JPEG, CSV, XLSX, ODS or XML.",
  },
];

const extendedRules: readonly FrenchRules<ExtendedFacts>[] = [
  frenchRules<Invoice, ExtendedFacts>(theInvoice, invoiceRules),
  frenchRules<VatBreakdown, ExtendedFacts>(
    ({ invoice }) => invoice.vatTotals.flatMap((total) => total.breakdown),
    breakdownRules,
  ),
  frenchRules<Line, ExtendedFacts>(({ counted }) => counted.map(({ line }) => line), lineRules),
  frenchRules<FrenchLine, ExtendedFacts>(({ lines }) => lines, hierarchyRules),
  frenchRules<Attachment, ExtendedFacts>(({ invoice }) => invoice.attachments, attachmentRules),
  frenchRules<ItemAttribute, ExtendedFacts>(
    ({ lines }) => lines.flatMap((line) => line.attributes),
    attributeRules,
  ),
  frenchRules<AllowanceCharge, ExtendedFacts>(
    ({ invoice }) => invoice.charges,
    [chargeRule({ cii: "BR-FREXT-BR-38" }, "BT-104, BT-105")],
  ),
  frenchRules<AllowanceCharge, ExtendedFacts>(
    ({ invoice }) => invoice.lines.flatMap((line) => line.charges),
    [chargeRule({ cii: "BR-FREXT-BR-44" }, "BT-144, BT-145")],
  ),
];

const families = ["S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG"];

/** The rules of EN 16931 that the profile sets aside in both syntaxes, most of them for one of its own. */
const relaxed = [
  ...["BR-22", "BR-23", "BR-24", "BR-26", "BR-27", "BR-28", "BR-54"],
  ...["BR-CO-04", "BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-15", "BR-CO-17"],
  ...["BR-O-02", "BR-O-03", "BR-O-04", "BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14", "BR-S-09", "BR-S-10"],
  ...families.map((family) => `BR-${family}-08`),
];

/** The rules of EN 16931 that the profile EXTENDED-CTC-FR sets aside, by syntax. */
export const relaxedRules: Readonly<Record<"ubl" | "cii", ReadonlySet<string>>> = {
  ubl: new Set([
    ...relaxed,
    "BR-CL-24",
    ...families.filter((family) => family !== "AE" && family !== "AG").map((family) => `BR-${family}-01`),
  ]),
  cii: new Set([
    ...relaxed,
    ...families.map((family) => `BR-${family}-01`),
    ...["BR-38", "BR-44", "BR-CO-22", "BR-CO-24", "CII-SR-439"],
  ]),
};

/** The rules that the profile adds, as their documentation lists them. */
export const extendedRuleDescriptions: readonly RuleDescription[] = (["ubl", "cii"] as const).flatMap(
  (scope) => extendedRules.flatMap((rules) => rules[scope].descriptions.map((each) => ({ ...each, scope }))),
);

/**
 * Every finding of EN 16931 as the profile EXTENDED-CTC-FR (1.4.0.03) relaxes it: lines that group others do not count,
 * totals have a cent of tolerance for each element, several breakdowns may share a category.
 */
export function checkExtendedCtcFr(reading: Checkable): Finding[] {
  const { syntax } = reading;
  const findings = checkEn16931(reading).filter(
    // Its published rules for UBL have none on the syntax.
    ({ rule }) => !(relaxedRules[syntax].has(rule) || rule.startsWith("UBL-")),
  );
  const report = (finding: Finding) => void findings.push(finding);
  const facts = extendedFactsOf(reading);
  for (const rules of extendedRules) rules[syntax].run(facts, report);
  return findings;
}
