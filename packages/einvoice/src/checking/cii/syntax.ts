import { at, child, childrenOf, countAt, normalized, type XmlElement } from "../../xml/tree.ts";
import { forbiddenOn, isIn, once, type SyntaxRule } from "../syntax-rule.ts";

const root = ["rsm:CrossIndustryInvoice"];
const context = ["rsm:ExchangedDocumentContext"];
const product = ["ram:SpecifiedTradeProduct"];
const lineAgreement = ["ram:SpecifiedLineTradeAgreement"];
const agreement = ["ram:ApplicableHeaderTradeAgreement"];
const settlement = ["ram:ApplicableHeaderTradeSettlement"];
const characteristic = ["ram:ApplicableProductCharacteristic"];
const allowanceCharge = ["ram:SpecifiedTradeAllowanceCharge"];
const summation = ["ram:SpecifiedTradeSettlementHeaderMonetarySummation"];

/** A rule that says that something occurs exactly once below an element. */
function exactlyOnce(
  id: string,
  elements: readonly string[],
  path: string[],
  term: string,
  fr: string,
  en: string,
  when: (element: XmlElement) => boolean = () => true,
): SyntaxRule {
  return {
    id,
    elements,
    term,
    value: () => undefined,
    holds: (element) => !when(element) || countAt(element, path) === 1,
    fr: `Indiquez une fois, et une seule, ${fr} (${term}).`,
    en: `Give ${en} (${term}) once, and once only.`,
  };
}

/** A rule that says that an element has no child of that name. */
function noChild(
  id: string,
  elements: readonly string[],
  name: string,
  unless?: (element: XmlElement) => boolean,
): SyntaxRule {
  const path = name.split("/");
  const local = path.map((step) => step.replace(/^\w+:/, "")).join("/");
  return {
    id,
    elements,
    value: () => undefined,
    holds: (element) => countAt(element, path) === 0 || (unless?.(element) ?? false),
    fr: `Retirez l'élément ${local} : EN 16931 ne l'emploie pas ici.`,
    en: `Leave the element ${local} out: EN 16931 does not use it here.`,
  };
}

/** A rule that says that an element has no attribute of that name. */
function noAttribute(
  id: string,
  elements: readonly string[],
  name: string,
  when?: (element: XmlElement) => boolean,
): SyntaxRule {
  return {
    id,
    elements,
    value: (element) => element.attributes[name],
    holds: (element) => element.attributes[name] === undefined || (when !== undefined && !when(element)),
    fr: `Retirez l'attribut ${name} : EN 16931 ne l'emploie pas ici.`,
    en: `Leave the attribute ${name} out: EN 16931 does not use it here.`,
  };
}

/** The identifiers of which the rules want no attribute at all: BT-24, BT-1, BT-126 and BT-155. */
function isBareIdentifier(id: XmlElement): boolean {
  const parent = id.parent?.name;
  if (id.name === "ram:ID")
    return parent === "ram:GuidelineSpecifiedDocumentContextParameter" || parent === "rsm:ExchangedDocument";
  if (id.name === "ram:LineID") return parent === "ram:AssociatedDocumentLineDocument";
  return id.name === "ram:SellerAssignedID" && parent === "ram:SpecifiedTradeProduct";
}

const isOtherIdentifier = (id: XmlElement): boolean => !isBareIdentifier(id);

const isDocumentOfType =
  (...types: string[]) =>
  (document: XmlElement): boolean =>
    document.name === "ram:AdditionalReferencedDocument" &&
    childrenOf(document, "ram:TypeCode").some((type) => types.includes(type.text));

/** Whether all elements that the paths lead to say the same. */
function agree(elements: XmlElement[]): boolean {
  const [first] = elements.map((element) => normalized(element.text));
  return elements.every((element) => normalized(element.text) === first);
}

const settlements = (document: XmlElement): XmlElement[] =>
  at(document, "rsm:SupplyChainTradeTransaction", "ram:ApplicableHeaderTradeSettlement");

const isTransferWithoutAccount = (means: XmlElement): boolean =>
  childrenOf(means, "ram:TypeCode").some((type) => ["30", "58"].includes(normalized(type.text))) &&
  !at(means, "ram:PayeePartyCreditorFinancialAccount").some(
    (account) => child(account, "ram:IBANID") ?? child(account, "ram:ProprietaryID"),
  );

function hasBilledUnit(quantity: XmlElement): boolean {
  let document = quantity;
  while (document.parent) document = document.parent;
  return (
    child(document, "rsm:SupplyChainTradeTransaction")?.children.some((line) =>
      at(line, "ram:SpecifiedLineTradeDelivery", "ram:BilledQuantity").some(
        (billed) => billed.attributes["unitCode"] !== undefined,
      ),
    ) ?? false
  );
}

const totals: readonly [id: string, name: string, term: string][] = [
  ["CII-SR-477", "LineTotalAmount", "BT-106"],
  ["CII-SR-478", "ChargeTotalAmount", "BT-108"],
  ["CII-SR-479", "AllowanceTotalAmount", "BT-107"],
  ["CII-SR-480", "TaxBasisTotalAmount", "BT-109"],
  ["CII-SR-481", "RoundingAmount", "BT-114"],
  ["CII-SR-482", "GrandTotalAmount", "BT-112"],
  ["CII-SR-483", "InformationAmount", "BG-22"],
  ["CII-SR-484", "TotalPrepaidAmount", "BT-113"],
  ["CII-SR-485", "TotalDiscountAmount", "BG-22"],
  ["CII-SR-486", "TotalAllowanceChargeAmount", "BG-22"],
  ["CII-SR-487", "DuePayableAmount", "BT-115"],
  ["CII-SR-488", "RetailValueExcludingTaxInformationAmount", "BG-22"],
  ["CII-SR-489", "TotalDepositFeeInformationAmount", "BG-22"],
  ["CII-SR-490", "ProductValueExcludingTobaccoTaxInformationAmount", "BG-22"],
  ["CII-SR-491", "TotalRetailValueInformationAmount", "BG-22"],
  ["CII-SR-492", "GrossLineTotalAmount", "BG-22"],
  ["CII-SR-493", "NetLineTotalAmount", "BG-22"],
  ["CII-SR-494", "NetIncludingTaxesLineTotalAmount", "BG-22"],
];

const bareIdentifierAttributes: readonly [id: string, name: string][] = [
  ["CII-DT-001", "schemeName"],
  ["CII-DT-002", "schemeAgencyName"],
  ["CII-DT-003", "schemeDataURI"],
  ["CII-DT-004", "schemeURI"],
  ["CII-DT-005", "schemeID"],
  ["CII-DT-006", "schemeAgencyID"],
  ["CII-DT-007", "schemeVersionID"],
];

const otherIdentifierAttributes: readonly [id: string, name: string][] = [
  ["CII-DT-101", "schemeName"],
  ["CII-DT-102", "schemeAgencyName"],
  ["CII-DT-103", "schemeDataURI"],
  ["CII-DT-104", "schemeURI"],
];

const referencedDocumentParts: readonly [
  id: string,
  name: string,
  unless?: (document: XmlElement) => boolean,
][] = [
  ["CII-DT-015", "ram:URIID", isDocumentOfType("916")],
  ["CII-DT-016", "ram:StatusCode"],
  ["CII-DT-017", "ram:CopyIndicator"],
  ["CII-DT-018", "ram:TypeCode", isDocumentOfType("50", "130", "916")],
  ["CII-DT-019", "ram:GlobalID"],
  ["CII-DT-020", "ram:RevisionID"],
  ["CII-DT-021", "ram:Name", isDocumentOfType("916")],
  ["CII-DT-022", "ram:AttachmentBinaryObject", isDocumentOfType("916")],
  ["CII-DT-023", "ram:Information"],
  ["CII-DT-024", "ram:ReferenceTypeCode", isDocumentOfType("130")],
  ["CII-DT-025", "ram:SectionName"],
  ["CII-DT-026", "ram:PreviousRevisionID"],
  [
    "CII-DT-027",
    "ram:FormattedIssueDateTime",
    (document) => document.name === "ram:InvoiceReferencedDocument",
  ],
  ["CII-DT-028", "ram:EffectiveSpecifiedPeriod"],
  ["CII-DT-029", "ram:IssuerTradeParty"],
  ["CII-DT-030", "ram:AttachedSpecifiedBinaryFile"],
];

const periodParts: readonly [id: string, name: string][] = [
  ["CII-DT-068", "ram:StartDateTime/udt:DateTime"],
  ["CII-DT-069", "ram:DurationMeasure"],
  ["CII-DT-070", "ram:InclusiveIndicator"],
  ["CII-DT-071", "ram:Description"],
  ["CII-DT-072", "ram:EndDateTime/udt:DateTime"],
  ["CII-DT-073", "ram:CompleteDateTime"],
  ["CII-DT-074", "ram:OpenIndicator"],
  ["CII-DT-075", "ram:SeasonCode"],
  ["CII-DT-076", "ram:ID"],
  ["CII-DT-077", "ram:Name"],
  ["CII-DT-078", "ram:SequenceNumeric"],
  ["CII-DT-079", "ram:StartDateFlexibilityCode"],
  ["CII-DT-080", "ram:ContinuousIndicator"],
  ["CII-DT-081", "ram:PurposeCode"],
];

const addressParts: readonly [id: string, name: string][] = [
  ["CII-DT-082", "ram:ID"],
  ["CII-DT-083", "ram:PostOfficeBox"],
  ["CII-DT-084", "ram:BuildingName"],
  ["CII-DT-086", "ram:LineFour"],
  ["CII-DT-087", "ram:LineFive"],
  ["CII-DT-088", "ram:StreetName"],
  ["CII-DT-089", "ram:CitySubDivisionName"],
  ["CII-DT-090", "ram:CountryName"],
  ["CII-DT-091", "ram:CountrySubDivisionID"],
  ["CII-DT-092", "ram:AttentionOf"],
  ["CII-DT-093", "ram:CareOf"],
  ["CII-DT-094", "ram:BuildingNumber"],
  ["CII-DT-095", "ram:DepartmentName"],
  ["CII-DT-096", "ram:AdditionalStreetName"],
];

/** The base of a tax, and when it is due, have a term on the document but not on its lines. */
function isOnDocument(tax: XmlElement): boolean {
  for (let above = tax.parent; above; above = above.parent)
    if (above.name === "ram:ApplicableHeaderTradeSettlement") return true;
  return false;
}

/** What exempts from a tax has a term in its breakdown, not on an allowance or a charge. */
const isApplicableTax = (tax: XmlElement): boolean => tax.name === "ram:ApplicableTradeTax";

const tradeTaxParts: readonly [id: string, name: string, unless?: (tax: XmlElement) => boolean][] = [
  ["CII-DT-038", "CalculatedRate"],
  ["CII-DT-039", "CalculationSequenceNumeric"],
  ["CII-DT-040", "BasisQuantity"],
  ["CII-DT-041", "BasisAmount", isOnDocument],
  ["CII-DT-042", "UnitBasisAmount"],
  ["CII-DT-043", "LineTotalBasisAmount"],
  ["CII-DT-044", "AllowanceChargeBasisAmount"],
  ["CII-DT-049", "CurrencyCode"],
  ["CII-DT-050", "Jurisdiction"],
  ["CII-DT-051", "CustomsDutyIndicator"],
  ["CII-DT-052", "ExemptionReasonCode", isApplicableTax],
  ["CII-DT-053", "TaxBasisAllowanceRate"],
  ["CII-DT-054", "TaxPointDate", isOnDocument],
  ["CII-DT-055", "Type"],
  ["CII-DT-056", "InformationAmount"],
  ["CII-DT-057", "CategoryName"],
  ["CII-DT-058", "DueDateTypeCode", isOnDocument],
  ["CII-DT-060", "SpecifiedTradeAccountingAccount"],
  ["CII-DT-061", "ServiceSupplyTradeCountry"],
  ["CII-DT-062", "BuyerRepayableTaxSpecifiedTradeAccountingAccount"],
  ["CII-DT-063", "SellerPayableTaxSpecifiedTradeAccountingAccount"],
  ["CII-DT-064", "SellerRefundableTaxSpecifiedTradeAccountingAccount"],
  ["CII-DT-065", "BuyerDeductibleTaxSpecifiedTradeAccountingAccount"],
  ["CII-DT-066", "BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount"],
  ["CII-DT-067", "PlaceApplicableTradeLocation"],
  ["CII-DT-098", "ExemptionReason", isApplicableTax],
];

/** Whether an indicator says that the group is an allowance: a boolean of XML Schema, in either spelling. */
const isAllowance = (indicator: XmlElement): boolean =>
  childrenOf(indicator, "udt:Indicator").some((each) => ["false", "0"].includes(normalized(each.text)));

const asWarning = (rule: SyntaxRule): SyntaxRule => ({ ...rule, severity: "warning" });

/** A party bears an identifier with a scheme or one without, not both. */
const oneKindOfIdentifier = (
  id: string,
  elements: readonly string[],
  party: string,
  term: string,
): SyntaxRule => ({
  id,
  severity: "warning",
  elements,
  term,
  value: () => undefined,
  holds: (group) => countAt(group, [party, "ram:ID"]) === 0 || countAt(group, [party, "ram:GlobalID"]) === 0,
  fr: `Donnez l'identifiant (${term}) avec son schéma (GlobalID) ou sans (ID), pas les deux.`,
  en: `Give the identifier (${term}) with its scheme (GlobalID) or without (ID), not both.`,
});

/** A contact is a person or a department: the term has one value. */
const onePointOfContact = (id: string, party: string, term: string): SyntaxRule => ({
  id,
  severity: "warning",
  elements: agreement,
  term,
  value: () => undefined,
  holds: (group) =>
    countAt(group, [party, "ram:DefinedTradeContact", "ram:PersonName"]) === 0 ||
    countAt(group, [party, "ram:DefinedTradeContact", "ram:DepartmentName"]) === 0,
  fr: `Donnez pour contact (${term}) une personne ou un service, pas les deux.`,
  en: `Give a person or a department as the contact (${term}), not both.`,
});

/** What the supporting documents (BG-24) hold under one name, all together. */
const attachmentParts = (group: XmlElement, name: string): XmlElement[] =>
  childrenOf(group, "ram:AdditionalReferencedDocument")
    .filter((document) => normalized(child(document, "ram:TypeCode")?.text ?? "") === "916")
    .flatMap((document) => childrenOf(document, name));

const onceInDocument = (type: string) => (group: XmlElement) =>
  childrenOf(group, "ram:AdditionalReferencedDocument").filter(isDocumentOfType(type)).length;

/** CII-SR and CII-DT that are warnings: other cardinalities. */
const warnings: readonly SyntaxRule[] = [
  asWarning(
    once(
      "CII-SR-003",
      context,
      ["ram:BusinessProcessSpecifiedDocumentContextParameter"],
      "BT-23",
      "le cadre de facturation",
      "the business process",
    ),
  ),
  asWarning(noChild("CII-SR-004", ["*DocumentContextParameter"], "ram:Value")),
  asWarning(noChild("CII-SR-005", ["*DocumentContextParameter"], "ram:SpecifiedDocumentVersion")),
  asWarning(
    once(
      "CII-SR-030",
      ["ram:IncludedNote"],
      (note) => (note.parent?.name === "rsm:ExchangedDocument" ? childrenOf(note, "ram:Content").length : 0),
      "BT-22",
      "le texte d'une note",
      "the text of a note",
    ),
  ),
  asWarning(
    once(
      "CII-SR-039",
      ["ram:AssociatedDocumentLineDocument"],
      ["ram:IncludedNote"],
      "BT-127",
      "la note de la ligne",
      "the line's note",
    ),
  ),
  asWarning(
    once(
      "CII-SR-040",
      ["ram:AssociatedDocumentLineDocument"],
      ["ram:IncludedNote", "ram:Content"],
      "BT-127",
      "le texte de la note de la ligne",
      "the text of the line's note",
    ),
  ),
  oneKindOfIdentifier("CII-SR-449", ["ram:ApplicableHeaderTradeDelivery"], "ram:ShipToTradeParty", "BT-71"),
  oneKindOfIdentifier("CII-SR-450", agreement, "ram:BuyerTradeParty", "BT-46"),
  oneKindOfIdentifier("CII-SR-451", settlement, "ram:PayeeTradeParty", "BT-60"),
  asWarning(
    once(
      "CII-SR-452",
      settlement,
      ["ram:SpecifiedTradePaymentTerms"],
      "BT-20",
      "les conditions de paiement",
      "the payment terms",
    ),
  ),
  asWarning(
    once(
      "CII-SR-453",
      settlement,
      ["ram:SpecifiedTradePaymentTerms", "ram:Description"],
      "BT-20",
      "le texte des conditions de paiement",
      "the text of the payment terms",
    ),
  ),
  asWarning(
    exactlyOnce(
      "CII-SR-454",
      ["ram:SpecifiedLineTradeSettlement"],
      ["ram:ApplicableTradeTax"],
      "BG-30",
      "la TVA de la ligne",
      "the line's VAT",
    ),
  ),
  asWarning(once("CII-SR-457", agreement, onceInDocument("50"), "BT-17", "l'appel d'offres", "the tender")),
  asWarning(
    once("CII-SR-458", agreement, onceInDocument("130"), "BT-18", "l'objet facturé", "the invoiced object"),
  ),
  asWarning(noChild("CII-SR-113", lineAgreement, "ram:AdditionalReferencedDocument")),
  {
    id: "CII-SR-119",
    severity: "warning",
    elements: lineAgreement,
    term: "BT-147",
    value: () => undefined,
    holds: (line) => {
      const discount = ["ram:GrossPriceProductTradePrice", "ram:AppliedTradeAllowanceCharge"];
      const indicators = at(line, ...discount, "ram:ChargeIndicator");
      const hasAmount = countAt(line, [...discount, "ram:ActualAmount"]) > 0;
      return hasAmount ? indicators.some(isAllowance) : indicators.length === 0;
    },
    fr: "Le prix brut ne porte qu'un rabais : donnez son montant (BT-147), avec l'indicateur false.",
    en: "A gross price bears a discount only: give its amount (BT-147), with the indicator false.",
  },
  asWarning(
    once(
      "CII-SR-475",
      agreement,
      (group) => attachmentParts(group, "ram:Name").length,
      "BT-123",
      "la description des pièces",
      "the description of the documents",
    ),
  ),
  asWarning(
    once(
      "CII-SR-474",
      ["ram:SpecifiedLineTradeSettlement"],
      (group) =>
        childrenOf(group, "ram:AdditionalReferencedDocument").filter(
          (document) => normalized(child(document, "ram:TypeCode")?.text ?? "") === "130",
        ).length,
      "BT-128",
      "l'objet de la ligne",
      "the line's object",
    ),
  ),
  asWarning(
    once(
      "CII-SR-476",
      agreement,
      (group) => attachmentParts(group, "ram:AttachmentBinaryObject").length,
      "BT-125",
      "le fichier joint",
      "the attached file",
    ),
  ),
  asWarning(
    noChild(
      "CII-SR-464",
      ["ram:SpecifiedTradeSettlementPaymentMeans"],
      "ram:PayerSpecifiedDebtorFinancialInstitution",
    ),
  ),
  onePointOfContact("CII-SR-465", "ram:SellerTradeParty", "BT-41"),
  onePointOfContact("CII-SR-466", "ram:BuyerTradeParty", "BT-56"),
  ...tradeTaxParts.map(([id, name, unless]) => asWarning(noChild(id, ["*TradeTax"], `ram:${name}`, unless))),
  forbiddenOn("CII-DT-059", "format", "ram:RateApplicablePercent"),
];

const lineTax = ["ram:ApplicableTradeTax", "ram:SpecifiedLineTradeSettlement"];

/** CII-DT-045 to 048: nothing says of which list a line's VAT category is, there being one only. */
const vatCategoryListAttributes: readonly SyntaxRule[] = [
  forbiddenOn("CII-DT-045", "listID", "ram:CategoryCode", ...lineTax),
  forbiddenOn("CII-DT-046", "listAgencyID", "ram:CategoryCode", ...lineTax),
  forbiddenOn("CII-DT-047", "listVersionID", "ram:CategoryCode", ...lineTax),
  forbiddenOn("CII-DT-048", "listURI", "ram:CategoryCode", ...lineTax),
];

/** CII-SR and CII-DT: cardinalities and data types of CII. */
export const ciiSyntaxRules: readonly SyntaxRule[] = [
  ...vatCategoryListAttributes,
  ...warnings,
  exactlyOnce(
    "CII-SR-009",
    context,
    ["ram:GuidelineSpecifiedDocumentContextParameter"],
    "BT-24",
    "la spécification suivie",
    "the specification followed",
  ),
  exactlyOnce(
    "CII-SR-010",
    context,
    ["ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID"],
    "BT-24",
    "l'identifiant de la spécification suivie",
    "the identifier of the specification followed",
  ),
  exactlyOnce(
    "CII-SR-014",
    ["rsm:ExchangedDocument"],
    ["ram:TypeCode"],
    "BT-3",
    "le type de facture",
    "the invoice type",
  ),
  {
    id: "CII-SR-046",
    elements: product,
    term: "BT-157-1",
    value: () => undefined,
    holds: (item) => {
      const ids = childrenOf(item, "ram:GlobalID");
      return ids.length === 0 || ids.some((id) => id.attributes["schemeID"] !== undefined);
    },
    fr: "Précisez le schéma de l'identifiant standard de l'article (BT-157-1).",
    en: "Give the scheme of the item's standard identifier (BT-157-1).",
  },
  exactlyOnce(
    "CII-SR-069",
    characteristic,
    ["ram:Description"],
    "BT-160",
    "le nom de la caractéristique",
    "the attribute's name",
  ),
  exactlyOnce(
    "CII-SR-072",
    characteristic,
    ["ram:Value"],
    "BT-161",
    "la valeur de la caractéristique",
    "the attribute's value",
  ),
  exactlyOnce(
    "CII-SR-090",
    product,
    ["ram:OriginTradeCountry", "ram:ID"],
    "BT-159",
    "le pays d'origine de l'article",
    "the item's country of origin",
    (item) => child(item, "ram:OriginTradeCountry") !== undefined,
  ),
  exactlyOnce(
    "CII-SR-439",
    lineAgreement,
    ["ram:NetPriceProductTradePrice", "ram:ChargeAmount"],
    "BT-146",
    "le prix net",
    "the net price",
  ),
  once(
    "CII-SR-441",
    lineAgreement,
    ["ram:NetPriceProductTradePrice", "ram:ChargeAmount"],
    "BT-146",
    "le prix net",
    "the net price",
  ),
  once(
    "CII-SR-440",
    ["ram:AppliedTradeAllowanceCharge"],
    (group) =>
      isIn(group, "ram:GrossPriceProductTradePrice") ? childrenOf(group, "ram:ActualAmount").length : 0,
    "BT-147",
    "le rabais sur le prix",
    "the price discount",
  ),
  once(
    "CII-SR-455",
    agreement,
    ["ram:SellerTradeParty", "ram:DefinedTradeContact"],
    "BG-6",
    "le contact du vendeur",
    "the seller's contact",
  ),
  once(
    "CII-SR-456",
    agreement,
    ["ram:BuyerTradeParty", "ram:DefinedTradeContact"],
    "BG-9",
    "le contact de l'acheteur",
    "the buyer's contact",
  ),
  once(
    "CII-SR-459",
    agreement,
    ["ram:SellerTradeParty", "ram:URIUniversalCommunication"],
    "BT-34",
    "l'adresse électronique du vendeur",
    "the seller's electronic address",
  ),
  once(
    "CII-SR-460",
    agreement,
    ["ram:BuyerTradeParty", "ram:URIUniversalCommunication"],
    "BT-49",
    "l'adresse électronique de l'acheteur",
    "the buyer's electronic address",
  ),
  once(
    "CII-SR-461",
    settlement,
    ["ram:ApplicableTradeTax", "ram:TaxPointDate"],
    "BT-7",
    "la date d'exigibilité de la TVA",
    "the VAT point date",
  ),
  {
    id: "CII-SR-462",
    elements: settlement,
    term: "BT-8",
    value: () => undefined,
    holds: (group) =>
      new Set(at(group, "ram:ApplicableTradeTax", "ram:DueDateTypeCode").map((code) => code.text)).size <= 1,
    fr: "Le code d'exigibilité de la TVA (BT-8) doit être le même dans toute la facture.",
    en: "The VAT point date code (BT-8) shall be the same throughout the invoice.",
  },
  {
    id: "CII-SR-463",
    elements: allowanceCharge,
    term: "BG-20",
    value: () => undefined,
    holds: (group) => child(group, "ram:ChargeIndicator") !== undefined,
    fr: "Dites s'il s'agit d'une remise (BG-20) ou d'une majoration (BG-21), par l'indicateur ChargeIndicator.",
    en: "Say whether it is an allowance (BG-20) or a charge (BG-21), by the ChargeIndicator.",
  },
  once(
    "CII-SR-471",
    allowanceCharge,
    ["ram:RateApplicablePercent"],
    "BT-96",
    "le taux de TVA",
    "the VAT rate",
  ),
  once(
    "CII-SR-472",
    allowanceCharge,
    ["ram:CategoryTradeTax"],
    "BT-95",
    "la catégorie de TVA",
    "the VAT category",
  ),
  once("CII-SR-473", allowanceCharge, ["ram:ActualAmount"], "BT-92", "le montant", "the amount"),
  {
    id: "CII-SR-467",
    elements: root,
    term: "BT-81",
    value: () => undefined,
    holds: (document) =>
      agree(
        settlements(document).flatMap((each) =>
          at(each, "ram:SpecifiedTradeSettlementPaymentMeans", "ram:TypeCode"),
        ),
      ),
    fr: "Le code du moyen de paiement (BT-81) doit être le même partout.",
    en: "The payment means code (BT-81) shall be the same everywhere.",
  },
  {
    id: "CII-SR-468",
    elements: root,
    term: "BT-82",
    value: () => undefined,
    holds: (document) =>
      agree(
        settlements(document).flatMap((each) =>
          at(each, "ram:SpecifiedTradeSettlementPaymentMeans", "ram:Information"),
        ),
      ),
    fr: "Le libellé du moyen de paiement (BT-82) doit être le même partout.",
    en: "The payment means text (BT-82) shall be the same everywhere.",
  },
  once(
    "CII-SR-469",
    root,
    (document) => settlements(document).flatMap((each) => childrenOf(each, "ram:PaymentReference")).length,
    "BT-83",
    "la référence de paiement",
    "the payment reference",
  ),
  {
    id: "CII-SR-470",
    elements: settlement,
    term: "BT-84",
    value: () => undefined,
    holds: (group) =>
      !childrenOf(group, "ram:SpecifiedTradeSettlementPaymentMeans").some(isTransferWithoutAccount),
    fr: "Un virement demande le compte à créditer (BT-84) : son IBAN, ou un identifiant propre à la banque.",
    en: "A credit transfer needs the account to credit (BT-84): its IBAN, or an identifier of the bank's own.",
  },
  ...totals.map(([id, name, term]) =>
    once(id, summation, [`ram:${name}`], term, `le montant ${name}`, `the amount ${name}`),
  ),
  ...bareIdentifierAttributes.map(([id, name]) => noAttribute(id, ["*ID"], name, isBareIdentifier)),
  ...otherIdentifierAttributes.map(([id, name]) => noAttribute(id, ["*ID"], name, isOtherIdentifier)),
  noAttribute("CII-DT-008", ["ram:TypeCode"], "name"),
  noAttribute("CII-DT-009", ["ram:TypeCode"], "listURI"),
  noAttribute("CII-DT-013", root, "languageID"),
  noAttribute("CII-DT-014", root, "languageLocaleID"),
  ...referencedDocumentParts.map(([id, name, unless]) => noChild(id, ["*ReferencedDocument"], name, unless)),
  noAttribute("CII-DT-031", ["*Amount"], "currencyID", (amount) => amount.name !== "ram:TaxTotalAmount"),
  noAttribute(
    "CII-DT-032",
    ["*Amount"],
    "currencyCodeListVersionID",
    (amount) => amount.name !== "ram:TaxTotalAmount",
  ),
  noAttribute("CII-DT-033", ["*Quantity"], "unitCode", (quantity) => !hasBilledUnit(quantity)),
  noAttribute("CII-DT-034", ["*Quantity"], "unitCodeListID"),
  noAttribute("CII-DT-035", ["*Quantity"], "unitCodeListAgencyID"),
  noAttribute("CII-DT-036", ["*Quantity"], "unitCodeListAgencyName"),
  {
    id: "CII-DT-037",
    elements: ["*TradeTax"],
    term: "BT-118-0",
    value: (tax) => child(tax, "ram:TypeCode")?.text,
    holds: (tax) => {
      const types = childrenOf(tax, "ram:TypeCode");
      return types.length === 0 || types.some((type) => type.text === "VAT");
    },
    fr: "Écrivez VAT, et rien d'autre, comme type de taxe.",
    en: "Write VAT, and nothing else, as the type of tax.",
  },
  ...periodParts.map(([id, name]) => noChild(id, ["ram:BillingSpecifiedPeriod"], name)),
  ...addressParts.map(([id, name]) => noChild(id, ["ram:PostalTradeAddress"], name)),
  {
    id: "CII-DT-097",
    elements: ["udt:DateTimeString"],
    holds: (date) =>
      date.attributes["format"] !== "102" ||
      /^\s*\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])\s*$/.test(date.text),
    fr: "Écrivez cette date en huit chiffres : année, mois, jour (format 102).",
    en: "Write this date in eight digits: year, month, day (format 102).",
  },
];
