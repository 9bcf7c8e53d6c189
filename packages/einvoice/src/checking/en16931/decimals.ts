import { compare, decimal, round } from "../../model/decimal.ts";
import type { AllowanceCharge, Invoice, Line, Totals, VatBreakdown } from "../../model/invoice.ts";
import { isShadowed } from "../facts.ts";
import { hasAtMostDecimals, type Rule, type RunnableRules, runnable } from "../rule.ts";

/** A BR-DEC rule on one amount of a group. */
function twoDecimals<Group>(
  id: string,
  term: string,
  field: keyof Group & string,
  fr: string,
  en: string,
): Rule<Group> {
  return {
    id,
    term,
    field,
    holds: (group) => hasAtMostDecimals(group[field] as string | undefined, 2),
    fr: `Arrondissez ${fr} (${term}) à deux décimales.`,
    en: `Round ${en} (${term}) to two decimals.`,
  };
}

/** BR-DEC-13 and 15 are told of the amounts themselves in CII; in UBL their published form never applies. */
function totalVatRule(
  id: string,
  term: string,
  currencyOf: (invoice: Invoice) => string | undefined,
  appliesToOthers: boolean,
): Rule<Invoice> {
  return {
    id,
    term,
    holds: (invoice, { syntax }) => {
      const totals = invoice.vatTotals.filter((total) => total.amount !== undefined);
      const currency = currencyOf(invoice);
      if (syntax === "ubl" || totals.length === 0 || (!appliesToOthers && currency === undefined))
        return true;
      return totals.some((total) =>
        total.currency === currency ? isInCents(total.amount) : appliesToOthers,
      );
    },
    fr: `Arrondissez le total de TVA (${term}) à deux décimales, dans la devise attendue.`,
    en: `Round the total VAT (${term}) to two decimals, in the currency expected.`,
  };
}

function isInCents(text: string | undefined): boolean {
  const value = decimal(text ?? "");
  return value !== undefined && compare(value, round(value, 2)) === 0;
}

const unlessShadowed = (rule: Rule<VatBreakdown>): Rule<VatBreakdown> => ({
  ...rule,
  holds: (group, facts) => isShadowed(group, facts) || rule.holds(group, facts),
});

const given = <Group>(group: Group | undefined): Group[] => (group === undefined ? [] : [group]);

const allowanceRules = (
  amount: [id: string, term: string],
  base: [id: string, term: string],
  fr: string,
  en: string,
): Rule<AllowanceCharge>[] => [
  twoDecimals<AllowanceCharge>(...amount, "amount", `le montant de la ${fr}`, `the amount of the ${en}`),
  twoDecimals<AllowanceCharge>(...base, "base", `l'assiette de la ${fr}`, `the base of the ${en}`),
];

/** BR-DEC: how many decimals each amount may have. */
export const decimalRules: readonly RunnableRules[] = [
  runnable({
    groups: (facts) => facts.ofDocument.allowances,
    rules: allowanceRules(
      ["BR-DEC-01", "BT-92"],
      ["BR-DEC-02", "BT-93"],
      "remise de document",
      "document allowance",
    ),
  }),
  runnable({
    groups: (facts) => facts.ofDocument.charges,
    rules: allowanceRules(
      ["BR-DEC-05", "BT-99"],
      ["BR-DEC-06", "BT-100"],
      "majoration de document",
      "document charge",
    ),
  }),
  runnable({
    groups: (facts) => given(facts.invoice.totals),
    rules: [
      twoDecimals<Totals>("BR-DEC-09", "BT-106", "lines", "le total des lignes", "the lines' total"),
      twoDecimals<Totals>(
        "BR-DEC-10",
        "BT-107",
        "allowances",
        "le total des remises",
        "the total of allowances",
      ),
      twoDecimals<Totals>(
        "BR-DEC-11",
        "BT-108",
        "charges",
        "le total des majorations",
        "the total of charges",
      ),
      twoDecimals<Totals>("BR-DEC-12", "BT-109", "withoutVat", "le total hors TVA", "the total without VAT"),
      twoDecimals<Totals>("BR-DEC-14", "BT-112", "withVat", "le total avec TVA", "the total with VAT"),
      twoDecimals<Totals>("BR-DEC-16", "BT-113", "paid", "le montant payé", "the paid amount"),
      twoDecimals<Totals>("BR-DEC-17", "BT-114", "rounding", "l'arrondi", "the rounding amount"),
      twoDecimals<Totals>("BR-DEC-18", "BT-115", "due", "le montant à payer", "the amount due"),
    ],
  }),
  runnable({
    groups: (facts) => [facts.invoice],
    rules: [
      totalVatRule("BR-DEC-13", "BT-110", (invoice) => invoice.currency, true),
      totalVatRule("BR-DEC-15", "BT-111", (invoice) => invoice.accountingCurrency, false),
    ],
  }),
  runnable({
    groups: (facts) => facts.breakdown,
    rules: [
      unlessShadowed(
        twoDecimals<VatBreakdown>(
          "BR-DEC-19",
          "BT-116",
          "base",
          "la base d'imposition",
          "the taxable amount",
        ),
      ),
      unlessShadowed(
        twoDecimals<VatBreakdown>("BR-DEC-20", "BT-117", "tax", "le montant de TVA", "the tax amount"),
      ),
    ],
  }),
  runnable({
    groups: (facts) => facts.invoice.lines,
    rules: [
      twoDecimals<Line>(
        "BR-DEC-23",
        "BT-131",
        "netAmount",
        "le montant net de la ligne",
        "the line's net amount",
      ),
    ],
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.allowances),
    rules: allowanceRules(
      ["BR-DEC-24", "BT-136"],
      ["BR-DEC-25", "BT-137"],
      "remise de ligne",
      "line allowance",
    ),
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.charges),
    rules: allowanceRules(
      ["BR-DEC-27", "BT-141"],
      ["BR-DEC-28", "BT-142"],
      "majoration de ligne",
      "line charge",
    ),
  }),
];
