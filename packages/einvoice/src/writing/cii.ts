import { add, decimal, decimalText } from "../model/decimal.ts";
import type {
  Address,
  AllowanceCharge,
  Attachment,
  Identifier,
  Invoice,
  Line,
  Party,
  Payment,
  Period,
  VatBreakdown,
} from "../model/invoice.ts";
import { type Draft, group, type Part, required, term } from "./draft.ts";
import { pointDateCodeInCii } from "./point-date-codes.ts";

const namespaces = {
  "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
  "xmlns:ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
  "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
  "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
};

/** The CII document of an invoice, with every term of EN 16931, in the order of the schema. */
export function ciiDraft(invoice: Invoice): Draft {
  return {
    ...required(
      "rsm:CrossIndustryInvoice",
      context(invoice),
      exchangedDocument(invoice),
      required(
        "rsm:SupplyChainTradeTransaction",
        invoice.lines.map(line),
        agreement(invoice),
        delivery(invoice),
        settlement(invoice),
      ),
    ),
    attributes: namespaces,
  };
}

const context = ({ businessProcess, specification }: Invoice): Draft =>
  required(
    "rsm:ExchangedDocumentContext",
    group("ram:BusinessProcessSpecifiedDocumentContextParameter", term("ram:ID", businessProcess)),
    group("ram:GuidelineSpecifiedDocumentContextParameter", term("ram:ID", specification)),
  );

const exchangedDocument = (invoice: Invoice): Draft =>
  required(
    "rsm:ExchangedDocument",
    term("ram:ID", invoice.number),
    term("ram:TypeCode", invoice.typeCode),
    date("ram:IssueDateTime", invoice.issueDate),
    invoice.notes.map((note) =>
      group("ram:IncludedNote", term("ram:Content", note.text), term("ram:SubjectCode", note.subjectCode)),
    ),
  );

/** A date of format 102, CCYYMMDD; a text that is no date is written as it stands. */
function date(name: string, text: string | undefined, element = "udt:DateTimeString"): Part {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "");
  return group(name, term(element, parts ? parts.slice(1).join("") : text, { format: "102" }));
}

const period = (name: string, value: Period | undefined): Part =>
  group(name, date("ram:StartDateTime", value?.start), date("ram:EndDateTime", value?.end));

const identifier = (name: string, id: Identifier | undefined): Draft | undefined =>
  term(name, id?.value, { schemeID: id?.scheme });

const indicator = (isTrue: boolean): Part =>
  group("ram:ChargeIndicator", term("udt:Indicator", String(isTrue)));

function line(each: Line): Draft {
  return required(
    "ram:IncludedSupplyChainTradeLineItem",
    required(
      "ram:AssociatedDocumentLineDocument",
      term("ram:LineID", each.identifier),
      group("ram:IncludedNote", term("ram:Content", each.note)),
    ),
    product(each),
    prices(each),
    required(
      "ram:SpecifiedLineTradeDelivery",
      term("ram:BilledQuantity", each.quantity, { unitCode: each.unit }),
    ),
    lineSettlement(each),
  );
}

const product = (each: Line): Draft =>
  required(
    "ram:SpecifiedTradeProduct",
    identifier("ram:GlobalID", each.standardItemIdentifier),
    term("ram:SellerAssignedID", each.sellerItemIdentifier),
    term("ram:BuyerAssignedID", each.buyerItemIdentifier),
    term("ram:Name", each.itemName),
    term("ram:Description", each.itemDescription),
    each.attributes.map(({ name, value }) =>
      group("ram:ApplicableProductCharacteristic", term("ram:Description", name), term("ram:Value", value)),
    ),
    each.classifications.map(({ value, scheme, version }) =>
      group(
        "ram:DesignatedProductClassification",
        term("ram:ClassCode", value, { listID: scheme, listVersionID: version }),
      ),
    ),
    group("ram:OriginTradeCountry", term("ram:ID", each.originCountry)),
  );

/** CII writes a discount (BT-147) under the gross price (BT-148): where that is left out, it is the sum of both. */
function grossPrice({ grossPrice: written, netPrice, priceDiscount }: Line): string | undefined {
  const net = decimal(netPrice ?? "");
  const discount = decimal(priceDiscount ?? "");
  return written ?? (net && discount ? decimalText(add(net, discount)) : undefined);
}

const prices = (each: Line): Draft =>
  required(
    "ram:SpecifiedLineTradeAgreement",
    group("ram:BuyerOrderReferencedDocument", term("ram:LineID", each.orderLineReference)),
    group(
      "ram:GrossPriceProductTradePrice",
      term("ram:ChargeAmount", grossPrice(each)),
      each.priceDiscount === undefined
        ? undefined
        : group(
            "ram:AppliedTradeAllowanceCharge",
            indicator(false),
            term("ram:ActualAmount", each.priceDiscount),
          ),
    ),
    required(
      "ram:NetPriceProductTradePrice",
      term("ram:ChargeAmount", each.netPrice),
      term("ram:BasisQuantity", each.baseQuantity, { unitCode: each.baseQuantityUnit }),
    ),
  );

const lineSettlement = (each: Line): Draft =>
  required(
    "ram:SpecifiedLineTradeSettlement",
    tax("ram:ApplicableTradeTax", each),
    period("ram:BillingSpecifiedPeriod", each.period),
    allowancesAndCharges(each),
    required(
      "ram:SpecifiedTradeSettlementLineMonetarySummation",
      term("ram:LineTotalAmount", each.netAmount),
    ),
    each.object && document(each.object.value, "130", term("ram:ReferenceTypeCode", each.object.scheme)),
    group("ram:ReceivableSpecifiedTradeAccountingAccount", term("ram:ID", each.buyerAccountingReference)),
  );

const tax = (name: string, taxed: AllowanceCharge | Line): Part =>
  group(
    name,
    term("ram:TypeCode", taxed.taxScheme?.trim()),
    term("ram:CategoryCode", taxed.vatCategory),
    term("ram:RateApplicablePercent", taxed.vatRate),
  );

function allowancesAndCharges({ allowances, charges }: Pick<Invoice, "allowances" | "charges">): Part {
  const write = (isCharge: boolean) => (each: AllowanceCharge) =>
    group(
      "ram:SpecifiedTradeAllowanceCharge",
      indicator(isCharge),
      term("ram:CalculationPercent", each.percentage),
      term("ram:BasisAmount", each.base),
      term("ram:ActualAmount", each.amount),
      term("ram:ReasonCode", each.reasonCode),
      term("ram:Reason", each.reason),
      tax("ram:CategoryTradeTax", each),
    );
  return [allowances.map(write(false)), charges.map(write(true))];
}

const document = (id: string | undefined, type: string, ...parts: Part[]): Part =>
  group(
    "ram:AdditionalReferencedDocument",
    term("ram:IssuerAssignedID", id),
    term("ram:TypeCode", type),
    parts,
  );

const reference = (name: string, id: string | undefined): Part =>
  group(name, term("ram:IssuerAssignedID", id));

function agreement(invoice: Invoice): Draft {
  const { invoicedObject, tenderReference, projectReference } = invoice;
  return required(
    "ram:ApplicableHeaderTradeAgreement",
    term("ram:BuyerReference", invoice.buyerReference),
    party("ram:SellerTradeParty", invoice.seller),
    party("ram:BuyerTradeParty", invoice.buyer),
    party("ram:SellerTaxRepresentativeTradeParty", invoice.taxRepresentative),
    reference("ram:SellerOrderReferencedDocument", invoice.salesOrderReference),
    reference("ram:BuyerOrderReferencedDocument", invoice.purchaseOrderReference),
    reference("ram:ContractReferencedDocument", invoice.contractReference),
    invoice.attachments.map(attachment),
    tenderReference === undefined ? undefined : document(tenderReference, "50"),
    invoicedObject &&
      document(invoicedObject.value, "130", term("ram:ReferenceTypeCode", invoicedObject.scheme)),
    projectReference === undefined
      ? undefined
      : group(
          "ram:SpecifiedProcuringProject",
          term("ram:ID", projectReference),
          term("ram:Name", "Project reference"),
        ),
  );
}

const attachment = (each: Attachment): Part =>
  group(
    "ram:AdditionalReferencedDocument",
    term("ram:IssuerAssignedID", each.reference),
    term("ram:URIID", each.location),
    term("ram:TypeCode", "916"),
    term("ram:Name", each.description),
    term("ram:AttachmentBinaryObject", each.content, { mimeCode: each.mimeType, filename: each.fileName }),
  );

/** Identifiers without a scheme are `ram:ID`, those with one `ram:GlobalID`. */
const identifiers = (all: readonly Identifier[]): Part => [
  all.filter((id) => id.scheme === undefined).map((id) => identifier("ram:ID", id)),
  all.filter((id) => id.scheme !== undefined).map((id) => identifier("ram:GlobalID", id)),
];

function party(name: string, each: Party | undefined): Part {
  if (!each) return undefined;
  const { contact } = each;
  return group(
    name,
    identifiers(each.identifiers),
    term("ram:Name", each.name),
    term("ram:Description", each.legalInformation),
    group(
      "ram:SpecifiedLegalOrganization",
      identifier("ram:ID", each.legalRegistration),
      term("ram:TradingBusinessName", each.tradingName),
    ),
    group(
      "ram:DefinedTradeContact",
      term("ram:PersonName", contact?.name),
      group("ram:TelephoneUniversalCommunication", term("ram:CompleteNumber", contact?.telephone)),
      group("ram:EmailURIUniversalCommunication", term("ram:URIID", contact?.email)),
    ),
    address(each.address),
    group("ram:URIUniversalCommunication", identifier("ram:URIID", each.electronicAddress)),
    group("ram:SpecifiedTaxRegistration", term("ram:ID", each.vatIdentifier, { schemeID: "VA" })),
    group("ram:SpecifiedTaxRegistration", term("ram:ID", each.taxRegistration, { schemeID: "FC" })),
  );
}

const address = (each: Address | undefined): Part =>
  group(
    "ram:PostalTradeAddress",
    term("ram:PostcodeCode", each?.postCode),
    term("ram:LineOne", each?.line1),
    term("ram:LineTwo", each?.line2),
    term("ram:LineThree", each?.line3),
    term("ram:CityName", each?.city),
    term("ram:CountryID", each?.country),
    term("ram:CountrySubDivisionName", each?.subdivision),
  );

const delivery = (invoice: Invoice): Draft =>
  required(
    "ram:ApplicableHeaderTradeDelivery",
    group(
      "ram:ShipToTradeParty",
      invoice.delivery?.location && identifiers([invoice.delivery.location]),
      term("ram:Name", invoice.delivery?.name),
      address(invoice.delivery?.address),
    ),
    group("ram:ActualDeliverySupplyChainEvent", date("ram:OccurrenceDateTime", invoice.delivery?.date)),
    reference("ram:DespatchAdviceReferencedDocument", invoice.despatchAdviceReference),
    reference("ram:ReceivingAdviceReferencedDocument", invoice.receivingAdviceReference),
  );

/** CII writes BT-83 and BT-89 once for all payments: those of the first that has one. */
function settlement(invoice: Invoice): Draft {
  const breakdowns = invoice.vatTotals.flatMap((total) => total.breakdown);
  return required(
    "ram:ApplicableHeaderTradeSettlement",
    term("ram:CreditorReferenceID", invoice.creditorIdentifier),
    term("ram:PaymentReference", firstOf(invoice.payments, "remittanceInformation")),
    term("ram:TaxCurrencyCode", invoice.accountingCurrency),
    term("ram:InvoiceCurrencyCode", invoice.currency),
    party("ram:PayeeTradeParty", invoice.payee),
    invoice.payments.map(payment),
    breakdowns.map((each, index) => breakdown(each, index === 0 ? invoice : undefined)),
    period("ram:BillingSpecifiedPeriod", invoice.period),
    allowancesAndCharges(invoice),
    group(
      "ram:SpecifiedTradePaymentTerms",
      term("ram:Description", invoice.paymentTerms),
      date("ram:DueDateDateTime", invoice.dueDate),
      term("ram:DirectDebitMandateID", firstOf(invoice.payments, "mandate")),
    ),
    summation(invoice),
    invoice.precedingInvoices.map((preceding) =>
      group(
        "ram:InvoiceReferencedDocument",
        term("ram:IssuerAssignedID", preceding.number),
        date("ram:FormattedIssueDateTime", preceding.issueDate, "qdt:DateTimeString"),
      ),
    ),
    group("ram:ReceivableSpecifiedTradeAccountingAccount", term("ram:ID", invoice.buyerAccountingReference)),
  );
}

const firstOf = (
  payments: readonly Payment[],
  key: "remittanceInformation" | "mandate",
): string | undefined => payments.find((payment) => payment[key] !== undefined)?.[key];

const payment = ({ account, ...each }: Payment): Part =>
  group(
    "ram:SpecifiedTradeSettlementPaymentMeans",
    term("ram:TypeCode", each.meansCode),
    term("ram:Information", each.meansText),
    group(
      "ram:ApplicableTradeSettlementFinancialCard",
      term("ram:ID", each.cardNumber),
      term("ram:CardholderName", each.cardHolder),
    ),
    group("ram:PayerPartyDebtorFinancialAccount", term("ram:IBANID", each.debitedAccount)),
    group(
      "ram:PayeePartyCreditorFinancialAccount",
      isIban(account?.identifier) ? term("ram:IBANID", account?.identifier) : undefined,
      term("ram:AccountName", account?.name),
      isIban(account?.identifier) ? undefined : term("ram:ProprietaryID", account?.identifier),
    ),
    group("ram:PayeeSpecifiedCreditorFinancialInstitution", term("ram:BICID", account?.serviceProvider)),
  );

const isIban = (text: string | undefined): boolean => /^[A-Z]{2}\d{2}[A-Z0-9 ]{11,}$/.test(text ?? "");

/** The first breakdown carries BT-7 or BT-8 for the whole invoice. */
const breakdown = (each: VatBreakdown, invoice: Invoice | undefined): Part =>
  group(
    "ram:ApplicableTradeTax",
    term("ram:CalculatedAmount", each.tax),
    term("ram:TypeCode", each.taxScheme?.trim()),
    term("ram:ExemptionReason", each.exemptionReason),
    term("ram:BasisAmount", each.base),
    term("ram:CategoryCode", each.vatCategory),
    term("ram:ExemptionReasonCode", each.exemptionCode),
    date("ram:TaxPointDate", invoice?.taxPointDate, "udt:DateString"),
    term("ram:DueDateTypeCode", pointDateCodeInCii(invoice?.taxPointDateCode)),
    term("ram:RateApplicablePercent", each.vatRate),
  );

const summation = ({ totals, vatTotals }: Invoice): Part =>
  group(
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    term("ram:LineTotalAmount", totals?.lines),
    term("ram:ChargeTotalAmount", totals?.charges),
    term("ram:AllowanceTotalAmount", totals?.allowances),
    term("ram:TaxBasisTotalAmount", totals?.withoutVat),
    vatTotals.map(({ amount, currency }) => term("ram:TaxTotalAmount", amount, { currencyID: currency })),
    term("ram:RoundingAmount", totals?.rounding),
    term("ram:GrandTotalAmount", totals?.withVat),
    term("ram:TotalPrepaidAmount", totals?.paid),
    term("ram:DuePayableAmount", totals?.due),
  );
