import type { Actor, DomainEvent } from "../../../platform/events.ts";
import type { Succession } from "./proposal.ts";

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
  /** CLM-03. Whether the claim, stopped, goes on as a request for an attachment. */
  readonly becomesRequest?: true;
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

export type ProposalFacts = {
  readonly structureName: string;
  /** The person it is about, and who proposed it. */
  readonly person: ClaimPerson;
  readonly author: ClaimPerson;
  readonly proposalId: number;
  readonly dueAt: Date;
  /** What the author becomes when she hands her role over; null otherwise. */
  readonly becomes: Succession | null;
  /** The other structures proposed in the same gesture, told in one message. */
  readonly alsoFor?: readonly string[];
  /** The message about another structure of the same gesture tells the person of this one. */
  readonly isFolded?: true;
};

/** The sentence of each step; « … » stands for the person it is about. */
const proposalSentences = {
  MainManagerProposed: "a proposé le rôle de gestionnaire principal à …",
  MainManagerHandOverProposed: "a proposé de transmettre son rôle de gestionnaire principal à …",
  MainManagerNamed: "a accepté le rôle de gestionnaire principal",
  MainManagerHandedOver: "a pris la suite, comme gestionnaire principal, de ‥",
  MainManagerDeclined: "a décliné le rôle de gestionnaire principal",
  MainManagerProposalCancelled: "a annulé la proposition de gestion faite à …",
  MainManagerProposalReminded: "a rappelé la proposition de gestion faite à …",
  MainManagerProposalExpired: "a laissé expirer la proposition de gestion faite à …",
  MainManagerRemovalAsked: "a demandé le retrait du rôle de gestionnaire principal de …",
  MainManagerRemovalObjected: "s'est opposé au retrait de son rôle de gestionnaire principal",
  MainManagerRemovalCancelled: "a abandonné le retrait du rôle de gestionnaire principal de …",
  MainManagerRemoved: "a retiré le rôle de gestionnaire principal de …",
} as const;

export type ProposalEventType = keyof typeof proposalSentences;
export type ProposalEvent<T extends ProposalEventType = ProposalEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: ProposalFacts;
};

/** A step in the naming, the hand-over or the removal of a main manager. */
export function proposalEvent<T extends ProposalEventType>(
  type: T,
  structureId: number,
  facts: ProposalFacts,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after" | "reason"> = {},
): ProposalEvent<T> {
  return {
    type,
    structureId,
    actor,
    sentence: proposalSentences[type].replace("…", facts.person.name).replace("‥", facts.author.name),
    object: { kind: "person", id: facts.person.accountId, label: facts.person.name },
    facts,
    ...more,
  };
}

/** MGR-01. The clock advises the only main manager of a structure to name another. */
export type SecondManagerAdvised = DomainEvent & {
  readonly type: "SecondManagerAdvised";
  readonly structureId: number;
  readonly facts: { readonly structureName: string };
};

export const secondManagerAdvised = (
  structureId: number,
  structureName: string,
  actor: Actor,
): SecondManagerAdvised => ({
  type: "SecondManagerAdvised",
  structureId,
  actor,
  sentence: "a conseillé de désigner un second gestionnaire principal",
  object: { kind: "structure", id: structureId, label: structureName },
  facts: { structureName },
});

/** MGR-08. The clock tells that no manager of a structure has come for a long time, while somebody waits. */
export type ManagersUnreachable = DomainEvent & {
  readonly type: "ManagersUnreachable";
  readonly structureId: number;
  readonly facts: {
    readonly structureName: string;
    readonly identifierType: string;
    readonly identifierValue: string;
    readonly structureEmail: string | null;
  };
};

export const managersUnreachable = (
  structureId: number,
  facts: ManagersUnreachable["facts"],
  actor: Actor,
): ManagersUnreachable => ({
  type: "ManagersUnreachable",
  structureId,
  actor,
  sentence: "a signalé que les gestionnaires principaux ne répondent plus",
  object: { kind: "structure", id: structureId, label: facts.structureName },
  facts,
});
