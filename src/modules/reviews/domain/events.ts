import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type ReviewFacts = {
  readonly structureName: string;
  readonly dueAt: Date;
  /** People without an answer yet. */
  readonly unanswered: number;
  /** People suspended when it closed. */
  readonly suspended: number;
};

const sentences = {
  ReviewStarted: "a commencé une revue des rattachements",
  ReviewReminded: "a rappelé la revue des rattachements",
  ReviewStopped: "a arrêté la revue des rattachements",
  ReviewClosed: "a clos la revue des rattachements",
  YearlyReviewChosen: "a choisi une revue des rattachements chaque année",
  YearlyReviewGivenUp: "a renoncé à la revue annuelle des rattachements",
} as const;

export type ReviewEventType = keyof typeof sentences;
export type ReviewEvent<T extends ReviewEventType = ReviewEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: ReviewFacts;
};

/** A step of a review of attachments. */
export function reviewEvent<T extends ReviewEventType>(
  type: T,
  review: { readonly id: number | null; readonly structureId: number },
  facts: ReviewFacts,
  actor: Actor,
): ReviewEvent<T> {
  return {
    type,
    structureId: review.structureId,
    actor,
    sentence: sentences[type],
    object: { kind: "review", id: review.id, label: "Revue des rattachements" },
    after: { échéance: facts.dueAt, sansRéponse: facts.unanswered, suspendus: facts.suspended },
    facts,
  };
}
