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
  PaymentAccount,
  Period,
  PrecedingInvoice,
  Totals,
  VatBreakdown,
  VatTotal,
} from "../model/invoice.ts";
import { at, child, normalized, type XmlElement } from "../xml/tree.ts";
import {
  type Binding,
  bind,
  binding,
  emptyInvoice,
  groupAs,
  identifierAs,
  identifierIn,
  inside,
  listAs,
  Origins,
  type Reading,
  type Sources,
  type Take,
} from "./binding.ts";

/** Reads a UBL 2.1 Invoice or CreditNote (EN 16931-3-2). */
export function readUbl(root: XmlElement): Reading {
  const sources: Sources = { origins: new Origins(), unread: [] };
  const invoice = bind(root, emptyInvoice(), document, sources);
  return { syntax: "ubl", invoice, root, ...sources };
}

/** Whether a tax scheme is VAT, as the published rules read it. */
export function isVat(scheme: string | undefined): boolean {
  return scheme === "VAT" || (scheme !== undefined && normalized(scheme).toUpperCase() === "VAT");
}

const nothing: Take<object> = () => {};

const period: Binding<Period> = binding({
  "cbc:StartDate": "start",
  "cbc:EndDate": "end",
  "cbc:DescriptionCode": nothing as Take<Period>,
});

const documentPeriod: Take<Invoice> = (element, invoice, sources) => {
  const code = child(element, "cbc:DescriptionCode");
  if (code) {
    invoice.taxPointDateCode ??= code.text;
    sources.origins.open(invoice, element)["taxPointDateCode"] ??= code;
  }
  if (invoice.period !== undefined) sources.unread.push(element);
  else if (!code || element.children.length > 1) invoice.period = bind(element, {}, period, sources);
};

const address: Binding<Address> = binding({
  "cbc:StreetName": "line1",
  "cbc:AdditionalStreetName": "line2",
  "cbc:CityName": "city",
  "cbc:PostalZone": "postCode",
  "cbc:CountrySubentity": "subdivision",
  "cac:AddressLine": inside(binding<Address>({ "cbc:Line": "line3" })),
  "cac:Country": inside(binding<Address>({ "cbc:IdentificationCode": "country" })),
});

const contact: Binding<Contact> = binding({
  "cbc:Name": "name",
  "cbc:Telephone": "telephone",
  "cbc:ElectronicMail": "email",
});

const partyTaxScheme: Take<Party> = (element, party, sources) => {
  const company = child(element, "cbc:CompanyID");
  const term = isVat(at(element, "cac:TaxScheme", "cbc:ID")[0]?.text) ? "vatIdentifier" : "taxRegistration";
  if (!company || party[term] !== undefined) {
    sources.unread.push(element);
    return;
  }
  party[term] = company.text;
  sources.origins.open(party, element)[term] = company;
};

const party: Binding<Party> = binding({
  "cbc:EndpointID": identifierAs("electronicAddress"),
  "cac:PartyIdentification": inside(binding<Party>({ "cbc:ID": identifierIn((group) => group.identifiers) })),
  "cac:PartyName": inside(binding<Party>({ "cbc:Name": "tradingName" })),
  "cac:PostalAddress": groupAs("address", () => ({}), address),
  "cac:PartyTaxScheme": partyTaxScheme,
  "cac:PartyLegalEntity": inside(
    binding<Party>({
      "cbc:RegistrationName": "name",
      "cbc:CompanyID": identifierAs("legalRegistration"),
      "cbc:CompanyLegalForm": "legalInformation",
    }),
  ),
  "cac:Contact": groupAs("contact", () => ({}), contact),
});

/** Payee and tax representative carry their name in `cac:PartyName`. */
const namedParty: Binding<Party> = new Map([
  ...party,
  ["cac:PartyName", inside(binding<Party>({ "cbc:Name": "name" }))],
]);

const emptyParty = (): Party => ({ identifiers: [] });

/** BT-90 is written among the identifiers of the seller or the payee, with the scheme SEPA. */
function takeCreditorIdentifier(invoice: Invoice, owner: Party | undefined, sources: Sources): void {
  const sepa = owner?.identifiers.find((each) => each.scheme === "SEPA");
  if (!owner || !sepa || invoice.creditorIdentifier !== undefined) return;
  owner.identifiers = owner.identifiers.filter((each) => each !== sepa);
  invoice.creditorIdentifier = sepa.value;
  const element = sources.origins.of(sepa);
  if (element) sources.origins.open(invoice, element)["creditorIdentifier"] = element;
}

function partyAs(
  term: "seller" | "buyer" | "payee" | "taxRepresentative",
  children: Binding<Party>,
): Take<Invoice> {
  return (element, invoice, sources) => {
    if (invoice[term] !== undefined) {
      sources.unread.push(element);
      return;
    }
    invoice[term] = bind(element, emptyParty(), children, sources);
    takeCreditorIdentifier(invoice, invoice[term], sources);
  };
}

const wrappedParty: Binding<Party> = binding({ "cac:Party": inside(party) });

const delivery: Binding<Delivery> = binding({
  "cbc:ActualDeliveryDate": "date",
  "cac:DeliveryLocation": inside(
    binding<Delivery>({
      "cbc:ID": identifierAs("location"),
      "cac:Address": groupAs("address", () => ({}), address),
    }),
  ),
  "cac:DeliveryParty": inside(
    binding<Delivery>({ "cac:PartyName": inside(binding<Delivery>({ "cbc:Name": "name" })) }),
  ),
});

const account: Binding<PaymentAccount> = binding({
  "cbc:ID": "identifier",
  "cbc:Name": "name",
  "cac:FinancialInstitutionBranch": inside(binding<PaymentAccount>({ "cbc:ID": "serviceProvider" })),
});

const payment: Binding<Payment> = binding({
  "cbc:PaymentMeansCode": (element, group, sources) => {
    group.meansCode = element.text;
    const name = element.attributes["name"];
    if (name !== undefined) group.meansText = name;
    const terms = sources.origins.open(group, element);
    terms["meansCode"] = element;
    terms["meansText"] = element;
  },
  "cbc:PaymentDueDate": nothing as Take<Payment>,
  "cbc:PaymentID": "remittanceInformation",
  "cac:PayeeFinancialAccount": groupAs("account", () => ({}), account),
  "cac:CardAccount": inside(
    binding<Payment>({
      "cbc:PrimaryAccountNumberID": "cardNumber",
      "cbc:HolderName": "cardHolder",
      "cbc:NetworkID": nothing,
    }),
  ),
  "cac:PaymentMandate": inside(
    binding<Payment>({
      "cbc:ID": "mandate",
      "cac:PayerFinancialAccount": inside(binding<Payment>({ "cbc:ID": "debitedAccount" })),
    }),
  ),
});

const taxScheme = inside<{ taxScheme?: string }>(binding({ "cbc:ID": "taxScheme" }));

const taxCategory = inside<AllowanceCharge>(
  binding<AllowanceCharge>({
    "cbc:ID": "vatCategory",
    "cbc:Percent": "vatRate",
    "cac:TaxScheme": taxScheme as Take<AllowanceCharge>,
  }),
);

/** BG-20, 21, 27 and 28. */
export const allowanceCharge: Binding<AllowanceCharge> = binding({
  "cbc:ChargeIndicator": nothing as Take<AllowanceCharge>,
  "cbc:AllowanceChargeReasonCode": "reasonCode",
  "cbc:AllowanceChargeReason": "reason",
  "cbc:MultiplierFactorNumeric": "percentage",
  "cbc:Amount": "amount",
  "cbc:BaseAmount": "base",
  "cac:TaxCategory": taxCategory,
});

/** An xs:boolean; undefined when the text is none. */
export function truth(text: string | undefined): boolean | undefined {
  const plain = text?.trim();
  if (plain === "true" || plain === "1") return true;
  return plain === "false" || plain === "0" ? false : undefined;
}

const allowanceOrCharge: Take<{ allowances: AllowanceCharge[]; charges: AllowanceCharge[] }> = (
  element,
  group,
  sources,
) => {
  const isCharge = truth(child(element, "cbc:ChargeIndicator")?.text);
  if (isCharge === undefined) sources.unread.push(element);
  else (isCharge ? group.charges : group.allowances).push(bind(element, {}, allowanceCharge, sources));
};

const breakdown: Binding<VatBreakdown> = binding({
  "cbc:TaxableAmount": "base",
  "cbc:TaxAmount": "tax",
  "cac:TaxCategory": inside(
    binding<VatBreakdown>({
      "cbc:ID": "vatCategory",
      "cbc:Percent": "vatRate",
      "cbc:TaxExemptionReasonCode": "exemptionCode",
      "cbc:TaxExemptionReason": "exemptionReason",
      "cac:TaxScheme": taxScheme as Take<VatBreakdown>,
    }),
  ),
});

const vatTotal: Binding<VatTotal> = binding({
  "cbc:TaxAmount": (element, group, sources) => {
    group.amount = element.text;
    const currency = element.attributes["currencyID"];
    if (currency !== undefined) group.currency = currency;
    sources.origins.open(group, element)["amount"] = element;
  },
  "cac:TaxSubtotal": listAs(
    (group: VatTotal) => group.breakdown,
    () => ({}),
    breakdown,
  ),
});

const totals: Binding<Totals> = binding({
  "cbc:LineExtensionAmount": "lines",
  "cbc:TaxExclusiveAmount": "withoutVat",
  "cbc:TaxInclusiveAmount": "withVat",
  "cbc:AllowanceTotalAmount": "allowances",
  "cbc:ChargeTotalAmount": "charges",
  "cbc:PrepaidAmount": "paid",
  "cbc:PayableRoundingAmount": "rounding",
  "cbc:PayableAmount": "due",
});

const attachment: Binding<Attachment> = binding({
  "cbc:ID": "reference",
  "cbc:DocumentTypeCode": nothing as Take<Attachment>,
  "cbc:DocumentDescription": "description",
  "cac:Attachment": inside(
    binding<Attachment>({
      "cbc:EmbeddedDocumentBinaryObject": (element, group, sources) => {
        group.content = element.text;
        const { mimeCode, filename } = element.attributes;
        if (mimeCode !== undefined) group.mimeType = mimeCode;
        if (filename !== undefined) group.fileName = filename;
        sources.origins.open(group, element)["content"] = element;
      },
      "cac:ExternalReference": inside(binding<Attachment>({ "cbc:URI": "location" })),
    }),
  ),
});

/** BT-18 is a document reference of type 130, BT-11 one of type 50 in a credit note; others are BG-24. */
const additionalDocument: Take<Invoice> = (element, invoice, sources) => {
  const type = child(element, "cbc:DocumentTypeCode")?.text.trim();
  const id = child(element, "cbc:ID");
  if (type === "130" && invoice.invoicedObject === undefined) {
    invoice.invoicedObject = identifierOf(id);
    sources.origins.open(invoice, element)["invoicedObject"] = id ?? element;
  } else if (type === "50" && id && invoice.projectReference === undefined) {
    invoice.projectReference = id.text;
    sources.origins.open(invoice, element)["projectReference"] = id;
  } else invoice.attachments.push(bind(element, {}, attachment, sources));
};

function identifierOf(element: XmlElement | undefined): Identifier {
  const scheme = element?.attributes["schemeID"];
  const value = element?.text ?? "";
  return scheme === undefined ? { value } : { value, scheme };
}

const reference = (term: keyof Invoice & string): Take<Invoice> =>
  inside(binding<Invoice>({ "cbc:ID": term }));

const preceding: Binding<PrecedingInvoice> = binding({
  "cac:InvoiceDocumentReference": inside(
    binding<PrecedingInvoice>({ "cbc:ID": "number", "cbc:IssueDate": "issueDate" }),
  ),
});

const note: Take<Invoice> = (element, invoice, sources) => {
  const coded = /^#([A-Z]{3})#([\s\S]*)$/.exec(element.text);
  const read = coded ? { subjectCode: coded[1] ?? "", text: coded[2] ?? "" } : { text: element.text };
  invoice.notes.push(read);
  sources.origins.open(read, element);
};

const quantity: Take<Line> = (element, line, sources) => {
  line.quantity = element.text;
  const unit = element.attributes["unitCode"];
  if (unit !== undefined) line.unit = unit;
  const terms = sources.origins.open(line, element);
  terms["quantity"] = element;
  terms["unit"] = element;
};

const classification: Take<Line> = (element, line, sources) => {
  const scheme = element.attributes["listID"];
  const version = element.attributes["listVersionID"];
  const read = {
    value: element.text,
    ...(scheme === undefined ? {} : { scheme }),
    ...(version === undefined ? {} : { version }),
  };
  line.classifications.push(read);
  sources.origins.open(read, element);
};

const item: Binding<Line> = binding({
  "cbc:Description": "itemDescription",
  "cbc:Name": "itemName",
  "cac:BuyersItemIdentification": inside(binding<Line>({ "cbc:ID": "buyerItemIdentifier" })),
  "cac:SellersItemIdentification": inside(binding<Line>({ "cbc:ID": "sellerItemIdentifier" })),
  "cac:StandardItemIdentification": inside(
    binding<Line>({ "cbc:ID": identifierAs("standardItemIdentifier") }),
  ),
  "cac:OriginCountry": inside(binding<Line>({ "cbc:IdentificationCode": "originCountry" })),
  "cac:CommodityClassification": inside(binding<Line>({ "cbc:ItemClassificationCode": classification })),
  "cac:ClassifiedTaxCategory": inside(
    binding<Line>({
      "cbc:ID": "vatCategory",
      "cbc:Percent": "vatRate",
      "cac:TaxScheme": taxScheme as Take<Line>,
    }),
  ),
  "cac:AdditionalItemProperty": listAs(
    (line: Line) => line.attributes,
    () => ({}),
    binding({ "cbc:Name": "name", "cbc:Value": "value" }),
  ),
});

const price: Binding<Line> = binding({
  "cbc:PriceAmount": "netPrice",
  "cbc:BaseQuantity": (element, line, sources) => {
    line.baseQuantity = element.text;
    const unit = element.attributes["unitCode"];
    if (unit !== undefined) line.baseQuantityUnit = unit;
    sources.origins.open(line, element)["baseQuantity"] = element;
  },
  "cac:AllowanceCharge": inside(
    binding<Line>({
      "cbc:ChargeIndicator": nothing as Take<Line>,
      "cbc:Amount": "priceDiscount",
      "cbc:BaseAmount": "grossPrice",
    }),
  ),
});

const line: Binding<Line> = binding({
  "cbc:ID": "identifier",
  "cbc:Note": "note",
  "cbc:InvoicedQuantity": quantity,
  "cbc:CreditedQuantity": quantity,
  "cbc:LineExtensionAmount": "netAmount",
  "cbc:AccountingCost": "buyerAccountingReference",
  "cac:InvoicePeriod": groupAs("period", () => ({}), period),
  "cac:OrderLineReference": inside(binding<Line>({ "cbc:LineID": "orderLineReference" })),
  "cac:DocumentReference": inside(
    binding<Line>({ "cbc:ID": identifierAs("object"), "cbc:DocumentTypeCode": nothing as Take<Line> }),
  ),
  "cac:AllowanceCharge": allowanceOrCharge as Take<Line>,
  "cac:Item": inside(item),
  "cac:Price": inside(price),
});

const emptyLine = (): Line => ({ allowances: [], charges: [], classifications: [], attributes: [] });

const lines: Take<Invoice> = listAs((invoice: Invoice) => invoice.lines, emptyLine, line);

const payments: Take<Invoice> = (element, invoice, sources) => {
  const due = child(element, "cbc:PaymentDueDate");
  invoice.payments.push(bind(element, {}, payment, sources));
  if (!due) return;
  invoice.dueDate ??= due.text;
  sources.origins.open(invoice, element)["dueDate"] ??= due;
};

const document: Binding<Invoice> = binding({
  "cbc:CustomizationID": "specification",
  "cbc:ProfileID": "businessProcess",
  "cbc:ID": "number",
  "cbc:IssueDate": "issueDate",
  "cbc:DueDate": "dueDate",
  "cbc:InvoiceTypeCode": "typeCode",
  "cbc:CreditNoteTypeCode": "typeCode",
  "cbc:Note": note,
  "cbc:TaxPointDate": "taxPointDate",
  "cbc:DocumentCurrencyCode": "currency",
  "cbc:TaxCurrencyCode": "accountingCurrency",
  "cbc:AccountingCost": "buyerAccountingReference",
  "cbc:BuyerReference": "buyerReference",
  "cac:InvoicePeriod": documentPeriod,
  "cac:OrderReference": inside(
    binding<Invoice>({ "cbc:ID": "purchaseOrderReference", "cbc:SalesOrderID": "salesOrderReference" }),
  ),
  "cac:BillingReference": listAs(
    (invoice: Invoice) => invoice.precedingInvoices,
    () => ({}),
    preceding,
  ),
  "cac:DespatchDocumentReference": reference("despatchAdviceReference"),
  "cac:ReceiptDocumentReference": reference("receivingAdviceReference"),
  "cac:OriginatorDocumentReference": reference("tenderReference"),
  "cac:ContractDocumentReference": reference("contractReference"),
  "cac:ProjectReference": reference("projectReference"),
  "cac:AdditionalDocumentReference": additionalDocument,
  "cac:AccountingSupplierParty": partyAs("seller", wrappedParty),
  "cac:AccountingCustomerParty": partyAs("buyer", wrappedParty),
  "cac:PayeeParty": partyAs("payee", namedParty),
  "cac:TaxRepresentativeParty": partyAs("taxRepresentative", namedParty),
  "cac:Delivery": groupAs("delivery", () => ({}), delivery),
  "cac:PaymentMeans": payments,
  "cac:PaymentTerms": inside(binding<Invoice>({ "cbc:Note": "paymentTerms" })),
  "cac:AllowanceCharge": allowanceOrCharge as Take<Invoice>,
  "cac:TaxTotal": listAs(
    (invoice: Invoice) => invoice.vatTotals,
    () => ({ breakdown: [] }),
    vatTotal,
  ),
  "cac:LegalMonetaryTotal": groupAs("totals", () => ({}), totals),
  "cac:InvoiceLine": lines,
  "cac:CreditNoteLine": lines,
});
