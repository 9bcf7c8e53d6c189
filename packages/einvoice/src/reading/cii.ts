import type {
  Address,
  AllowanceCharge,
  Attachment,
  Contact,
  Delivery,
  Identifier,
  Invoice,
  Line,
  Note,
  Party,
  Payment,
  PaymentAccount,
  Period,
  PrecedingInvoice,
  Totals,
  VatBreakdown,
} from "../model/invoice.ts";
import { at, child, type XmlElement } from "../xml/tree.ts";
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
import { truth } from "./ubl.ts";

/** Reads a CII D16B or D22B invoice, Factur-X among them (EN 16931-3-3). */
export function readCii(root: XmlElement): Reading {
  const sources: Sources = { origins: new Origins(), unread: [] };
  const invoice = bind(root, emptyInvoice(), document, sources);
  return { syntax: "cii", invoice, root, ...sources };
}

const nothing = () => {};

/** A date of format 102 (CCYYMMDD) as `YYYY-MM-DD`; one of another format as written, its element among the unread. */
function dateAs<Group>(term: keyof Group & string) {
  return (element: XmlElement, group: Group, sources: Sources): void => {
    const text = child(element, "udt:DateTimeString") ?? child(element, "qdt:DateTimeString");
    const known = text?.attributes["format"] === "102";
    if (group[term] !== undefined || !known) sources.unread.push(element);
    if (group[term] !== undefined) return;
    group[term] = (known ? isoDate(text.text) : (text?.text ?? "")) as Group[typeof term];
    sources.origins.open(group as object, element)[term] = text ?? element;
  };
}

function isoDate(text: string): string {
  const parts = /^\s*(\d{4})(\d{2})(\d{2})\s*$/.exec(text);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : text;
}

const period: Binding<Period> = binding({
  "ram:StartDateTime": dateAs("start"),
  "ram:EndDateTime": dateAs("end"),
});

const address: Binding<Address> = binding({
  "ram:PostcodeCode": "postCode",
  "ram:LineOne": "line1",
  "ram:LineTwo": "line2",
  "ram:LineThree": "line3",
  "ram:CityName": "city",
  "ram:CountryID": "country",
  "ram:CountrySubDivisionName": "subdivision",
});

const contact: Binding<Contact> = binding({
  "ram:PersonName": "name",
  "ram:DepartmentName": (element, group, sources) => {
    if (group.name !== undefined) sources.unread.push(element);
    else {
      group.name = element.text;
      sources.origins.open(group, element)["name"] = element;
    }
  },
  "ram:TelephoneUniversalCommunication": inside(binding<Contact>({ "ram:CompleteNumber": "telephone" })),
  "ram:EmailURIUniversalCommunication": inside(binding<Contact>({ "ram:URIID": "email" })),
});

const taxRegistration: Take<Party> = (element, party, sources) => {
  const id = child(element, "ram:ID");
  const scheme = id?.attributes["schemeID"];
  const term = scheme === "VA" ? "vatIdentifier" : scheme === "FC" ? "taxRegistration" : undefined;
  if (!id || !term || party[term] !== undefined) {
    sources.unread.push(element);
    return;
  }
  party[term] = id.text;
  sources.origins.open(party, element)[term] = id;
};

const party: Binding<Party> = binding({
  "ram:ID": identifierIn((group) => group.identifiers),
  "ram:GlobalID": identifierIn((group) => group.identifiers),
  "ram:Name": "name",
  "ram:Description": "legalInformation",
  "ram:SpecifiedLegalOrganization": inside(
    binding<Party>({ "ram:ID": identifierAs("legalRegistration"), "ram:TradingBusinessName": "tradingName" }),
  ),
  "ram:DefinedTradeContact": groupAs("contact", () => ({}), contact),
  "ram:PostalTradeAddress": groupAs("address", () => ({}), address),
  "ram:URIUniversalCommunication": (element, group, sources) => {
    const id = child(element, "ram:URIID");
    if (group.electronicAddress !== undefined) sources.unread.push(element);
    else {
      group.electronicAddress = identifierOf(id);
      sources.origins.open(group, element)["electronicAddress"] = id ?? element;
    }
  },
  "ram:SpecifiedTaxRegistration": taxRegistration,
});

function identifierOf(element: XmlElement | undefined): Identifier {
  const scheme = element?.attributes["schemeID"];
  const value = element?.text ?? "";
  return scheme === undefined ? { value } : { value, scheme };
}

const partyAs = (term: "seller" | "buyer" | "payee" | "taxRepresentative"): Take<Invoice> =>
  groupAs(term, () => ({ identifiers: [] }), party);

const referenceAs = <Group>(term: keyof Group & string): Take<Group> =>
  inside(
    binding<Group & object>({ "ram:IssuerAssignedID": term as keyof (Group & object) & string }),
  ) as Take<Group>;

const attachment: Binding<Attachment> = binding({
  "ram:IssuerAssignedID": "reference",
  "ram:URIID": "location",
  "ram:TypeCode": nothing,
  "ram:Name": "description",
  "ram:AttachmentBinaryObject": (element, group, sources) => {
    group.content = element.text;
    const { mimeCode, filename } = element.attributes;
    if (mimeCode !== undefined) group.mimeType = mimeCode;
    if (filename !== undefined) group.fileName = filename;
    sources.origins.open(group, element)["content"] = element;
  },
});

/** BT-18 is a document of type 130, BT-17 of type 50; the others are BG-24. */
const additionalDocument: Take<Invoice> = (element, invoice, sources) => {
  const type = child(element, "ram:TypeCode")?.text.trim();
  const id = child(element, "ram:IssuerAssignedID");
  if (type === "130" && invoice.invoicedObject === undefined) {
    invoice.invoicedObject = qualified(id, child(element, "ram:ReferenceTypeCode"));
    sources.origins.open(invoice, element)["invoicedObject"] = id ?? element;
  } else if (type === "50" && invoice.tenderReference === undefined) {
    invoice.tenderReference = id?.text ?? "";
    sources.origins.open(invoice, element)["tenderReference"] = id ?? element;
  } else invoice.attachments.push(bind(element, {}, attachment, sources));
};

function qualified(id: XmlElement | undefined, scheme: XmlElement | undefined): Identifier {
  return scheme ? { value: id?.text ?? "", scheme: scheme.text } : { value: id?.text ?? "" };
}

const agreement: Binding<Invoice> = binding({
  "ram:BuyerReference": "buyerReference",
  "ram:SellerTradeParty": partyAs("seller"),
  "ram:BuyerTradeParty": partyAs("buyer"),
  "ram:SellerTaxRepresentativeTradeParty": partyAs("taxRepresentative"),
  "ram:SellerOrderReferencedDocument": referenceAs("salesOrderReference"),
  "ram:BuyerOrderReferencedDocument": referenceAs("purchaseOrderReference"),
  "ram:ContractReferencedDocument": referenceAs("contractReference"),
  "ram:AdditionalReferencedDocument": additionalDocument,
  "ram:SpecifiedProcuringProject": inside(
    binding<Invoice>({ "ram:ID": "projectReference", "ram:Name": nothing as Take<Invoice> }),
  ),
});

const deliverTo: Binding<Delivery> = binding({
  "ram:ID": identifierAs("location"),
  "ram:GlobalID": identifierAs("location"),
  "ram:Name": "name",
  "ram:PostalTradeAddress": groupAs("address", () => ({}), address),
});

/** The part of BG-13 that the element adds to. */
function deliveryWith(children: Binding<Delivery>): Take<Invoice> {
  return (element, invoice, sources) => {
    invoice.delivery = bind(element, invoice.delivery ?? {}, children, sources);
  };
}

/** BT-72, which is not given where the element holds no date at all (BR-IC-11). */
const deliveryDate: Take<Delivery> = (element, group, sources) => {
  if (child(element, "udt:DateTimeString")) dateAs<Delivery>("date")(element, group, sources);
  else sources.unread.push(element);
};

const delivery: Binding<Invoice> = binding({
  "ram:ShipToTradeParty": deliveryWith(deliverTo),
  "ram:ActualDeliverySupplyChainEvent": deliveryWith(binding({ "ram:OccurrenceDateTime": deliveryDate })),
  "ram:DespatchAdviceReferencedDocument": referenceAs("despatchAdviceReference"),
  "ram:ReceivingAdviceReferencedDocument": referenceAs("receivingAdviceReference"),
});

const account: Binding<PaymentAccount> = binding({
  "ram:IBANID": "identifier",
  "ram:ProprietaryID": "identifier",
  "ram:AccountName": "name",
});

const institution: Binding<PaymentAccount> = binding({ "ram:BICID": "serviceProvider" });

const payment: Binding<Payment> = binding({
  "ram:TypeCode": "meansCode",
  "ram:Information": "meansText",
  "ram:ApplicableTradeSettlementFinancialCard": inside(
    binding<Payment>({ "ram:ID": "cardNumber", "ram:CardholderName": "cardHolder" }),
  ),
  "ram:PayerPartyDebtorFinancialAccount": inside(binding<Payment>({ "ram:IBANID": "debitedAccount" })),
  "ram:PayeePartyCreditorFinancialAccount": groupAs("account", () => ({}), account),
  "ram:PayeeSpecifiedCreditorFinancialInstitution": (element, group, sources) => {
    if (!group.account) group.account = bind(element, {}, binding({}), { ...sources, unread: [] });
    bind(element, group.account, institution, sources);
  },
});

/** BG-23, in the first total: CII writes it beside the totals. BT-7 and BT-8 are written within it. */
const breakdownAs: Take<Invoice> = (element, invoice, sources) => {
  const read = bind(element, {}, breakdown, sources);
  const date = child(element, "ram:TaxPointDate");
  const code = child(element, "ram:DueDateTypeCode");
  const terms = sources.origins.open(invoice, element);
  const dateText = date && (child(date, "udt:DateString") ?? child(date, "udt:DateTimeString"));
  if (date && invoice.taxPointDate === undefined) {
    invoice.taxPointDate = dateText?.attributes["format"] === "102" ? isoDate(dateText.text) : "";
    terms["taxPointDate"] = dateText ?? date;
  }
  if (code && invoice.taxPointDateCode === undefined) {
    invoice.taxPointDateCode = code.text;
    terms["taxPointDateCode"] = code;
  }
  if (invoice.vatTotals.length === 0) invoice.vatTotals.push({ breakdown: [] });
  invoice.vatTotals[0]?.breakdown.push(read);
};

const breakdown: Binding<VatBreakdown> = binding({
  "ram:CalculatedAmount": "tax",
  "ram:TypeCode": "taxScheme",
  "ram:ExemptionReason": "exemptionReason",
  "ram:BasisAmount": "base",
  "ram:CategoryCode": "vatCategory",
  "ram:ExemptionReasonCode": "exemptionCode",
  "ram:TaxPointDate": nothing,
  "ram:DueDateTypeCode": nothing,
  "ram:RateApplicablePercent": "vatRate",
});

/** BG-20, 21, 27 and 28. */
export const allowanceCharge: Binding<AllowanceCharge> = binding({
  "ram:ChargeIndicator": nothing,
  "ram:CalculationPercent": "percentage",
  "ram:BasisAmount": "base",
  "ram:ActualAmount": "amount",
  "ram:ReasonCode": "reasonCode",
  "ram:Reason": "reason",
  "ram:CategoryTradeTax": inside(
    binding<AllowanceCharge>({
      "ram:TypeCode": "taxScheme",
      "ram:CategoryCode": "vatCategory",
      "ram:RateApplicablePercent": "vatRate",
    }),
  ),
});

const allowanceOrCharge: Take<{ allowances: AllowanceCharge[]; charges: AllowanceCharge[] }> = (
  element,
  group,
  sources,
) => {
  const isCharge = truth(at(element, "ram:ChargeIndicator", "udt:Indicator")[0]?.text);
  if (isCharge === undefined) sources.unread.push(element);
  else (isCharge ? group.charges : group.allowances).push(bind(element, {}, allowanceCharge, sources));
};

const totals: Binding<Totals> = binding({
  "ram:LineTotalAmount": "lines",
  "ram:ChargeTotalAmount": "charges",
  "ram:AllowanceTotalAmount": "allowances",
  "ram:TaxBasisTotalAmount": "withoutVat",
  "ram:TaxTotalAmount": nothing,
  "ram:RoundingAmount": "rounding",
  "ram:GrandTotalAmount": "withVat",
  "ram:TotalPrepaidAmount": "paid",
  "ram:DuePayableAmount": "due",
});

/** BG-22, and BT-110 and BT-111 wherever they stand: the first total takes the breakdown read before it. */
const totalsAs: Take<Invoice> = (element, invoice, sources) => {
  if (invoice.totals !== undefined) sources.unread.push(element);
  else invoice.totals = bind(element, {}, totals, sources);
  for (const amount of element.children) {
    if (amount.name !== "ram:TaxTotalAmount") continue;
    const first = invoice.vatTotals[0];
    const total = first && first.amount === undefined ? first : { breakdown: [] };
    if (total !== first) invoice.vatTotals.push(total);
    const currency = amount.attributes["currencyID"];
    Object.assign(total, { amount: amount.text }, currency === undefined ? {} : { currency });
    sources.origins.open(total, amount)["amount"] = amount;
  }
};

const terms: Take<Invoice> = inside(
  binding<Invoice>({
    "ram:Description": "paymentTerms",
    "ram:DueDateDateTime": dateAs("dueDate"),
    "ram:DirectDebitMandateID": (element, invoice, sources) => {
      const [first] = invoice.payments;
      if (!first || first.mandate !== undefined) sources.unread.push(element);
      else {
        first.mandate = element.text;
        sources.origins.open(first, element)["mandate"] = element;
      }
    },
  }),
);

const preceding: Binding<PrecedingInvoice> = binding({
  "ram:IssuerAssignedID": "number",
  "ram:FormattedIssueDateTime": dateAs("issueDate"),
});

/** CII writes BT-83 once, beside the payment means. */
const remittance: Take<Invoice> = (element, invoice, sources) => {
  if (invoice.payments.length === 0) invoice.payments.push({});
  const [first] = invoice.payments;
  if (!first) return;
  first.remittanceInformation = element.text;
  sources.origins.open(first, element)["remittanceInformation"] = element;
};

const paymentMeans: Take<Invoice> = (element, invoice, sources) => {
  const [first] = invoice.payments;
  const isRemittanceOnly = first && Object.keys(first).join() === "remittanceInformation";
  if (isRemittanceOnly) {
    const read = bind(element, {} as Payment, payment, sources);
    const text = first.remittanceInformation;
    invoice.payments[0] = text === undefined ? read : Object.assign(read, { remittanceInformation: text });
    const origin = sources.origins.of(first, "remittanceInformation");
    if (origin) sources.origins.open(read, element)["remittanceInformation"] = origin;
  } else invoice.payments.push(bind(element, {}, payment, sources));
};

const settlement: Binding<Invoice> = binding({
  "ram:CreditorReferenceID": "creditorIdentifier",
  "ram:PaymentReference": remittance,
  "ram:TaxCurrencyCode": "accountingCurrency",
  "ram:InvoiceCurrencyCode": "currency",
  "ram:PayeeTradeParty": partyAs("payee"),
  "ram:SpecifiedTradeSettlementPaymentMeans": paymentMeans,
  "ram:ApplicableTradeTax": breakdownAs,
  "ram:BillingSpecifiedPeriod": groupAs("period", () => ({}), period),
  "ram:SpecifiedTradeAllowanceCharge": allowanceOrCharge as Take<Invoice>,
  "ram:SpecifiedTradePaymentTerms": terms,
  "ram:SpecifiedTradeSettlementHeaderMonetarySummation": totalsAs,
  "ram:InvoiceReferencedDocument": listAs(
    (invoice: Invoice) => invoice.precedingInvoices,
    () => ({}),
    preceding,
  ),
  "ram:ReceivableSpecifiedTradeAccountingAccount": inside(
    binding<Invoice>({ "ram:ID": "buyerAccountingReference", "ram:TypeCode": nothing as Take<Invoice> }),
  ),
});

const price = (term: "netPrice" | "grossPrice"): Take<Line> => {
  const parts = binding<Line>({
    "ram:ChargeAmount": term,
    "ram:BasisQuantity": nothing as Take<Line>,
    "ram:AppliedTradeAllowanceCharge": inside(
      binding<Line>({
        "ram:ChargeIndicator": nothing as Take<Line>,
        "ram:ActualAmount": "priceDiscount",
      }),
    ),
  });
  return (element, line, sources) => {
    const quantity = child(element, "ram:BasisQuantity");
    bind(element, line, parts, sources);
    if (!quantity || line.baseQuantity !== undefined) return;
    line.baseQuantity = quantity.text;
    const unit = quantity.attributes["unitCode"];
    if (unit !== undefined) line.baseQuantityUnit = unit;
    sources.origins.open(line, quantity)["baseQuantity"] = quantity;
  };
};

const lineObject: Take<Line> = (element, line, sources) => {
  const id = child(element, "ram:IssuerAssignedID");
  if (line.object !== undefined) {
    sources.unread.push(element);
    return;
  }
  line.object = qualified(id, child(element, "ram:ReferenceTypeCode"));
  sources.origins.open(line, element)["object"] = id ?? element;
};

const classification: Take<Line> = (element, line, sources) => {
  const code = child(element, "ram:ClassCode");
  if (!code) {
    sources.unread.push(element);
    return;
  }
  const { listID, listVersionID } = code.attributes;
  const read = {
    value: code.text,
    ...(listID === undefined ? {} : { scheme: listID }),
    ...(listVersionID === undefined ? {} : { version: listVersionID }),
  };
  line.classifications.push(read);
  sources.origins.open(read, code);
};

const product: Binding<Line> = binding({
  "ram:GlobalID": identifierAs("standardItemIdentifier"),
  "ram:SellerAssignedID": "sellerItemIdentifier",
  "ram:BuyerAssignedID": "buyerItemIdentifier",
  "ram:Name": "itemName",
  "ram:Description": "itemDescription",
  "ram:ApplicableProductCharacteristic": listAs(
    (line: Line) => line.attributes,
    () => ({}),
    binding({ "ram:Description": "name", "ram:Value": "value" }),
  ),
  "ram:DesignatedProductClassification": classification,
  "ram:OriginTradeCountry": inside(binding<Line>({ "ram:ID": "originCountry" })),
});

const lineSettlement: Binding<Line> = binding({
  "ram:ApplicableTradeTax": inside(
    binding<Line>({
      "ram:TypeCode": "taxScheme",
      "ram:CategoryCode": "vatCategory",
      "ram:RateApplicablePercent": "vatRate",
    }),
  ),
  "ram:BillingSpecifiedPeriod": groupAs("period", () => ({}), period),
  "ram:SpecifiedTradeAllowanceCharge": allowanceOrCharge as Take<Line>,
  "ram:SpecifiedTradeSettlementLineMonetarySummation": inside(
    binding<Line>({ "ram:LineTotalAmount": "netAmount" }),
  ),
  "ram:AdditionalReferencedDocument": lineObject,
  "ram:ReceivableSpecifiedTradeAccountingAccount": inside(
    binding<Line>({ "ram:ID": "buyerAccountingReference", "ram:TypeCode": nothing as Take<Line> }),
  ),
});

const netPrice = price("netPrice");
const grossPrice = price("grossPrice");

const line: Binding<Line> = binding({
  "ram:AssociatedDocumentLineDocument": inside(
    binding<Line>({
      "ram:LineID": "identifier",
      "ram:IncludedNote": inside(binding<Line>({ "ram:Content": "note" })),
    }),
  ),
  "ram:SpecifiedTradeProduct": inside(product),
  "ram:SpecifiedLineTradeAgreement": inside(
    binding<Line>({
      "ram:BuyerOrderReferencedDocument": inside(binding<Line>({ "ram:LineID": "orderLineReference" })),
      "ram:GrossPriceProductTradePrice": grossPrice,
      "ram:NetPriceProductTradePrice": netPrice,
    }),
  ),
  "ram:SpecifiedLineTradeDelivery": inside(
    binding<Line>({
      "ram:BilledQuantity": (element, group, sources) => {
        group.quantity = element.text;
        const unit = element.attributes["unitCode"];
        if (unit !== undefined) group.unit = unit;
        const places = sources.origins.open(group, element);
        places["quantity"] = element;
        places["unit"] = element;
      },
    }),
  ),
  "ram:SpecifiedLineTradeSettlement": inside(lineSettlement),
});

const note: Binding<Note> = binding({ "ram:Content": "text", "ram:SubjectCode": "subjectCode" });

const document: Binding<Invoice> = binding({
  "rsm:ExchangedDocumentContext": inside(
    binding<Invoice>({
      "ram:BusinessProcessSpecifiedDocumentContextParameter": inside(
        binding<Invoice>({ "ram:ID": "businessProcess" }),
      ),
      "ram:GuidelineSpecifiedDocumentContextParameter": inside(
        binding<Invoice>({ "ram:ID": "specification" }),
      ),
    }),
  ),
  "rsm:ExchangedDocument": inside(
    binding<Invoice>({
      "ram:ID": "number",
      "ram:TypeCode": "typeCode",
      "ram:IssueDateTime": dateAs("issueDate"),
      "ram:IncludedNote": listAs(
        (invoice: Invoice) => invoice.notes,
        () => ({}),
        note,
      ),
    }),
  ),
  "rsm:SupplyChainTradeTransaction": inside(
    binding<Invoice>({
      "ram:IncludedSupplyChainTradeLineItem": listAs(
        (invoice: Invoice) => invoice.lines,
        () => ({ allowances: [], charges: [], classifications: [], attributes: [] }),
        line,
      ),
      "ram:ApplicableHeaderTradeAgreement": inside(agreement),
      "ram:ApplicableHeaderTradeDelivery": inside(delivery),
      "ram:ApplicableHeaderTradeSettlement": inside(settlement),
    }),
  ),
});
