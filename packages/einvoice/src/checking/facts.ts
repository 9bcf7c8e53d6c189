import type { Checkable } from "../check.ts";
import { add, type Decimal, decimal, decimalText, zero } from "../model/decimal.ts";
import type { AllowanceCharge, Invoice, Line, VatBreakdown } from "../model/invoice.ts";
import type { Origins } from "../reading/binding.ts";
import { isVat } from "../reading/ubl.ts";
import { at, child, childrenOf } from "../xml/tree.ts";

/** An invoice with what several rules ask of it, computed once. */
export interface Facts {
  readonly syntax: "ubl" | "cii";
  /** The root of a UBL credit note, or of anything else. */
  readonly isCreditNote: boolean;
  readonly invoice: Invoice;
  readonly origins: Origins | undefined;
  /** BG-23, of every total. */
  readonly breakdown: readonly VatBreakdown[];
  /** What each category of each breakdown says, one breakdown holding several against the rules included. */
  readonly brokenDown: readonly VatBreakdown[];
  /** BG-20 and BG-27. */
  readonly everyAllowance: readonly AllowanceCharge[];
  /** BG-21 and BG-28. */
  readonly everyCharge: readonly AllowanceCharge[];
  readonly linesSum: Decimal;
  readonly allowancesSum: Decimal;
  readonly chargesSum: Decimal;
  /** The sums of one VAT category, whatever the rate. */
  ofCategory(category: string): CategorySums;
  /** The sums of one VAT category at one rate. */
  ofCategoryAndRate(category: string, rate: Decimal): CategorySums;
}

/** What the lines and the document's allowances and charges of one VAT category add up to. */
export interface CategorySums {
  lines: Decimal;
  allowances: Decimal;
  charges: Decimal;
  hasLine: boolean;
  /** Whether an allowance or charge carries it, on the document or on a line. */
  hasAllowanceOrCharge: boolean;
}

/** The facts of an invoice that was read, or typed. */
export function factsOf(reading: Checkable): Facts {
  const { invoice, syntax } = reading;
  const categories = sumsByCategory(invoice, syntax);
  const breakdown = invoice.vatTotals.flatMap((total) => total.breakdown);
  return {
    syntax,
    invoice,
    isCreditNote: reading.root?.name === "cn:CreditNote",
    origins: reading.origins,
    breakdown,
    brokenDown: [...breakdown, ...furtherCategories(reading)],
    everyAllowance: [...invoice.allowances, ...invoice.lines.flatMap((line) => line.allowances)],
    everyCharge: [...invoice.charges, ...invoice.lines.flatMap((line) => line.charges)],
    linesSum: sumOf(invoice.lines, "netAmount"),
    allowancesSum: sumOf(invoice.allowances, "amount"),
    chargesSum: sumOf(invoice.charges, "amount"),
    ofCategory: (category) => categories.get(category) ?? noSums,
    ofCategoryAndRate: (category, rate) => categories.get(`${category} ${decimalText(rate)}`) ?? noSums,
  };
}

const noSums: CategorySums = {
  lines: zero,
  allowances: zero,
  charges: zero,
  hasLine: false,
  hasAllowanceOrCharge: false,
};

function sumOf<Term extends string>(groups: readonly { [key in Term]?: string }[], term: Term): Decimal {
  let total = zero;
  for (const group of groups) total = add(total, decimal(group[term] ?? "") ?? zero);
  return total;
}

/** Whether a tax is VAT: UBL's rules allow space around the word, CII's do not. */
export function isVatIn(syntax: Facts["syntax"], scheme: string | undefined): boolean {
  return syntax === "ubl" ? isVat(scheme) : scheme?.toUpperCase() === "VAT";
}

/** The VAT category as the rules compare it. */
export function categoryIn(syntax: Facts["syntax"], group: { vatCategory?: string }): string | undefined {
  return syntax === "ubl" ? group.vatCategory?.trim() : group.vatCategory;
}

/**
 * Whether a date that is there is one that the rules can read: CII's leave every format but 102 (CCYYMMDD) aside, UBL's
 * ask for an `xs:date`.
 */
export function isReadableDate<Group extends object>(
  group: Group,
  term: keyof Group & string,
  { syntax, origins }: Facts,
): boolean {
  const text = group[term];
  if (syntax === "ubl") return typeof text === "string" && /^\d{4}-\d{2}-\d{2}/.test(text.trim());
  const element = origins?.of(group, term);
  return element === undefined || element.attributes["format"] === "102";
}

/**
 * Whether CII's published rules leave a breakdown to its VAT category's own: there, what they ask of every breakdown
 * (BR-45 to BR-48, BR-CO-17, BR-DEC-19 and 20) does not reach those of category O, L or M.
 */
export function isShadowed(group: VatBreakdown, { syntax }: Facts): boolean {
  return (
    syntax === "cii" && isVatIn(syntax, group.taxScheme) && ["O", "L", "M"].includes(group.vatCategory ?? "")
  );
}

/** The categories that UBL writes beside the first one of a breakdown: counted, though only one can be meant. */
function furtherCategories({ root, syntax }: Checkable): Pick<VatBreakdown, "vatCategory" | "taxScheme">[] {
  if (syntax !== "ubl") return [];
  return at(root, "cac:TaxTotal", "cac:TaxSubtotal").flatMap((subtotal) =>
    childrenOf(subtotal, "cac:TaxCategory")
      .slice(1)
      .map((category) => ({
        vatCategory: child(category, "cbc:ID")?.text,
        taxScheme: at(category, "cac:TaxScheme", "cbc:ID")[0]?.text,
      })),
  );
}

function sumsByCategory(invoice: Invoice, syntax: Facts["syntax"]): Map<string, CategorySums> {
  const sums = new Map<string, CategorySums>();
  const rates = new Map<string, string>();
  const eachKey = (group: Line | AllowanceCharge, use: (sums: CategorySums) => void) => {
    const category = categoryIn(syntax, group);
    if (category === undefined) return;
    use(entry(sums, category));
    if (group.vatRate === undefined) return;
    let key = rates.get(group.vatRate);
    if (key === undefined) {
      const rate = decimal(group.vatRate);
      key = rate ? decimalText(rate) : "";
      rates.set(group.vatRate, key);
    }
    if (key !== "") use(entry(sums, `${category} ${key}`));
  };
  for (const line of invoice.lines) {
    const amount = decimal(line.netAmount ?? "") ?? zero;
    eachKey(line, (each) => {
      each.hasLine = true;
      each.lines = add(each.lines, amount);
    });
    for (const group of [...line.allowances, ...line.charges])
      eachKey(group, (each) => {
        each.hasAllowanceOrCharge = true;
      });
  }
  for (const term of ["allowances", "charges"] as const)
    for (const group of invoice[term]) {
      const amount = decimal(group.amount ?? "") ?? zero;
      eachKey(group, (each) => {
        each.hasAllowanceOrCharge = true;
        each[term] = add(each[term], amount);
      });
    }
  return sums;
}

function entry(sums: Map<string, CategorySums>, key: string): CategorySums {
  const found = sums.get(key) ?? { ...noSums };
  sums.set(key, found);
  return found;
}
