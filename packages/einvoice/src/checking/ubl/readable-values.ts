import { isVat, truth } from "../../reading/ubl.ts";
import { at, child, childrenOf, normalized, type XmlElement } from "../../xml/tree.ts";
import { aDate, aNumber, aSingle, aTruth, type NumberType, ofDocument } from "../readable-values.ts";
import { isIn, type SyntaxRule, under } from "../syntax-rule.ts";

const roots = ["ubl:Invoice", "cn:CreditNote"];
const lines = ["cac:InvoiceLine", "cac:CreditNoteLine"];

const isCharge = (group: XmlElement): boolean => truth(child(group, "cbc:ChargeIndicator")?.text) === true;
const isOfDocument = (group: XmlElement): boolean => isIn(group, ...roots);
const isOfLines = (group: XmlElement): boolean => isIn(group, ...lines);

const codeOf = (category: XmlElement): string => normalized(child(category, "cbc:ID")?.text ?? "");

const isOfVat = (category: XmlElement): boolean =>
  at(category, "cac:TaxScheme", "cbc:ID").some((id) => isVat(id.text));

/** The codes of the breakdown, and those of them that have a rate, with which the rates of others are compared. */
const breakdownOf = ofDocument((root) => {
  const categories = at(root, "cac:TaxTotal", "cac:TaxSubtotal", "cac:TaxCategory").filter(isOfVat);
  const rated = categories.filter((category) => child(category, "cbc:Percent"));
  return { codes: new Set(categories.map(codeOf)), ratedCodes: new Set(rated.map(codeOf)) };
});

/** Whether something of an item or of a price belongs to a line; what belongs to a line under a line is not read. */
const isOfLine = (element: XmlElement): boolean =>
  element.parent !== undefined && isIn(element.parent, ...lines);

/** How the rate of a category is read; that of a breakdown by BR-CO-17, the others by the rules of their category. */
function rateType(category: XmlElement | undefined): NumberType | undefined {
  if (!category || !categoryTerms(category)) return undefined;
  if (isIn(category, "cac:TaxSubtotal")) return isOfVat(category) ? "decimal" : undefined;
  if (isIn(category, "cac:Item") && !isOfLine(category)) return undefined;
  const code = codeOf(category);
  if (["S", "L", "M"].includes(code)) {
    if (breakdownOf(category).ratedCodes.has(code)) return "decimal";
    return isOfVat(category) ? "double" : undefined;
  }
  return ["E", "AE", "G", "K", "Z"].includes(code) && isOfVat(category) ? "decimal" : undefined;
}

/** Whether the breakdown has an intra-community supply, for which BR-IC-11 and 12 read the delivery. */
const isIntraCommunity = (element: XmlElement): boolean => breakdownOf(element).codes.has("K");

const isTransfer = (account: XmlElement): boolean =>
  childrenOf(account.parent, "cbc:PaymentMeansCode").some((code) => ["30", "58"].includes(code.text));

/** Whether a period has both its ends, which BR-29 and BR-30 then compare. */
const hasBothEnds = (period: XmlElement | undefined): boolean =>
  child(period, "cbc:StartDate") !== undefined && child(period, "cbc:EndDate") !== undefined;

/** The terms of a VAT category: its code and its rate; undefined where no rule reads it. */
function categoryTerms(category: XmlElement | undefined): readonly [code: string, rate: string] | undefined {
  if (!category) return undefined;
  if (category.name === "cac:ClassifiedTaxCategory") return ["BT-151", "BT-152"];
  if (category.name !== "cac:TaxCategory") return undefined;
  if (isIn(category, "cac:TaxSubtotal")) return ["BT-118", "BT-119"];
  const group = category.parent;
  if (!group || !isOfDocument(group)) return undefined;
  return isCharge(group) ? ["BT-102", "BT-103"] : ["BT-95", "BT-96"];
}

/** The terms of an allowance or a charge: its amount and its base; undefined where no rule reads it. */
function allowanceTerms(group: XmlElement): readonly [amount: string, base: string] | undefined {
  if (isOfDocument(group)) return isCharge(group) ? ["BT-99", "BT-100"] : ["BT-92", "BT-93"];
  if (isOfLines(group)) return isCharge(group) ? ["BT-141", "BT-142"] : ["BT-136", "BT-137"];
  return undefined;
}

/** An indicator tells BG-20 from BG-21, BG-27 from BG-28, and is false beside a price. */
function indicatorTerm({ parent }: XmlElement): string {
  if (parent && isOfLines(parent)) return "BG-27";
  return parent && isIn(parent, "cac:Price") ? "BT-147" : "BG-20";
}

const startTerm = (period: XmlElement): string => (isOfLines(period) ? "BT-134" : "BT-73");
const endTerm = (period: XmlElement): string => (isOfLines(period) ? "BT-135" : "BT-74");

const isInWholePeriod = (date: XmlElement): boolean =>
  isIn(date, "cac:InvoicePeriod") && hasBothEnds(date.parent);

const inParty = {
  "BT-40": under("cac:Party", "cac:AccountingSupplierParty"),
  "BT-55": under("cac:Party", "cac:AccountingCustomerParty"),
  "BT-69": under("cac:TaxRepresentativeParty"),
};

const totals: readonly [name: string, term: string][] = [
  ["cbc:AllowanceTotalAmount", "BT-107"],
  ["cbc:ChargeTotalAmount", "BT-108"],
  ["cbc:TaxExclusiveAmount", "BT-109"],
  ["cbc:TaxInclusiveAmount", "BT-112"],
  ["cbc:PrepaidAmount", "BT-113"],
  ["cbc:PayableRoundingAmount", "BT-114"],
  ["cbc:PayableAmount", "BT-115"],
];

/** What the published rules of UBL stop on. */
export const ublReadableValues: readonly SyntaxRule[] = [
  aSingle(roots, "cbc:CustomizationID", "BT-24"),
  aSingle(roots, "cbc:ID", "BT-1"),
  aSingle(roots, "cbc:IssueDate", "BT-2"),
  aSingle(roots, "cbc:InvoiceTypeCode", "BT-3"),
  aSingle(["cn:CreditNote"], "cbc:CreditNoteTypeCode", "BT-3"),
  aSingle(roots, "cbc:DocumentCurrencyCode", "BT-5"),
  aSingle(roots, "cac:LegalMonetaryTotal", "BG-22"),
  ...Object.entries(inParty).map(([term, when]) =>
    aSingle(["cac:PostalAddress"], "cac:Country/cbc:IdentificationCode", term, { when }),
  ),
  aSingle(roots, "cac:Delivery/cbc:ActualDeliveryDate", "BT-72", { when: isIntraCommunity }),
  aSingle(
    roots,
    "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode",
    "BT-80",
    { when: isIntraCommunity },
  ),
  aSingle(["cac:PartyTaxScheme"], "cbc:CompanyID", "BT-31", { when: isOfVat }),
  aSingle(["cac:PartyTaxScheme"], "cac:TaxScheme", "BT-63", { when: under("cac:TaxRepresentativeParty") }),
  aSingle(["cac:TaxScheme"], "cbc:ID", (scheme) =>
    isIn(scheme, "cac:PartyTaxScheme") ? "BT-31" : categoryTerms(scheme.parent)?.[0],
  ),
  aSingle(["cac:AdditionalDocumentReference"], "cbc:ID", "BT-122"),
  aSingle(["cac:PayeeFinancialAccount"], "cbc:ID", "BT-84", { when: isTransfer }),

  aSingle(["cac:LegalMonetaryTotal"], "cbc:LineExtensionAmount", "BT-106"),
  aNumber(
    ["cbc:LineExtensionAmount"],
    (amount) => (isIn(amount, "cac:LegalMonetaryTotal") ? "BT-106" : "BT-131"),
    (amount) => (isIn(amount, "cac:LegalMonetaryTotal", ...lines) ? "decimal" : undefined),
  ),
  ...totals.flatMap(([name, term]) => [
    aSingle(["cac:LegalMonetaryTotal"], name, term),
    aNumber([name], term, (amount) => (isIn(amount, "cac:LegalMonetaryTotal") ? "decimal" : undefined)),
  ]),

  aSingle(["cac:TaxTotal"], "cbc:TaxAmount", "BT-110", { when: isOfDocument }),
  aNumber(["cbc:TaxAmount"], "BT-110", (amount) =>
    amount.parent && isIn(amount, "cac:TaxTotal") && isOfDocument(amount.parent) ? "decimal" : undefined,
  ),
  aSingle(["cac:TaxSubtotal"], "cbc:TaxableAmount", "BT-116"),
  aNumber(["cbc:TaxableAmount"], "BT-116", (amount) =>
    childrenOf(amount.parent, "cac:TaxCategory").some(isOfVat) ? "decimal" : undefined,
  ),
  aSingle(["cac:TaxSubtotal"], "cbc:TaxAmount", "BT-117"),
  aNumber(["cbc:TaxAmount"], "BT-117", (amount) => (isIn(amount, "cac:TaxSubtotal") ? "decimal" : undefined)),
  aSingle(["cac:TaxSubtotal"], "cac:TaxCategory", "BT-118", {
    counts: (category) => isOfVat(category) && child(category, "cbc:Percent") !== undefined,
  }),
  aSingle(["cac:TaxCategory", "cac:ClassifiedTaxCategory"], "cbc:ID", (each) => categoryTerms(each)?.[0]),
  aSingle(
    ["cac:TaxCategory", "cac:ClassifiedTaxCategory"],
    "cbc:Percent",
    (each) => categoryTerms(each)?.[1],
    {
      when: (each) => rateType(each) === "decimal",
    },
  ),
  aNumber(
    ["cbc:Percent"],
    ({ parent }) => categoryTerms(parent)?.[1],
    ({ parent }) => rateType(parent),
  ),

  aSingle(["cac:AllowanceCharge"], "cbc:Amount", (group) => allowanceTerms(group)?.[0]),
  aSingle(["cac:AllowanceCharge"], "cbc:BaseAmount", (group) => allowanceTerms(group)?.[1]),
  aNumber(
    ["cbc:Amount"],
    ({ parent }) => parent && allowanceTerms(parent)?.[0],
    ({ parent }) => (parent?.name === "cac:AllowanceCharge" && isOfDocument(parent) ? "decimal" : undefined),
  ),
  aTruth(["cbc:ChargeIndicator"], indicatorTerm, (indicator) => isIn(indicator, "cac:AllowanceCharge")),

  aSingle(["cac:InvoicePeriod"], "cbc:StartDate", startTerm, { when: hasBothEnds }),
  aSingle(["cac:InvoicePeriod"], "cbc:EndDate", endTerm, { when: hasBothEnds }),
  aDate(["cbc:StartDate"], ({ parent }) => parent && startTerm(parent), isInWholePeriod),
  aDate(["cbc:EndDate"], ({ parent }) => parent && endTerm(parent), isInWholePeriod),

  aSingle(lines, "cbc:ID", "BT-126"),
  aSingle(lines, "cbc:LineExtensionAmount", "BT-131"),
  aSingle(lines, "cac:Item/cbc:Name", "BT-153"),
  aSingle(["cac:ClassifiedTaxCategory"], "cac:TaxScheme", "BT-151", { when: isOfLine }),
  aNumber(["cbc:PriceAmount"], "BT-146", (amount) =>
    isIn(amount, "cac:Price") && isOfLine(amount) ? "double" : undefined,
  ),
  aNumber(["cbc:BaseAmount"], "BT-148", ({ parent }) =>
    parent?.name === "cac:AllowanceCharge" && isIn(parent, "cac:Price") && isOfLine(parent)
      ? "double"
      : undefined,
  ),
];
