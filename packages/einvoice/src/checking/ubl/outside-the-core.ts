import type { XmlElement } from "../../xml/tree.ts";
import type { ForbiddenPaths } from "../forbidden-paths.ts";

const supplier = "cac:AccountingSupplierParty";
const customer = "cac:AccountingCustomerParty";
const line = "cac:InvoiceLine|cac:CreditNoteLine";
const item = `${line}/cac:Item`;
const delivery = "cac:Delivery";
const account = "cac:PaymentMeans/cac:PayeeFinancialAccount";
const payer = "cac:PaymentMeans/cac:PaymentMandate";
const subtotal = "cac:TaxTotal/cac:TaxSubtotal";
const copies = "cbc:CopyIndicator cbc:UUID";
const moments = "cbc:IssueDate cbc:IssueTime";
const kinds = "cbc:DocumentTypeCode cbc:DocumentType";
const wordings = "cbc:XPath cbc:LanguageID cbc:LocaleCode cbc:VersionID cbc:DocumentStatusCode";
const proofs = "cac:ValidityPeriod cac:IssuerParty cac:ResultOfVerification";
const reference = `${copies} ${moments} ${kinds} ${wordings} cbc:DocumentDescription cac:Attachment ${proofs}`;
const address =
  "cbc:ID cbc:AddressTypeCode cbc:AddressFormatCode cbc:Postbox cbc:Floor cbc:Room cbc:BlockName cbc:BuildingName " +
  "cbc:BuildingNumber cbc:InhouseMail cbc:Department cbc:MarkAttention cbc:MarkCare cbc:PlotIdentification " +
  "cbc:CitySubdivisionName cbc:CountrySubentityCode cbc:Region cbc:District cbc:TimezoneOffset cac:Country/cbc:Name " +
  "cac:LocationCoordinate";
const marks = "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID";
const taxScheme =
  "cac:TaxScheme/cbc:Name cac:TaxScheme/cbc:TaxTypeCode cac:TaxScheme/cbc:CurrencyCode " +
  "cac:TaxScheme/cac:JurisdictionRegionAddress";
const partyTax =
  "cbc:RegistrationName cbc:TaxLevelCode cbc:ExemptionReasonCode cbc:ExemptionReason cac:RegistrationAddress " +
  taxScheme;
const dates = "cbc:RegistrationDate cbc:RegistrationExpirationDate cbc:CompanyLegalFormCode";
const company =
  "cbc:SoleProprietorshipIndicator cbc:CompanyLiquidationStatusCode cbc:CorporateStockAmount " +
  "cbc:FullyPaidSharesIndicator cac:RegistrationAddress cac:CorporateRegistrationScheme cac:HeadOfficeParty " +
  "cac:ShareholderParty";
const contact = "cbc:ID cbc:Telefax cbc:Note cac:OtherCommunication";
const people = "cac:Person cac:AgentParty cac:ServiceProviderParty cac:PowerOfAttorney cac:FinancialAccount";
const identification =
  "cbc:ExtendedID cbc:BarcodeSymbologyID cac:PhysicalAttribute cac:MeasurementDimension cac:IssuerParty";
const allowance =
  "cbc:PrepaidIndicator cbc:SequenceNumeric cbc:AccountingCostCode cbc:AccountingCost cbc:PerUnitAmount";
const tiers = "cbc:TierRange cbc:TierRatePercent";
const exemption = "cbc:TaxExemptionReasonCode cbc:TaxExemptionReason";

/** A credit note has no other place for its due date (BT-9). */
const isInInvoice = (dueDate: XmlElement): boolean => dueDate.parent?.parent?.name !== "cn:CreditNote";

/**
 * UBL-CR: what UBL has and EN 16931 has no term for. From a number on, the paths under an element, one number each.
 * Source: the UBL syntax rules of the European validation artefacts; the numbers that skip were withdrawn or are fatal.
 */
export const ublForbiddenPaths: readonly ForbiddenPaths[] = [
  [1, "", "ext:UBLExtensions"],
  [2, "", "cbc:UBLVersionID", (version) => version.text !== "2.1"],
  [
    3,
    "",
    "cbc:ProfileExecutionID cbc:CopyIndicator cbc:UUID cbc:IssueTime cbc:PricingCurrencyCode cbc:PaymentCurrencyCode",
  ],
  [9, "", "cbc:PaymentAlternativeCurrencyCode cbc:AccountingCostCode cbc:LineCountNumeric"],
  [12, "cac:InvoicePeriod", "cbc:StartTime cbc:EndTime cbc:DurationMeasure cbc:Description"],
  [
    16,
    "cac:OrderReference",
    `${copies} ${moments} cbc:CustomerReference cbc:OrderTypeCode cac:DocumentReference`,
  ],
  [23, "cac:BillingReference/cac:InvoiceDocumentReference", `${copies} cbc:IssueTime ${kinds} ${wordings}`],
  [
    33,
    "cac:BillingReference/cac:InvoiceDocumentReference",
    `cbc:DocumentDescription cac:Attachment ${proofs}`,
  ],
  [38, "cac:BillingReference", "cac:SelfBilledInvoiceDocumentReference cac:CreditNoteDocumentReference"],
  [40, "cac:BillingReference", "cac:SelfBilledCreditNoteDocumentReference cac:DebitNoteDocumentReference"],
  [
    42,
    "cac:BillingReference",
    "cac:ReminderDocumentReference cac:AdditionalDocumentReference cac:BillingReferenceLine",
  ],
  [45, "cac:DespatchDocumentReference", reference],
  [61, "cac:ReceiptDocumentReference", reference],
  [77, "", "cac:StatementDocumentReference"],
  [78, "cac:OriginatorDocumentReference", reference],
  [94, "cac:ContractDocumentReference", reference],
  [110, "cac:AdditionalDocumentReference", `${copies} ${moments} cbc:DocumentType ${wordings}`],
  [
    121,
    "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference",
    "cbc:DocumentHash cbc:HashAlgorithmMethod cbc:ExpiryDate cbc:ExpiryTime cbc:MimeCode cbc:FormatCode " +
      "cbc:EncodingCode cbc:CharacterSetCode cbc:FileName cbc:Description",
  ],
  [131, "cac:AdditionalDocumentReference", proofs],
  [134, "cac:ProjectReference", "cbc:UUID cbc:IssueDate cac:WorkPhaseReference"],
  [137, "", "cac:Signature"],
  [138, supplier, "cbc:CustomerAssignedAccountID cbc:AdditionalAccountID cbc:DataSendingCapability"],
  [141, `${supplier}/cac:Party`, `${marks} cbc:IndustryClassificationCode cac:Language`],
  [147, `${supplier}/cac:Party/cac:PostalAddress`, address],
  [168, `${supplier}/cac:Party`, "cac:PhysicalLocation"],
  [169, `${supplier}/cac:Party/cac:PartyTaxScheme`, partyTax],
  [178, `${supplier}/cac:Party/cac:PartyLegalEntity`, `${dates} ${company}`],
  [189, `${supplier}/cac:Party/cac:Contact`, contact],
  [193, `${supplier}/cac:Party`, people],
  [198, supplier, "cac:DespatchContact cac:AccountingContact cac:SellerContact"],
  [201, customer, "cbc:CustomerAssignedAccountID cbc:SupplierAssignedAccountID cbc:AdditionalAccountID"],
  [204, `${customer}/cac:Party`, `${marks} cbc:IndustryClassificationCode cac:Language`],
  [210, `${customer}/cac:Party/cac:PostalAddress`, address],
  [231, `${customer}/cac:Party`, "cac:PhysicalLocation"],
  [232, `${customer}/cac:Party/cac:PartyTaxScheme`, partyTax],
  [241, `${customer}/cac:Party/cac:PartyLegalEntity`, `${dates} cbc:CompanyLegalForm ${company}`],
  [253, `${customer}/cac:Party/cac:Contact`, contact],
  [257, `${customer}/cac:Party`, people],
  [262, customer, "cac:DeliveryContact cac:AccountingContact cac:BuyerContact"],
  [
    265,
    "cac:PayeeParty",
    `${marks} cbc:EndpointID cbc:IndustryClassificationCode cac:Language cac:PostalAddress`,
  ],
  [273, "cac:PayeeParty", "cac:PhysicalLocation cac:PartyTaxScheme"],
  [
    275,
    "cac:PayeeParty/cac:PartyLegalEntity",
    `cbc:RegistrationName ${dates} cbc:CompanyLegalForm ${company}`,
  ],
  [288, "cac:PayeeParty", `cac:Contact ${people}`],
  [294, "", "cac:BuyerCustomerParty cac:SellerSupplierParty"],
  [296, "cac:TaxRepresentativeParty", `${marks} cbc:EndpointID cbc:IndustryClassificationCode`],
  [302, "cac:TaxRepresentativeParty", "cac:PartyIdentification cac:Language"],
  [304, "cac:TaxRepresentativeParty/cac:PostalAddress", address],
  [325, "cac:TaxRepresentativeParty", "cac:PhysicalLocation"],
  [326, "cac:TaxRepresentativeParty/cac:PartyTaxScheme", partyTax],
  [335, "cac:TaxRepresentativeParty", `cac:PartyLegalEntity cac:Contact ${people}`],
  [342, delivery, "cbc:ID cbc:Quantity cbc:MinimumQuantity cbc:MaximumQuantity cbc:ActualDeliveryTime"],
  [347, delivery, "cbc:LatestDeliveryDate cbc:LatestDeliveryTime cbc:ReleaseID cbc:TrackingID"],
  [351, `${delivery}/cac:DeliveryLocation`, "cbc:Description cbc:Conditions cbc:CountrySubentity"],
  [
    354,
    `${delivery}/cac:DeliveryLocation`,
    "cbc:CountrySubentityCode cbc:LocationTypeCode cbc:InformationURI",
  ],
  [357, `${delivery}/cac:DeliveryLocation`, "cbc:Name cac:ValidityPeriod"],
  [359, `${delivery}/cac:DeliveryLocation/cac:Address`, address],
  [380, `${delivery}/cac:DeliveryLocation`, "cac:SubsidiaryLocation cac:LocationCoordinate"],
  [
    382,
    delivery,
    "cac:AlternativeDeliveryLocation cac:RequestedDeliveryPeriod cac:EstimatedDeliveryPeriod cac:CarrierParty",
  ],
  [386, `${delivery}/cac:DeliveryParty`, `${marks} cbc:EndpointID cbc:IndustryClassificationCode`],
  [
    392,
    `${delivery}/cac:DeliveryParty`,
    "cac:PartyIdentification cac:Language cac:PostalAddress cac:PhysicalLocation",
  ],
  [396, `${delivery}/cac:DeliveryParty`, `cac:PartyTaxScheme cac:PartyLegalEntity cac:Contact ${people}`],
  [
    404,
    delivery,
    "cac:NotifyParty cac:Despatch cac:DeliveryTerms cac:MinimumDeliveryUnit cac:MaximumDeliveryUnit cac:Shipment",
  ],
  [410, "", "cac:DeliveryTerms"],
  [411, "cac:PaymentMeans", "cbc:ID"],
  [412, "cac:PaymentMeans", "cbc:PaymentDueDate", isInInvoice],
  [413, "cac:PaymentMeans", "cbc:PaymentChannelCode cbc:InstructionID"],
  [
    415,
    "cac:PaymentMeans/cac:CardAccount",
    "cbc:CardTypeCode cbc:ValidityStartDate cbc:ExpiryDate cbc:IssuerID cbc:IssueNumberID cbc:CV2ID cbc:CardChipCode " +
      "cbc:ChipApplicationID",
  ],
  [424, account, "cbc:AliasName cbc:AccountTypeCode cbc:AccountFormatCode cbc:CurrencyCode cbc:PaymentNote"],
  [429, `${account}/cac:FinancialInstitutionBranch`, "cbc:Name cac:FinancialInstitution/cbc:Name"],
  [431, `${account}/cac:FinancialInstitutionBranch`, "cac:FinancialInstitution/cac:Address cac:Address"],
  [433, account, "cac:Country"],
  [434, "cac:PaymentMeans", "cac:CreditAccount"],
  [
    435,
    payer,
    "cbc:MandateTypeCode cbc:MaximumPaymentInstructionsNumeric cbc:MaximumPaidAmount cbc:SignatureID cac:PayerParty",
  ],
  [
    440,
    `${payer}/cac:PayerFinancialAccount`,
    "cbc:Name cbc:AliasName cbc:AccountTypeCode cbc:AccountFormatCode cbc:CurrencyCode cbc:PaymentNote " +
      "cac:FinancialInstitutionBranch cac:Country",
  ],
  [448, payer, "cac:ValidityPeriod cac:PaymentReversalPeriod cac:Clause"],
  [451, "cac:PaymentMeans", "cac:TradeFinancing"],
  [
    452,
    "cac:PaymentTerms",
    "cbc:ID cbc:PaymentMeansID cbc:PrepaidPaymentReferenceID cbc:ReferenceEventCode cbc:SettlementDiscountPercent " +
      "cbc:PenaltySurchargePercent cbc:PaymentPercent cbc:Amount cbc:SettlementDiscountAmount cbc:PenaltyAmount " +
      "cbc:PaymentTermsDetailsURI cbc:PaymentDueDate cbc:InstallmentDueDate cbc:InvoicingPartyReference " +
      "cac:SettlementPeriod cac:PenaltyPeriod cac:ExchangeRate cac:ValidityPeriod",
  ],
  [470, "", "cac:PrepaidPayment"],
  [471, "cac:AllowanceCharge", `cbc:ID ${allowance}`],
  [
    477,
    "cac:AllowanceCharge/cac:TaxCategory",
    `cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount ${exemption} ${tiers}`,
  ],
  [484, "cac:AllowanceCharge/cac:TaxCategory", taxScheme],
  [488, "cac:AllowanceCharge", "cac:TaxTotal cac:PaymentMeans"],
  [
    490,
    "",
    "cac:TaxExchangeRate cac:PricingExchangeRate cac:PaymentExchangeRate cac:PaymentAlternativeExchangeRate",
  ],
  [494, "cac:TaxTotal", "cbc:RoundingAmount cbc:TaxEvidenceIndicator cbc:TaxIncludedIndicator"],
  [
    497,
    subtotal,
    "cbc:CalculationSequenceNumeric cbc:TransactionCurrencyTaxAmount cbc:Percent cbc:BaseUnitMeasure",
  ],
  [501, subtotal, `cbc:PerUnitAmount ${tiers}`],
  [504, `${subtotal}/cac:TaxCategory`, `cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount ${tiers}`],
  [509, `${subtotal}/cac:TaxCategory`, taxScheme],
  [513, "", "cac:WithholdingTaxTotal"],
  [514, "cac:LegalMonetaryTotal", "cbc:PayableAlternativeAmount"],
  [
    515,
    line,
    "cbc:UUID cbc:TaxPointDate cbc:AccountingCostCode cbc:PaymentPurposeCode cbc:FreeOfChargeIndicator",
  ],
  [
    520,
    `${line}/cac:InvoicePeriod`,
    "cbc:StartTime cbc:EndTime cbc:DurationMeasure cbc:DescriptionCode cbc:Description",
  ],
  [
    525,
    `${line}/cac:OrderLineReference`,
    "cbc:SalesOrderLineID cbc:UUID cbc:LineStatusCode cac:OrderReference",
  ],
  [529, line, "cac:DespatchLineReference cac:ReceiptLineReference cac:BillingReference"],
  [532, `${line}/cac:DocumentReference`, `${copies} ${moments}`],
  [
    537,
    `${line}/cac:DocumentReference`,
    `cbc:DocumentType ${wordings} cbc:DocumentDescription cac:Attachment ${proofs}`,
  ],
  [548, line, "cac:PricingReference cac:OriginatorParty cac:Delivery cac:PaymentTerms"],
  [552, `${line}/cac:AllowanceCharge`, `cbc:ID ${allowance} cac:TaxCategory cac:TaxTotal cac:PaymentMeans`],
  [561, line, "cac:TaxTotal cac:WithholdingTaxTotal"],
  [563, item, "cbc:PackQuantity cbc:PackSizeNumeric cbc:CatalogueIndicator cbc:HazardousRiskIndicator"],
  [567, item, "cbc:AdditionalInformation cbc:Keyword cbc:BrandName cbc:ModelName"],
  [571, `${item}/cac:BuyersItemIdentification`, identification],
  [576, `${item}/cac:SellersItemIdentification`, identification],
  [581, item, "cac:ManufacturersItemIdentification"],
  [582, `${item}/cac:StandardItemIdentification`, identification],
  [
    587,
    item,
    "cac:CatalogueItemIdentification cac:AdditionalItemIdentification cac:CatalogueDocumentReference",
  ],
  [590, item, "cac:ItemSpecificationDocumentReference cac:OriginCountry/cbc:Name"],
  [592, `${item}/cac:CommodityClassification`, "cbc:NatureCode cbc:CargoTypeCode cbc:CommodityCode"],
  [595, item, "cac:TransactionConditions cac:HazardousItem"],
  [
    597,
    `${item}/cac:ClassifiedTaxCategory`,
    `cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount ${exemption} ${tiers}`,
  ],
  [604, `${item}/cac:ClassifiedTaxCategory`, taxScheme],
  [
    608,
    `${item}/cac:AdditionalItemProperty`,
    "cbc:ID cbc:NameCode cbc:TestMethod cbc:ValueQuantity cbc:ValueQualifier cbc:ImportanceCode cbc:ListValue " +
      "cac:UsabilityPeriod cac:ItemPropertyGroup cac:RangeDimension cac:ItemPropertyRange",
  ],
  [
    619,
    item,
    "cac:ManufacturerParty cac:InformationContentProviderParty cac:OriginAddress cac:ItemInstance cac:Certificate",
  ],
  [624, item, "cac:Dimension"],
  [
    625,
    `${line}/cac:Price`,
    "cbc:PriceChangeReason cbc:PriceTypeCode cbc:PriceType cbc:OrderableUnitFactorRate",
  ],
  [629, `${line}/cac:Price`, "cbc:ValidityPeriod cbc:PriceList cbc:OrderableUnitFactorRate"],
  [
    632,
    `${line}/cac:Price/cac:AllowanceCharge`,
    "cbc:ID cbc:AllowanceChargeReasonCode cbc:AllowanceChargeReason",
  ],
  [635, `${line}/cac:Price/cac:AllowanceCharge`, `cbc:MultiplierFactorNumeric ${allowance}`],
  [641, `${line}/cac:Price/cac:AllowanceCharge`, "cac:TaxCategory cac:TaxTotal cac:PaymentMeans"],
  [644, `${line}/cac:Price`, "cac:PricingExchangeRate"],
  [645, line, "cac:DeliveryTerms cac:SubInvoiceLine cac:ItemPriceExtension"],
  [
    648,
    "",
    "cbc:CustomizationID/@schemeID cbc:ProfileID/@schemeID cbc:ID/@schemeID cbc:SalesOrderID/@schemeID",
  ],
  [653, "cac:PaymentMeans", "cbc:PaymentID/@schemeID"],
  [654, account, "cbc:ID/@schemeID cac:FinancialInstitutionBranch/cbc:ID/@schemeID"],
  [656, "", "cbc:InvoiceTypeCode/@listID cbc:DocumentCurrencyCode/@listID cbc:TaxCurrencyCode/@listID"],
  [659, "cac:AdditionalDocumentReference", "cbc:DocumentTypeCode/@listID"],
  [661, "cac:PaymentMeans", "cbc:PaymentMeansCode/@listID"],
  [672, "", "cbc:CreditNoteTypeCode/@listID"],
  [681, "cac:PaymentMeans", "cbc:InstructionNote"],
  [682, delivery, "cac:DeliveryAddress"],
];
