import type { Checkable } from "../../check.ts";
import { add, type Decimal, decimal, decimalText, round, subtract, sum, zero } from "../../model/decimal.ts";
import type { AllowanceCharge, VatBreakdown } from "../../model/invoice.ts";
import { normalized } from "../../xml/tree.ts";
import { categoryIn } from "../facts.ts";
import type { FrenchLine } from "./extension.ts";
import { type FrenchFacts, frenchFactsOf } from "./facts.ts";

/** What the lines, allowances and charges of one VAT category and rate add up to, and how many they are. */
interface CategorySums {
  amount: Decimal;
  count: number;
}

/** French facts with the sums that the profile compares. */
export interface ExtendedFacts extends FrenchFacts {
  /** The lines that count: of subtype DETAIL, or none; those that group others or inform are left out. */
  readonly counted: readonly FrenchLine[];
  /** BG-21, and the charges for logistics. */
  readonly charges: readonly AllowanceCharge[];
  readonly netSum: Decimal;
  readonly allowancesSum: Decimal;
  readonly chargesSum: Decimal;
  /** Lines, allowances and charges that count: one cent of tolerance for each. */
  readonly elements: number;
  /** By category and rate, and by those with the reason for exemption. */
  readonly sums: ReadonlyMap<string, CategorySums>;
}

export function extendedFactsOf(reading: Checkable): ExtendedFacts {
  const facts = frenchFactsOf(reading);
  const { invoice } = facts;
  const counted = facts.lines.filter((line) => line.subtype === undefined || line.subtype === "DETAIL");
  const charges = [...invoice.charges, ...facts.extension.logistics];
  return {
    ...facts,
    counted,
    charges,
    netSum: sumOf(counted.map(({ line }) => line.netAmount)),
    allowancesSum: sumOf(invoice.allowances.map((each) => each.amount)),
    chargesSum: sumOf(charges.map((each) => each.amount)),
    elements: counted.length + invoice.allowances.length + charges.length,
    sums: sumsOf(facts, counted, charges),
  };
}

export const numberOf = (text: string | undefined): Decimal | undefined => decimal(text ?? "");

export const sumOf = (texts: readonly (string | undefined)[]): Decimal =>
  round(sum(texts.flatMap((text) => numberOf(text) ?? [])), 2);

/** Where the sums of a category and rate are kept; category O has no rate. */
function keyOf(category: string | undefined, rate: string | undefined): string {
  const number = numberOf(rate);
  return `${category} ${category === "O" ? "" : number ? decimalText(number) : "?"}`;
}

const reasonKey = (code: string | undefined, reason: string | undefined): string =>
  `\n${normalized(code ?? "")}\n${normalized(reason ?? "")}`;

function sumsOf(
  { invoice, syntax }: FrenchFacts,
  counted: readonly FrenchLine[],
  charges: readonly AllowanceCharge[],
): ReadonlyMap<string, CategorySums> {
  const sums = new Map<string, CategorySums>();
  const count = (key: string, amount: Decimal) => {
    const before = sums.get(key) ?? { amount: zero, count: 0 };
    sums.set(key, { amount: add(before.amount, amount), count: before.count + 1 });
  };
  const countBoth = (key: string, reason: string, amount: Decimal | undefined) => {
    count(key, amount ?? zero);
    count(key + reason, amount ?? zero);
  };
  for (const { line, exemptionCode, exemptionReason } of counted)
    countBoth(
      keyOf(categoryIn(syntax, line), line.vatRate),
      reasonKey(exemptionCode, exemptionReason),
      numberOf(line.netAmount),
    );
  const countEach = (groups: readonly AllowanceCharge[], signed: (amount: Decimal) => Decimal) => {
    for (const each of groups)
      countBoth(
        keyOf(categoryIn(syntax, each), each.vatRate),
        reasonKey(undefined, undefined),
        signed(numberOf(each.amount) ?? zero),
      );
  };
  countEach(invoice.allowances, (amount) => subtract(zero, amount));
  countEach(charges, (amount) => amount);
  return sums;
}

const noSums: CategorySums = { amount: zero, count: 0 };

/** The sums that a breakdown stands for: those with its reason for exemption, and all of its category and rate. */
export function sumsFor(group: VatBreakdown, { sums, syntax }: ExtendedFacts): [CategorySums, CategorySums] {
  const key = keyOf(categoryIn(syntax, group), group.vatRate);
  const reason = reasonKey(group.exemptionCode, group.exemptionReason);
  return [sums.get(key + reason) ?? noSums, sums.get(key) ?? noSums];
}
