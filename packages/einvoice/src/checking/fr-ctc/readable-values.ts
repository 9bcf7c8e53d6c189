import { childrenOf, type XmlElement } from "../../xml/tree.ts";
import { aSingle } from "../readable-values.ts";
import { isIn, type SyntaxRule, standsUnder, under } from "../syntax-rule.ts";

/*
 * Elements of which the published French rules take one: on several they stop with an error instead of a verdict,
 * whatever else the invoice says.
 */

const isSiren = (id: XmlElement): boolean => id.attributes["schemeID"] === "0002";

/** The terms of a VAT category: its code and its rate; undefined where no rule reads it. */
type VatTerms = readonly [code: string, rate: string] | undefined;

const ublRoots = ["ubl:Invoice", "cn:CreditNote"];
const ublLines = ["cac:InvoiceLine", "cac:CreditNoteLine"];
const ublTaxes = ["cac:TaxCategory", "cac:ClassifiedTaxCategory"];

/** A line of an invoice or of a credit note, and not one under it. */
const isUblLine = (line: XmlElement | undefined): boolean =>
  line !== undefined &&
  (line.name === "cac:InvoiceLine" ? isIn(line, "ubl:Invoice") : isIn(line, "cn:CreditNote"));

function ublVatTerms(category: XmlElement): VatTerms {
  if (category.name === "cac:ClassifiedTaxCategory")
    return isIn(category, "cac:Item") ? ["BT-151", "BT-152"] : undefined;
  if (isIn(category, "cac:AllowanceCharge")) return ["BT-95", "BT-96"];
  return standsUnder(category, ["cac:TaxSubtotal", "cac:TaxTotal"]) ? ["BT-118", "BT-119"] : undefined;
}

/** What the published French rules of UBL stop on. */
export const ublFrenchReadableValues: readonly SyntaxRule[] = [
  aSingle(ublRoots, "cbc:ProfileID", "BT-23"),
  aSingle(ublRoots, "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", "BT-34"),
  aSingle(ublRoots, "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", "BT-49"),
  aSingle(["cac:PartyLegalEntity"], "cbc:CompanyID", "BT-30", {
    when: under("cac:Party", "cac:AccountingSupplierParty"),
    counts: isSiren,
  }),
  aSingle(["cac:AdditionalDocumentReference"], "cbc:DocumentDescription", "BT-123"),
  aSingle(ublTaxes, "cbc:ID", (category) => ublVatTerms(category)?.[0]),
  aSingle(ublTaxes, "cbc:Percent", (category) => ublVatTerms(category)?.[1], {
    when: (category) =>
      ublVatTerms(category) !== undefined &&
      // BR-FR-16_BT-152: its published form in UBL looks at the lines of invoices only.
      (isIn(category, "cac:AllowanceCharge", "cac:TaxSubtotal") ||
        standsUnder(category, ["cac:Item", "cac:InvoiceLine"])),
  }),
  aSingle(ublLines, "cac:Price/cbc:PriceAmount", "BT-146", { when: isUblLine }),
  aSingle(ublLines, "cac:Price/cbc:BaseQuantity", "BT-149", { when: isUblLine }),
  aSingle(["cac:AllowanceCharge"], "cbc:Amount", "BT-147", {
    when: (group) => isIn(group, "cac:Price") && isUblLine(group.parent?.parent),
  }),
];

const transaction = ["rsm:SupplyChainTradeTransaction", "rsm:CrossIndustryInvoice"];
const settlement = ["ram:ApplicableHeaderTradeSettlement", ...transaction];
const agreement = ["ram:ApplicableHeaderTradeAgreement", ...transaction];
const header = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement";
const ciiTaxes = ["ram:CategoryTradeTax", "ram:ApplicableTradeTax"];

function ciiVatTerms(tax: XmlElement): VatTerms {
  if (tax.name === "ram:CategoryTradeTax")
    return standsUnder(tax, ["ram:SpecifiedTradeAllowanceCharge", ...settlement])
      ? ["BT-95", "BT-96"]
      : undefined;
  if (standsUnder(tax, settlement)) return ["BT-118", "BT-119"];
  return standsUnder(tax, [
    "ram:SpecifiedLineTradeSettlement",
    "ram:IncludedSupplyChainTradeLineItem",
    ...transaction,
  ])
    ? ["BT-151", "BT-152"]
    : undefined;
}

const isAttachment = (document: XmlElement): boolean =>
  standsUnder(document, agreement) && childrenOf(document, "ram:TypeCode").some(({ text }) => text === "916");

const saysTreatment = (note: XmlElement): boolean =>
  standsUnder(note, ["rsm:ExchangedDocument", "rsm:CrossIndustryInvoice"]) &&
  childrenOf(note, "ram:SubjectCode").some(({ text }) => text === "BAR");

/** What the published French rules of CII stop on. */
export const ciiFrenchReadableValues: readonly SyntaxRule[] = [
  aSingle(
    ["rsm:ExchangedDocumentContext"],
    "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
    "BT-23",
    { when: under("rsm:CrossIndustryInvoice") },
  ),
  aSingle(
    ["rsm:CrossIndustryInvoice"],
    `${header}/ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID`,
    "BT-30",
    { counts: isSiren },
  ),
  aSingle(
    ["rsm:CrossIndustryInvoice"],
    `${header}/ram:SellerTradeParty/ram:URIUniversalCommunication/ram:URIID`,
    "BT-34",
  ),
  aSingle(
    ["rsm:CrossIndustryInvoice"],
    `${header}/ram:BuyerTradeParty/ram:URIUniversalCommunication/ram:URIID`,
    "BT-49",
  ),
  aSingle(["ram:IncludedNote"], "ram:Content", "BT-22", { when: saysTreatment }),
  aSingle(["ram:AdditionalReferencedDocument"], "ram:Name", "BT-123", { when: isAttachment }),
  aSingle(ciiTaxes, "ram:CategoryCode", (tax) => ciiVatTerms(tax)?.[0]),
  aSingle(ciiTaxes, "ram:RateApplicablePercent", (tax) => ciiVatTerms(tax)?.[1]),
];
