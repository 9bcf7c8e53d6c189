import { typeCodes } from "../checking/fr-ctc/formats.ts";
import { filled, type Rule, type RuleDescription, type RunnableRules, runnable } from "../checking/rule.ts";
import type { Finding } from "../model/finding.ts";
import type { Origins } from "../reading/binding.ts";
import { normalized } from "../xml/tree.ts";
import {
  actionCodes,
  businessProcesses,
  characteristicCodes,
  documentStatusCodes,
  partyRoles,
  publicRefusals,
  reasonCodes,
  reasonedStatuses,
  reasonsByStatus,
  recipientRoles,
  senderRoles,
  statusCodes,
} from "./codes.ts";
import type {
  InvoiceStatus,
  LifeCycleMessage,
  LifeCycleParty,
  StatusCharacteristic,
  StatusDetail,
} from "./message.ts";
import { type LifeCycleReading, readLifeCycle } from "./read.ts";

/** A message with the places of its terms, where it was read. */
interface LifeCycleFacts {
  readonly message: LifeCycleMessage;
  readonly origins: Pick<Origins, "of"> | undefined;
}

type LifeCycleRule<Group> = Rule<Group, LifeCycleFacts>;

/**
 * Every finding of the rules of life-cycle messages (BR-FR-CDV, 1.4.0.03). Bytes that are no such message give the
 * findings that say why; nothing is thrown.
 */
export function checkLifeCycle(source: Uint8Array | string | LifeCycleMessage): Finding[] {
  if (typeof source !== "string" && !(source instanceof Uint8Array))
    return findingsOf({ message: source, origins: undefined });
  const outcome = readLifeCycle(source);
  return outcome.ok ? checkLifeCycleReading(outcome.reading) : outcome.findings;
}

/** Every finding of the BR-FR-CDV rules on a message that was read, with their places. */
export function checkLifeCycleReading(reading: LifeCycleReading): Finding[] {
  return findingsOf(reading);
}

function findingsOf(facts: LifeCycleFacts): Finding[] {
  const findings: Finding[] = [];
  for (const rules of ruleSets) rules.run(facts, (finding) => void findings.push(finding));
  return findings;
}

/** Whether the state, and nobody else, receives the message. */
function isForTheState({ recipients }: LifeCycleMessage): boolean {
  const identifiers = recipients.flatMap((each) => each.identifiers);
  const [only] = identifiers;
  return (
    identifiers.length === 1 &&
    only?.scheme === "0238" &&
    only.value === "0000" &&
    recipients.some((each) => each.role === "DFH")
  );
}

/** A message whose sender is the portal of public buyers. */
function isFromPublicPortal({ sender }: LifeCycleMessage): boolean {
  return (sender?.identifiers ?? []).some((each) => each.scheme === "0238" && each.value === "9999");
}

const isInadmissible = ({ statuses }: LifeCycleMessage): boolean =>
  statuses.some((each) => each.status === "501");

/** The text of a list, for a message. */
const spoken = (codes: ReadonlySet<string>): string => [...codes].join(", ");

/** A rule on one code that is there: it belongs to its list. */
function codeRule<Group>(
  rule: Pick<LifeCycleRule<Group>, "id" | "severity" | "term"> & { field: keyof Group & string },
  codes: ReadonlySet<string>,
  fr: string,
  en: string,
): LifeCycleRule<Group> {
  return {
    ...rule,
    holds: (group) => {
      const code = group[rule.field] as string | undefined;
      return code === undefined || codes.has(code);
    },
    fr: `Choisissez ${fr} (${rule.term}) parmi ${spoken(codes)}.`,
    en: `Choose ${en} (${rule.term}) among ${spoken(codes)}.`,
  };
}

const messageRules: LifeCycleRule<LifeCycleMessage>[] = [
  {
    id: "BR-FR-CDV-01_MDG-3",
    term: "MDT-3",
    field: "profile",
    holds: ({ profile }) => filled(profile),
    fr: "Indiquez le profil du message (MDT-3).",
    en: "Give the profile of the message (MDT-3).",
  },
  {
    id: "BR-FR-CDV-02_MDT-3",
    term: "MDT-3",
    field: "profile",
    holds: (message) =>
      message.profile === "urn.cpro.gouv.fr:1p0:CDV:invoice" ||
      (message.profile === "urn.cpro.gouv.fr:1p0:CDV:einvoicingF2" && isForTheState(message)),
    fr: "Indiquez le profil urn.cpro.gouv.fr:1p0:CDV:invoice (MDT-3), ou …:einvoicingF2 quand le PPF est seul destinataire.",
    en: "Give the profile urn.cpro.gouv.fr:1p0:CDV:invoice (MDT-3), or …:einvoicingF2 when the PPF alone receives it.",
  },
  {
    id: "BR-FR-CDV-03_MDT-4",
    term: "MDT-4",
    field: "identifier",
    holds: ({ identifier }) => identifier !== undefined,
    fr: "Donnez un identifiant au message (MDT-4).",
    en: "Give the message an identifier (MDT-4).",
  },
  {
    id: "BR-FR-CDV-04_MDG-4",
    term: "MDT-8",
    field: "createdAt",
    holds: ({ createdAt }) => filled(createdAt),
    fr: "Indiquez quand le message a été créé (MDT-8).",
    en: "Give the moment when the message was made (MDT-8).",
  },
  {
    id: "BR-FR-CDV-05_MDG-9",
    term: "MDG-9",
    field: "sender",
    holds: ({ sender }) => sender !== undefined,
    fr: "Indiquez qui envoie le message (MDG-9).",
    en: "Give the sender of the message (MDG-9).",
  },
  {
    id: "BR-FR-CDV-06_MDT-21",
    term: "MDT-21",
    holds: ({ sender }) => sender === undefined || filled(sender.role),
    fr: "Indiquez le rôle de l'expéditeur du message (MDT-21).",
    en: "Give the role of the sender of the message (MDT-21).",
  },
  {
    id: "BR-FR-CDV-07_MDT-38_yes",
    term: "MDT-38",
    holds: ({ issuer, phase }) => phase === "305" || issuer === undefined || issuer.identifiers.length > 0,
    fr: "Identifiez la partie qui donne le statut (MDT-38) : le message est en phase de traitement.",
    en: "Identify the party that gives the status (MDT-38): the message is in the phase of processing.",
  },
  {
    id: "BR-FR-CDV-09_MDT-77",
    term: "MDT-77",
    field: "phase",
    holds: ({ phase }) => phase === "23" || phase === "305",
    fr: "Indiquez la phase (MDT-77) : 305 pour la transmission, 23 pour le traitement.",
    en: "Give the phase (MDT-77): 305 for transmission, 23 for processing.",
  },
  {
    id: "BR-FR-CDV-CL-01_MDT-2",
    term: "MDT-2",
    field: "businessProcess",
    holds: (message) =>
      isForTheState(message)
        ? normalized(message.businessProcess ?? "").length <= 3
        : businessProcesses.has(message.businessProcess ?? ""),
    fr: `Choisissez le processus (MDT-2) parmi ${spoken(businessProcesses)} ; pour le PPF seul, trois caractères au plus.`,
    en: `Choose the process (MDT-2) among ${spoken(businessProcesses)}; for the PPF alone, three characters at most.`,
  },
  {
    id: "BR-FR-CDV-CL-02_MDT-21_305",
    term: "MDT-21",
    holds: ({ phase, sender }) => phase !== "305" || sender?.role === "WK",
    fr: "Donnez à l'expéditeur le rôle WK (MDT-21) : le message est en phase de transmission.",
    en: "Give the sender the role WK (MDT-21): the message is in the phase of transmission.",
  },
  {
    id: "BR-FR-CDV-CL-02_MDT-21_23",
    term: "MDT-21",
    holds: ({ phase, sender }) => phase !== "23" || senderRoles.has(sender?.role ?? ""),
    fr: `Choisissez le rôle de l'expéditeur (MDT-21) parmi ${spoken(senderRoles)}.`,
    en: `Choose the role of the sender (MDT-21) among ${spoken(senderRoles)}.`,
  },
  {
    id: "BR-FR-CDV-CL-03_MDT-40_305",
    term: "MDT-40",
    holds: ({ phase, issuer }) => phase !== "305" || issuer?.role === "WK",
    fr: "Donnez à la partie qui donne le statut le rôle WK (MDT-40) : le message est en phase de transmission.",
    en: "Give the party that gives the status the role WK (MDT-40): the message is in the phase of transmission.",
  },
  {
    id: "BR-FR-CDV-CL-03_MDT-40_23",
    term: "MDT-40",
    holds: ({ phase, issuer }) => phase !== "23" || partyRoles.has(issuer?.role ?? ""),
    fr: `Choisissez le rôle de la partie qui donne le statut (MDT-40) parmi ${spoken(partyRoles)}.`,
    en: `Choose the role of the party that gives the status (MDT-40) among ${spoken(partyRoles)}.`,
  },
];

const recipientRules: LifeCycleRule<LifeCycleParty>[] = [
  {
    id: "BR-FR-CDV-08_MDT-73",
    term: "MDT-73",
    field: "electronicAddress",
    holds: ({ role, electronicAddress }) =>
      role === "WK" || role === "DFH" || electronicAddress !== undefined,
    fr: "Indiquez l'adresse électronique du destinataire (MDT-73) : il n'est ni une plateforme ni le PPF.",
    en: "Give the electronic address of the recipient (MDT-73): it is neither a platform nor the PPF.",
  },
  codeRule(
    { id: "BR-FR-CDV-CL-04_MDT-59", term: "MDT-59", field: "role" },
    recipientRoles,
    "le rôle du destinataire",
    "the role of the recipient",
  ),
];

const statusRules: LifeCycleRule<InvoiceStatus>[] = [
  codeRule(
    { id: "BR-FR-04_MDT-91", term: "MDT-91", field: "invoiceType" },
    typeCodes,
    "le type de la facture",
    "the type of the invoice",
  ),
  {
    id: "BR-FR-CDV-10_MDT-87",
    term: "MDT-87",
    field: "invoiceNumber",
    holds: ({ invoiceNumber }) => filled(invoiceNumber),
    fr: "Indiquez le numéro de la facture dont il s'agit (MDT-87).",
    en: "Give the number of the invoice concerned (MDT-87).",
  },
  {
    id: "BR-FR-CDV-11_MDG-35",
    term: "MDT-100",
    field: "invoiceDate",
    holds: ({ invoiceDate }, { message }) => invoiceDate !== undefined || isInadmissible(message),
    fr: "Indiquez la date de la facture dont il s'agit (MDT-100).",
    en: "Give the date of the invoice concerned (MDT-100).",
  },
  {
    id: "BR-FR-CDV-12_MDT-105",
    term: "MDT-105",
    field: "status",
    holds: ({ status }) => status !== undefined,
    fr: "Indiquez le statut de la facture (MDT-105).",
    en: "Give the status of the invoice (MDT-105).",
  },
  {
    id: "BR-FR-CDV-13_MDT-129",
    term: "MDT-129",
    holds: ({ seller }, { message }) =>
      seller === undefined || seller.identifiers.length > 0 || isInadmissible(message),
    fr: "Identifiez le vendeur de la facture (MDT-129), comme en BT-30.",
    en: "Identify the seller of the invoice (MDT-129), as in BT-30.",
  },
  {
    id: "BR-FR-CDV-14_MDT-207",
    term: "MDT-207",
    holds: ({ status, details }) => {
      if (status !== "212") return true;
      const received = details
        .flatMap((detail) => detail.characteristics)
        .filter((each) => each.typeCode === "MEN");
      return (
        received.length > 0 &&
        received.every((each) => each.amount !== undefined && each.percentage !== undefined)
      );
    },
    fr: "Indiquez le montant encaissé (MDT-207 = MEN, MDT-215) pour chaque taux de TVA (MDT-224).",
    en: "Give the amount received (MDT-207 = MEN, MDT-215) for each VAT rate (MDT-224).",
  },
  {
    id: "BR-FR-CDV-15_MDT-113",
    term: "MDT-113",
    holds: ({ status, details }) =>
      !reasonedStatuses.has(status ?? "") || details.some((detail) => detail.reasonCode !== undefined),
    fr: "Donnez le motif (MDT-113) : ce statut l'exige.",
    en: "Give the reason (MDT-113): this status needs one.",
  },
  ...(["305", "23"] as const).map(
    (phase): LifeCycleRule<InvoiceStatus> => ({
      id: `BR-FR-CDV-CL-05_MDT-88_${phase}`,
      term: "MDT-88",
      field: "documentStatusCode",
      holds: ({ documentStatusCode: code }, { message }) =>
        message.phase !== phase || code === undefined || documentStatusCodes[phase].has(code),
      fr: `Choisissez le code de statut du document (MDT-88) parmi ${spoken(documentStatusCodes[phase])}, en phase ${phase}.`,
      en: `Choose the document status code (MDT-88) among ${spoken(documentStatusCodes[phase])}, in phase ${phase}.`,
    }),
  ),
  codeRule(
    { id: "BR-FR-CDV-CL-06_MDT-105", severity: "warning", term: "MDT-105", field: "status" },
    statusCodes,
    "le statut",
    "the status",
  ),
  {
    id: "BR-FR-CDV-CL-07_MDT-132",
    term: "MDT-132",
    holds: ({ seller }) => seller?.role === undefined || seller.role === "SE",
    fr: "Donnez au vendeur de la facture le rôle SE (MDT-132).",
    en: "Give the seller of the invoice the role SE (MDT-132).",
  },
];

/** BR-FR-CDV-CL-09: the reasons that one status allows. */
function reasonRule(
  status: string,
  suffix: string,
  reasons: ReadonlySet<string>,
  applies: (message: LifeCycleMessage) => boolean,
): LifeCycleRule<StatusDetail> {
  return {
    id: `BR-FR-CDV-CL-09_MDT-113_${suffix}`,
    term: "MDT-113",
    field: "reasonCode",
    holds: (detail, { message }) =>
      detail.reasonCode === undefined ||
      statusOf(detail, message) !== status ||
      !applies(message) ||
      reasons.has(detail.reasonCode),
    fr: `Choisissez le motif du statut ${status} (MDT-113) parmi ${spoken(reasons)}.`,
    en: `Choose the reason of status ${status} (MDT-113) among ${spoken(reasons)}.`,
  };
}

/** The status that a detail is about: its own, or that of its invoice. */
function statusOf(detail: StatusDetail, { statuses }: LifeCycleMessage): string | undefined {
  return detail.status ?? statuses.find((each) => each.details.includes(detail))?.status;
}

const detailRules: LifeCycleRule<StatusDetail>[] = [
  {
    id: "BR-FR-CDV-16_MDT-124-2",
    term: "MDT-124-2",
    field: "sequence",
    holds: ({ sequence }) => sequence !== undefined,
    fr: "Numérotez le détail du statut (MDT-124-2).",
    en: "Number the detail of the status (MDT-124-2).",
  },
  codeRule(
    { id: "BR-FR-CDV-CL-06_MDT-115", severity: "warning", term: "MDT-115", field: "status" },
    statusCodes,
    "le statut du détail",
    "the status of the detail",
  ),
  codeRule(
    { id: "BR-FR-CDV-CL-09_MDT-113", term: "MDT-113", field: "reasonCode" },
    reasonCodes,
    "le motif",
    "the reason",
  ),
  ...Object.entries(reasonsByStatus).map(([status, reasons]) =>
    reasonRule(status, status, reasons, (message) => status !== "210" || !isFromPublicPortal(message)),
  ),
  reasonRule("210", "210B2G", publicRefusals, isFromPublicPortal),
  codeRule(
    { id: "BR-FR-CDV-CL-10_MDT-121", term: "MDT-121", field: "actionCode" },
    actionCodes,
    "l'action attendue",
    "the action expected",
  ),
];

const ruleSets: readonly RunnableRules<LifeCycleFacts>[] = [
  runnable({ groups: ({ message }) => [message], rules: messageRules }),
  runnable({ groups: ({ message }) => message.recipients, rules: recipientRules }),
  runnable({ groups: ({ message }) => message.statuses, rules: statusRules }),
  runnable({
    groups: ({ message }) => message.statuses.flatMap((status) => status.recipients),
    rules: [
      codeRule<LifeCycleParty>(
        { id: "BR-FR-CDV-CL-08_MDT-158", term: "MDT-158", field: "role" },
        recipientRoles,
        "le rôle du destinataire de la facture",
        "the role of the invoice's recipient",
      ),
    ],
  }),
  runnable({
    groups: ({ message }) => message.statuses.flatMap((status) => status.details),
    rules: detailRules,
  }),
  runnable({
    groups: ({ message }) =>
      message.statuses.flatMap((status) => status.details.flatMap((detail) => detail.characteristics)),
    rules: [
      codeRule<StatusCharacteristic>(
        { id: "BR-FR-CDV-CL-11_MDT-207", term: "MDT-207", field: "typeCode" },
        characteristicCodes,
        "le type de la donnée",
        "the type of the datum",
      ),
    ],
  }),
];

/** Every rule of life-cycle messages, as its documentation lists them. */
export const lifeCycleRules: readonly RuleDescription[] = ruleSets.flatMap((rules) => rules.descriptions);
