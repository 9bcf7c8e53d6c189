import type { AllowanceCharge, Invoice, Line, VatBreakdown } from "../../model/invoice.ts";
import type { TaxedAtRate } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { isRate, vatCategories, vatRates } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules, type RuleId, theInvoice } from "./french-rule.ts";

interface VatTerms {
  readonly category: string;
  readonly rate: string;
  readonly fr: string;
  readonly en: string;
  readonly ids: Readonly<Record<"category" | "foreign" | "rate", RuleId>>;
  /** BR-FR-DEC-04 */ readonly rateForm: string;
}

/** CII asks for a category wherever a tax stands; UBL only judges the category given. */
function mayLackCategory(group: TaxedAtRate, { syntax }: FrenchFacts): boolean {
  return syntax === "ubl" || (group.taxScheme === undefined && group.vatRate === undefined);
}

/** BR-FR-15, 16 and DEC-04 on one kind of group. */
function vatRules<Group extends TaxedAtRate>(
  { category, rate, fr, en, ids, rateForm }: VatTerms,
  mayLack: (group: Group, facts: FrenchFacts) => boolean = mayLackCategory,
): FrenchRule<Group>[] {
  const onCategory = { term: category, field: "vatCategory" } as const;
  const onRate = { term: rate, field: "vatRate" } as const;
  return [
    {
      id: ids.category,
      ...onCategory,
      holds: (group, facts) =>
        group.vatCategory === undefined ? mayLack(group, facts) : vatCategories.has(group.vatCategory),
      fr: `Choisissez la catégorie de TVA ${fr} (${category}) parmi ${[...vatCategories].join(", ")}.`,
      en: `Choose the VAT category of the ${en} (${category}) among ${[...vatCategories].join(", ")}.`,
    },
    {
      id: ids.foreign,
      ...onCategory,
      holds: ({ vatCategory }) => vatCategory !== "L" && vatCategory !== "M",
      fr: `Remplacez la catégorie de TVA ${fr} (${category}) : L et M ne valent qu'en Espagne.`,
      en: `Replace the VAT category of the ${en} (${category}): L and M are for Spain only.`,
    },
    {
      id: ids.rate,
      ...onRate,
      holds: ({ vatRate }, { syntax }) =>
        vatRate === undefined || (syntax === "cii" && vatRate === "") || vatRates.has(vatRate),
      fr: `Indiquez pour la TVA ${fr} (${rate}) un taux appliqué en France, sans le signe %.`,
      en: `Give a rate applied in France, without the sign %, as the VAT of the ${en} (${rate}).`,
    },
    {
      id: rateForm,
      ...onRate,
      holds: ({ vatRate }) => vatRate === undefined || isRate(vatRate),
      fr: `Écrivez le taux de TVA ${fr} (${rate}) avec au plus deux décimales et quatre chiffres, sans signe.`,
      en: `Write the VAT rate of the ${en} (${rate}) with two decimals and four digits at most, without sign.`,
    },
  ];
}

/** Allowances and charges whose VAT is checked: of the document, and in UBL of the lines too. */
function taxedAllowancesAndCharges({ invoice, syntax, extension }: FrenchFacts): AllowanceCharge[] {
  const ofDocument = [...invoice.allowances, ...invoice.charges, ...extension.unsorted.ofDocument];
  if (syntax === "cii") return ofDocument;
  return [
    ...ofDocument,
    ...invoice.lines.flatMap((line) => [...line.allowances, ...line.charges]),
    ...extension.unsorted.ofLines,
  ];
}

/** A line of subtype GROUP or INFORMATION needs no category. */
function lineMayLackCategory(line: Line, facts: FrenchFacts): boolean {
  return (
    mayLackCategory(line, facts) ||
    facts.lines.some(
      (each) => each.line === line && (each.subtype === "GROUP" || each.subtype === "INFORMATION"),
    )
  );
}

const lineTerms: VatTerms = {
  category: "BT-151",
  rate: "BT-152",
  fr: "de la ligne",
  en: "line",
  ids: {
    category: { ubl: "BR-FR-15_BT-151-1", cii: "BR-FR-15_BT-95_BT-151" },
    // BR-FR-15: its published form in UBL bears the number 08.
    foreign: { ubl: "BR-FR-08_BT-151-2", cii: "BR-FR-15_BT-95_BT-151_LM" },
    rate: "BR-FR-16_BT-152",
  },
  rateForm: "BR-FR-DEC-04_BT-152",
};

/** The published rule for UBL on the rate looks at the lines of the invoice only. */
const furtherLineRules = vatRules<TaxedAtRate>(lineTerms).filter((rule) => rule.id !== lineTerms.ids.rate);

const lineRules = vatRules<Line>(lineTerms, lineMayLackCategory).map(
  (rule): FrenchRule<Line> =>
    // The published rule for UBL looks at the lines of invoices only.
    rule.id === "BR-FR-16_BT-152"
      ? { ...rule, holds: (line, facts) => facts.root === "cn:CreditNote" || rule.holds(line, facts) }
      : rule,
);

const currencyRule: FrenchRule<Invoice> = {
  id: "BR-FR-CO-12_BT-5",
  term: "BT-5",
  field: "currency",
  holds: ({ currency, accountingCurrency, vatTotals }) =>
    currency === undefined ||
    currency === "EUR" ||
    (accountingCurrency === "EUR" &&
      vatTotals.some((total) => total.currency === "EUR" && Boolean(total.amount))),
  fr: "Indiquez EUR comme devise de comptabilisation (BT-6) et le total de TVA en euros (BT-111) : la facture est dans une autre devise.",
  en: "Give EUR as the accounting currency (BT-6) and the total VAT in euros (BT-111): the invoice is in another currency.",
};

/** BR-FR-15, 16, DEC-04 and CO-12: categories, rates and currency of VAT. */
export const vatRuleSets: FrenchRules[] = [
  frenchRules(theInvoice, [currencyRule]),
  frenchRules(
    taxedAllowancesAndCharges,
    vatRules<AllowanceCharge>({
      category: "BT-95",
      rate: "BT-96",
      fr: "de la remise ou des frais",
      en: "allowance or charge",
      ids: {
        category: { ubl: "BR-FR-15_BT-95_BT-102-1", cii: "BR-FR-15_BT-95_BT-102" },
        foreign: { ubl: "BR-FR-15_BT-95_BT-102-2", cii: "BR-FR-15_BT-95_BT-102_LM" },
        rate: { ubl: "BR-FR-16_BT-96", cii: "BR-FR-16_BT-96_BT-103" },
      },
      rateForm: "BR-FR-DEC-04_BT-96_BT-103",
    }),
  ),
  frenchRules(
    ({ invoice }) => invoice.vatTotals.flatMap((total) => total.breakdown),
    vatRules<VatBreakdown>(
      {
        category: "BT-118",
        rate: "BT-119",
        fr: "de la ventilation",
        en: "breakdown",
        ids: {
          category: { ubl: "BR-FR-15_BT-118-1", cii: "BR-FR-15_BT-95_BT-118" },
          foreign: { ubl: "BR-FR-15_BT-118-2", cii: "BR-FR-15_BT-95_BT-118_LM" },
          rate: "BR-FR-16_BT-119",
        },
        rateForm: "BR-FR-DEC-04_BT-119",
      },
      (_, { syntax }) => syntax === "ubl",
    ),
  ),
  frenchRules(({ invoice }) => invoice.lines, lineRules),
  frenchRules(({ extension }) => extension.furtherVat, furtherLineRules),
];
