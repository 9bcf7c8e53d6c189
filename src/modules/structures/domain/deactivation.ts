import { MONTHS_AFTER_CLOSURE } from "./directory-files.ts";

const DAY_MS = 24 * 3_600_000;
/** Days during which a refusal stays on the sheet. */
const REFUSAL_SHOWN_DAYS = 30;

export type DeactivationFacts = {
  readonly state: string;
  readonly kind: "public" | "private";
  readonly displayName: string;
  readonly typedName: string;
  readonly reason: string;
  readonly hasOpenRequest: boolean;
};

export type DeactivationRefusal = "WRONG_STATE" | "ALREADY_ASKED" | "NAME_DIFFERS" | "REASON_MISSING";

export type DeactivationDecision =
  | { readonly kind: "deactivate" }
  | { readonly kind: "askOperator" }
  | { readonly kind: "refuse"; readonly code: DeactivationRefusal };

/**
 * What becomes of « Désactiver », pressed by a main manager who typed the name: a private structure closes, a public one
 * waits for the operator's agreement. Source: organisation.md 7.6.
 */
export function decideDeactivation(facts: DeactivationFacts): DeactivationDecision {
  if (facts.state !== "active") return { kind: "refuse", code: "WRONG_STATE" };
  if (facts.hasOpenRequest) return { kind: "refuse", code: "ALREADY_ASKED" };
  if (facts.typedName.trim().toLowerCase() !== facts.displayName.toLowerCase())
    return { kind: "refuse", code: "NAME_DIFFERS" };
  if (facts.kind === "private") return { kind: "deactivate" };
  return facts.reason.trim() === "" ? { kind: "refuse", code: "REASON_MISSING" } : { kind: "askOperator" };
}

/** `lapsed`: the structure left the portal, or got another number, before anybody answered. */
export type DeactivationRequestState = "open" | "agreed" | "refused" | "withdrawn" | "lapsed";

export type AnswerFacts = {
  readonly state: DeactivationRequestState;
  readonly structureState: string;
  /** Whether who answers is attached to the structure. */
  readonly isOwnStructure: boolean;
  /** Whether who asked still is its main manager. */
  readonly requesterManages: boolean;
};

export type AnswerRefusal =
  | "NOT_FOUND"
  | "REQUEST_WITHDRAWN"
  | "REQUEST_ANSWERED"
  | "STRUCTURE_CHANGED"
  | "OWN_STRUCTURE"
  | "REQUESTER_GONE";

/** Why the operator may not answer a request so; null when she may. The first line that applies wins. */
export function refuseAnswer(answer: "agree" | "refuse", facts: AnswerFacts): AnswerRefusal | null {
  if (facts.state === "withdrawn") return "REQUEST_WITHDRAWN";
  if (facts.state === "agreed" || facts.state === "refused") return "REQUEST_ANSWERED";
  if (facts.state === "lapsed" || facts.structureState !== "active") return "STRUCTURE_CHANGED";
  if (facts.isOwnStructure) return "OWN_STRUCTURE";
  return answer === "agree" && !facts.requesterManages ? "REQUESTER_GONE" : null;
}

/** What to tell the operator of each refusal. */
export const answerTexts: { readonly [R in AnswerRefusal]: string } = {
  NOT_FOUND: "Cette demande de désactivation n'existe pas.",
  REQUEST_WITHDRAWN: "Cette demande a été retirée entre-temps : rien n'a changé.",
  REQUEST_ANSWERED: "Un autre opérateur a déjà répondu à cette demande.",
  STRUCTURE_CHANGED:
    "Cette structure a été désactivée ou remplacée entre-temps : la demande est sans objet, rien n'a changé.",
  OWN_STRUCTURE: "C'est votre structure : un autre opérateur doit répondre.",
  REQUESTER_GONE:
    "La personne qui l'a demandé ne gère plus cette structure. Refusez ; un gestionnaire actuel peut demander à son tour.",
};

/** Until when (excluded) a refusal stays on the sheet. */
export const refusalShownUntil = (answeredAt: Date): Date =>
  new Date(answeredAt.getTime() + REFUSAL_SHOWN_DAYS * DAY_MS);

/** From when a structure that stays deactivated is archived. */
export function archivedFrom(deactivatedAt: Date): Date {
  const from = new Date(deactivatedAt);
  from.setUTCMonth(from.getUTCMonth() + MONTHS_AFTER_CLOSURE);
  return from;
}

/**
 * Whether a structure goes to the archives: deactivated, and not reactivated since, until the day that its sheet tells.
 * Source: organisation.md 7.6.
 */
export const isToArchive = (
  { state, deactivatedAt }: { readonly state: string; readonly deactivatedAt: Date | null },
  now: Date,
): boolean => state === "inactive" && deactivatedAt !== null && archivedFrom(deactivatedAt) <= now;
