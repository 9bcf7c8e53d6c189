import { absolute, add, compare, type Decimal, decimal, subtract } from "../../model/decimal.ts";
import type { Invoice } from "../../model/invoice.ts";
import { normalized } from "../../xml/tree.ts";
import { approximate, approximateSum, filled } from "../rule.ts";
import type { FrenchLine } from "./extension.ts";
import type { FrenchFacts } from "./facts.ts";
import { selfBilled } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules } from "./french-rule.ts";

/** The object of a line (BT-128) of that scheme: AFL is the number of its part of the invoice, AVV its process. */
function objectOf(line: FrenchLine, scheme: "AFL" | "AVV"): string {
  const found = line.objects.find((each) => each.scheme === scheme && each.typeCode === "130");
  return normalized(found?.value ?? "");
}

const registrationOf = (line: FrenchLine): string => normalized(line.sellerRegistration ?? "");

/** EXT-FR-FE-181 or 182: the VAT of a group in one currency. */
function vatIn(line: FrenchLine, currency: string | undefined): string | undefined {
  return line.vat.find((each) => each.currency === currency)?.amount;
}

function linesUnder(head: FrenchLine, { lines }: FrenchFacts): FrenchLine[] {
  const identifier = normalized(head.line.identifier ?? "");
  return lines.filter((line) => line.parent === identifier);
}

const cents = (count: number): Decimal => ({ units: BigInt(count), scale: 2 });

/** Whether two amounts differ by so many cents at most; false when one is no number. */
function isWithin(left: Decimal | undefined, right: Decimal | undefined, centsAllowed: number): boolean {
  return Boolean(left && right && compare(absolute(subtract(left, right)), cents(centsAllowed)) <= 0);
}

const numberOf = (text: string | undefined): Decimal | undefined => decimal(text ?? "");

/** The same with doubles, as the published rules add up; a difference of exactly the cents allowed may pass or not. */
const isNearly = (left: number, right: number, centsAllowed: number): boolean =>
  Math.abs(left - right) <= centsAllowed / 100;

/** BR-FR-MV-09: the VAT broken down under the number of a group, which heads the reason (BT-120) between two `#`. */
function brokenDownVat(head: FrenchLine, { invoice }: FrenchFacts): number {
  const mark = `#${objectOf(head, "AFL")}#`;
  const breakdown = invoice.vatTotals.flatMap((total) => total.breakdown);
  return approximateSum(
    breakdown
      .filter((each) => each.taxScheme === "VAT" && (each.exemptionReason ?? "").startsWith(mark))
      .map((each) => each.tax),
  );
}

/** BR-FR-MV-10: total with VAT = total without + VAT, give or take a cent for each line of detail. */
function isTotalWithVatRight(head: FrenchLine, facts: FrenchFacts): boolean {
  const { line, totalWithVat } = head;
  if (totalWithVat === undefined) return true;
  const vatText = vatIn(head, facts.invoice.currency);
  const details = linesUnder(head, facts).filter((each) => each.subtype === "DETAIL").length;
  // CII's published rule subtracts doubles, UBL's decimals.
  if (facts.syntax === "cii")
    return isNearly(approximate(totalWithVat) - approximate(line.netAmount), approximate(vatText), details);
  const net = numberOf(line.netAmount);
  const vat = numberOf(vatText);
  return isWithin(numberOf(totalWithVat), net && vat && add(net, vat), details);
}

/** BR-FR-MV-11: of the groups of the seller itself, exactly one bears the number of the invoice. */
function isSellersGroupNumbered(head: FrenchLine, { heads, invoice }: FrenchFacts): boolean {
  const seller = invoice.seller?.legalRegistration?.value;
  if (seller === undefined || registrationOf(head) !== seller) return true;
  const own = heads.filter(
    (each) => registrationOf(each) === seller && objectOf(each, "AFL") === invoice.number,
  ).length;
  return own === 1 || (own > 1 && objectOf(head, "AFL") !== invoice.number);
}

/** Whether a line says under its own number what the line above says under that. */
function isAsAbove(line: FrenchLine, { lines }: FrenchFacts, termOf: (line: FrenchLine) => string): boolean {
  if (termOf(line) === "") return false;
  if (line.parent === undefined) return true;
  const above = lines.find((each) => each.line.identifier === line.parent);
  return above !== undefined && termOf(above) === termOf(line);
}

const numberOfPart = (line: FrenchLine): string => objectOf(line, "AFL");

/** BR-FR-MV-12: no line before the head of a group bears its number. */
function areNumbersUnique({ heads, lines }: FrenchFacts): boolean {
  return heads.every((head) =>
    lines
      .slice(0, lines.indexOf(head))
      .every((before) => numberOfPart(before) === "" || numberOfPart(before) !== numberOfPart(head)),
  );
}

/** Whether two legal identifiers are both there and the same. */
const isSame = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && left === right;

const invoiceRules: FrenchRule<Invoice>[] = [
  {
    id: "BR-FR-MV-02_EXT-FR-FE-163",
    term: "EXT-FR-FE-163",
    holds: (_, { grouping, heads }) => grouping !== "several sellers" || heads.length >= 1,
    fr: "Ajoutez une ligne de sous-type GROUP sans ligne au-dessus (EXT-FR-FE-163) pour chaque vendeur.",
    en: "Add a line of subtype GROUP without a line above (EXT-FR-FE-163) for each seller.",
  },
  {
    id: "BR-FR-BD-02_EXT-FR-FE-163",
    term: "EXT-FR-FE-163",
    holds: (_, { grouping, heads }) => grouping !== "both ways" || heads.length === 2,
    fr: "Gardez exactement deux lignes de sous-type GROUP sans ligne au-dessus (EXT-FR-FE-163).",
    en: "Keep exactly two lines of subtype GROUP without a line above (EXT-FR-FE-163).",
  },
  {
    id: { ubl: "BR-FR-BD-02_BT-30", cii: "BR-FR-BD-02_BT-31" },
    term: "EXT-FR-FE-167",
    holds: ({ seller }, { grouping, heads }) =>
      grouping !== "both ways" ||
      heads.filter((head) => isSame(head.sellerRegistration, seller?.legalRegistration?.value)).length === 1,
    fr: "Donnez à une des lignes GROUP l'identifiant légal du vendeur de la facture (EXT-FR-FE-167 = BT-30).",
    en: "Give one of the GROUP lines the legal identifier of the invoice's seller (EXT-FR-FE-167 = BT-30).",
  },
  {
    id: "BR-FR-BD-02_BT-47",
    term: "EXT-FR-FE-167",
    holds: ({ buyer }, { grouping, heads }) =>
      grouping !== "both ways" ||
      heads.filter((head) => isSame(head.sellerRegistration, buyer?.legalRegistration?.value)).length === 1,
    fr: "Donnez à une des lignes GROUP l'identifiant légal de l'acheteur de la facture (EXT-FR-FE-167 = BT-47).",
    en: "Give one of the GROUP lines the legal identifier of the invoice's buyer (EXT-FR-FE-167 = BT-47).",
  },
  {
    id: "BR-FR-MV-12_BT-128",
    term: "BT-128",
    holds: (_, facts) => areNumbersUnique(facts),
    fr: "Donnez à chaque ligne GROUP un numéro à elle (BT-128, schéma AFL), avant les lignes qu'elle groupe.",
    en: "Give each GROUP line a number of its own (BT-128, scheme AFL), before the lines that it groups.",
  },
  {
    id: "BR-FR-MV-13_BT-3",
    term: "BT-3",
    field: "typeCode",
    holds: ({ typeCode }, { grouping }) =>
      grouping !== "several sellers" ||
      typeCode === undefined ||
      (filled(typeCode) && !selfBilled.has(normalized(typeCode))),
    fr: "Changez le type (BT-3) : une facture de plusieurs vendeurs n'est pas une autofacture.",
    en: "Change the type (BT-3): an invoice of several sellers is not self-billed.",
  },
  {
    // BR-FR-BD-13: its published form in UBL bears the number MV-BD.
    id: { ubl: "BR-FR-MV-BD_BT-3", cii: "BR-FR-BD-13_BT-3" },
    term: "BT-3",
    field: "typeCode",
    holds: ({ typeCode }, { grouping }) =>
      grouping !== "both ways" || typeCode === undefined || selfBilled.has(normalized(typeCode)),
    fr: "Choisissez un type d'autofacture (BT-3) : la facture vaut dans les deux sens.",
    en: "Choose a self-billed type (BT-3): the invoice goes both ways.",
  },
];

const lineRules: FrenchRule<FrenchLine>[] = [
  {
    id: "BR-FR-MV-01_EXT-FR-FE-163",
    term: "EXT-FR-FE-163",
    field: "subtype",
    // CII's published rule only judges a subtype that is there.
    holds: ({ subtype }, { syntax }) => filled(subtype) || (syntax === "cii" && subtype === undefined),
    fr: "Donnez à chaque ligne son sous-type (EXT-FR-FE-163) : GROUP, DETAIL ou INFORMATION.",
    en: "Give each line its subtype (EXT-FR-FE-163): GROUP, DETAIL or INFORMATION.",
  },
  {
    id: "BR-FR-MV-06_EXT-FR-FE-167",
    term: "EXT-FR-FE-167",
    field: "sellerRegistration",
    holds: (line, facts) => isAsAbove(line, facts, registrationOf),
    fr: "Donnez à la ligne l'identifiant légal de son vendeur (EXT-FR-FE-167), le même que sur la ligne au-dessus.",
    en: "Give the line the legal identifier of its seller (EXT-FR-FE-167), the same as the line above.",
  },
  {
    id: "BR-FR-MV-07_BT-128",
    term: "BT-128",
    holds: (line, facts) => isAsAbove(line, facts, numberOfPart),
    fr: "Donnez à la ligne le numéro de sa facture (BT-128, schéma AFL), le même que sur la ligne au-dessus.",
    en: "Give the line the number of its invoice (BT-128, scheme AFL), the same as the line above.",
  },
  {
    id: "BR-FR-MV-08_BT-128",
    term: "BT-128",
    field: "exemptionReason",
    holds: (line) =>
      line.subtype !== "DETAIL" ||
      (numberOfPart(line) !== "" && (line.exemptionReason ?? "").startsWith(`#${numberOfPart(line)}#`)),
    fr: "Commencez la raison d'exonération de la ligne par le numéro de sa facture (BT-128, schéma AFL) entre deux #.",
    en: "Begin the line's exemption reason with the number of its invoice (BT-128, scheme AFL) between two #.",
  },
];

const isNamed = (
  id: string,
  term: string,
  field: "sellerName" | "sellerRegistration" | "sellerCountry",
  fr: string,
  en: string,
): FrenchRule<FrenchLine> => ({
  id,
  term,
  field,
  holds: (head) => filled(head[field]),
  fr: `Indiquez ${fr} du groupe de lignes (${term}).`,
  en: `Give the ${en} of the group of lines (${term}).`,
});

const headRules: FrenchRule<FrenchLine>[] = [
  isNamed("BR-FR-MV-03_EXT-FR-FE-164", "EXT-FR-FE-164", "sellerName", "le nom du vendeur", "seller's name"),
  isNamed(
    "BR-FR-MV-03_EXT-FR-FE-167",
    "EXT-FR-FE-167",
    "sellerRegistration",
    "l'identifiant légal du vendeur",
    "seller's legal identifier",
  ),
  isNamed(
    "BR-FR-MV-03_EXT-FR-FE-177",
    "EXT-FR-FE-177",
    "sellerCountry",
    "le pays du vendeur",
    "seller's country",
  ),
  {
    id: "BR-FR-MV-03_EXT-FR-FE-181",
    term: "EXT-FR-FE-181",
    holds: (head, { invoice }) => filled(vatIn(head, invoice.currency)),
    fr: "Indiquez la TVA du groupe de lignes dans la devise de la facture (EXT-FR-FE-181).",
    en: "Give the VAT of the group of lines in the currency of the invoice (EXT-FR-FE-181).",
  },
  {
    id: "BR-FR-MV-03_EXT-FR-FE-182",
    term: "EXT-FR-FE-182",
    holds: (head, { invoice: { accountingCurrency } }) =>
      accountingCurrency === undefined || filled(vatIn(head, accountingCurrency)),
    fr: "Indiquez la TVA du groupe de lignes dans la devise de comptabilisation (EXT-FR-FE-182).",
    en: "Give the VAT of the group of lines in the accounting currency (EXT-FR-FE-182).",
  },
  {
    id: "BR-FR-MV-03_BT-128_AFL",
    term: "BT-128",
    holds: (head, facts) => isObjectRight(head, "AFL", facts),
    fr: "Indiquez le numéro de facture du groupe de lignes (BT-128, schéma AFL, type 130).",
    en: "Give the invoice number of the group of lines (BT-128, scheme AFL, type 130).",
  },
  {
    id: "BR-FR-MV-03_BT-128_AVV",
    term: "BT-128",
    holds: (head, facts) => isObjectRight(head, "AVV", facts) && !/^[SBM]8$/.test(objectOf(head, "AVV")),
    fr: "Indiquez le cadre de facturation du groupe de lignes (BT-128, schéma AVV, type 130), autre que S8, B8 ou M8.",
    en: "Give the business process of the group of lines (BT-128, scheme AVV, type 130), other than S8, B8 or M8.",
  },
  {
    id: "BR-FR-MV-05_EXT-FR-FE-BG-12",
    term: "BT-131",
    holds: (head, facts) => {
      const counted = linesUnder(head, facts).filter(
        (line) => line.subtype !== undefined && line.subtype !== "INFORMATION",
      );
      const nets = counted.map((line) => line.line.netAmount);
      return isNearly(approximate(head.line.netAmount), approximateSum(nets), counted.length);
    },
    fr: "Corrigez le montant net de la ligne GROUP (BT-131) : la somme de ses lignes, à un centime près par ligne.",
    en: "Correct the net amount of the GROUP line (BT-131): the sum of its lines, give or take a cent a line.",
  },
  {
    id: "BR-FR-MV-09_EXT-FR-FE-181",
    term: "EXT-FR-FE-181",
    holds: (head, facts) =>
      isNearly(approximate(vatIn(head, facts.invoice.currency)), brokenDownVat(head, facts), 1),
    fr: "Corrigez la TVA de la ligne GROUP (EXT-FR-FE-181) : la somme des ventilations (BT-117) qui portent son numéro entre deux #.",
    en: "Correct the VAT of the GROUP line (EXT-FR-FE-181): the sum of the breakdowns (BT-117) that bear its number between two #.",
  },
  {
    id: "BR-FR-MV-10_EXT-FR-FE-184",
    term: "EXT-FR-FE-184",
    field: "totalWithVat",
    holds: isTotalWithVatRight,
    fr: "Corrigez le total avec TVA de la ligne GROUP (EXT-FR-FE-184) : montant net plus TVA.",
    en: "Correct the total with VAT of the GROUP line (EXT-FR-FE-184): net amount plus VAT.",
  },
  {
    id: "BR-FR-MV-11_BT-128",
    term: "BT-128",
    holds: isSellersGroupNumbered,
    fr: "Donnez à un groupe de lignes du vendeur de la facture le numéro de la facture (BT-128, schéma AFL = BT-1).",
    en: "Give one group of lines of the invoice's seller the number of the invoice (BT-128, scheme AFL = BT-1).",
  },
];

/** UBL's published rules want the object; CII's only judge those that are there. */
function isObjectRight(head: FrenchLine, scheme: "AFL" | "AVV", { syntax }: FrenchFacts): boolean {
  const objects = head.objects.filter((each) => each.scheme === scheme);
  if (syntax === "ubl") return objectOf(head, scheme) !== "";
  return objects.every((each) => each.typeCode === "130" && filled(each.value));
}

/** BR-FR-MV-14 and BD-14: each group of a correction or credit note cites what it corrects. */
function citingRules(
  family: "MV" | "BD",
  grouping: NonNullable<FrenchFacts["grouping"]>,
  types: ReadonlySet<string>,
): FrenchRule<FrenchLine>[] {
  const rule = (
    term: string,
    field: "number" | "issueDate",
    fr: string,
    en: string,
  ): FrenchRule<FrenchLine> => ({
    id: `BR-FR-${family}-14-${term}`,
    term,
    holds: (head, facts) =>
      facts.grouping !== grouping ||
      !types.has(facts.invoice.typeCode ?? "") ||
      head.cited.some(
        (each) =>
          each[field] !== undefined &&
          (facts.syntax === "cii" || (each.number !== undefined && each.number !== facts.invoice.number)),
      ),
    fr: `Indiquez ${fr} de la facture antérieure sur la ligne GROUP (${term}).`,
    en: `Give the ${en} of the preceding invoice on the GROUP line (${term}).`,
  });
  return [
    rule("EXT-FR-FE-136", "number", "le numéro", "number"),
    rule("EXT-FR-FE-138", "issueDate", "la date", "date"),
  ];
}

const whenGrouped =
  <Group>(all: (facts: FrenchFacts) => readonly Group[]) =>
  (facts: FrenchFacts): readonly Group[] =>
    facts.grouping === undefined ? [] : all(facts);

/** BR-FR-MV and BD: invoices of several sellers (BT-23 of 8), and both ways (of 9), in groups of lines. */
export const groupRules: FrenchRules[] = [
  frenchRules(
    whenGrouped(({ invoice }) => [invoice]),
    invoiceRules,
  ),
  frenchRules(
    whenGrouped(({ lines }) => lines),
    lineRules,
  ),
  frenchRules(
    whenGrouped(({ heads }) => heads),
    [
      ...headRules,
      ...citingRules("MV", "several sellers", new Set(["384", "472", "381", "396", "503"])),
      ...citingRules("BD", "both ways", new Set(["261", "471", "473", "502"])),
    ],
  ),
];
