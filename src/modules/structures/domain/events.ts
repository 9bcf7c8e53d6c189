import type { Actor, DomainEvent } from "../../../platform/events.ts";
import { postmasterOf } from "./email-domain.ts";
import type { ServiceNotice } from "./service-notice.ts";

export type StructureFacts = { readonly structureId: number; readonly structureName: string };
/** What an event tells of its structure, and the mails with it. */
export const structureFacts = (structure: {
  readonly id: number;
  readonly displayName: string;
}): StructureFacts => ({ structureId: structure.id, structureName: structure.displayName });

/** A code on its way to the official address of a structure. */
export type ProofCodeSent = DomainEvent & {
  readonly structureId: number;
  readonly facts: StructureFacts;
  readonly transient: { readonly code: string; readonly address: string };
};
/** § 7.6. A main manager asks that a public structure be deactivated: those who may agree are told. */
export type DeactivationAsked = DomainEvent & {
  readonly type: "DeactivationAsked";
  readonly structureId: number;
  readonly facts: StructureFacts;
  readonly transient: { readonly operators: readonly string[] };
};
export type ServiceFacts = StructureFacts & { readonly serviceId: number; readonly code: string };

export function structureEvent(
  type:
    | "StructureCreated"
    | "StructureListed"
    | "StructureChanged"
    | "StructureDeactivated"
    | "StructureReactivated"
    | "StructureArchived"
    | "DeactivationAsked"
    | "DeactivationWithdrawn"
    | "DeactivationRefused"
    | "DeactivationLapsed"
    | "StructureProved"
    | "OfficialAddressKept"
    | "ProofCodeSent"
    | "ProofCodeMistyped"
    | "StructureIdentified"
    | "StructureStillUnregistered"
    | "StructureInRegister"
    | "StructureNotInRegister"
    | "StructureUpdatedFromRegister"
    | "IdentifierChangePlanned"
    | "IdentifierChangeCancelled"
    | "IdentifierChangeFailed"
    | "IdentifierChangeUndone"
    | "DomainApprovalChanged"
    | "StructureReplaced"
    | "StructureCopied",
  structure: StructureFacts,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after" | "reason" | "onBehalfOf" | "transient"> = {},
): DomainEvent {
  const sentence = {
    StructureCreated: `a créé la structure ${structure.structureName}`,
    StructureListed: `a ajouté ${structure.structureName} à l'annuaire`,
    StructureChanged: `a modifié la structure ${structure.structureName}`,
    StructureDeactivated: `a désactivé la structure ${structure.structureName}`,
    StructureReactivated: `a réactivé la structure ${structure.structureName}`,
    StructureArchived: `a archivé la structure ${structure.structureName}`,
    DeactivationAsked: `a demandé à l'opérateur de désactiver ${structure.structureName}`,
    DeactivationWithdrawn: `a retiré la demande de désactivation de ${structure.structureName}`,
    DeactivationRefused: `a refusé de désactiver ${structure.structureName}`,
    DeactivationLapsed: `a rendu sans objet la demande de désactivation de ${structure.structureName}`,
    StructureProved: `a confirmé le gestionnaire de ${structure.structureName}`,
    OfficialAddressKept: `a enregistré l'adresse officielle de ${structure.structureName}`,
    ProofCodeSent: `a fait envoyer un code à l'adresse officielle de ${structure.structureName}`,
    ProofCodeMistyped: `a tapé un code faux pour vérifier ${structure.structureName}`,
    DomainApprovalChanged: `a changé ce que donne un domaine prouvé de ${structure.structureName}`,
    StructureIdentified: `a donné son SIRET à ${structure.structureName}`,
    StructureStillUnregistered: `a rappelé que ${structure.structureName} attend son SIRET`,
    StructureInRegister: `a vérifié ${structure.structureName} auprès du répertoire national`,
    StructureReplaced: `a changé l'identifiant de ${structure.structureName} : une copie la remplace`,
    StructureCopied: `a créé ${structure.structureName} par copie, sous un nouvel identifiant`,
    StructureUpdatedFromRegister: `a mis à jour ${structure.structureName} depuis le répertoire national`,
    IdentifierChangePlanned: `a prévu de changer l'identifiant de ${structure.structureName}`,
    IdentifierChangeCancelled: `a annulé le changement d'identifiant prévu pour ${structure.structureName}`,
    IdentifierChangeFailed: `n'a pas pu changer l'identifiant de ${structure.structureName}, comme prévu`,
    IdentifierChangeUndone: `a défait le changement d'identifiant de ${structure.structureName}`,
    StructureNotInRegister: `n'a pas trouvé ${structure.structureName} ouverte dans le répertoire national`,
  }[type];
  return {
    type,
    structureId: structure.structureId,
    actor,
    sentence,
    object: { kind: "structure", id: structure.structureId, label: structure.structureName },
    facts: structure,
    ...more,
  };
}

/** A step of the proof of an e-mail domain. */
export type EmailDomainEvent = DomainEvent & {
  readonly structureId: number;
  readonly facts: StructureFacts & { readonly domain: string };
};
/** A code on its way to the postmaster of a domain. */
export type DomainCodeSent = EmailDomainEvent & { readonly transient: { readonly code: string } };

export function emailDomainEvent(
  type:
    | "EmailDomainAdded"
    | "DomainCodeSent"
    | "DomainCodeMistyped"
    | "EmailDomainProved"
    | "EmailDomainWithdrawn",
  facts: EmailDomainEvent["facts"],
  actor: Actor,
  reason?: string,
): EmailDomainEvent {
  const sentence = {
    EmailDomainAdded: `a ajouté, à prouver, le domaine de messagerie ${facts.domain}`,
    DomainCodeSent: `a fait envoyer un code à ${postmasterOf(facts.domain)}`,
    DomainCodeMistyped: `a tapé un code faux pour prouver le domaine de messagerie ${facts.domain}`,
    EmailDomainProved: `a prouvé le domaine de messagerie ${facts.domain}`,
    EmailDomainWithdrawn: `a retiré le domaine de messagerie ${facts.domain}`,
  }[type];
  return {
    type,
    structureId: facts.structureId,
    actor,
    sentence,
    object: { kind: "structure", id: facts.structureId, label: facts.structureName },
    ...(reason ? { reason } : {}),
    facts,
  };
}

const noticeSentences: { readonly [N in ServiceNotice]: (code: string) => string } = {
  started: (code) => `a ouvert, à sa date, le service ${code}`,
  endsIn30: (code) => `a annoncé, à trente jours, la fin du service ${code}`,
  endsIn7: (code) => `a annoncé, à sept jours, la fin du service ${code}`,
  endsIn1: (code) => `a annoncé, à un jour, la fin du service ${code}`,
  ended: (code) => `a fermé, à sa date, le service ${code}`,
};

/** N-28. What is told of a service whose dates come. */
export type ServiceNoticed = DomainEvent & {
  readonly type: "ServiceNoticed";
  readonly structureId: number;
  readonly facts: ServiceFacts & {
    readonly notice: ServiceNotice;
    readonly endsAt: Date | null;
    /** The service that takes its place then, if any. */
    readonly successorCode: string | null;
  };
};

export function serviceNoticed(facts: ServiceNoticed["facts"], actor: Actor): ServiceNoticed {
  return {
    type: "ServiceNoticed",
    structureId: facts.structureId,
    actor,
    sentence: noticeSentences[facts.notice](facts.code),
    object: { kind: "service", id: facts.serviceId, label: facts.code },
    facts,
  };
}

export function serviceEvent(
  type: "ServiceCreated" | "ServiceChanged" | "ServiceDisabled" | "ServiceEnabled" | "ServiceDeleted",
  service: ServiceFacts,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  const sentence = {
    ServiceCreated: `a créé le service ${service.code}`,
    ServiceChanged: `a modifié le service ${service.code}`,
    ServiceDisabled: `a désactivé le service ${service.code}`,
    ServiceEnabled: `a activé le service ${service.code}`,
    ServiceDeleted: `a supprimé le service ${service.code}, jamais utilisé`,
  }[type];
  return {
    type,
    structureId: service.structureId,
    actor,
    sentence,
    object: { kind: "service", id: service.serviceId, label: service.code },
    facts: service,
    ...more,
  };
}
