import { creditNoteTypes, invoiceTypes } from "../codelists/short-lists.ts";
import { decimal, decimalText, sum } from "../model/decimal.ts";
import type {
  Address,
  AllowanceCharge,
  Attachment,
  Contact,
  Delivery,
  Identifier,
  Invoice,
  Line,
  Party,
  Payment,
  Period,
  VatBreakdown,
  VatTotal,
} from "../model/invoice.ts";
import { type Draft, documentText, group, type Part, required, term } from "./draft.ts";
import { pointDateCodeInUbl } from "./point-date-codes.ts";

/** The UBL 2.1 document of an invoice: a CreditNote when BT-3 is a credit note's type, an Invoice otherwise. */
export function ublText(invoice: Invoice): string {
  const isCreditNote = isCreditNoteType(invoice.typeCode);
  const name = isCreditNote ? "CreditNote" : "Invoice";
  const write = new UblWriter(invoice.currency);
  const parts = isCreditNote ? write.creditNote(invoice) : write.invoice(invoice);
  return documentText({
    ...required(name, parts),
    attributes: {
      xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${name}-2`,
      "xmlns:cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
      "xmlns:cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    },
  });
}

function isCreditNoteType(typeCode: string | undefined): boolean {
  const code = typeCode?.trim() ?? "";
  return creditNoteTypes.has(code) && !invoiceTypes.has(code);
}

/** UBL writes BT-21 in front of the note, between `#`; only a code of UNTDID 4451 can be told from the text. */
const isSubjectCode = (code: string | undefined): boolean => /^[A-Z]{3}$/.test(code ?? "");

/** UBL asks for the total of each breakdown, which CII may leave out: it is then their sum. */
function taxAmountOf({ amount, breakdown }: VatTotal): string | undefined {
  const taxes = breakdown.map((each) => decimal(each.tax ?? ""));
  if (amount !== undefined || taxes.length === 0) return amount;
  return taxes.every((tax) => tax !== undefined) ? decimalText(sum(taxes)) : undefined;
}

const identifier = (name: string, id: Identifier | undefined): Draft | undefined =>
  term(name, id?.value, { schemeID: id?.scheme });

const reference = (name: string, id: string | undefined): Part => group(name, term("cbc:ID", id));

/** The parts of UBL, in the order of its schema. */
class UblWriter {
  private readonly currency: string | undefined;

  constructor(currency: string | undefined) {
    this.currency = currency;
  }

  invoice(invoice: Invoice): Part {
    return [
      this.identity(invoice),
      term("cbc:DueDate", invoice.dueDate),
      term("cbc:InvoiceTypeCode", invoice.typeCode),
      this.notes(invoice),
      term("cbc:TaxPointDate", invoice.taxPointDate),
      this.currenciesAndReferences(invoice),
      reference("cac:OriginatorDocumentReference", invoice.tenderReference),
      reference("cac:ContractDocumentReference", invoice.contractReference),
      this.documents(invoice),
      reference("cac:ProjectReference", invoice.projectReference),
      this.partiesAndDelivery(invoice),
      invoice.payments.map((payment) => this.payment(payment)),
      this.termsAndTotals(invoice),
      invoice.lines.map((line) => this.line("cac:InvoiceLine", "cbc:InvoicedQuantity", line)),
    ];
  }

  /** A CreditNote has no due date of its own, and no project: the one goes to the payment, the other to a document. */
  creditNote(invoice: Invoice): Part {
    return [
      this.identity(invoice),
      term("cbc:TaxPointDate", invoice.taxPointDate),
      term("cbc:CreditNoteTypeCode", invoice.typeCode),
      this.notes(invoice),
      this.currenciesAndReferences(invoice),
      reference("cac:ContractDocumentReference", invoice.contractReference),
      this.documents(invoice),
      group("cac:AdditionalDocumentReference", this.typed(invoice.projectReference, "50")),
      reference("cac:OriginatorDocumentReference", invoice.tenderReference),
      this.partiesAndDelivery(invoice),
      invoice.payments.map((payment, index) =>
        this.payment(payment, index === 0 ? invoice.dueDate : undefined),
      ),
      this.termsAndTotals(invoice),
      invoice.lines.map((line) => this.line("cac:CreditNoteLine", "cbc:CreditedQuantity", line)),
    ];
  }

  private identity(invoice: Invoice): Part {
    return [
      term("cbc:CustomizationID", invoice.specification),
      term("cbc:ProfileID", invoice.businessProcess),
      term("cbc:ID", invoice.number),
      term("cbc:IssueDate", invoice.issueDate),
    ];
  }

  private notes(invoice: Invoice): Part {
    return invoice.notes.map(({ subjectCode, text }) =>
      term("cbc:Note", isSubjectCode(subjectCode) ? `#${subjectCode}#${text ?? ""}` : text),
    );
  }

  private currenciesAndReferences(invoice: Invoice): Part {
    return [
      term("cbc:DocumentCurrencyCode", invoice.currency),
      term("cbc:TaxCurrencyCode", invoice.accountingCurrency),
      term("cbc:AccountingCost", invoice.buyerAccountingReference),
      term("cbc:BuyerReference", invoice.buyerReference),
      this.period(invoice.period, pointDateCodeInUbl(invoice.taxPointDateCode)),
      this.orderReference(invoice),
      invoice.precedingInvoices.map((preceding) =>
        group(
          "cac:BillingReference",
          group(
            "cac:InvoiceDocumentReference",
            term("cbc:ID", preceding.number),
            term("cbc:IssueDate", preceding.issueDate),
          ),
        ),
      ),
      reference("cac:DespatchDocumentReference", invoice.despatchAdviceReference),
      reference("cac:ReceiptDocumentReference", invoice.receivingAdviceReference),
    ];
  }

  private orderReference({ purchaseOrderReference, salesOrderReference }: Invoice): Part {
    return group(
      "cac:OrderReference",
      term("cbc:ID", purchaseOrderReference),
      term("cbc:SalesOrderID", salesOrderReference),
    );
  }

  private documents(invoice: Invoice): Part {
    const { invoicedObject } = invoice;
    return [
      group(
        "cac:AdditionalDocumentReference",
        this.typed(invoicedObject?.value, "130", invoicedObject?.scheme),
      ),
      invoice.attachments.map((attachment) => this.attachment(attachment)),
    ];
  }

  private typed(id: string | undefined, type: string, scheme?: string): Part {
    return id === undefined
      ? undefined
      : [term("cbc:ID", id, { schemeID: scheme }), term("cbc:DocumentTypeCode", type)];
  }

  private attachment(attachment: Attachment): Part {
    return group(
      "cac:AdditionalDocumentReference",
      term("cbc:ID", attachment.reference),
      term("cbc:DocumentDescription", attachment.description),
      group(
        "cac:Attachment",
        term("cbc:EmbeddedDocumentBinaryObject", attachment.content, {
          mimeCode: attachment.mimeType,
          filename: attachment.fileName,
        }),
        group("cac:ExternalReference", term("cbc:URI", attachment.location)),
      ),
    );
  }

  private partiesAndDelivery(invoice: Invoice): Part {
    const { seller, buyer, payee, taxRepresentative, delivery, creditorIdentifier } = invoice;
    const sepa = creditorIdentifier === undefined ? [] : [{ value: creditorIdentifier, scheme: "SEPA" }];
    return [
      group("cac:AccountingSupplierParty", this.party(seller, payee ? [] : sepa)),
      group("cac:AccountingCustomerParty", this.party(buyer, [])),
      group("cac:PayeeParty", payee && this.namedParty(payee, sepa)),
      group("cac:TaxRepresentativeParty", taxRepresentative && this.namedParty(taxRepresentative, [])),
      delivery && this.delivery(delivery),
    ];
  }

  private party(party: Party | undefined, further: readonly Identifier[]): Part {
    if (!party) return undefined;
    return group(
      "cac:Party",
      identifier("cbc:EndpointID", party.electronicAddress),
      this.identifiers([...party.identifiers, ...further]),
      group("cac:PartyName", term("cbc:Name", party.tradingName)),
      this.address("cac:PostalAddress", party.address),
      this.taxSchemes(party),
      group(
        "cac:PartyLegalEntity",
        term("cbc:RegistrationName", party.name),
        identifier("cbc:CompanyID", party.legalRegistration),
        term("cbc:CompanyLegalForm", party.legalInformation),
      ),
      this.contact(party.contact),
    );
  }

  /** The payee and the tax representative bear their name in `cac:PartyName`. */
  private namedParty(party: Party, further: readonly Identifier[]): Part {
    return [
      identifier("cbc:EndpointID", party.electronicAddress),
      this.identifiers([...party.identifiers, ...further]),
      group("cac:PartyName", term("cbc:Name", party.name)),
      this.address("cac:PostalAddress", party.address),
      this.taxSchemes(party),
      group(
        "cac:PartyLegalEntity",
        identifier("cbc:CompanyID", party.legalRegistration),
        term("cbc:CompanyLegalForm", party.legalInformation),
      ),
      this.contact(party.contact),
    ];
  }

  private identifiers(identifiers: readonly Identifier[]): Part {
    return identifiers.map((id) => group("cac:PartyIdentification", identifier("cbc:ID", id)));
  }

  private taxSchemes({ vatIdentifier, taxRegistration }: Party): Part {
    const scheme = (id: string | undefined, tax: string) =>
      id === undefined
        ? undefined
        : group("cac:PartyTaxScheme", term("cbc:CompanyID", id), group("cac:TaxScheme", term("cbc:ID", tax)));
    return [scheme(vatIdentifier, "VAT"), scheme(taxRegistration, "LOC")];
  }

  private contact(contact: Contact | undefined): Part {
    return group(
      "cac:Contact",
      term("cbc:Name", contact?.name),
      term("cbc:Telephone", contact?.telephone),
      term("cbc:ElectronicMail", contact?.email),
    );
  }

  private address(name: string, address: Address | undefined): Part {
    return group(
      name,
      term("cbc:StreetName", address?.line1),
      term("cbc:AdditionalStreetName", address?.line2),
      term("cbc:CityName", address?.city),
      term("cbc:PostalZone", address?.postCode),
      term("cbc:CountrySubentity", address?.subdivision),
      group("cac:AddressLine", term("cbc:Line", address?.line3)),
      group("cac:Country", term("cbc:IdentificationCode", address?.country)),
    );
  }

  private delivery(delivery: Delivery): Part {
    return group(
      "cac:Delivery",
      term("cbc:ActualDeliveryDate", delivery.date),
      group(
        "cac:DeliveryLocation",
        identifier("cbc:ID", delivery.location),
        this.address("cac:Address", delivery.address),
      ),
      group("cac:DeliveryParty", group("cac:PartyName", term("cbc:Name", delivery.name))),
    );
  }

  private payment(payment: Payment, dueDate?: string): Part {
    const { account, cardNumber, cardHolder } = payment;
    const hasCard = cardNumber !== undefined || cardHolder !== undefined;
    return group(
      "cac:PaymentMeans",
      term("cbc:PaymentMeansCode", payment.meansCode, { name: payment.meansText }),
      term("cbc:PaymentDueDate", dueDate),
      term("cbc:PaymentID", payment.remittanceInformation),
      group(
        "cac:CardAccount",
        term("cbc:PrimaryAccountNumberID", cardNumber),
        term("cbc:NetworkID", hasCard ? "NA" : undefined),
        term("cbc:HolderName", cardHolder),
      ),
      group(
        "cac:PayeeFinancialAccount",
        term("cbc:ID", account?.identifier),
        term("cbc:Name", account?.name),
        group("cac:FinancialInstitutionBranch", term("cbc:ID", account?.serviceProvider)),
      ),
      group(
        "cac:PaymentMandate",
        term("cbc:ID", payment.mandate),
        group("cac:PayerFinancialAccount", term("cbc:ID", payment.debitedAccount)),
      ),
    );
  }

  private termsAndTotals(invoice: Invoice): Part {
    const { totals } = invoice;
    return [
      group("cac:PaymentTerms", term("cbc:Note", invoice.paymentTerms)),
      this.allowancesAndCharges(invoice),
      invoice.vatTotals.map((total) =>
        group(
          "cac:TaxTotal",
          term("cbc:TaxAmount", taxAmountOf(total), { currencyID: total.currency ?? invoice.currency }),
          total.breakdown.map((breakdown) => this.breakdown(breakdown)),
        ),
      ),
      group(
        "cac:LegalMonetaryTotal",
        this.amount("cbc:LineExtensionAmount", totals?.lines),
        this.amount("cbc:TaxExclusiveAmount", totals?.withoutVat),
        this.amount("cbc:TaxInclusiveAmount", totals?.withVat),
        this.amount("cbc:AllowanceTotalAmount", totals?.allowances),
        this.amount("cbc:ChargeTotalAmount", totals?.charges),
        this.amount("cbc:PrepaidAmount", totals?.paid),
        this.amount("cbc:PayableRoundingAmount", totals?.rounding),
        this.amount("cbc:PayableAmount", totals?.due),
      ),
    ];
  }

  private amount(name: string, text: string | undefined): Draft | undefined {
    return term(name, text, { currencyID: this.currency });
  }

  private breakdown(breakdown: VatBreakdown): Part {
    return group(
      "cac:TaxSubtotal",
      this.amount("cbc:TaxableAmount", breakdown.base),
      this.amount("cbc:TaxAmount", breakdown.tax),
      group(
        "cac:TaxCategory",
        term("cbc:ID", breakdown.vatCategory),
        term("cbc:Percent", breakdown.vatRate),
        term("cbc:TaxExemptionReasonCode", breakdown.exemptionCode),
        term("cbc:TaxExemptionReason", breakdown.exemptionReason),
        this.taxScheme(breakdown),
      ),
    );
  }

  private taxScheme({ taxScheme }: { taxScheme?: string }): Part {
    return group("cac:TaxScheme", term("cbc:ID", taxScheme));
  }

  private category(name: string, taxed: AllowanceCharge | Line): Part {
    return group(
      name,
      term("cbc:ID", taxed.vatCategory),
      term("cbc:Percent", taxed.vatRate),
      this.taxScheme(taxed),
    );
  }

  private allowancesAndCharges({ allowances, charges }: Pick<Invoice, "allowances" | "charges">): Part {
    const write = (isCharge: boolean) => (each: AllowanceCharge) =>
      group(
        "cac:AllowanceCharge",
        term("cbc:ChargeIndicator", String(isCharge)),
        term("cbc:AllowanceChargeReasonCode", each.reasonCode),
        term("cbc:AllowanceChargeReason", each.reason),
        term("cbc:MultiplierFactorNumeric", each.percentage),
        this.amount("cbc:Amount", each.amount),
        this.amount("cbc:BaseAmount", each.base),
        this.category("cac:TaxCategory", each),
      );
    return [allowances.map(write(false)), charges.map(write(true))];
  }

  private period(period: Period | undefined, code?: string): Part {
    return group(
      "cac:InvoicePeriod",
      term("cbc:StartDate", period?.start),
      term("cbc:EndDate", period?.end),
      term("cbc:DescriptionCode", code),
    );
  }

  private line(name: string, quantityName: string, line: Line): Part {
    return group(
      name,
      term("cbc:ID", line.identifier),
      term("cbc:Note", line.note),
      term(quantityName, line.quantity, { unitCode: line.unit }),
      this.amount("cbc:LineExtensionAmount", line.netAmount),
      term("cbc:AccountingCost", line.buyerAccountingReference),
      this.period(line.period),
      group("cac:OrderLineReference", term("cbc:LineID", line.orderLineReference)),
      group("cac:DocumentReference", this.typed(line.object?.value, "130", line.object?.scheme)),
      this.allowancesAndCharges(line),
      this.item(line),
      this.price(line),
    );
  }

  private item(line: Line): Part {
    return group(
      "cac:Item",
      term("cbc:Description", line.itemDescription),
      term("cbc:Name", line.itemName),
      group("cac:BuyersItemIdentification", term("cbc:ID", line.buyerItemIdentifier)),
      group("cac:SellersItemIdentification", term("cbc:ID", line.sellerItemIdentifier)),
      group("cac:StandardItemIdentification", identifier("cbc:ID", line.standardItemIdentifier)),
      group("cac:OriginCountry", term("cbc:IdentificationCode", line.originCountry)),
      line.classifications.map(({ value, scheme, version }) =>
        group(
          "cac:CommodityClassification",
          term("cbc:ItemClassificationCode", value, { listID: scheme, listVersionID: version }),
        ),
      ),
      this.category("cac:ClassifiedTaxCategory", line),
      line.attributes.map(({ name, value }) =>
        group("cac:AdditionalItemProperty", term("cbc:Name", name), term("cbc:Value", value)),
      ),
    );
  }

  private price(line: Line): Part {
    const hasGrossPrice = line.priceDiscount !== undefined || line.grossPrice !== undefined;
    return group(
      "cac:Price",
      this.amount("cbc:PriceAmount", line.netPrice),
      term("cbc:BaseQuantity", line.baseQuantity, { unitCode: line.baseQuantityUnit }),
      hasGrossPrice
        ? group(
            "cac:AllowanceCharge",
            term("cbc:ChargeIndicator", "false"),
            this.amount("cbc:Amount", line.priceDiscount),
            this.amount("cbc:BaseAmount", line.grossPrice),
          )
        : undefined,
    );
  }
}
