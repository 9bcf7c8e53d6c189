import type { Checkable } from "../check.ts";
import { type Decimal, decimal, decimalText, Sum } from "../model/decimal.ts";
import type { AllowanceCharge, Invoice, Line, Party, VatBreakdown } from "../model/invoice.ts";
import type { Origins } from "../reading/binding.ts";
import { isVat } from "../reading/ubl.ts";
import { at } from "../xml/tree.ts";
import { furtherGroups } from "./further-groups.ts";
import { approximate } from "./rule.ts";

/** An invoice with what several rules ask of it, computed once. */
export interface Facts {
  readonly syntax: "ubl" | "cii";
  readonly invoice: Invoice;
  readonly origins: Origins | undefined;
  /** BG-23, of every total. */
  readonly breakdown: readonly VatBreakdown[];
  /** What each category of each breakdown says, one breakdown holding several against the rules included. */
  readonly brokenDown: readonly Taxed[];
  /** The taxes of lines that the model has no place for, such as those under another line. */
  readonly elsewhere: readonly Taxed[];
  /** BG-20, as the rules on each one find them. */
  readonly ofDocument: {
    readonly allowances: readonly AllowanceCharge[];
    readonly charges: readonly AllowanceCharge[];
  };
  /** BG-20 and BG-27. */
  readonly everyAllowance: readonly AllowanceCharge[];
  /** BG-21 and BG-28. */
  readonly everyCharge: readonly AllowanceCharge[];
  /** The parties whose VAT identifier is judged: of the model, and those that it has no term for. */
  readonly vatRegistered: readonly Pick<Party, "vatIdentifier">[];
  readonly linesSum: Decimal;
  /** What bears one VAT category. */
  taxedAs(category: string): TaxedGroups;
  /** The sums of one VAT category, whatever the rate. */
  ofCategory(category: string): CategorySums;
  /** The sums of one VAT category at one rate. */
  ofCategoryAndRate(category: string, rate: Decimal): CategorySums;
}

/** What says of which VAT category it is. */
export type Taxed = Pick<VatBreakdown, "vatCategory" | "taxScheme">;

/** What bears one VAT category. */
export interface TaxedGroups {
  readonly lines: Line[];
  readonly elsewhere: Taxed[];
  readonly allowances: AllowanceCharge[];
  readonly charges: AllowanceCharge[];
}

/** What the lines and the document's allowances and charges of one VAT category add up to. */
export interface CategorySums {
  readonly lines: Sum;
  readonly allowances: Sum;
  readonly charges: Sum;
  hasLine: boolean;
  /** Whether an allowance or charge carries it, on the document or on a line. */
  hasAllowanceOrCharge: boolean;
}

/** The facts of an invoice that was read, or typed. */
export function factsOf(reading: Checkable): Facts {
  const { invoice, syntax } = reading;
  const breakdown = invoice.vatTotals.flatMap((total) => total.breakdown);
  const everyAllowance = [...invoice.allowances, ...invoice.lines.flatMap((line) => line.allowances)];
  const everyCharge = [...invoice.charges, ...invoice.lines.flatMap((line) => line.charges)];
  const further = furtherGroups(reading);
  const taxed = groupsByCategory(syntax, {
    lines: invoice.lines,
    elsewhere: further.lines,
    allowances: everyAllowance,
    charges: everyCharge,
  });
  const { sums, linesSum } = sumsByCategory(invoice, syntax);
  return {
    syntax,
    invoice,
    origins: reading.origins,
    breakdown,
    brokenDown: further.breakdowns.length === 0 ? breakdown : [...breakdown, ...further.breakdowns],
    elsewhere: further.lines,
    ofDocument: {
      allowances: invoice.allowances.filter((each) => isToldInWords(each, reading)),
      charges: invoice.charges.filter((each) => isToldInWords(each, reading)),
    },
    everyAllowance,
    everyCharge,
    vatRegistered: [
      ...[invoice.seller, invoice.buyer, invoice.taxRepresentative, invoice.payee].flatMap(
        (party) => party ?? [],
      ),
      ...further.parties,
    ],
    linesSum: linesSum.total,
    taxedAs: (category) => taxed.get(category) ?? noGroups,
    ofCategory: (category) => sums.get(category) ?? noSums,
    ofCategoryAndRate: (category, rate) => sums.get(`${category} ${decimalText(rate)}`) ?? noSums,
  };
}

const noGroups: TaxedGroups = { lines: [], elsewhere: [], allowances: [], charges: [] };

const emptySums = (): CategorySums => ({
  lines: new Sum(),
  allowances: new Sum(),
  charges: new Sum(),
  hasLine: false,
  hasAllowanceOrCharge: false,
});

const noSums: CategorySums = emptySums();

/** CII's rules on each allowance or charge know `true` and `false`, its other rules `1` and `0` too. */
function isToldInWords(group: AllowanceCharge, { syntax, origins }: Checkable): boolean {
  if (syntax === "ubl") return true;
  const element = origins?.of(group);
  const indicators = element ? at(element, "ram:ChargeIndicator", "udt:Indicator") : [];
  return indicators.every(({ text }) => text === "true" || text === "false");
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

/** Everything that bears each VAT category. */
function groupsByCategory(
  syntax: Facts["syntax"],
  groups: { readonly [Kind in keyof TaxedGroups]: readonly TaxedGroups[Kind][number][] },
): Map<string, TaxedGroups> {
  const taxed = new Map<string, TaxedGroups>();
  for (const kind of ["lines", "elsewhere", "allowances", "charges"] as const)
    for (const group of groups[kind]) {
      const category = categoryIn(syntax, group);
      if (category === undefined) continue;
      let known = taxed.get(category);
      if (!known) {
        known = { lines: [], elsewhere: [], allowances: [], charges: [] };
        taxed.set(category, known);
      }
      (known[kind] as Taxed[]).push(group);
    }
  return taxed;
}

/** A number as CII's rules add it up, exponent allowed; UBL's ask for an `xs:decimal`. */
const asDouble = (text: string): Decimal | undefined => decimal(String(approximate(text)));

/** The sum of all lines, and the sums of the lines, allowances and charges of each VAT category. */
function sumsByCategory(invoice: Invoice, syntax: Facts["syntax"]) {
  const sums = new Map<string, CategorySums>();
  const linesSum = new Sum();
  const rateKeys = new Map<string, string>();
  const readOtherwise = syntax === "cii" ? asDouble : undefined;
  const ofRate = (category: string, rate: string): CategorySums | undefined => {
    let key = rateKeys.get(rate);
    if (key === undefined) {
      const number = decimal(rate);
      key = number ? decimalText(number) : "";
      rateKeys.set(rate, key);
    }
    return key === "" ? undefined : entry(sums, `${category} ${key}`);
  };
  const sumsOf = (group: Line | AllowanceCharge): CategorySums[] => {
    const category = categoryIn(syntax, group);
    if (category === undefined) return [];
    const ofCategory = entry(sums, category);
    const atRate = group.vatRate === undefined ? undefined : ofRate(category, group.vatRate);
    return atRate ? [ofCategory, atRate] : [ofCategory];
  };
  for (const line of invoice.lines) {
    const amount = line.netAmount ?? "";
    linesSum.add(amount, readOtherwise);
    for (const each of sumsOf(line)) {
      each.lines.add(amount, readOtherwise);
      each.hasLine = true;
    }
    for (const groups of [line.allowances, line.charges])
      for (const group of groups) for (const each of sumsOf(group)) each.hasAllowanceOrCharge = true;
  }
  for (const kind of ["allowances", "charges"] as const)
    for (const group of invoice[kind])
      for (const each of sumsOf(group)) {
        each[kind].add(group.amount ?? "", readOtherwise);
        each.hasAllowanceOrCharge = true;
      }
  return { sums, linesSum };
}

function entry(sums: Map<string, CategorySums>, key: string): CategorySums {
  let found = sums.get(key);
  if (!found) {
    found = emptySums();
    sums.set(key, found);
  }
  return found;
}
