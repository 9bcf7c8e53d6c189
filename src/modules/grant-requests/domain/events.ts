import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type GrantRequestFacts = {
  readonly structureName: string;
  readonly requestId: number;
  /** What is asked, in words: « Factures reçues, en modification ». */
  readonly asked: string;
  readonly message: string;
  readonly person: {
    readonly accountId: number | null;
    readonly address: string;
    readonly firstName: string;
    readonly name: string;
  };
};

const sentences = {
  GrantRequested: "a demandé l'habilitation",
  GrantRequestWithdrawn: "a retiré sa demande d'habilitation",
  GrantRequestApproved: "a accepté la demande d'habilitation de",
  GrantRequestRefused: "a refusé la demande d'habilitation de",
  GrantRequestExpired: "a laissé expirer la demande d'habilitation de",
} as const;

export type GrantRequestEventType = keyof typeof sentences;
export type GrantRequestEvent<T extends GrantRequestEventType = GrantRequestEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: GrantRequestFacts;
};

/** A step of a request for rights, told with who asks unless she is the one who acts. */
export function grantRequestEvent<T extends GrantRequestEventType>(
  type: T,
  structureId: number,
  facts: GrantRequestFacts,
  actor: Actor,
  reason?: string,
): GrantRequestEvent<T> {
  const who = sentences[type].endsWith(" de") ? `${facts.person.name} : ` : "";
  return {
    type,
    structureId,
    actor,
    sentence: `${sentences[type]} ${who}${facts.asked}`,
    object: { kind: "person", id: facts.person.accountId, label: facts.person.name },
    ...(reason ? { reason } : {}),
    facts,
  };
}
