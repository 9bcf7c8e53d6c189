import type { Identifier } from "../model/invoice.ts";
import type {
  InvoiceStatus,
  LifeCycleMessage,
  LifeCycleParty,
  StatusCharacteristic,
  StatusDetail,
} from "./message.ts";

/**
 * Writes a life-cycle message as CDAR D22B, in UTF-8, its elements in the order of the schema. Reading what is written
 * gives the same message back.
 */
export function writeLifeCycle(message: LifeCycleMessage): string {
  const content = [
    tag("rsm:ExchangedDocumentContext", [
      parameter("ram:BusinessProcessSpecifiedDocumentContextParameter", message.businessProcess),
      parameter("ram:GuidelineSpecifiedDocumentContextParameter", message.profile),
    ]),
    tag("rsm:ExchangedDocument", [
      text("ram:ID", message.identifier),
      text("ram:Name", message.name),
      moment("ram:IssueDateTime", "udt", message.createdAt),
      party("ram:SenderTradeParty", message.sender),
      party("ram:IssuerTradeParty", message.issuer),
      ...message.recipients.map((each) => party("ram:RecipientTradeParty", each)),
    ]),
    tag("rsm:AcknowledgementDocument", [
      indicator("ram:MultipleReferencesIndicator", "udt:Indicator", message.isMultiple),
      text("ram:TypeCode", message.phase),
      moment("ram:IssueDateTime", "udt", message.statusAt),
      ...message.statuses.map(status),
    ]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossDomainAcknowledgementAndResponse ${namespaces}>${content.join("")}</rsm:CrossDomainAcknowledgementAndResponse>\n`;
}

const namespaces = [
  'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"',
  'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"',
  'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"',
  'xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"',
].join(" ");

function status(each: InvoiceStatus): string {
  return tag("ram:ReferenceReferencedDocument", [
    text("ram:IssuerAssignedID", each.invoiceNumber),
    text("ram:StatusCode", each.documentStatusCode),
    text("ram:TypeCode", each.invoiceType),
    moment("ram:ReceiptDateTime", "udt", each.receivedAt),
    text("ram:ReferenceTypeCode", each.referenceType),
    moment("ram:FormattedIssueDateTime", "qdt", each.invoiceDate),
    text("ram:ProcessConditionCode", each.status),
    text("ram:ProcessCondition", each.statusName),
    party("ram:IssuerTradeParty", each.seller),
    ...each.recipients.map((recipient) => party("ram:RecipientTradeParty", recipient)),
    ...each.details.map(detail),
  ]);
}

function detail(each: StatusDetail): string {
  return tag("ram:SpecifiedDocumentStatus", [
    text("ram:ReasonCode", each.reasonCode),
    text("ram:Reason", each.reason),
    text("ram:ProcessConditionCode", each.status),
    text("ram:ProcessCondition", each.statusName),
    text("ram:RequestedActionCode", each.actionCode),
    text("ram:RequestedAction", each.action),
    text("ram:SequenceNumeric", each.sequence),
    ...each.notes.map((note) => tag("ram:IncludedNote", [text("ram:Content", note)])),
    ...each.characteristics.map(characteristic),
  ]);
}

function characteristic(each: StatusCharacteristic): string {
  const currency: Record<string, string> = each.currency === undefined ? {} : { currencyID: each.currency };
  return tag("ram:SpecifiedDocumentCharacteristic", [
    text("ram:ID", each.identifier),
    text("ram:TypeCode", each.typeCode),
    indicator("ram:ValueChangedIndicator", "udt:IndicatorString", each.isChanged),
    text("ram:Name", each.name),
    text("ram:Location", each.location),
    text("ram:Value", each.value),
    text("ram:ValueAmount", each.amount, currency),
    moment("ram:ValueDateTime", "udt", each.date),
    text("ram:ValuePercent", each.percentage),
  ]);
}

function party(name: string, each: LifeCycleParty | undefined): string {
  if (!each) return "";
  const { electronicAddress: address } = each;
  return tag(name, [
    ...each.identifiers.map((identifier) => identified("ram:GlobalID", identifier)),
    text("ram:Name", each.name),
    text("ram:RoleCode", each.role),
    address ? tag("ram:URIUniversalCommunication", [identified("ram:URIID", address)]) : "",
  ]);
}

function identified(name: string, { value, scheme }: Identifier): string {
  return text(name, value, scheme === undefined ? {} : { schemeID: scheme });
}

function parameter(name: string, value: string | undefined): string {
  return value === undefined ? "" : tag(name, [text("ram:ID", value)]);
}

function indicator(name: string, inner: string, value: string | undefined): string {
  return value === undefined ? "" : tag(name, [text(inner, value)]);
}

/** A day in format 102, a moment in format 204; a text that is neither is written as it is, in format 102. */
function moment(name: string, prefix: "udt" | "qdt", value: string | undefined): string {
  if (value === undefined) return "";
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value);
  const isKnown = isMoment || /^\d{4}-\d\d-\d\d$/.test(value);
  const written = isKnown ? value.replace(/[-:T]/g, "") : value;
  return tag(name, [text(`${prefix}:DateTimeString`, written, { format: isMoment ? "204" : "102" })]);
}

function tag(name: string, children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

function text(
  name: string,
  value: string | undefined,
  attributes: Readonly<Record<string, string>> = {},
): string {
  if (value === undefined) return "";
  const written = Object.entries(attributes).map(
    ([key, each]) => ` ${key}="${escaped(each).replace(/[\t\n]/g, (sign) => `&#${sign.charCodeAt(0)};`)}"`,
  );
  return `<${name}${written.join("")}>${escaped(value)}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Without the characters that XML 1.0 forbids; a carriage return survives as a reference. */
function escaped(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
    .replace(/\r/g, "&#13;");
}
