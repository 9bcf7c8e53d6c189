/**
 * BNK-03. Whether a second main manager confirms bank details before they are used: where the portal wants it
 * (BANK_FOUR_EYES), as soon as there are two. Payment diverted by a false bank account is the fraud to fear here.
 */
export const needsSecondManager = (facts: {
  readonly fourEyes: boolean;
  readonly activeManagers: number;
}): boolean => facts.fourEyes && facts.activeManagers >= 2;

export type StoredState = "pendingConfirmation" | "active" | "disabled" | "blocked";

/** Whether bank details may be named on an invoice, or will be once they are confirmed. */
export const isInUse = ({ state }: { readonly state: StoredState }): boolean =>
  state === "active" || state === "pendingConfirmation";

export type ConfirmationFacts = {
  readonly state: StoredState;
  /** Whether who confirms created it, or put it up for confirmation. */
  readonly isAuthor: boolean;
  readonly activeManagers: number;
};
export type ConfirmationRefusal = "NOT_WAITING" | "OWN_SUBMISSION";

/** Why a main manager may not confirm; null when she may. Left alone since, she answers for what she did herself. */
export function refuseConfirmation(facts: ConfirmationFacts): ConfirmationRefusal | null {
  if (facts.state !== "pendingConfirmation") return "NOT_WAITING";
  return facts.isAuthor && facts.activeManagers >= 2 ? "OWN_SUBMISSION" : null;
}

/** Where bank details that are enabled again stand: what somebody blocked always waits for a second manager. */
export function stateOnceEnabled(
  from: StoredState,
  facts: { readonly fourEyes: boolean; readonly activeManagers: number },
): "pendingConfirmation" | "active" {
  const fourEyes = facts.fourEyes || from === "blocked";
  return needsSecondManager({ ...facts, fourEyes }) ? "pendingConfirmation" : "active";
}

/** How one line ends where another takes its place: at the start of the other, or now; null when it had not begun. */
export function endOfReplaced(
  replaced: { readonly startsAt: Date; readonly endsAt: Date | null },
  newStart: Date,
  now: Date,
): { readonly endsAt: Date } | null {
  const from = newStart > now ? newStart : now;
  if (replaced.startsAt >= from) return null;
  return { endsAt: replaced.endsAt !== null && replaced.endsAt < from ? replaced.endsAt : from };
}
