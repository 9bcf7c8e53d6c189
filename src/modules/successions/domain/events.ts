import type { Actor, DomainEvent } from "../../../platform/events.ts";

/** A service as a succession names it. */
export type NamedService = { readonly id: number; readonly code: string };

export type SuccessionFacts = {
  readonly structureName: string;
  readonly successor: NamedService;
  readonly closing: readonly NamedService[];
  readonly at: Date;
  /** Those whose rights followed, or came back. */
  readonly people: readonly string[];
  /** Those whose rights did not all follow. */
  readonly leftOut: readonly string[];
  /** What an undoing left as somebody had changed it, in sentences. */
  readonly leftAsIs: readonly string[];
};

const sentences = {
  SuccessionPlanned: (codes: string, by: string) => `a prévu le remplacement de ${codes} par ${by}`,
  SuccessionDone: (codes: string, by: string) => `a remplacé ${codes} par ${by}`,
  SuccessionCancelled: (codes: string, by: string) => `a renoncé au remplacement de ${codes} par ${by}`,
  SuccessionUndone: (codes: string, by: string) => `a annulé le remplacement de ${codes} par ${by}`,
} as const;

export type SuccessionEventType = keyof typeof sentences;
export type SuccessionEvent = DomainEvent & {
  readonly type: SuccessionEventType;
  readonly structureId: number;
  readonly facts: SuccessionFacts;
};

export const codesOf = (services: readonly NamedService[]): string =>
  services.map((one) => one.code).join(", ");

/** A step of a succession, kept with the service that succeeds. */
export function successionEvent(
  type: SuccessionEventType,
  structureId: number,
  facts: SuccessionFacts,
  actor: Actor,
): SuccessionEvent {
  const { successor, closing, at, people, leftOut, leftAsIs } = facts;
  return {
    type,
    structureId,
    actor,
    sentence: sentences[type](codesOf(closing), successor.code),
    object: { kind: "service", id: successor.id, label: successor.code },
    after: {
      date: at,
      services: closing.map((one) => one.code),
      personnes: people,
      sansTousLeursDroits: leftOut,
      restéTelQuel: leftAsIs,
    },
    facts,
  };
}

/** The same step, kept with one of the services that it closes or opens again. */
export function closingEvent(
  type: "ServiceReplaced" | "ServiceGivenBack",
  structureId: number,
  service: NamedService,
  successor: NamedService,
  actor: Actor,
  change: Required<Pick<DomainEvent, "before" | "after">>,
): DomainEvent {
  return {
    type,
    structureId,
    actor,
    sentence:
      type === "ServiceReplaced"
        ? `a donné ${successor.code} pour successeur au service ${service.code}`
        : `a rendu ses dates au service ${service.code}, que ${successor.code} remplaçait`,
    object: { kind: "service", id: service.id, label: service.code },
    ...change,
  };
}

export type FollowedFacts = {
  readonly structureName: string;
  readonly successor: NamedService;
  readonly closing: readonly NamedService[];
  readonly person: {
    readonly accountId: number | null;
    readonly address: string;
    readonly firstName: string;
    readonly name: string;
  };
};

export type FollowedEvent<
  T extends "RightsFollowed" | "RightsReturned" = "RightsFollowed" | "RightsReturned",
> = DomainEvent & { readonly type: T; readonly structureId: number; readonly facts: FollowedFacts };

/** The rights of one person follow her to the successor, or come back. */
export function followedEvent<T extends "RightsFollowed" | "RightsReturned">(
  type: T,
  structureId: number,
  facts: FollowedFacts,
  actor: Actor,
  change: Required<Pick<DomainEvent, "before" | "after">>,
): FollowedEvent<T> {
  return {
    type,
    structureId,
    actor,
    sentence:
      type === "RightsFollowed"
        ? `a fait suivre sur ${facts.successor.code} les droits de ${facts.person.name}`
        : `a retiré de ${facts.successor.code} les droits qui y avaient suivi ${facts.person.name}`,
    object: { kind: "person", id: facts.person.accountId, label: facts.person.name },
    facts,
    ...change,
  };
}
