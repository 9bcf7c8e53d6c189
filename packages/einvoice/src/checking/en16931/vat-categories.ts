import { add, compare, type Decimal, decimal, one, round, subtract } from "../../model/decimal.ts";
import type { AllowanceCharge, Invoice, Line, VatBreakdown } from "../../model/invoice.ts";
import {
  type CategorySums,
  categoryIn,
  type Facts,
  isVatIn,
  type Taxed,
  type TaxedGroups,
} from "../facts.ts";
import { approximate, type Rule, type RunnableRules, runnable } from "../rule.ts";
import { amount, isTaxOfBase } from "./arithmetic.ts";

/** One VAT category of UNTDID 5305, and what EN 16931 asks of it. */
interface Category {
  code: string;
  /** The part of the rule ids that names it. */
  family: string;
  fr: string;
  en: string;
  /** How many breakdowns an invoice that uses it has. */
  breakdowns: "one" | "some";
  rate: "positive" | "notNegative" | "zero" | "absent";
  /** Which identifiers an invoice that uses it needs, or must not have. */
  identifiers: "seller" | "sellerVat" | "sellerAndBuyer" | "sellerVatAndBuyerVat" | "none";
  taxIsZero: boolean;
  hasExemptionReason: boolean;
}

const categories: readonly Category[] = [
  {
    code: "S",
    family: "S",
    fr: "taux normal",
    en: "standard rated",
    breakdowns: "some",
    rate: "positive",
    identifiers: "seller",
    taxIsZero: false,
    hasExemptionReason: false,
  },
  {
    code: "Z",
    family: "Z",
    fr: "taux zéro",
    en: "zero rated",
    breakdowns: "one",
    rate: "zero",
    identifiers: "seller",
    taxIsZero: true,
    hasExemptionReason: false,
  },
  {
    code: "E",
    family: "E",
    fr: "exonérée de TVA",
    en: "exempt from VAT",
    breakdowns: "one",
    rate: "zero",
    identifiers: "seller",
    taxIsZero: true,
    hasExemptionReason: true,
  },
  {
    code: "AE",
    family: "AE",
    fr: "autoliquidation",
    en: "reverse charge",
    breakdowns: "one",
    rate: "zero",
    identifiers: "sellerAndBuyer",
    taxIsZero: true,
    hasExemptionReason: true,
  },
  {
    code: "K",
    family: "IC",
    fr: "livraison intracommunautaire",
    en: "intra-community supply",
    breakdowns: "one",
    rate: "zero",
    identifiers: "sellerVatAndBuyerVat",
    taxIsZero: true,
    hasExemptionReason: true,
  },
  {
    code: "G",
    family: "G",
    fr: "exportation hors de l'Union",
    en: "export outside the EU",
    breakdowns: "one",
    rate: "zero",
    identifiers: "sellerVat",
    taxIsZero: true,
    hasExemptionReason: true,
  },
  {
    code: "O",
    family: "O",
    fr: "hors champ de la TVA",
    en: "not subject to VAT",
    breakdowns: "one",
    rate: "absent",
    identifiers: "none",
    taxIsZero: true,
    hasExemptionReason: true,
  },
  {
    code: "L",
    family: "AF",
    fr: "IGIC (Canaries)",
    en: "IGIC (Canary Islands)",
    breakdowns: "some",
    rate: "notNegative",
    identifiers: "seller",
    taxIsZero: false,
    hasExemptionReason: false,
  },
  {
    code: "M",
    family: "AG",
    fr: "IPSI (Ceuta et Melilla)",
    en: "IPSI (Ceuta and Melilla)",
    breakdowns: "some",
    rate: "notNegative",
    identifiers: "seller",
    taxIsZero: false,
    hasExemptionReason: false,
  },
];

const carries = (group: Taxed, code: string, facts: Facts): boolean =>
  categoryIn(facts.syntax, group) === code;

const carriesVat = (group: Taxed, code: string, facts: Facts): boolean =>
  carries(group, code, facts) && isVatIn(facts.syntax, group.taxScheme);

const allowancesAndCharges = (facts: Facts): AllowanceCharge[] => [
  ...facts.everyAllowance,
  ...facts.everyCharge,
];

/** How many of these groups the rules count; UBL's ask them to name VAT as their tax. */
function counted(groups: readonly Taxed[], { code }: Category, { syntax }: Facts): number {
  if (syntax === "cii" || code === "S") return groups.length;
  let count = 0;
  for (const group of groups) if (isVatIn(syntax, group.taxScheme)) count += 1;
  return count;
}

/** what is used on lines, allowances or charges is broken down, and nothing else. */
function isBrokenDown(category: Category, facts: Facts): boolean {
  const { code } = category;
  const isUbl = facts.syntax === "ubl";
  const taxed = facts.taxedAs(code);
  const ofBreakdown = facts.brokenDown.filter((group) => carries(group, code, facts));
  const breakdowns = counted(ofBreakdown, category, facts);
  const lines = counted(taxed.lines, category, facts) + counted(taxed.elsewhere, category, facts);
  const others = counted(taxed.allowances, category, facts) + counted(taxed.charges, category, facts);
  if (category.breakdowns === "some") {
    if (isUbl) return lines + others > 0 === breakdowns > 0;
    return (lines === 0 || lines + breakdowns >= 2) && (others === 0 || others + breakdowns >= 2);
  }
  if (isUbl) return lines + others + breakdowns === 0 || breakdowns === 1;
  if (code === "O" && breakdowns === 0) return true;
  return lines + others + breakdowns === 0 || (breakdowns === 1 && lines + others > 0);
}

/** the identifiers of the parties that the category asks for. */
function hasIdentifiers(category: Category, { invoice }: Facts): boolean {
  const { seller, buyer, taxRepresentative } = invoice;
  const hasSellerVat = seller?.vatIdentifier !== undefined || taxRepresentative?.vatIdentifier !== undefined;
  const hasSeller = hasSellerVat || seller?.taxRegistration !== undefined;
  const hasBuyerVat = buyer?.vatIdentifier !== undefined;
  switch (category.identifiers) {
    case "seller":
      return hasSeller;
    case "sellerVat":
      return hasSellerVat;
    case "sellerAndBuyer":
      return hasSeller && (hasBuyerVat || buyer?.legalRegistration !== undefined);
    case "sellerVatAndBuyerVat":
      return hasSellerVat && hasBuyerVat;
    case "none":
      return !hasSellerVat && !hasBuyerVat;
  }
}

const identifierWords: Record<Category["identifiers"], { fr: string; en: string }> = {
  seller: {
    fr: "donnez le numéro de TVA du vendeur (BT-31), son numéro fiscal (BT-32) ou le numéro de TVA de son représentant (BT-63)",
    en: "give the seller's VAT identifier (BT-31), its tax registration (BT-32) or its representative's VAT identifier (BT-63)",
  },
  sellerVat: {
    fr: "donnez le numéro de TVA du vendeur (BT-31) ou de son représentant fiscal (BT-63)",
    en: "give the VAT identifier of the seller (BT-31) or of its tax representative (BT-63)",
  },
  sellerAndBuyer: {
    fr: "donnez un numéro de TVA ou fiscal du vendeur (BT-31, BT-32 ou BT-63), et le numéro de TVA (BT-48) ou l'immatriculation (BT-47) de l'acheteur",
    en: "give a VAT or tax identifier of the seller (BT-31, BT-32 or BT-63), and the buyer's VAT identifier (BT-48) or registration (BT-47)",
  },
  sellerVatAndBuyerVat: {
    fr: "donnez le numéro de TVA du vendeur (BT-31) ou de son représentant (BT-63), et celui de l'acheteur (BT-48)",
    en: "give the VAT identifier of the seller (BT-31) or of its representative (BT-63), and that of the buyer (BT-48)",
  },
  none: {
    fr: "retirez les numéros de TVA du vendeur (BT-31), de son représentant (BT-63) et de l'acheteur (BT-48)",
    en: "leave out the VAT identifiers of the seller (BT-31), of its representative (BT-63) and of the buyer (BT-48)",
  },
};

function identifiersRule(
  category: Category,
  number: string,
  groupsOf: (taxed: TaxedGroups, facts: Facts) => readonly Taxed[],
): Rule<Invoice> {
  const words = identifierWords[category.identifiers];
  return {
    id: `BR-${category.family}-${number}`,
    term: "BT-31",
    field: "seller",
    holds: (_invoice, facts) => {
      const groups = groupsOf(facts.taxedAs(category.code), facts);
      if (groups.length === 0) return true;
      const hasVatGroup = groups.some((group) => isVatIn(facts.syntax, group.taxScheme));
      if (!hasVatGroup) return !(facts.syntax === "ubl" && category.code === "S" && number === "02");
      return hasIdentifiers(category, facts);
    },
    fr: `Catégorie de TVA ${category.code} (${category.fr}) : ${words.fr}.`,
    en: `VAT category ${category.code} (${category.en}): ${words.en}.`,
  };
}

/** the rate that goes with the category. */
function hasRate(category: Category, group: Line | AllowanceCharge, facts: Facts): boolean {
  if (!isVatIn(facts.syntax, group.taxScheme)) return true;
  if (category.rate === "absent") return group.vatRate === undefined;
  const rate = approximate(group.vatRate);
  if (category.rate === "zero") return rate === 0;
  const isStrict = category.rate === "positive" || (category.code === "L" && facts.syntax === "cii");
  return isStrict ? rate > 0 : rate >= 0;
}

const rateWords: Record<Category["rate"], { fr: string; en: string }> = {
  positive: { fr: "le taux doit être supérieur à 0", en: "the rate shall be above 0" },
  notNegative: { fr: "le taux ne peut être négatif", en: "the rate shall not be negative" },
  zero: { fr: "le taux doit être 0", en: "the rate shall be 0" },
  absent: { fr: "retirez le taux", en: "leave the rate out" },
};

function rateRule<Group extends Line | AllowanceCharge>(
  category: Category,
  number: string,
  term: string,
): Rule<Group> {
  const words = rateWords[category.rate];
  return {
    id: `BR-${category.family}-${number}`,
    term,
    field: "vatRate" as keyof Group & string,
    holds: (group, facts) => hasRate(category, group, facts),
    fr: `Catégorie de TVA ${category.code} (${category.fr}) : ${words.fr} (${term}).`,
    en: `VAT category ${category.code} (${category.en}): ${words.en} (${term}).`,
  };
}

const netWithoutLines = ({ charges, allowances }: CategorySums): Decimal =>
  subtract(charges.total, allowances.total);

const net = (sums: CategorySums): Decimal => add(sums.lines.total, netWithoutLines(sums));

const netInCents = ({ lines, charges, allowances }: CategorySums): Decimal =>
  subtract(add(round(lines.total, 2), round(charges.total, 2)), round(allowances.total, 2));

const isWithinOne = (value: Decimal, expected: Decimal): boolean =>
  compare(subtract(value, one), expected) < 0 && compare(add(value, one), expected) > 0;

/** X-08 where the category has rates (S, L, M): the base of one rate. */
function isBaseOfRate(category: Category, group: VatBreakdown, facts: Facts): boolean {
  // CII's published rule looks for the rates of L and M where none stands.
  if (facts.syntax === "cii" && category.code !== "S") return true;
  const rate = decimal(group.vatRate ?? "");
  if (!rate) return true;
  const sums = facts.ofCategoryAndRate(category.code, rate);
  const base = amount(group.base);
  if (!base) return false;
  if (facts.syntax === "cii") return compare(base, netInCents(sums)) === 0;
  if (category.code !== "S") return facts.invoice.lines.length > 0 && isWithinOne(base, net(sums));
  const isOfLines = (sums.hasLine || sums.hasAllowanceOrCharge) && isWithinOne(base, net(sums));
  return isOfLines || (sums.hasAllowanceOrCharge && isWithinOne(base, netWithoutLines(sums)));
}

/** X-08 where it has none. */
function isBaseOfCategory(category: Category, group: VatBreakdown, facts: Facts): boolean {
  const sums = facts.ofCategory(category.code);
  const base = amount(group.base);
  if (!base) return false;
  if (facts.syntax === "ubl") return facts.invoice.lines.length > 0 && compare(base, net(sums)) === 0;
  return category.code === "O" ? compare(base, netInCents(sums)) === 0 : isWithinOne(base, netInCents(sums));
}

/** The breakdowns that are told of; CII's rules ask S and Z for no tax scheme. */
function isBreakdownOf(category: Category, group: VatBreakdown, facts: Facts): boolean {
  const asksNoScheme = facts.syntax === "cii" && (category.code === "S" || category.code === "Z");
  return asksNoScheme ? carries(group, category.code, facts) : carriesVat(group, category.code, facts);
}

function breakdownRules(category: Category): Rule<VatBreakdown>[] {
  const { code, family } = category;
  const isRated = category.rate === "positive" || category.rate === "notNegative";
  const applies = (group: VatBreakdown, facts: Facts) => isBreakdownOf(category, group, facts);
  return [
    {
      id: `BR-${family}-08`,
      term: "BT-116",
      field: "base",
      holds: (group, facts) =>
        !applies(group, facts) || (isRated ? isBaseOfRate : isBaseOfCategory)(category, group, facts),
      fr: `Catégorie de TVA ${code} (${category.fr}) : la base (BT-116) doit être la somme des lignes, moins les remises, plus les majorations de cette catégorie${isRated ? " et de ce taux" : ""}.`,
      en: `VAT category ${code} (${category.en}): the taxable amount (BT-116) shall be the sum of the lines less allowances plus charges of that category${isRated ? " and rate" : ""}.`,
    },
    {
      id: `BR-${family}-09`,
      term: "BT-117",
      field: "tax",
      holds: (group, facts) => {
        if (!applies(group, facts)) return true;
        if (category.taxIsZero) return amount(group.tax)?.units === 0n;
        return (facts.syntax === "cii" && code !== "S") || isTaxOfBase(group, "open");
      },
      fr: category.taxIsZero
        ? `Catégorie de TVA ${code} (${category.fr}) : le montant de TVA (BT-117) doit être 0.`
        : `Catégorie de TVA ${code} (${category.fr}) : le montant de TVA (BT-117) doit être la base (BT-116) multipliée par le taux (BT-119).`,
      en: category.taxIsZero
        ? `VAT category ${code} (${category.en}): the tax amount (BT-117) shall be 0.`
        : `VAT category ${code} (${category.en}): the tax amount (BT-117) shall be the taxable amount (BT-116) times the rate (BT-119).`,
    },
    {
      id: `BR-${family}-10`,
      term: "BT-120",
      field: "exemptionReason",
      holds: (group, facts) => {
        if (!applies(group, facts)) return true;
        const hasReason = group.exemptionReason !== undefined || group.exemptionCode !== undefined;
        return hasReason === category.hasExemptionReason;
      },
      fr: category.hasExemptionReason
        ? `Catégorie de TVA ${code} (${category.fr}) : indiquez le motif d'exonération, en texte (BT-120) ou en code (BT-121).`
        : `Catégorie de TVA ${code} (${category.fr}) : retirez le motif d'exonération (BT-120, BT-121).`,
      en: category.hasExemptionReason
        ? `VAT category ${code} (${category.en}): give the exemption reason, as text (BT-120) or as a code (BT-121).`
        : `VAT category ${code} (${category.en}): leave the exemption reason out (BT-120, BT-121).`,
    },
  ];
}

function familyRules(category: Category): RunnableRules[] {
  const { code, family } = category;
  const isOne = category.breakdowns === "one";
  return [
    runnable({
      groups: (facts) => [facts.invoice],
      rules: [
        {
          id: `BR-${family}-01`,
          term: "BG-23",
          holds: (_invoice, facts) => isBrokenDown(category, facts),
          fr: `Catégorie de TVA ${code} (${category.fr}) : la ventilation (BG-23) doit la porter ${isOne ? "une seule fois" : "au moins une fois"} si des lignes, remises ou majorations la portent.`,
          en: `VAT category ${code} (${category.en}): the VAT breakdown (BG-23) shall carry it ${isOne ? "exactly once" : "at least once"} when lines, allowances or charges carry it.`,
        },
        // UBL's published rule looks at lines under lines too, CII's at the lines of the document only.
        identifiersRule(category, "02", ({ lines, elsewhere }, { syntax }) =>
          syntax === "cii" || elsewhere.length === 0 ? lines : [...lines, ...elsewhere],
        ),
        identifiersRule(category, "03", ({ allowances }) => allowances),
        identifiersRule(category, "04", ({ charges }) => charges),
      ],
    }),
    runnable({
      groups: (facts) => facts.taxedAs(code).lines,
      rules: [rateRule<Line>(category, "05", "BT-152")],
    }),
    runnable({
      groups: (facts) => facts.taxedAs(code).allowances,
      rules: [rateRule<AllowanceCharge>(category, "06", "BT-96")],
    }),
    runnable({
      groups: (facts) => facts.taxedAs(code).charges,
      rules: [rateRule<AllowanceCharge>(category, "07", "BT-103")],
    }),
    runnable({ groups: (facts) => facts.breakdown, rules: breakdownRules(category) }),
  ];
}

const hasBreakdown = (code: string, facts: Facts): boolean =>
  facts.breakdown.some((group) => carriesVat(group, code, facts));

const intraCommunityRules: Rule<Invoice>[] = [
  {
    id: "BR-IC-11",
    term: "BT-72",
    field: "delivery",
    holds: ({ delivery, period, taxPointDateCode }, facts) => {
      if (!hasBreakdown("K", facts)) return true;
      if (facts.syntax === "cii")
        return delivery?.date !== undefined || period?.start !== undefined || period?.end !== undefined;
      return (
        (delivery?.date ?? "").length > 1 ||
        (period?.start ?? period?.end) !== undefined ||
        taxPointDateCode !== undefined
      );
    },
    fr: "Livraison intracommunautaire : indiquez la date de livraison (BT-72) ou la période de facturation (BG-14).",
    en: "Intra-community supply: give the delivery date (BT-72) or the invoicing period (BG-14).",
  },
  {
    id: "BR-IC-12",
    term: "BT-80",
    field: "delivery",
    holds: ({ delivery }, facts) => {
      if (!hasBreakdown("K", facts)) return true;
      const country = delivery?.address?.country;
      return facts.syntax === "cii" ? country !== undefined : (country ?? "").length > 1;
    },
    fr: "Livraison intracommunautaire : indiquez le pays de livraison (BT-80).",
    en: "Intra-community supply: give the country of delivery (BT-80).",
  },
];

/** BR-O-11 to BR-O-14: where one breakdown is not subject to VAT, nothing is. */
function onlyOutside(
  number: string,
  term: string,
  words: { fr: string; en: string },
  ubl: (facts: Facts) => readonly Taxed[],
  cii: (facts: Facts) => readonly Taxed[],
): Rule<Invoice> {
  return {
    id: `BR-O-${number}`,
    term,
    holds: (_invoice, facts) => {
      if (!hasBreakdown("O", facts)) return true;
      if (facts.syntax === "cii")
        return cii(facts).every((group) => group.vatCategory === undefined || group.vatCategory === "O");
      return ubl(facts).every(
        (group) => !isVatIn("ubl", group.taxScheme) || (group.vatCategory?.trim() ?? "") === "O",
      );
    },
    fr: `Facture hors champ de la TVA (O) : ${words.fr} ne peut porter une autre catégorie de TVA.`,
    en: `Invoice not subject to VAT (O): ${words.en} may carry another VAT category.`,
  };
}

const everyLine = (facts: Facts): readonly Taxed[] => [...facts.invoice.lines, ...facts.elsewhere];

const everyTax = (facts: Facts): readonly Taxed[] => [...facts.breakdown, ...everyLine(facts)];

const outsideRules: Rule<Invoice>[] = [
  onlyOutside(
    "11",
    "BT-118",
    { fr: "aucune ventilation", en: "no breakdown" },
    (facts) => facts.breakdown,
    everyTax,
  ),
  onlyOutside("12", "BT-151", { fr: "aucune ligne", en: "no line" }, everyLine, everyTax),
  onlyOutside(
    "13",
    "BT-95",
    { fr: "aucune remise", en: "no allowance" },
    (facts) => facts.everyAllowance,
    allowancesAndCharges,
  ),
  onlyOutside(
    "14",
    "BT-102",
    { fr: "aucune majoration", en: "no charge" },
    (facts) => facts.everyCharge,
    allowancesAndCharges,
  ),
];

/** Everything that carries a VAT category where Italy's split payment is looked for. */
function splitPaymentGroups(facts: Facts): readonly Taxed[] {
  return [...everyTax(facts), ...allowancesAndCharges(facts)];
}

const isDomesticItalian = ({ invoice }: Facts): boolean =>
  [
    invoice.seller?.address?.country,
    invoice.buyer?.address?.country,
    invoice.taxRepresentative?.address?.country,
    invoice.payee?.address?.country,
    invoice.delivery?.address?.country,
  ].every((country) => country === undefined || country === "IT");

const splitPaymentRules: Rule<Invoice>[] = [
  {
    id: "BR-B-01",
    term: "BT-151",
    holds: (invoice, facts) =>
      !splitPaymentGroups(facts).some((group) => group.vatCategory === "B") ||
      (isDomesticItalian(facts) &&
        (facts.syntax === "cii" ||
          invoice.lines.every(({ originCountry = "IT" }) => originCountry === "IT"))),
    fr: "La catégorie de TVA B (paiement scindé) ne vaut que pour une facture entre parties italiennes.",
    en: "VAT category B (split payment) is for domestic Italian invoices only.",
  },
  {
    id: "BR-B-02",
    term: "BT-151",
    holds: (_invoice, facts) => {
      const categories = splitPaymentGroups(facts).map((group) => group.vatCategory);
      return !categories.includes("B") || !categories.includes("S");
    },
    fr: "Une facture à paiement scindé (B) ne peut porter aussi la catégorie de TVA S.",
    en: "A split payment invoice (B) may not carry VAT category S too.",
  },
];

/** The families BR-S, Z, E, AE, IC, G, O, AF, AG and B. */
export const vatCategoryRules: readonly RunnableRules[] = [
  ...categories.flatMap(familyRules),
  runnable({
    groups: (facts) => [facts.invoice],
    rules: [...intraCommunityRules, ...outsideRules, ...splitPaymentRules],
  }),
];
