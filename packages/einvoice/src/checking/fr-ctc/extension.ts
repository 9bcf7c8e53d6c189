import type { Checkable } from "../../check.ts";
import type { AllowanceCharge, Identifier, Line, Party } from "../../model/invoice.ts";
import { type Binding, bind, Origins } from "../../reading/binding.ts";
import { allowanceCharge as ciiAllowanceCharge } from "../../reading/cii.ts";
import { allowanceCharge as ublAllowanceCharge } from "../../reading/ubl.ts";
import { at, selfOrUnder, type XmlElement } from "../../xml/tree.ts";

/** A preceding invoice cited by a line (EXT-FR-FE-136 to 138), or by the document with its type (EXT-FR-FE-02). */
export interface CitedInvoice {
  /** EXT-FR-FE-136 */ number?: string;
  /** EXT-FR-FE-02, 137, UNTDID 1001 */ typeCode?: string;
  /** EXT-FR-FE-138, as the source writes it */ issueDate?: string;
}

/** An amount of tax of a line, in the currency of the invoice (EXT-FR-FE-181) or of its accounting (182). */
export interface LineVat {
  amount: string;
  currency?: string;
}

/** BT-18 or BT-128, each time that it is written. */
export interface InvoicedObject extends Identifier {
  /** `130` where it is an invoiced object. */
  typeCode?: string;
}

/** BG-32 with what the extension adds to it. */
export interface ItemAttribute {
  /** BT-160 */ name?: string;
  /** EXT-FR-FE-159 */ code?: string;
  /** BT-161 */ value?: string;
  /** EXT-FR-FE-160 */ measure?: string;
  /** EXT-FR-FE-161 */ measureUnit?: string;
}

/** What the extension adds to a line (BG-25). */
export interface FrenchLine {
  /** The line of the core, with BT-126 to BT-161. */ line: Line;
  /** EXT-FR-FE-162, BT-126 of the line above */ parent?: string;
  /** EXT-FR-FE-163: GROUP, DETAIL or INFORMATION */ subtype?: string;
  /** EXT-FR-FE-136 to 138; in UBL, the invoice itself among them where the line has a subtype */ cited: CitedInvoice[];
  /** EXT-FR-FE-146, where the line is delivered */ deliverTo: Party[];
  /** EXT-FR-FE-158, as the source writes it */ deliveryDate?: string;
  /** EXT-FR-FE-164 */ sellerName?: string;
  /** EXT-FR-FE-167 */ sellerRegistration?: string;
  /** EXT-FR-FE-177 */ sellerCountry?: string;
  /** EXT-FR-FE-181 and 182 */ vat: LineVat[];
  /** EXT-FR-FE-184 */ totalWithVat?: string;
  /** BT-128 */ objects: InvoicedObject[];
  /** The reason for exemption, on the line itself. */ exemptionReason?: string;
  /** Its code, VATEX. */ exemptionCode?: string;
  /** BG-32 */ attributes: ItemAttribute[];
  /** BT-149 of the net price */ baseQuantity?: string;
}

/** The parties that only the extension knows. */
export type ExtensionRole = "buyerAgent" | "payer" | "sellerAgent" | "invoicee" | "invoicer" | "deliverTo";

/** What an invoice says beyond the core, in the terms of the French extension (XP Z12-012, EXT-FR-FE). */
export interface Extension {
  readonly parties: Readonly<Record<ExtensionRole, readonly Party[]>>;
  /** BG-3 with EXT-FR-FE-02 */ readonly cited: readonly CitedInvoice[];
  /** BT-18 */ readonly objects: readonly InvoicedObject[];
  /** BT-X-272 of Factur-X, charges for logistics: only CII has them */ readonly logistics: readonly AllowanceCharge[];
  readonly lines: readonly FrenchLine[];
  /** Allowances or charges that do not say which they are, of the document and of its lines. */
  readonly unsorted: Readonly<Record<"ofDocument" | "ofLines", readonly AllowanceCharge[]>>;
  /** BT-151 and BT-152 of UBL's lines under lines, and of lines that bear them once too often. */
  readonly furtherVat: readonly TaxedAtRate[];
  readonly origins: Origins;
}

/** What says its VAT category and its rate. */
export type TaxedAtRate = Pick<Line, "vatCategory" | "vatRate" | "taxScheme">;

/** Where the terms of a party stand under its element. */
interface PartyPaths {
  readonly identifiers: readonly string[];
  readonly registration: readonly string[];
  readonly address: readonly string[];
}

interface CitedPaths {
  readonly number: readonly string[];
  readonly typeCode: readonly string[];
  readonly issueDate: readonly string[];
}

interface ObjectPaths {
  readonly value: readonly string[];
  readonly typeCode: readonly string[];
  /** Where the scheme is an element; undefined where it is the attribute of the value. */
  readonly scheme: readonly string[] | undefined;
}

/** Where each term of the extension stands in one syntax. */
interface Paths {
  readonly parties: Readonly<Record<ExtensionRole, readonly string[]>>;
  readonly party: PartyPaths;
  readonly deliverTo: PartyPaths;
  readonly cited: readonly string[];
  readonly citedTerms: CitedPaths;
  readonly objects: readonly string[];
  readonly objectTerms: ObjectPaths;
  readonly line: Readonly<
    Record<
      | "deliveryDate"
      | "sellerName"
      | "sellerRegistration"
      | "sellerCountry"
      | "totalWithVat"
      | "exemptionReason"
      | "exemptionCode"
      | "baseQuantity",
      readonly string[]
    >
  > & {
    readonly cited: readonly string[];
    readonly deliverTo: readonly string[];
    readonly vat: readonly string[];
    readonly objects: readonly string[];
    readonly attributes: readonly string[];
  };
  readonly attribute: Readonly<Record<"name" | "code" | "value" | "measure", string>>;
  readonly allowanceCharge: { readonly name: string; readonly terms: Binding<AllowanceCharge> };
}

const supplier = ["cac:AccountingSupplierParty", "cac:Party"];
const customer = ["cac:AccountingCustomerParty", "cac:Party"];
const manufacturer = ["cac:Item", "cac:ManufacturerParty"];
const ublCited = ["cac:BillingReference", "cac:InvoiceDocumentReference"];

const ubl: Paths = {
  parties: {
    buyerAgent: [...customer, "cac:AgentParty"],
    payer: ["cac:PaymentMeans", "cac:PaymentMandate", "cac:PayerParty"],
    sellerAgent: [...supplier, "cac:AgentParty"],
    invoicee: [...customer, "cac:ServiceProviderParty", "cac:Party"],
    invoicer: [...supplier, "cac:ServiceProviderParty", "cac:Party"],
    deliverTo: ["cac:Delivery"],
  },
  party: {
    identifiers: ["cac:PartyIdentification", "cbc:ID"],
    registration: ["cac:PartyLegalEntity", "cbc:CompanyID"],
    address: ["cbc:EndpointID"],
  },
  deliverTo: {
    identifiers: ["cac:DeliveryLocation", "cbc:ID"],
    registration: ["cac:DeliveryParty", "cac:PartyLegalEntity", "cbc:CompanyID"],
    address: ["cac:DeliveryParty", "cbc:EndpointID"],
  },
  cited: ublCited,
  citedTerms: { number: ["cbc:ID"], typeCode: ["cbc:DocumentTypeCode"], issueDate: ["cbc:IssueDate"] },
  objects: ["cac:AdditionalDocumentReference"],
  objectTerms: { value: ["cbc:ID"], typeCode: ["cbc:DocumentTypeCode"], scheme: undefined },
  line: {
    cited: ublCited,
    deliverTo: ["cac:Delivery"],
    deliveryDate: ["cac:Delivery", "cbc:ActualDeliveryDate"],
    sellerName: [...manufacturer, "cac:PartyLegalEntity", "cbc:RegistrationName"],
    sellerRegistration: [...manufacturer, "cac:PartyLegalEntity", "cbc:CompanyID"],
    sellerCountry: [...manufacturer, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode"],
    vat: ["cac:TaxTotal", "cbc:TaxAmount"],
    totalWithVat: ["cbc:TaxInclusiveLineExtensionAmount"],
    objects: ["cac:DocumentReference"],
    exemptionReason: ["cac:Item", "cac:ClassifiedTaxCategory", "cbc:TaxExemptionReason"],
    exemptionCode: ["cac:Item", "cac:ClassifiedTaxCategory", "cbc:TaxExemptionReasonCode"],
    attributes: ["cac:Item", "cac:AdditionalItemProperty"],
    baseQuantity: ["cac:Price", "cbc:BaseQuantity"],
  },
  attribute: { name: "cbc:Name", code: "cbc:NameCode", value: "cbc:Value", measure: "cbc:ValueQuantity" },
  allowanceCharge: { name: "cac:AllowanceCharge", terms: ublAllowanceCharge },
};

const transaction = "rsm:SupplyChainTradeTransaction";
const agreement = [transaction, "ram:ApplicableHeaderTradeAgreement"];
const settlement = [transaction, "ram:ApplicableHeaderTradeSettlement"];
const lineSettlement = "ram:SpecifiedLineTradeSettlement";
const itemSeller = ["ram:SpecifiedLineTradeAgreement", "ram:ItemSellerTradeParty"];
const summation = [lineSettlement, "ram:SpecifiedTradeSettlementLineMonetarySummation"];
const ciiParty: PartyPaths = {
  identifiers: ["ram:GlobalID"],
  registration: ["ram:SpecifiedLegalOrganization", "ram:ID"],
  address: ["ram:URIUniversalCommunication", "ram:URIID"],
};

const cii: Paths = {
  parties: {
    buyerAgent: [...agreement, "ram:BuyerAgentTradeParty"],
    payer: [...settlement, "ram:PayerTradeParty"],
    sellerAgent: [...agreement, "ram:SalesAgentTradeParty"],
    invoicee: [...settlement, "ram:InvoiceeTradeParty"],
    invoicer: [...settlement, "ram:InvoicerTradeParty"],
    deliverTo: [transaction, "ram:ApplicableHeaderTradeDelivery", "ram:ShipToTradeParty"],
  },
  party: ciiParty,
  deliverTo: ciiParty,
  cited: [...settlement, "ram:InvoiceReferencedDocument"],
  citedTerms: {
    number: ["ram:IssuerAssignedID"],
    typeCode: ["ram:TypeCode"],
    issueDate: ["ram:FormattedIssueDateTime", "qdt:DateTimeString"],
  },
  objects: [...agreement, "ram:AdditionalReferencedDocument"],
  objectTerms: {
    value: ["ram:IssuerAssignedID"],
    typeCode: ["ram:TypeCode"],
    scheme: ["ram:ReferenceTypeCode"],
  },
  line: {
    cited: [lineSettlement, "ram:InvoiceReferencedDocument"],
    deliverTo: ["ram:SpecifiedLineTradeDelivery", "ram:ShipToTradeParty"],
    deliveryDate: [
      "ram:SpecifiedLineTradeDelivery",
      "ram:ActualDeliverySupplyChainEvent",
      "ram:OccurrenceDateTime",
      "udt:DateTimeString",
    ],
    sellerName: [...itemSeller, "ram:Name"],
    sellerRegistration: [...itemSeller, "ram:SpecifiedLegalOrganization", "ram:ID"],
    sellerCountry: [...itemSeller, "ram:PostalTradeAddress", "ram:CountryID"],
    vat: [...summation, "ram:TaxTotalAmount"],
    totalWithVat: [...summation, "ram:GrandTotalAmount"],
    objects: [lineSettlement, "ram:AdditionalReferencedDocument"],
    exemptionReason: [lineSettlement, "ram:ApplicableTradeTax", "ram:ExemptionReason"],
    exemptionCode: [lineSettlement, "ram:ApplicableTradeTax", "ram:ExemptionReasonCode"],
    attributes: ["ram:SpecifiedTradeProduct", "ram:ApplicableProductCharacteristic"],
    baseQuantity: ["ram:SpecifiedLineTradeAgreement", "ram:NetPriceProductTradePrice", "ram:BasisQuantity"],
  },
  attribute: {
    name: "ram:Description",
    code: "ram:TypeCode",
    value: "ram:Value",
    measure: "ram:ValueMeasure",
  },
  allowanceCharge: { name: "ram:SpecifiedTradeAllowanceCharge", terms: ciiAllowanceCharge },
};

/** Reads the terms of the French extension where they stand in the source; an invoice without one has only its core. */
export function readExtension(reading: Checkable): Extension {
  const { invoice, root, syntax, origins: core, unread = [] } = reading;
  const origins = new Origins();
  if (!root)
    return {
      origins,
      parties: { ...noParties, deliverTo: deliverToOf(invoice.delivery?.location) },
      cited: [],
      logistics: [],
      unsorted: { ofDocument: [], ofLines: [] },
      furtherVat: [],
      objects: invoice.invoicedObject ? [{ ...invoice.invoicedObject, typeCode: "130" }] : [],
      lines: invoice.lines.map(coreLine),
    };
  const reader = new ExtensionReader(syntax === "ubl" ? ubl : cii, origins);
  return {
    origins,
    parties: reader.parties(root),
    cited: at(root, ...reader.paths.cited).map((element) => reader.cited(element)),
    objects: at(root, ...reader.paths.objects).map((element) => reader.object(element)),
    logistics: at(root, ...settlement, "ram:SpecifiedLogisticsServiceCharge").map((element) =>
      reader.logisticsCharge(element),
    ),
    lines: invoice.lines.map((line) => reader.line(line, core?.of(line), invoice.number)),
    unsorted: reader.unsorted(unread),
    furtherVat: unread
      .flatMap((element) => selfOrUnder(element, "cac:ClassifiedTaxCategory"))
      .map((element) => reader.furtherVat(element)),
  };
}

const noParties = { buyerAgent: [], payer: [], sellerAgent: [], invoicee: [], invoicer: [] };

function deliverToOf(location: Identifier | undefined): Party[] {
  return location ? [{ identifiers: [location] }] : [];
}

function coreLine(line: Line): FrenchLine {
  return {
    line,
    cited: [],
    deliverTo: [],
    vat: [],
    objects: line.object ? [{ ...line.object, typeCode: "130" }] : [],
    attributes: line.attributes,
    ...(line.baseQuantity === undefined ? {} : { baseQuantity: line.baseQuantity }),
  };
}

class ExtensionReader {
  readonly paths: Paths;
  private readonly origins: Origins;

  constructor(paths: Paths, origins: Origins) {
    this.paths = paths;
    this.origins = origins;
  }

  parties(root: XmlElement): Extension["parties"] {
    const { parties, party, deliverTo } = this.paths;
    const read = (role: ExtensionRole): Party[] =>
      at(root, ...parties[role]).map((element) =>
        this.party(element, role === "deliverTo" ? deliverTo : party),
      );
    return {
      buyerAgent: read("buyerAgent"),
      payer: read("payer"),
      sellerAgent: read("sellerAgent"),
      invoicee: read("invoicee"),
      invoicer: read("invoicer"),
      deliverTo: read("deliverTo"),
    };
  }

  cited(element: XmlElement): CitedInvoice {
    const cited: CitedInvoice = {};
    for (const term of ["number", "typeCode", "issueDate"] as const)
      this.take(cited, term, element, this.paths.citedTerms[term]);
    return cited;
  }

  object(element: XmlElement): InvoicedObject {
    const { value, typeCode, scheme } = this.paths.objectTerms;
    const [id] = at(element, ...value);
    const [type] = at(element, ...typeCode);
    const schemeText = scheme ? at(element, ...scheme)[0]?.text : id?.attributes["schemeID"];
    const object: InvoicedObject = { value: id?.text ?? "" };
    if (schemeText !== undefined) object.scheme = schemeText;
    if (type) object.typeCode = type.text;
    this.origins.open(object, id ?? element);
    return object;
  }

  logisticsCharge(element: XmlElement): AllowanceCharge {
    const charge: AllowanceCharge = {};
    this.take(charge, "amount", element, ["ram:AppliedAmount"]);
    this.take(charge, "vatCategory", element, ["ram:AppliedTradeTax", "ram:CategoryCode"]);
    this.take(charge, "vatRate", element, ["ram:AppliedTradeTax", "ram:RateApplicablePercent"]);
    return charge;
  }

  unsorted(unread: readonly XmlElement[]): Extension["unsorted"] {
    const { name, terms } = this.paths.allowanceCharge;
    const found = unread.filter((each) => each.name === name);
    const read = (each: XmlElement) => bind(each, {}, terms, { origins: this.origins, unread: [] });
    const isOfLine = ({ parent }: XmlElement) => /Line(TradeSettlement)?$/.test(parent?.name ?? "");
    return {
      ofDocument: found.filter((each) => !isOfLine(each)).map(read),
      ofLines: found.filter(isOfLine).map(read),
    };
  }

  furtherVat(element: XmlElement): TaxedAtRate {
    const vat: TaxedAtRate = {};
    this.take(vat, "vatCategory", element, ["cbc:ID"]);
    this.take(vat, "vatRate", element, ["cbc:Percent"]);
    this.take(vat, "taxScheme", element, ["cac:TaxScheme", "cbc:ID"]);
    return vat;
  }

  line(line: Line, element: XmlElement | undefined, invoiceNumber: string | undefined): FrenchLine {
    if (!element) return coreLine(line);
    const { paths } = this;
    const read: FrenchLine = { line, cited: [], deliverTo: [], vat: [], objects: [], attributes: [] };
    for (const term of lineTerms) this.take(read, term, element, paths.line[term]);
    const [parent, subtype] = hierarchyOf(element, invoiceNumber);
    this.takeElement(read, "parent", parent, element);
    this.takeElement(read, "subtype", subtype, element);
    read.cited = at(element, ...paths.line.cited).map((each) => this.cited(each));
    read.deliverTo = at(element, ...paths.line.deliverTo).map((each) => this.party(each, paths.deliverTo));
    read.objects = at(element, ...paths.line.objects).map((each) => this.object(each));
    read.attributes = at(element, ...paths.line.attributes).map((each) => this.attribute(each));
    read.vat = at(element, ...paths.line.vat).map((each) => {
      const currency = each.attributes["currencyID"];
      const vat: LineVat = currency === undefined ? { amount: each.text } : { amount: each.text, currency };
      this.origins.open(vat, each);
      return vat;
    });
    return read;
  }

  private attribute(element: XmlElement): ItemAttribute {
    const { name, code, value, measure } = this.paths.attribute;
    const read: ItemAttribute = {};
    this.take(read, "name", element, [name]);
    this.take(read, "code", element, [code]);
    this.take(read, "value", element, [value]);
    this.take(read, "measure", element, [measure]);
    const unit = at(element, measure)[0]?.attributes["unitCode"];
    if (unit !== undefined) read.measureUnit = unit;
    return read;
  }

  private party(element: XmlElement, paths: PartyPaths): Party {
    const party: Party = {
      identifiers: at(element, ...paths.identifiers).map((each) => this.identifier(each)),
    };
    const terms = this.origins.open(party, element);
    const registration = registrationIn(at(element, ...paths.registration));
    if (registration) {
      party.legalRegistration = this.identifier(registration);
      terms["legalRegistration"] = registration;
    }
    const [address] = at(element, ...paths.address);
    if (address) {
      party.electronicAddress = this.identifier(address);
      terms["electronicAddress"] = address;
    }
    return party;
  }

  private identifier(element: XmlElement): Identifier {
    const scheme = element.attributes["schemeID"];
    const identifier = scheme === undefined ? { value: element.text } : { value: element.text, scheme };
    this.origins.open(identifier, element);
    return identifier;
  }

  private take<Group extends object>(
    group: Group,
    term: keyof Group & string,
    element: XmlElement,
    path: readonly string[],
  ): void {
    this.takeElement(group, term, at(element, ...path)[0], element);
  }

  private takeElement<Group extends object>(
    group: Group,
    term: keyof Group & string,
    found: XmlElement | undefined,
    element: XmlElement,
  ): void {
    const terms = this.origins.open(group, element);
    if (!found) return;
    group[term] = found.text as Group[typeof term];
    terms[term] = found;
  }
}

const lineTerms = [
  "deliveryDate",
  "sellerName",
  "sellerRegistration",
  "sellerCountry",
  "totalWithVat",
  "exemptionReason",
  "exemptionCode",
  "baseQuantity",
] as const;

/** The SIREN (scheme 0002) among the legal identifiers of a party, else the first of them. */
function registrationIn(elements: readonly XmlElement[]): XmlElement | undefined {
  return elements.find((each) => each.attributes["schemeID"] === "0002") ?? elements[0];
}

/** EXT-FR-FE-162 and 163: of the line itself in CII; in UBL, of the line's reference to its own invoice. */
function hierarchyOf(
  line: XmlElement,
  invoiceNumber: string | undefined,
): [parent: XmlElement | undefined, subtype: XmlElement | undefined] {
  const own = at(line, "cac:BillingReference").find((reference) =>
    at(reference, "cac:InvoiceDocumentReference", "cbc:ID").some((id) => id.text === invoiceNumber),
  );
  const document = "ram:AssociatedDocumentLineDocument";
  return own
    ? [
        at(own, "cac:BillingReferenceLine", "cbc:ID")[0],
        at(own, "cac:InvoiceDocumentReference", "cbc:DocumentStatusCode")[0],
      ]
    : [at(line, document, "ram:ParentLineID")[0], at(line, document, "ram:LineStatusReasonCode")[0]];
}
