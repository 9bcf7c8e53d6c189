const DAY_MS = 24 * 3_600_000;

/** Days that the present managers have to stop a claim. Source: organisation.md 13.4. */
export const OBJECTION_DAYS = 7;

/** CLM-02. Days that a refused claimant waits before claiming the same structure again. */
const REFUSAL_PAUSE_DAYS = 90;

export type ClaimState = "open" | "stopped" | "accepted" | "refused" | "withdrawn";

export type OpeningFacts = {
  readonly structure: "active" | "inactive";
  readonly claimantIsManager: boolean;
  readonly hasOpenClaim: boolean;
  /** When this person's last claim on this structure was refused by the operator. */
  readonly lastRefusedAt: Date | null;
};

export type ClaimRefusal =
  | "STRUCTURE_INACTIVE"
  | "ALREADY_MANAGER"
  | "CLAIM_UNDER_WAY"
  | "CLAIM_RECENTLY_REFUSED"
  | "CLAIM_ANSWERED"
  | "OBJECTION_RUNS"
  | "OWN_CLAIM"
  | "NOT_FOUND";

/** CLM-01, CLM-02. Why a person may not ask to take a structure over; null when she may. */
export function refuseOpening(facts: OpeningFacts, now: Date): ClaimRefusal | null {
  if (facts.structure === "inactive") return "STRUCTURE_INACTIVE";
  if (facts.claimantIsManager) return "ALREADY_MANAGER";
  if (facts.hasOpenClaim) return "CLAIM_UNDER_WAY";
  const pauseEnds = facts.lastRefusedAt && facts.lastRefusedAt.getTime() + REFUSAL_PAUSE_DAYS * DAY_MS;
  return pauseEnds && now.getTime() < pauseEnds ? "CLAIM_RECENTLY_REFUSED" : null;
}

/** Until when (excluded) a claim opened now can be stopped. */
export function objectionUntil(openedAt: Date): Date {
  return new Date(openedAt.getTime() + OBJECTION_DAYS * DAY_MS);
}

export type AnswerFacts = {
  readonly state: ClaimState;
  readonly objectionUntil: Date;
  readonly isOwnClaim: boolean;
};

/**
 * Why a claim may not be answered so; null when it may. It is stopped by a manager and withdrawn by its author as long
 * as it is open; the operator accepts it only after the objection days, and never her own.
 */
export function refuseClaimAnswer(
  answer: "stop" | "withdraw" | "accept" | "refuse",
  facts: AnswerFacts,
  now: Date,
): ClaimRefusal | null {
  if (facts.state !== "open") return "CLAIM_ANSWERED";
  if (answer === "withdraw") return facts.isOwnClaim ? null : "NOT_FOUND";
  if (facts.isOwnClaim) return "OWN_CLAIM";
  return answer === "accept" && now < facts.objectionUntil ? "OBJECTION_RUNS" : null;
}

/** What to tell of each refusal. */
export const claimRefusalTexts: { readonly [C in ClaimRefusal]: string } = {
  STRUCTURE_INACTIVE: "Cette structure n'est plus active dans le portail.",
  ALREADY_MANAGER: "Vous êtes déjà gestionnaire principal de cette structure.",
  CLAIM_UNDER_WAY: "Une demande de reprise de cette structure est déjà en cours. Attendez son issue.",
  CLAIM_RECENTLY_REFUSED:
    "Votre demande de reprise a été refusée il y a moins de 90 jours. Adressez-vous à l'opérateur du portail.",
  CLAIM_ANSWERED: "Cette demande de reprise n'est plus en cours.",
  OBJECTION_RUNS:
    "Les gestionnaires peuvent encore s'opposer à cette reprise : attendez la fin du délai de sept jours.",
  OWN_CLAIM: "Une autre personne doit répondre à votre demande.",
  NOT_FOUND: "Cette demande de reprise n'existe plus.",
};
