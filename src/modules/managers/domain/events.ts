import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type ClaimPerson = {
  readonly accountId: number;
  readonly address: string;
  readonly firstName: string;
  readonly name: string;
};
export type ClaimFacts = {
  readonly structureName: string;
  readonly claimant: ClaimPerson;
  /** The structure's own address, told of the claim even when its managers cannot be reached. */
  readonly structureEmail: string | null;
  /** The managers that an accepted claim replaced. */
  readonly replaced: readonly ClaimPerson[];
};

const sentences = {
  ManagerClaimOpened: "a demandé à reprendre la gestion de la structure",
  ManagerClaimWithdrawn: "a retiré sa demande de reprise",
  ManagerClaimStopped: "s'est opposé à la reprise demandée par",
  ManagerClaimAccepted: "a accepté la reprise demandée par",
  ManagerClaimRefused: "a refusé la reprise demandée par",
} as const;

export type ClaimEventType = keyof typeof sentences;
export type ClaimEvent<T extends ClaimEventType = ClaimEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: ClaimFacts;
};

/** A step of a claim, told with who claims unless she is the one who acts. */
export function claimEvent<T extends ClaimEventType>(
  type: T,
  claim: { readonly id: number; readonly structureId: number },
  facts: ClaimFacts,
  actor: Actor,
  reason: string,
): ClaimEvent<T> {
  const sentence = sentences[type].endsWith(" par")
    ? `${sentences[type]} ${facts.claimant.name}`
    : sentences[type];
  return {
    type,
    structureId: claim.structureId,
    actor,
    sentence,
    object: { kind: "managerClaim", id: claim.id, label: facts.claimant.name },
    ...(reason ? { reason } : {}),
    ...(facts.replaced.length > 0
      ? {
          before: { gestionnaires: facts.replaced.map((one) => one.name) },
          after: { gestionnaires: [facts.claimant.name] },
        }
      : {}),
    facts,
  };
}
