import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type PersonFacts = {
  readonly accountId: number | null;
  readonly address: string;
  readonly firstName: string;
  readonly name: string;
};
export type MembershipFacts = {
  readonly structureName: string;
  readonly person: PersonFacts;
  /** What was given, in words: « Comptable, sur FI_SGPI ». */
  readonly given?: string;
  readonly requestId?: number;
  readonly askedAt?: Date;
  readonly membershipId?: number;
  readonly message?: string;
  /** The proved e-mail domain by which the portal approved by itself, or that an address left (MEM-20). */
  readonly domain?: string;
};

const sentences = {
  MembershipRequested: "a demandé à rejoindre la structure",
  MembershipRefusalAnswered: "a répondu au refus de sa demande",
  MembershipAnswerersReminded: "a relancé ceux qui peuvent répondre à sa demande",
  MembershipRequestWithdrawn: "a retiré sa demande de rattachement",
  MembershipRequestApproved: "a accepté la demande de",
  MembershipRequestRefused: "a refusé la demande de",
  MembershipRequestReminded: "a rappelé, faute de réponse, la demande de",
  MembershipRequestExpired: "a laissé expirer la demande de",
  UserAttached: "a rattaché",
  UserInvited: "a invité",
  InvitationAccepted: "a accepté l'invitation",
  InvitationRevoked: "a annulé l'invitation de",
  MembershipSuspended: "a suspendu l'accès de",
  MembershipDisowned: "ne connaît pas la structure et a suspendu son rattachement",
  MembershipResumed: "a rétabli l'accès de",
  MembershipKept: "a confirmé le rattachement de",
  MembershipEndChanged: "a changé la fin d'accès de",
  MembershipExpiring: "a annoncé la fin d'accès de",
  MembershipExpired: "a mis fin, à sa date, à l'accès de",
  MembershipAddressLeftDomains: "a pris une adresse de connexion hors des domaines de messagerie prouvés",
  UserDetached: "a détaché",
  MemberLeft: "a quitté la structure",
  GrantsChanged: "a changé les droits de",
  MainManagerAbsent: "a signalé la longue absence, comme gestionnaire principal, de",
  MainManagerRenounced: "a renoncé au rôle de gestionnaire principal",
} as const;

export type MembershipEventType = keyof typeof sentences;
export type MembershipEvent<T extends MembershipEventType = MembershipEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: MembershipFacts;
};

/** Something that happened to a person in a structure. The sentence names her unless she is the one who acts. */
export function membershipEvent<T extends MembershipEventType>(
  type: T,
  structureId: number,
  facts: MembershipFacts,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after" | "reason"> = {},
): MembershipEvent<T> {
  const isAboutActor = !/( de| attaché| invité| rattaché| détaché)$/.test(sentences[type]);
  return {
    type,
    structureId,
    actor,
    sentence: isAboutActor ? sentences[type] : `${sentences[type]} ${facts.person.name}`,
    object: { kind: "person", id: facts.person.accountId, label: facts.person.name },
    facts,
    ...more,
  };
}
