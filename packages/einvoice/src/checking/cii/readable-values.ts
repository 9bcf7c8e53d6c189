import { isVat, truth } from "../../reading/ubl.ts";
import { at, child, childrenOf, type XmlElement } from "../../xml/tree.ts";
import { aNumber, aSingle, aTruth, type NumberType, ofDocument } from "../readable-values.ts";
import { approximate } from "../rule.ts";
import { isIn, type SyntaxRule, standsUnder, under } from "../syntax-rule.ts";

const root = ["rsm:CrossIndustryInvoice"];
const agreement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement";
const settlement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement";
const summation = "ram:SpecifiedTradeSettlementHeaderMonetarySummation";
const lineAmount =
  "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount";

const line = ["ram:IncludedSupplyChainTradeLineItem"];
const anyTax = ["ram:ApplicableTradeTax", "ram:CategoryTradeTax"];

/** The code of a VAT category, as written; CII's rules forgive no space around it. */
const codeOf = (tax: XmlElement | undefined): string => child(tax, "ram:CategoryCode")?.text ?? "";

const isOfVat = (tax: XmlElement): boolean =>
  childrenOf(tax, "ram:TypeCode").some((type) => isVat(type.text));

const isOfHeader = (tax: XmlElement): boolean => isIn(tax, "ram:ApplicableHeaderTradeSettlement");

/** What the settlement says that other elements are read by: its breakdown and its currencies. */
const settlementOf = ofDocument((document) => {
  const taxes = at(document, ...settlement.split("/"), "ram:ApplicableTradeTax");
  const textsOf = (name: string) =>
    new Set(at(document, ...settlement.split("/"), name).map(({ text }) => text));
  return {
    codes: new Set(taxes.map(codeOf)),
    hasStandardRate: taxes.some((tax) => codeOf(tax) === "S" && child(tax, "ram:RateApplicablePercent")),
    currencies: textsOf("ram:InvoiceCurrencyCode"),
    accountingCurrencies: textsOf("ram:TaxCurrencyCode"),
  };
});

const isBreakdown = (tax: XmlElement): boolean => tax.name === "ram:ApplicableTradeTax" && isOfHeader(tax);

const isLineTax = (tax: XmlElement): boolean =>
  tax.name === "ram:ApplicableTradeTax" && standsUnder(tax, ["ram:SpecifiedLineTradeSettlement", ...line]);

const isOfLine = under(
  "ram:SpecifiedTradeSettlementLineMonetarySummation",
  "ram:SpecifiedLineTradeSettlement",
  ...line,
);

/** Whether the published rules of a category O, L or M stand in the way of those on any breakdown. */
const isApart = (tax: XmlElement): boolean => ["O", "L", "M"].includes(codeOf(tax)) && isOfVat(tax);

const isJudged = (tax: XmlElement): boolean => isOfHeader(tax) && !isApart(tax);

/** Whether the rules compare the rates of lines, allowances and charges with one of the breakdown. */
const isRateCompared = (tax: XmlElement): boolean => codeOf(tax) === "S" && settlementOf(tax).hasStandardRate;

/** Whether an allowance or charge is a charge; undefined where its indicator says neither. */
function isCharge(group: XmlElement): boolean | undefined {
  return truth(at(group, "ram:ChargeIndicator", "udt:Indicator")[0]?.text);
}

/** The terms of an allowance or a charge: its amount and its base; undefined where no rule reads it. */
function allowanceTerms(group: XmlElement | undefined): readonly [amount: string, base: string] | undefined {
  if (group?.name !== "ram:SpecifiedTradeAllowanceCharge" || isCharge(group) === undefined) return undefined;
  if (isOfHeader(group)) return isCharge(group) ? ["BT-99", "BT-100"] : ["BT-92", "BT-93"];
  if (isIn(group, "ram:SpecifiedLineTradeSettlement"))
    return isCharge(group) ? ["BT-141", "BT-142"] : ["BT-136", "BT-137"];
  return undefined;
}

/** Whether the rules read the amount and the VAT of an allowance or charge: only those of the document. */
const isTaxedAllowance = (group: XmlElement | undefined): group is XmlElement =>
  group !== undefined && isOfHeader(group) && allowanceTerms(group) !== undefined;

/** The terms of a tax: its category, which its type goes with, and its rate; undefined where no rule reads it. */
function taxTerms(tax: XmlElement | undefined): readonly [category: string, rate: string] | undefined {
  if (!tax) return undefined;
  if (isBreakdown(tax)) return ["BT-118", "BT-119"];
  if (isLineTax(tax)) return ["BT-151", "BT-152"];
  if (tax.name !== "ram:CategoryTradeTax" || !isTaxedAllowance(tax.parent)) return undefined;
  return isCharge(tax.parent) ? ["BT-102", "BT-103"] : ["BT-95", "BT-96"];
}

/** How the rate of a tax is read; that of a breakdown by BR-CO-17, the others by the rules of their category. */
function rateType(tax: XmlElement | undefined): NumberType | undefined {
  if (!tax || !taxTerms(tax)) return undefined;
  if (isBreakdown(tax)) return isJudged(tax) && isOfVat(tax) ? "decimal" : undefined;
  if (isRateCompared(tax)) return "decimal";
  return isOfVat(tax) && ["S", "Z", "E", "AE", "K", "G", "L", "M"].includes(codeOf(tax))
    ? "double"
    : undefined;
}

const isSummed = (tax: XmlElement): boolean => ["S", "AE", "E", "G", "K", "O", "Z"].includes(codeOf(tax));

/** How the net amount of a line, or the amount of an allowance or a charge, is read: the breakdown sums its category. */
const amountType = (taxes: readonly XmlElement[]): NumberType =>
  taxes.some((tax) => isSummed(tax) && settlementOf(tax).codes.has(codeOf(tax))) ? "decimal" : "double";

/** How the total of VAT is read, if its currency is the invoice's or the one of accounting. */
function vatTotalType(total: XmlElement): NumberType | undefined {
  const currency = total.attributes["currencyID"];
  const { currencies, accountingCurrencies } = settlementOf(total);
  if (currency === undefined) return undefined;
  if (currencies.has(currency)) return "decimal";
  return accountingCurrencies.has(currency) ? "double" : undefined;
}

/** How the taxable amount of a breakdown is read: BR-CO-17 and BR-S-09 multiply it by the rate, the others compare it. */
function baseType(tax: XmlElement): NumberType | undefined {
  const code = codeOf(tax);
  const isMultiplied =
    code === "S" || (isOfVat(tax) && approximate(child(tax, "ram:RateApplicablePercent")?.text) !== 0);
  if (isMultiplied && !isApart(tax)) return "decimal";
  return code === "Z" || (isOfVat(tax) && ["AE", "E", "G", "K", "O"].includes(code)) ? "double" : undefined;
}

/** Whether the breakdown has a category for which the published rules read one indicator of each allowance and charge. */
const isIndicatorCast = (group: XmlElement): boolean =>
  isOfHeader(group) && ["O", "Z"].some((code) => settlementOf(group).codes.has(code));

const isTransfer = (account: XmlElement): boolean =>
  childrenOf(account.parent, "ram:TypeCode").some((type) => ["30", "58"].includes(type.text));

const hasScheme = (id: XmlElement): boolean => id.attributes["schemeID"] !== undefined;

const totals: readonly [name: string, term: string][] = [
  ["ram:LineTotalAmount", "BT-106"],
  ["ram:AllowanceTotalAmount", "BT-107"],
  ["ram:ChargeTotalAmount", "BT-108"],
  ["ram:TaxBasisTotalAmount", "BT-109"],
  ["ram:GrandTotalAmount", "BT-112"],
  ["ram:TotalPrepaidAmount", "BT-113"],
  ["ram:RoundingAmount", "BT-114"],
  ["ram:DuePayableAmount", "BT-115"],
];

/** What the published rules of CII stop on. */
export const ciiReadableValues: readonly SyntaxRule[] = [
  aSingle(
    root,
    "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    "BT-24",
  ),
  aSingle(root, "rsm:ExchangedDocument/ram:ID", "BT-1"),
  aSingle(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "BT-2", {
    counts: (date) => date.attributes["format"] === "102",
  }),
  aSingle(root, "rsm:ExchangedDocument/ram:TypeCode", "BT-3"),
  aSingle(root, `${settlement}/ram:InvoiceCurrencyCode`, "BT-5"),
  aSingle(root, `${agreement}/ram:SellerTradeParty/ram:Name`, "BT-27"),
  aSingle(root, `${agreement}/ram:BuyerTradeParty/ram:Name`, "BT-44"),
  aSingle(root, `${agreement}/ram:SellerTradeParty/ram:PostalTradeAddress/ram:CountryID`, "BT-40"),
  aSingle(root, `${agreement}/ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID`, "BT-55"),
  aSingle(["ram:URIUniversalCommunication"], "ram:URIID", "BT-34", {
    when: under("ram:SellerTradeParty", "ram:ApplicableHeaderTradeAgreement"),
    counts: hasScheme,
  }),
  aSingle(["ram:URIUniversalCommunication"], "ram:URIID", "BT-49", {
    when: under("ram:BuyerTradeParty", "ram:ApplicableHeaderTradeAgreement"),
    counts: hasScheme,
  }),
  aSingle(["ram:SellerTaxRepresentativeTradeParty"], "ram:Name", "BT-62"),
  aSingle(["ram:SellerTaxRepresentativeTradeParty"], "ram:PostalTradeAddress/ram:CountryID", "BT-69"),
  aSingle(["ram:SellerTaxRepresentativeTradeParty"], "ram:SpecifiedTaxRegistration/ram:ID", "BT-63", {
    counts: (id) => id.attributes["schemeID"] === "VA",
  }),
  aSingle(
    ["ram:ApplicableHeaderTradeDelivery"],
    "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID",
    "BT-80",
  ),
  aSingle(["ram:AdditionalReferencedDocument"], "ram:IssuerAssignedID", "BT-122"),
  aSingle(["ram:AdditionalReferencedDocument"], "ram:TypeCode", "BT-122", {
    when: (document) =>
      isIn(document, "ram:ApplicableHeaderTradeAgreement", "ram:SpecifiedLineTradeSettlement"),
  }),
  aSingle(["ram:InvoiceReferencedDocument"], "ram:IssuerAssignedID", "BT-25", { when: isOfHeader }),
  aSingle(["ram:SpecifiedTradeSettlementPaymentMeans"], "ram:TypeCode", "BT-81"),
  aSingle(["ram:PayeePartyCreditorFinancialAccount"], "ram:IBANID", "BT-84", { when: isTransfer }),
  aSingle(["ram:PayeePartyCreditorFinancialAccount"], "ram:ProprietaryID", "BT-84", {
    when: (account) => isTransfer(account) && (child(account, "ram:IBANID")?.text.trim() ?? "") === "",
  }),

  ...totals.flatMap(([name, term]) => [
    aSingle([summation], name, term),
    aNumber([name], term, (amount) => (isIn(amount, summation) ? "decimal" : undefined)),
  ]),
  aNumber(["ram:TaxTotalAmount"], "BT-110", (total) =>
    isIn(total, summation) ? vatTotalType(total) : undefined,
  ),

  aSingle(["ram:ApplicableTradeTax"], "ram:BasisAmount", "BT-116", { when: isJudged }),
  aNumber(["ram:BasisAmount"], "BT-116", ({ parent }) =>
    parent && isBreakdown(parent) ? baseType(parent) : undefined,
  ),
  aSingle(["ram:ApplicableTradeTax"], "ram:CalculatedAmount", "BT-117", { when: isJudged }),
  aNumber(["ram:CalculatedAmount"], "BT-117", ({ parent }) =>
    parent && isBreakdown(parent) ? (isApart(parent) ? "double" : "decimal") : undefined,
  ),
  aSingle(anyTax, "ram:TypeCode", (tax) => taxTerms(tax)?.[0]),
  aSingle(anyTax, "ram:RateApplicablePercent", (tax) => taxTerms(tax)?.[1], {
    when: (tax) => rateType(tax) === "decimal",
  }),
  aNumber(
    ["ram:RateApplicablePercent"],
    ({ parent }) => taxTerms(parent)?.[1],
    ({ parent }) => rateType(parent),
  ),

  aSingle(["ram:SpecifiedTradeAllowanceCharge"], "ram:BasisAmount", (group) => allowanceTerms(group)?.[1]),
  aNumber(
    ["ram:ActualAmount"],
    ({ parent }) => allowanceTerms(parent)?.[0],
    ({ parent }) =>
      isTaxedAllowance(parent) ? amountType(childrenOf(parent, "ram:CategoryTradeTax")) : undefined,
  ),
  aTruth(
    ["udt:Indicator"],
    "BG-20",
    under("ram:ChargeIndicator", "ram:SpecifiedTradeAllowanceCharge", "ram:ApplicableHeaderTradeSettlement"),
  ),
  aTruth(
    ["udt:Indicator"],
    "BT-147",
    under("ram:ChargeIndicator", "ram:AppliedTradeAllowanceCharge", "ram:GrossPriceProductTradePrice"),
  ),
  aSingle(["ram:SpecifiedTradeAllowanceCharge"], "ram:ChargeIndicator/udt:Indicator", "BG-20", {
    when: isIndicatorCast,
  }),

  aSingle(line, "ram:AssociatedDocumentLineDocument/ram:LineID", "BT-126"),
  aSingle(line, "ram:SpecifiedTradeProduct/ram:Name", "BT-153"),
  aSingle(line, "ram:SpecifiedTradeProduct/ram:GlobalID", "BT-157", { counts: hasScheme }),
  aSingle(["ram:DesignatedProductClassification"], "ram:ClassCode", "BT-158", {
    counts: (code) => code.attributes["listID"] !== undefined,
  }),
  aSingle(line, lineAmount, "BT-131"),
  aNumber(["ram:LineTotalAmount"], "BT-131", (amount) =>
    isOfLine(amount) ? amountType(childrenOf(amount.parent?.parent, "ram:ApplicableTradeTax")) : undefined,
  ),
  aNumber(
    ["ram:ChargeAmount"],
    (price) => (isIn(price, "ram:NetPriceProductTradePrice") ? "BT-146" : "BT-148"),
    (price) =>
      isIn(price, "ram:NetPriceProductTradePrice", "ram:GrossPriceProductTradePrice") ? "double" : undefined,
  ),
];
