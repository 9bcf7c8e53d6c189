import type { Finding } from "../model/finding.ts";
import { readTree, refusedRoot } from "../read.ts";
import {
  type Binding,
  bind,
  binding,
  groupAs,
  identifierAs,
  identifierIn,
  inside,
  listAs,
  Origins,
  type Take,
} from "../reading/binding.ts";
import { at, type XmlElement } from "../xml/tree.ts";
import type {
  InvoiceStatus,
  LifeCycleMessage,
  LifeCycleParty,
  StatusCharacteristic,
  StatusDetail,
} from "./message.ts";

/** A life-cycle message read, with the places of its terms and what the model has no term for. */
export interface LifeCycleReading {
  readonly message: LifeCycleMessage;
  readonly root: XmlElement;
  readonly origins: Origins;
  readonly unread: XmlElement[];
}

/** A life-cycle message, or findings that say why the bytes are none. */
export type LifeCycleOutcome = { ok: true; reading: LifeCycleReading } | { ok: false; findings: Finding[] };

/** Reads a life-cycle message (CDAR D22B). Never throws: what cannot be read comes back as findings. */
export function readLifeCycle(source: Uint8Array | string): LifeCycleOutcome {
  const tree = readTree(source);
  if (!tree.ok) return tree;
  const { root } = tree;
  if (root.name !== "cdar:CrossDomainAcknowledgementAndResponse")
    return refusedRoot(root, "NOT_A_LIFE_CYCLE_MESSAGE", notALifeCycleMessage);
  const sources = { origins: new Origins(), unread: [] };
  const message = bind(root, { recipients: [], statuses: [] }, document, sources);
  return { ok: true, reading: { message, root, ...sources } };
}

const notALifeCycleMessage = {
  fr: "Ce fichier XML n'est pas un message de cycle de vie : envoyez un CrossDomainAcknowledgementAndResponse.",
  en: "This XML file is not a life-cycle message: send a CrossDomainAcknowledgementAndResponse.",
};

/** A date of format 102 (CCYYMMDD) or 204 (CCYYMMDDhhmmss); one of another format as written. */
function momentAs<Group extends object>(term: keyof Group & string): Take<Group> {
  return (element, group, { origins, unread }) => {
    const [text] = element.children.filter((each) => /^[uq]dt:DateTimeString$/.test(each.name));
    if (!text || group[term] !== undefined) {
      unread.push(element);
      return;
    }
    group[term] = moment(text.text) as Group[typeof term];
    origins.open(group, element)[term] = text;
  };
}

function moment(text: string): string {
  const [, year, month, day, hour, minute, second] =
    /^\s*(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?\s*$/.exec(text) ?? [];
  if (year === undefined) return text;
  return `${year}-${month}-${day}${hour === undefined ? "" : `T${hour}:${minute}:${second}`}`;
}

/** An indicator: its text, whichever of the two elements holds it. */
function indicatorAs<Group extends object>(term: keyof Group & string): Take<Group> {
  return inside<Group>(
    binding<Group>({ "udt:Indicator": term, "udt:IndicatorString": term } as Record<string, Take<Group>>),
  );
}

const emptyParty = (): LifeCycleParty => ({ identifiers: [] });

const party: Binding<LifeCycleParty> = binding({
  "ram:GlobalID": identifierIn((group) => group.identifiers),
  "ram:Name": "name",
  "ram:RoleCode": "role",
  "ram:URIUniversalCommunication": inside(
    binding<LifeCycleParty>({ "ram:URIID": identifierAs("electronicAddress") }),
  ),
});

const characteristic: Binding<StatusCharacteristic> = binding({
  "ram:ID": "identifier",
  "ram:TypeCode": "typeCode",
  "ram:ValueChangedIndicator": indicatorAs("isChanged"),
  "ram:Name": "name",
  "ram:Location": "location",
  "ram:Value": "value",
  "ram:ValueAmount": (element, group, sources) => {
    if (group.amount !== undefined) {
      sources.unread.push(element);
      return;
    }
    group.amount = element.text;
    const currency = element.attributes["currencyID"];
    if (currency !== undefined) group.currency = currency;
    sources.origins.open(group, element)["amount"] = element;
  },
  "ram:ValueDateTime": momentAs("date"),
  "ram:ValuePercent": "percentage",
});

const detail: Binding<StatusDetail> = binding({
  "ram:ReasonCode": "reasonCode",
  "ram:Reason": "reason",
  "ram:ProcessConditionCode": "status",
  "ram:ProcessCondition": "statusName",
  "ram:RequestedActionCode": "actionCode",
  "ram:RequestedAction": "action",
  "ram:SequenceNumeric": "sequence",
  "ram:IncludedNote": (element, group) => {
    group.notes.push(...at(element, "ram:Content").map((content) => content.text));
  },
  "ram:SpecifiedDocumentCharacteristic": listAs(
    (group: StatusDetail) => group.characteristics,
    () => ({}),
    characteristic,
  ),
});

const status: Binding<InvoiceStatus> = binding({
  "ram:IssuerAssignedID": "invoiceNumber",
  "ram:StatusCode": "documentStatusCode",
  "ram:TypeCode": "invoiceType",
  "ram:ReceiptDateTime": momentAs("receivedAt"),
  "ram:ReferenceTypeCode": "referenceType",
  "ram:FormattedIssueDateTime": momentAs("invoiceDate"),
  "ram:ProcessConditionCode": "status",
  "ram:ProcessCondition": "statusName",
  "ram:IssuerTradeParty": groupAs("seller", emptyParty, party),
  "ram:RecipientTradeParty": listAs((group: InvoiceStatus) => group.recipients, emptyParty, party),
  "ram:SpecifiedDocumentStatus": listAs(
    (group: InvoiceStatus) => group.details,
    () => ({ notes: [], characteristics: [] }),
    detail,
  ),
});

const document: Binding<LifeCycleMessage> = binding({
  "cdar:ExchangedDocumentContext": inside(
    binding<LifeCycleMessage>({
      "ram:BusinessProcessSpecifiedDocumentContextParameter": inside(
        binding<LifeCycleMessage>({ "ram:ID": "businessProcess" }),
      ),
      "ram:GuidelineSpecifiedDocumentContextParameter": inside(
        binding<LifeCycleMessage>({ "ram:ID": "profile" }),
      ),
    }),
  ),
  "cdar:ExchangedDocument": inside(
    binding<LifeCycleMessage>({
      "ram:ID": "identifier",
      "ram:Name": "name",
      "ram:IssueDateTime": momentAs("createdAt"),
      "ram:SenderTradeParty": groupAs("sender", emptyParty, party),
      "ram:IssuerTradeParty": groupAs("issuer", emptyParty, party),
      "ram:RecipientTradeParty": listAs((message: LifeCycleMessage) => message.recipients, emptyParty, party),
    }),
  ),
  "cdar:AcknowledgementDocument": inside(
    binding<LifeCycleMessage>({
      "ram:MultipleReferencesIndicator": indicatorAs("isMultiple"),
      "ram:TypeCode": "phase",
      "ram:IssueDateTime": momentAs("statusAt"),
      "ram:ReferenceReferencedDocument": listAs(
        (message: LifeCycleMessage) => message.statuses,
        () => ({ recipients: [], details: [] }),
        status,
      ),
    }),
  ),
});
