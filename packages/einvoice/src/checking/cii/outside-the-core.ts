import type { ForbiddenPaths } from "../forbidden-paths.ts";

const line = "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem";
const product = `${line}/ram:SpecifiedTradeProduct`;
const lineAgreement = `${line}/ram:SpecifiedLineTradeAgreement`;
const grossPrice = `${lineAgreement}/ram:GrossPriceProductTradePrice`;
const netPrice = `${lineAgreement}/ram:NetPriceProductTradePrice`;
const lineDelivery = `${line}/ram:SpecifiedLineTradeDelivery`;
const lineSettlement = `${line}/ram:SpecifiedLineTradeSettlement`;
const agreement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement";
const delivery = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery";
const settlement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement";
const means = `${settlement}/ram:SpecifiedTradeSettlementPaymentMeans`;

/** The paths of a list of names, all in the namespace of the business terms. */
const ram = (names: string): string =>
  names
    .split(" ")
    .map((path) => `ram:${path.replaceAll("/", "/ram:").replace(/\/ram:(udt:|@)/g, "/$1")}`)
    .join(" ");

const contact = ram(
  "ID TypeCode JobTitle Responsibility PersonID TelephoneUniversalCommunication/URIID " +
    "TelephoneUniversalCommunication/ChannelCode DirectTelephoneUniversalCommunication " +
    "MobileTelephoneUniversalCommunication FaxUniversalCommunication EmailURIUniversalCommunication/ChannelCode " +
    "EmailURIUniversalCommunication/CompleteNumber TelexUniversalCommunication VOIPUniversalCommunication " +
    "InstantMessagingUniversalCommunication SpecifiedNote SpecifiedContactPerson",
);
const party = ram(
  "URIUniversalCommunication/ChannelCode URIUniversalCommunication/CompleteNumber " +
    "SpecifiedTaxRegistration/AssociatedRegisteredTax EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile",
);
const account = ram("SetTriggerCode TypeCode AmountTypeCode Name CostReferenceDimensionPattern");

/**
 * CII-SR: what CII has and EN 16931 has no term for. From a number on, the paths under an element, one number each.
 * Source: the CII syntax rules of the European validation artefacts; the numbers that skip are other rules.
 */
export const ciiForbiddenPaths: readonly ForbiddenPaths[] = [
  [1, "rsm:ExchangedDocumentContext", ram("SpecifiedTransactionID TestIndicator")],
  [
    6,
    "rsm:ExchangedDocumentContext",
    ram("BIMSpecifiedDocumentContextParameter ScenarioSpecifiedDocumentContextParameter"),
  ],
  [8, "rsm:ExchangedDocumentContext", ram("ApplicationSpecifiedDocumentContextParameter")],
  [
    11,
    "rsm:ExchangedDocumentContext",
    ram("SubsetSpecifiedDocumentContextParameter MessageStandardSpecifiedDocumentContextParameter"),
  ],
  [13, "rsm:ExchangedDocument", ram("Name")],
  [
    15,
    "rsm:ExchangedDocument",
    ram(
      "IssueDateTime/udt:DateTime CopyIndicator Purpose ControlRequirementIndicator LanguageID PurposeCode RevisionDateTime " +
        "VersionID GlobalID RevisionID PreviousRevisionID CategoryCode IncludedNote/Subject IncludedNote/ContentCode",
    ),
  ],
  [32, "rsm:ExchangedDocument", ram("IncludedNote/ID EffectiveSpecifiedPeriod IssuerTradeParty")],
  [35, line, ram("DescriptionCode ParentLineID LineStatusCode LineStatusReasonCode")],
  [
    41,
    `${line}/ram:AssociatedDocumentLineDocument`,
    ram("IncludedNote/SubjectCode IncludedNote/ID IncludedNote/Subject IncludedNote/ContentCode"),
  ],
  [45, product, ram("ID")],
  [
    48,
    product,
    ram(
      "ManufacturerAssignedID TradeName TypeCode NetWeightMeasure GrossWeightMeasure ProductGroupID EndItemTypeCode " +
        "EndItemName AreaDensityMeasure UseDescription BrandName SubBrandName DrainedNetWeightMeasure " +
        "VariableMeasureIndicator ColourCode ColourDescription Designation " +
        "FormattedCancellationAnnouncedLaunchDateTime FormattedLatestProductDataChangeDateTime",
    ),
  ],
  [67, `${product}/ram:ApplicableProductCharacteristic`, ram("ID TypeCode")],
  [70, `${product}/ram:ApplicableProductCharacteristic`, ram("ValueMeasure MeasurementMethodCode")],
  [
    73,
    `${product}/ram:ApplicableProductCharacteristic`,
    ram(
      "ValueCode ValueDateTime ValueIndicator ContentTypeCode ValueSpecifiedBinaryFile " +
        "ApplicableProductCharacteristicCondition ApplicableReferencedStandard",
    ),
  ],
  [80, product, ram("ApplicableMaterialGoodsCharacteristic")],
  [
    81,
    `${product}/ram:DesignatedProductClassification`,
    ram("SystemID SystemName ClassName SubClassCode ClassProductCharacteristic ApplicableReferencedStandard"),
  ],
  [
    87,
    product,
    ram(
      "IndividualTradeProductInstance CertificationEvidenceReferenceReferencedDocument InspectionReferenceReferencedDocument",
    ),
  ],
  [
    91,
    product,
    ram(
      "OriginTradeCountry/Name OriginTradeCountry/SubordinateTradeCountrySubDivision LinearSpatialDimension " +
        "MinimumLinearSpatialDimension MaximumLinearSpatialDimension ManufacturerTradeParty " +
        "PresentationSpecifiedBinaryFile MSDSReferenceReferencedDocument AdditionalReferenceReferencedDocument " +
        "LegalRightsOwnerTradeParty BrandOwnerTradeParty IncludedReferencedProduct InformationNote",
    ),
  ],
  [
    104,
    lineAgreement,
    ram(
      "BuyerReference BuyerRequisitionerTradeParty ApplicableTradeDeliveryTerms SellerOrderReferencedDocument " +
        "BuyerOrderReferencedDocument/IssuerAssignedID QuotationReferencedDocument ContractReferencedDocument " +
        "DemandForecastReferencedDocument PromotionalDealReferencedDocument",
    ),
  ],
  [
    114,
    grossPrice,
    ram("TypeCode MinimumQuantity MaximumQuantity ChangeReason OrderUnitConversionFactorNumeric"),
  ],
  [
    120,
    `${grossPrice}/ram:AppliedTradeAllowanceCharge`,
    ram(
      "ID SequenceNumeric CalculationPercent BasisAmount BasisQuantity PrepaidIndicator UnitBasisAmount ReasonCode Reason " +
        "TypeCode CategoryTradeTax ActualTradeCurrencyExchange",
    ),
  ],
  [
    132,
    grossPrice,
    ram(
      "ValiditySpecifiedPeriod DeliveryTradeLocation TradeComparisonReferencePrice AssociatedReferencedDocument",
    ),
  ],
  [136, netPrice, ram("TypeCode")],
  [
    138,
    netPrice,
    ram(
      "MinimumQuantity MaximumQuantity ChangeReason OrderUnitConversionFactorNumeric AppliedTradeAllowanceCharge " +
        "ValiditySpecifiedPeriod DeliveryTradeLocation TradeComparisonReferencePrice AssociatedReferencedDocument",
    ),
  ],
  [
    147,
    lineAgreement,
    ram(
      "RequisitionerReferencedDocument ItemSellerTradeParty ItemBuyerTradeParty IncludedSpecifiedMarketplace",
    ),
  ],
  [
    151,
    lineDelivery,
    ram(
      "RequestedQuantity ReceivedQuantity ChargeFreeQuantity PackageQuantity ProductUnitQuantity PerPackageUnitQuantity " +
        "NetWeightMeasure GrossWeightMeasure TheoreticalWeightMeasure DespatchedQuantity SpecifiedDeliveryAdjustment " +
        "IncludedSupplyChainPackaging RelatedSupplyChainConsignment ShipToTradeParty UltimateShipToTradeParty " +
        "ShipFromTradeParty ActualDespatchSupplyChainEvent ActualPickUpSupplyChainEvent " +
        "RequestedDeliverySupplyChainEvent ActualDeliverySupplyChainEvent ActualReceiptSupplyChainEvent " +
        "AdditionalReferencedDocument DespatchAdviceReferencedDocument ReceivingAdviceReferencedDocument " +
        "DeliveryNoteReferencedDocument ConsumptionReportReferencedDocument PackingListReferencedDocument",
    ),
  ],
  [
    178,
    lineSettlement,
    ram(
      "PaymentReference InvoiceIssuerReference TotalAdjustmentAmount DiscountIndicator ApplicableTradeTax/CalculatedAmount",
    ),
  ],
  [
    183,
    `${lineSettlement}/ram:SpecifiedTradeAllowanceCharge`,
    ram("ChargeIndicator/udt:IndicatorString ID SequenceNumeric"),
  ],
  [
    186,
    `${lineSettlement}/ram:SpecifiedTradeAllowanceCharge`,
    ram("CalculationPercent/@format BasisQuantity PrepaidIndicator"),
  ],
  [
    189,
    `${lineSettlement}/ram:SpecifiedTradeAllowanceCharge`,
    ram("UnitBasisAmount TypeCode CategoryTradeTax ActualTradeCurrencyExchange ID"),
  ],
  [
    194,
    lineSettlement,
    ram("SubtotalCalculatedTradeTax SpecifiedLogisticsServiceCharge SpecifiedTradePaymentTerms"),
  ],
  [
    197,
    `${lineSettlement}/ram:SpecifiedTradeSettlementLineMonetarySummation`,
    ram(
      "ChargeTotalAmount AllowanceTotalAmount TaxBasisTotalAmount TaxTotalAmount GrandTotalAmount InformationAmount " +
        "TotalAllowanceChargeAmount TotalRetailValueInformationAmount GrossLineTotalAmount NetLineTotalAmount " +
        "NetIncludingTaxesLineTotalAmount ProductWeightLossInformationAmount",
    ),
  ],
  [209, lineSettlement, ram("SpecifiedFinancialAdjustment InvoiceReferencedDocument")],
  [212, lineSettlement, ram("PayableSpecifiedTradeAccountingAccount")],
  [213, `${lineSettlement}/ram:ReceivableSpecifiedTradeAccountingAccount`, account],
  [
    218,
    lineSettlement,
    ram(
      "PurchaseSpecifiedTradeAccountingAccount SalesSpecifiedTradeAccountingAccount SpecifiedTradeSettlementFinancialCard",
    ),
  ],
  [221, line, ram("IncludedSubordinateTradeLineItem")],
  [
    222,
    `${agreement}/ram:SellerTradeParty`,
    ram(
      "RoleCode SpecifiedLegalOrganization/LegalClassificationCode SpecifiedLegalOrganization/Name " +
        "SpecifiedLegalOrganization/PostalTradeAddress SpecifiedLegalOrganization/AuthorizedLegalRegistration",
    ),
  ],
  [227, `${agreement}/ram:SellerTradeParty/ram:DefinedTradeContact`, contact],
  [244, `${agreement}/ram:SellerTradeParty`, party],
  [249, `${agreement}/ram:BuyerTradeParty`, ram("RoleCode Description")],
  [
    251,
    `${agreement}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization`,
    ram("LegalClassificationCode Name"),
  ],
  [
    254,
    `${agreement}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization`,
    ram("PostalTradeAddress AuthorizedLegalRegistration"),
  ],
  [256, `${agreement}/ram:BuyerTradeParty/ram:DefinedTradeContact`, contact],
  [273, `${agreement}/ram:BuyerTradeParty`, party],
  [
    278,
    agreement,
    ram(
      "SalesAgentTradeParty BuyerRequisitionerTradeParty BuyerAssignedAccountantTradeParty SellerAssignedAccountantTradeParty",
    ),
  ],
  [
    282,
    `${agreement}/ram:SellerTaxRepresentativeTradeParty`,
    ram(
      "ID GlobalID RoleCode Description SpecifiedLegalOrganization DefinedTradeContact URIUniversalCommunication " +
        "SpecifiedTaxRegistration/AssociatedRegisteredTax EndPointURIUniversalCommunication " +
        "LogoAssociatedSpecifiedBinaryFile",
    ),
  ],
  [
    292,
    agreement,
    ram(
      "ProductEndUserTradeParty ApplicableTradeDeliveryTerms SellerOrderReferencedDocument/LineID " +
        "BuyerOrderReferencedDocument/LineID QuotationReferencedDocument OrderResponseReferencedDocument " +
        "ContractReferencedDocument/LineID DemandForecastReferencedDocument SupplyInstructionReferencedDocument " +
        "PromotionalDealReferencedDocument PriceListReferencedDocument AdditionalReferencedDocument/LineID " +
        "RequisitionerReferencedDocument BuyerAgentTradeParty PurchaseConditionsReferencedDocument " +
        "SpecifiedProcuringProject/Description",
    ),
  ],
  [308, delivery, ram("RelatedSupplyChainConsignment")],
  [
    309,
    `${delivery}/ram:ShipToTradeParty`,
    ram(
      "RoleCode Description SpecifiedLegalOrganization DefinedTradeContact URIUniversalCommunication " +
        "SpecifiedTaxRegistration EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile",
    ),
  ],
  [
    317,
    delivery,
    ram(
      "UltimateShipToTradeParty ShipFromTradeParty ActualDespatchSupplyChainEvent ActualPickUpSupplyChainEvent",
    ),
  ],
  [
    321,
    `${delivery}/ram:ActualDeliverySupplyChainEvent`,
    ram(
      "ID OccurrenceDateTime/udt:DateTime TypeCode Description DescriptionBinaryObject UnitQuantity LatestOccurrenceDateTime " +
        "EarliestOccurrenceDateTime OccurrenceSpecifiedPeriod OccurrenceLogisticsLocation",
    ),
  ],
  [331, delivery, ram("ActualReceiptSupplyChainEvent AdditionalReferencedDocument")],
  [333, delivery, ram("DespatchAdviceReferencedDocument/LineID DespatchAdviceReferencedDocument/LineID")],
  [
    335,
    delivery,
    ram(
      "DeliveryNoteReferencedDocument ConsumptionReportReferencedDocument PreviousDeliverySupplyChainEvent PackingListReferencedDocument",
    ),
  ],
  [
    339,
    settlement,
    ram("DuePayableAmount CreditorReferenceTypeCode CreditorReferenceType CreditorReferenceIssuerID"),
  ],
  [
    344,
    settlement,
    ram(
      "PaymentCurrencyCode InvoiceIssuerReference InvoiceDateTime NextInvoiceDateTime CreditReasonCode CreditReason " +
        "InvoicerTradeParty InvoiceeTradeParty",
    ),
  ],
  [
    352,
    `${settlement}/ram:PayeeTradeParty`,
    ram(
      "RoleCode Description SpecifiedLegalOrganization/LegalClassificationCode SpecifiedLegalOrganization/Name " +
        "SpecifiedLegalOrganization/TradingBusinessName SpecifiedLegalOrganization/PostalTradeAddress " +
        "SpecifiedLegalOrganization/AuthorizedLegalRegistration DefinedTradeContact PostalTradeAddress " +
        "URIUniversalCommunication SpecifiedTaxRegistration EndPointURIUniversalCommunication " +
        "LogoAssociatedSpecifiedBinaryFile",
    ),
  ],
  [
    365,
    settlement,
    ram(
      "PayerTradeParty TaxApplicableTradeCurrencyExchange InvoiceApplicableTradeCurrencyExchange " +
        "PaymentApplicableTradeCurrencyExchange",
    ),
  ],
  [369, means, ram("PaymentChannelCode GuaranteeMethodCode PaymentMethodCode")],
  [372, `${means}/ram:ApplicableTradeSettlementFinancialCard`, ram("MicrochipIndicator TypeCode")],
  [
    375,
    `${means}/ram:ApplicableTradeSettlementFinancialCard`,
    ram(
      "ExpiryDate VerificationNumeric ValidFromDateTime CreditLimitAmount CreditAvailableAmount InterestRatePercent Description",
    ),
  ],
  [382, `${means}/ram:PayerPartyDebtorFinancialAccount`, ram("AccountName")],
  [
    384,
    `${means}/ram:PayerSpecifiedDebtorFinancialInstitution`,
    ram("ClearingSystemName Name LocationFinancialInstitutionAddress"),
  ],
  [
    388,
    `${settlement}/ram:SpecifiedTradeAllowanceCharge`,
    ram(
      "ID SequenceNumeric BasisQuantity PrepaidIndicator UnitBasisAmount TypeCode ActualTradeCurrencyExchange",
    ),
  ],
  [395, settlement, ram("SubtotalCalculatedTradeTax SpecifiedLogisticsServiceCharge")],
  [
    397,
    `${settlement}/ram:SpecifiedTradePaymentTerms`,
    ram("ID FromEventCode SettlementPeriodMeasure DueDateDateTime/udt:DateTime TypeCode InstructionTypeCode"),
  ],
  [
    404,
    `${settlement}/ram:SpecifiedTradePaymentTerms`,
    ram(
      "PartialPaymentPercent PaymentMeansID PartialPaymentAmount ApplicableTradePaymentPenaltyTerms " +
        "ApplicableTradePaymentDiscountTerms PayeeTradeParty",
    ),
  ],
  [
    411,
    `${settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation`,
    ram(
      "InformationAmount TotalDiscountAmount TotalAllowanceChargeAmount RetailValueExcludingTaxInformationAmount " +
        "TotalDepositFeeInformationAmount ProductValueExcludingTobaccoTaxInformationAmount " +
        "TotalRetailValueInformationAmount GrossLineTotalAmount NetLineTotalAmount NetIncludingTaxesLineTotalAmount",
    ),
  ],
  [
    421,
    settlement,
    ram(
      "SpecifiedFinancialAdjustment InvoiceReferencedDocument/LineID ProFormaInvoiceReferencedDocument " +
        "LetterOfCreditReferencedDocument FactoringAgreementReferencedDocument FactoringListReferencedDocument " +
        "PayableSpecifiedTradeAccountingAccount",
    ),
  ],
  [428, `${settlement}/ram:ReceivableSpecifiedTradeAccountingAccount`, account],
  [433, settlement, ram("PurchaseSpecifiedTradeAccountingAccount SalesSpecifiedTradeAccountingAccount")],
  [
    435,
    settlement,
    ram("SpecifiedTradeSettlementFinancialCard SpecifiedAdvancePayment UltimatePayeeTradeParty"),
  ],
  [438, "", ram("ValuationBreakdownStatement")],
  [442, agreement, ram("Reference")],
  [443, means, ram("ID PayerPartyDebtorFinancialAccount/ProprietaryID")],
  [
    445,
    lineAgreement,
    ram("GrossPriceProductTradePrice/IncludedTradeTax NetPriceProductTradePrice/IncludedTradeTax"),
  ],
  [447, lineAgreement, ram("UltimateCustomerOrderReferencedDocument")],
  [448, agreement, ram("UltimateCustomerOrderReferencedDocument")],
];
