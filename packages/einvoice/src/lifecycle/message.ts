import type { Identifier } from "../model/invoice.ts";

/**
 * A life-cycle message (« cycle de vie », CDV): what became of one invoice or several, as platforms tell each other and
 * the state (XP Z12-012, CDAR D22B). Values are the texts as written; a moment is `YYYY-MM-DDThh:mm:ss`, a day
 * `YYYY-MM-DD`. A term that the message leaves out is absent.
 */
export interface LifeCycleMessage {
  /** MDT-2, such as `REGULATED` */ businessProcess?: string;
  /** MDT-3 */ profile?: string;
  /** MDT-4 */ identifier?: string;
  /** MDT-5 */ name?: string;
  /** MDT-8, when the message was made */ createdAt?: string;
  /** MDG-9, the platform or party that sends */ sender?: LifeCycleParty;
  /** The party that gives the status */ issuer?: LifeCycleParty;
  /** Who receives the message */ recipients: LifeCycleParty[];
  /** MDT-74, `true` when it is about several documents */ isMultiple?: string;
  /** MDT-77: `305` transmission between platforms, `23` processing by the parties */ phase?: string;
  /** MDT-78, when the status was given */ statusAt?: string;
  /** One for each invoice */ statuses: InvoiceStatus[];
}

/** Who takes part in the message, or in an invoice that it is about. */
export interface LifeCycleParty {
  /** MDT-19, 38, 57, 129 */ identifiers: Identifier[];
  /** MDT-20, 39, 58 */ name?: string;
  /** MDT-21, 40, 59, 132, 158, UNTDID 3035: `SE` seller, `BY` buyer, `WK` platform, `DFH` the state … */ role?: string;
  /** MDT-73 */ electronicAddress?: Identifier;
}

/** The status of one invoice. */
export interface InvoiceStatus {
  /** MDT-87, BT-1 of the invoice */ invoiceNumber?: string;
  /** MDT-88, UNTDID 4405 */ documentStatusCode?: string;
  /** MDT-91, BT-3 of the invoice */ invoiceType?: string;
  /** MDT-95, when the invoice was received */ receivedAt?: string;
  /** MDT-97, the kind of reference */ referenceType?: string;
  /** MDT-100, BT-2 of the invoice */ invoiceDate?: string;
  /** MDT-105, one of `statusNames` */ status?: string;
  /** MDT-106 */ statusName?: string;
  /** MDT-129, 132, the seller of the invoice */ seller?: LifeCycleParty;
  /** MDT-158, who receives the invoice */ recipients: LifeCycleParty[];
  /** MDG-37 */ details: StatusDetail[];
}

/** MDG-37: why, and what is expected. */
export interface StatusDetail {
  /** MDT-113 */ reasonCode?: string;
  /** MDT-114 */ reason?: string;
  /** MDT-115, where the detail is about another status */ status?: string;
  /** The name of that other status */ statusName?: string;
  /** MDT-121 */ actionCode?: string;
  /** MDT-122 */ action?: string;
  /** MDT-124-2, from 1 */ sequence?: string;
  /** MDT-126 */ notes: string[];
  /** MDG-43 */ characteristics: StatusCharacteristic[];
}

/** MDG-43: a datum of the invoice that is disputed, or an amount paid. */
export interface StatusCharacteristic {
  /** MDT-206, such as `BT-152` */ identifier?: string;
  /** MDT-207, such as `MEN` amount received */ typeCode?: string;
  /** MDT-209, `true` when the value differs from the invoice's */ isChanged?: string;
  /** MDT-211 */ name?: string;
  /** MDT-213, XPath in the invoice */ location?: string;
  /** MDT-214, any other value, such as an account */ value?: string;
  /** MDT-215 */ amount?: string;
  /** Of MDT-215, ISO 4217 */ currency?: string;
  /** MDT-219 */ date?: string;
  /** MDT-224, in percent */ percentage?: string;
}

/** The statuses of the reform (BR-FR-CDV-CL-06), by code, as screens name them. */
export const statusNames: Readonly<Record<string, { fr: string; en: string }>> = {
  200: { fr: "Déposée", en: "Submitted" },
  201: { fr: "Émise par la plateforme", en: "Issued by the platform" },
  202: { fr: "Reçue par la plateforme", en: "Received by the platform" },
  203: { fr: "Mise à disposition", en: "Made available" },
  204: { fr: "Prise en charge", en: "Taken in charge" },
  205: { fr: "Approuvée", en: "Approved" },
  206: { fr: "Approuvée partiellement", en: "Partially approved" },
  207: { fr: "En litige", en: "Disputed" },
  208: { fr: "Suspendue", en: "Suspended" },
  209: { fr: "Complétée", en: "Completed" },
  210: { fr: "Refusée", en: "Refused" },
  211: { fr: "Paiement transmis", en: "Payment sent" },
  212: { fr: "Encaissée", en: "Payment received" },
  213: { fr: "Rejetée", en: "Rejected" },
  214: { fr: "Visée", en: "Endorsed" },
  220: { fr: "Annulée", en: "Cancelled" },
  221: { fr: "Erreur de routage", en: "Routing error" },
  224: { fr: "Demande de paiement direct", en: "Direct payment requested" },
  225: { fr: "Affacturée", en: "Factored" },
  226: { fr: "Affacturée confidentiel", en: "Factored in confidence" },
  227: { fr: "Changement de compte à payer", en: "Change of account to pay" },
  228: { fr: "Non affacturée", en: "Not factored" },
  501: { fr: "Irrecevable", en: "Inadmissible" },
};
