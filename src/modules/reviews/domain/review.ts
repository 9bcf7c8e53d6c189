const DAY_MS = 24 * 3_600_000;
const SHORTEST_DAYS = 7;
const LONGEST_DAYS = 180;
const REMINDER_DAYS = 7;
const YEAR_DAYS = 365;
/** Days to answer a review that the yearly setting starts. */
export const YEARLY_REVIEW_DAYS = 30;

export type ReviewRefusal =
  | "DUE_TOO_SOON"
  | "DUE_TOO_LATE"
  | "REVIEW_UNDER_WAY"
  | "NOBODY_TO_REVIEW"
  | "NO_OPEN_REVIEW";

export type StartFacts = {
  readonly dueAt: Date;
  readonly hasOpenReview: boolean;
  readonly peopleToReview: number;
};

/** MEM-19. Why a review may not start so; null when it may. */
export function refuseStart(facts: StartFacts, now: Date): ReviewRefusal | null {
  if (facts.hasOpenReview) return "REVIEW_UNDER_WAY";
  if (facts.peopleToReview === 0) return "NOBODY_TO_REVIEW";
  const days = (facts.dueAt.getTime() - now.getTime()) / DAY_MS;
  if (days < SHORTEST_DAYS) return "DUE_TOO_SOON";
  return days > LONGEST_DAYS ? "DUE_TOO_LATE" : null;
}

export type ReviewedPerson = {
  readonly membershipId: number;
  readonly role: "mainManager" | "member";
  readonly startsAt: Date;
};

/**
 * Who is reviewed: everybody, but a main manager alone: nobody could answer for her, and she cannot be suspended.
 */
export function peopleToReview<P extends ReviewedPerson>(people: readonly P[]): readonly P[] {
  const managers = people.filter((one) => one.role === "mainManager").length;
  return people.filter((one) => one.role === "member" || managers > 1);
}

/**
 * In which order those without an answer are suspended: users, then main managers from the newest, so that the one
 * who stays because a structure keeps a manager (MGR-03) is who has been there longest.
 */
export function suspensionOrder<P extends ReviewedPerson>(unanswered: readonly P[]): readonly P[] {
  return unanswered.toSorted(
    (one, other) =>
      Number(one.role === "mainManager") - Number(other.role === "mainManager") ||
      other.startsAt.getTime() - one.startsAt.getTime(),
  );
}

/** Whether managers are reminded that answers are missing: once, in the last days. */
export function isReminderDue(
  review: { readonly dueAt: Date; readonly remindedAt: Date | null },
  now: Date,
): boolean {
  return review.remindedAt === null && review.dueAt.getTime() - now.getTime() <= REMINDER_DAYS * DAY_MS;
}

/** Whether the yearly setting starts a review: none for a year. */
export function isYearlyReviewDue(lastStartedAt: Date | null, now: Date): boolean {
  return lastStartedAt === null || now.getTime() - lastStartedAt.getTime() >= YEAR_DAYS * DAY_MS;
}

/** The end of a review that the yearly setting starts now. */
export const yearlyDueAt = (now: Date): Date => new Date(now.getTime() + YEARLY_REVIEW_DAYS * DAY_MS);

/** What to tell of each refusal. */
export const reviewRefusalTexts: { readonly [C in ReviewRefusal]: string } = {
  DUE_TOO_SOON: `Laissez au moins ${SHORTEST_DAYS} jours pour répondre.`,
  DUE_TOO_LATE: `Choisissez une date dans les ${LONGEST_DAYS} jours.`,
  REVIEW_UNDER_WAY: "Une revue est déjà en cours. Terminez-la, ou arrêtez-la.",
  NOBODY_TO_REVIEW: "Personne n'est à revoir : vous êtes la seule personne rattachée.",
  NO_OPEN_REVIEW: "Cette revue n'est plus en cours.",
};
