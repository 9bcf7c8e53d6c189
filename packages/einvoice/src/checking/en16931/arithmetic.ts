import { countries, countriesCii } from "../../codelists/countries.ts";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  one,
  percent,
  round,
  Sum,
  subtract,
  zero,
} from "../../model/decimal.ts";
import type {
  AllowanceCharge,
  Invoice,
  Line,
  Party,
  Period,
  Totals,
  VatBreakdown,
  VatTotal,
} from "../../model/invoice.ts";
import { isVat } from "../../reading/ubl.ts";
import { type Facts, isShadowed, isVatIn } from "../facts.ts";
import { approximate, approximateSum, filled, type Rule, type RunnableRules, runnable } from "../rule.ts";

/** The number that a term holds; undefined when it is absent or no number. */
export const amount = (text: string | undefined): Decimal | undefined =>
  text === undefined ? undefined : decimal(text);

/** Whether both are there and equal. */
export const equal = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
  a !== undefined && b !== undefined && compare(a, b) === 0;

const isZero = (value: Decimal | undefined): boolean => value !== undefined && value.units === 0n;

/** `a` + `b` of what is there; undefined when `a` is absent. */
const plus = (a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined =>
  a === undefined || b === undefined ? undefined : add(a, b);
const minus = (a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined =>
  a === undefined || b === undefined ? undefined : subtract(a, b);
const cents = (value: Decimal | undefined): Decimal | undefined =>
  value === undefined ? undefined : round(value, 2);

/**
 * Whether the tax of a breakdown is its base at its rate, to within one unit of currency.
 * `bounds` says whether a difference of exactly one passes: in CII's BR-CO-17 it does.
 */
export function isTaxOfBase(group: VatBreakdown, bounds: "open" | "closed"): boolean {
  const tax = amount(group.tax);
  const base = amount(group.base);
  const rate = amount(group.vatRate);
  if (!tax || !base || !rate) return false;
  const expected = round(multiply(absolute(base), percent(rate)), 2);
  const most = bounds === "open" ? -1 : 0;
  return (
    compare(subtract(absolute(tax), one), expected) <= most &&
    compare(expected, add(absolute(tax), one)) <= most
  );
}

/** BR-CO-16, as UBL's rules say it: what is absent counts as nothing. */
function isDueInUbl(totals: Totals): boolean {
  const withVat = amount(totals.withVat);
  const due = amount(totals.due);
  if (totals.paid === undefined && totals.rounding === undefined) return equal(due, withVat);
  const left = totals.rounding === undefined ? due : cents(minus(due, amount(totals.rounding)));
  return equal(left, totals.paid === undefined ? withVat : cents(minus(withVat, amount(totals.paid))));
}

/** BR-CO-16, as CII's rules say it: a zero counts as absent, and nothing is rounded. */
function isDueInCii(totals: Totals): boolean {
  const withVat = amount(totals.withVat);
  const due = amount(totals.due);
  const paid = amount(totals.paid);
  const rounding = amount(totals.rounding);
  const noPaid = !paid || isZero(paid);
  const noRounding = !rounding || isZero(rounding);
  return (
    equal(due, plus(minus(withVat, paid), rounding)) ||
    (noPaid && equal(due, plus(withVat, rounding))) ||
    (noRounding && equal(due, minus(withVat, paid))) ||
    (noPaid && noRounding && equal(due, withVat))
  );
}

function isTotalWithoutVat(totals: Totals, facts: Facts): boolean {
  const lines = amount(totals.lines);
  const hasNeither = totals.allowances === undefined && totals.charges === undefined;
  const less = totals.allowances === undefined ? zero : amount(totals.allowances);
  const more = totals.charges === undefined ? zero : amount(totals.charges);
  const expected = plus(minus(lines, less), more);
  return equal(amount(totals.withoutVat), hasNeither && facts.syntax === "ubl" ? expected : cents(expected));
}

/** Whether a total is that of its parts, in cents: UBL's rules add exactly, CII's as doubles, which tells at half a cent. */
function isSumOf(
  total: string | undefined,
  parts: readonly (string | undefined)[],
  { syntax }: Facts,
): boolean {
  if (syntax === "cii") return approximate(total) === Math.round(approximateSum(parts) * 10 * 10) / 100;
  const sum = new Sum();
  for (const part of parts) sum.add(part ?? "");
  return equal(amount(total), round(sum.total, 2));
}

const amountOf = ({ amount: written }: AllowanceCharge): string | undefined => written;

const totalsRules: Rule<Totals>[] = [
  {
    id: "BR-CO-10",
    term: "BT-106",
    field: "lines",
    holds: (totals, facts) => equal(amount(totals.lines), round(facts.linesSum, 2)),
    fr: "La somme des montants nets des lignes (BT-106) n'est pas celle des lignes (BT-131) : corrigez l'une ou l'autre.",
    en: "The sum of line net amounts (BT-106) is not that of the lines (BT-131): correct one or the other.",
  },
  {
    id: "BR-CO-11",
    term: "BT-107",
    field: "allowances",
    holds: ({ allowances }, facts) =>
      allowances === undefined
        ? facts.invoice.allowances.length === 0
        : isSumOf(allowances, facts.invoice.allowances.map(amountOf), facts),
    fr: "Le total des remises (BT-107) doit être la somme des remises de document (BT-92).",
    en: "The total of allowances (BT-107) shall be the sum of the document allowances (BT-92).",
  },
  {
    id: "BR-CO-12",
    term: "BT-108",
    field: "charges",
    holds: ({ charges }, facts) =>
      charges === undefined
        ? facts.invoice.charges.length === 0
        : isSumOf(charges, facts.invoice.charges.map(amountOf), facts),
    fr: "Le total des majorations (BT-108) doit être la somme des majorations de document (BT-99).",
    en: "The total of charges (BT-108) shall be the sum of the document charges (BT-99).",
  },
  {
    id: "BR-CO-13",
    term: "BT-109",
    field: "withoutVat",
    holds: isTotalWithoutVat,
    fr: "Le total hors TVA (BT-109) doit être le total des lignes (BT-106), moins les remises (BT-107), plus les majorations (BT-108).",
    en: "The total without VAT (BT-109) shall be the lines' total (BT-106) less allowances (BT-107) plus charges (BT-108).",
  },
  {
    id: "BR-CO-16",
    term: "BT-115",
    field: "due",
    holds: (totals, facts) => (facts.syntax === "ubl" ? isDueInUbl(totals) : isDueInCii(totals)),
    fr: "Le montant à payer (BT-115) doit être le total avec TVA (BT-112), moins le montant payé (BT-113), plus l'arrondi (BT-114).",
    en: "The amount due (BT-115) shall be the total with VAT (BT-112) less the paid amount (BT-113) plus the rounding (BT-114).",
  },
];

/** The totals of VAT in the invoice's own currency, BT-110. */
const ownTotals = ({ vatTotals, currency }: Invoice): VatTotal[] =>
  vatTotals.filter((total) => total.amount !== undefined && total.currency === currency);

function isTotalWithVat(invoice: Invoice, facts: Facts): boolean {
  if (invoice.currency === undefined) return true;
  const withVat = amount(invoice.totals?.withVat);
  const withoutVat = amount(invoice.totals?.withoutVat);
  const own = ownTotals(invoice);
  const isSum = own.length === 1 && equal(withVat, cents(plus(withoutVat, amount(own[0]?.amount))));
  return isSum || (facts.syntax === "cii" && equal(withVat, withoutVat));
}

const invoiceRules: Rule<Invoice>[] = [
  {
    id: "BR-CO-03",
    term: "BT-7",
    field: "taxPointDate",
    holds: (invoice, facts) =>
      invoice.taxPointDate === undefined ||
      invoice.taxPointDateCode === undefined ||
      (facts.syntax === "cii" && facts.breakdown.every((group) => isShadowed(group, facts))),
    fr: "Donnez la date d'exigibilité de la TVA (BT-7) ou son code (BT-8), mais pas les deux.",
    en: "Give the VAT point date (BT-7) or its code (BT-8), not both.",
  },
  {
    id: "BR-CO-15",
    term: "BT-112",
    field: "totals",
    holds: isTotalWithVat,
    fr: "Le total avec TVA (BT-112) doit être le total hors TVA (BT-109) plus le total de TVA (BT-110), dans la devise de la facture.",
    en: "The total with VAT (BT-112) shall be the total without VAT (BT-109) plus the total VAT (BT-110), in the invoice's currency.",
  },
  {
    id: "BR-CO-18",
    term: "BG-23",
    holds: (invoice, facts) =>
      facts.breakdown.length > 0 || (facts.syntax === "cii" && invoice.lines.length === 0),
    fr: "Ajoutez au moins une ventilation de TVA (BG-23).",
    en: "Add at least one VAT breakdown (BG-23).",
  },
];

const taxOf = ({ tax }: VatBreakdown): string | undefined => tax;

const vatTotalRules: Rule<VatTotal>[] = [
  {
    id: "BR-CO-14",
    term: "BT-110",
    field: "amount",
    holds: (total, facts) => {
      if (facts.syntax === "ubl")
        return total.breakdown.length === 0 || isSumOf(total.amount, total.breakdown.map(taxOf), facts);
      const isOwn = total.amount !== undefined && total.currency === facts.invoice.currency;
      return !isOwn || isSumOf(total.amount, facts.breakdown.map(taxOf), facts);
    },
    fr: "Le total de TVA (BT-110) doit être la somme des montants de TVA de la ventilation (BT-117).",
    en: "The total VAT (BT-110) shall be the sum of the tax amounts of the breakdown (BT-117).",
  },
];

const breakdownRules: Rule<VatBreakdown>[] = [
  {
    id: "BR-CO-17",
    term: "BT-117",
    field: "tax",
    holds: (group, facts) => {
      const { syntax } = facts;
      if (isShadowed(group, facts)) return true;
      const tax = amount(group.tax);
      const rate = isVat(group.taxScheme) ? amount(group.vatRate) : undefined;
      if (!rate || isZero(round(rate, 0))) return tax !== undefined && isZero(round(tax, 0));
      return isTaxOfBase(group, syntax === "ubl" ? "open" : "closed");
    },
    fr: "Le montant de TVA (BT-117) doit être la base (BT-116) multipliée par le taux (BT-119), arrondie au centime.",
    en: "The tax amount (BT-117) shall be the taxable amount (BT-116) times the rate (BT-119), rounded to the cent.",
  },
];

const documentPeriodRules: Rule<Period>[] = [
  {
    id: "BR-CO-19",
    term: "BG-14",
    holds: ({ start, end }) => start !== undefined || end !== undefined,
    fr: "Indiquez le début (BT-73) ou la fin (BT-74) de la période de facturation.",
    en: "Give the start (BT-73) or the end (BT-74) of the invoicing period.",
  },
];

const linePeriodRules: Rule<Period>[] = [
  {
    id: "BR-CO-20",
    term: "BG-26",
    holds: ({ start, end }) => start !== undefined || end !== undefined,
    fr: "Indiquez le début (BT-134) ou la fin (BT-135) de la période de la ligne.",
    en: "Give the start (BT-134) or the end (BT-135) of the line's period.",
  },
];

const lineRules: Rule<Line>[] = [
  {
    id: "BR-CO-04",
    term: "BT-151",
    field: "vatCategory",
    holds: (line, { syntax }) => line.vatCategory !== undefined && isVatIn(syntax, line.taxScheme),
    fr: "Indiquez la catégorie de TVA de la ligne (BT-151).",
    en: "Give the line's VAT category (BT-151).",
  },
];

/** BR-CO-21 to BR-CO-24 say of reasons what BR-33, 38, 42 and 44 say too. */
function reasonRule(id: string, term: string, fr: string, en: string): Rule<AllowanceCharge> {
  return {
    id,
    term,
    field: "reason",
    holds: (group) => group.reason !== undefined || group.reasonCode !== undefined,
    fr: `Indiquez le motif de la ${fr} (${term}), en texte, en code ou les deux.`,
    en: `Give the reason of the ${en} (${term}), as text, as a code or both.`,
  };
}

const sellerRules: Rule<Party>[] = [
  {
    id: "BR-CO-26",
    term: "BT-29",
    field: "identifiers",
    holds: (seller, { invoice, syntax }) =>
      seller.identifiers.length > 0 ||
      (syntax === "ubl" && invoice.creditorIdentifier !== undefined) ||
      seller.legalRegistration !== undefined ||
      seller.vatIdentifier !== undefined,
    fr: "Pour que l'acheteur reconnaisse le vendeur, donnez son identifiant (BT-29), son immatriculation (BT-30) ou son numéro de TVA (BT-31).",
    en: "For the buyer to recognise the seller, give its identifier (BT-29), its registration (BT-30) or its VAT identifier (BT-31).",
  },
];

/** The prefixes of VAT identifiers; Greece writes EL. */
const prefixes = {
  ubl: ` ${[...countries, "EL"].join(" ")} `,
  cii: ` ${[...countriesCii, "EL"].join(" ")} `,
};

const vatIdentifierRules: Rule<Pick<Party, "vatIdentifier">>[] = [
  {
    id: "BR-CO-09",
    term: "BT-31",
    field: "vatIdentifier",
    holds: ({ vatIdentifier }, { syntax }) => {
      if (vatIdentifier === undefined) return true;
      const prefix = vatIdentifier.slice(0, 2);
      return syntax === "ubl"
        ? prefixes.ubl.includes(prefix)
        : filled(prefix) && prefixes.cii.includes(` ${prefix} `);
    },
    fr: "Le numéro de TVA (BT-31, BT-48 ou BT-63) doit commencer par le code de son pays, par exemple FR.",
    en: "The VAT identifier (BT-31, BT-48 or BT-63) shall begin with the code of its country, such as FR.",
  },
];

const given = <Group>(group: Group | undefined): Group[] => (group === undefined ? [] : [group]);

/** BR-CO: conditions and arithmetic. */
export const arithmeticRules: readonly RunnableRules[] = [
  runnable({ groups: (facts) => [facts.invoice], rules: invoiceRules }),
  runnable({ groups: (facts) => given(facts.invoice.totals), rules: totalsRules }),
  runnable({ groups: (facts) => facts.invoice.vatTotals, rules: vatTotalRules }),
  runnable({ groups: (facts) => facts.breakdown, rules: breakdownRules }),
  runnable({ groups: (facts) => given(facts.invoice.period), rules: documentPeriodRules }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => given(line.period)),
    rules: linePeriodRules,
  }),
  runnable({ groups: (facts) => facts.invoice.lines, rules: lineRules }),
  runnable({
    groups: (facts) => facts.ofDocument.allowances,
    rules: [reasonRule("BR-CO-21", "BT-97", "remise de document", "document allowance")],
  }),
  runnable({
    groups: (facts) => facts.ofDocument.charges,
    rules: [reasonRule("BR-CO-22", "BT-104", "majoration de document", "document charge")],
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.allowances),
    rules: [reasonRule("BR-CO-23", "BT-139", "remise de ligne", "line allowance")],
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.charges),
    rules: [reasonRule("BR-CO-24", "BT-144", "majoration de ligne", "line charge")],
  }),
  runnable({ groups: (facts) => given(facts.invoice.seller), rules: sellerRules }),
  runnable({ groups: (facts) => facts.vatRegistered, rules: vatIdentifierRules }),
];
