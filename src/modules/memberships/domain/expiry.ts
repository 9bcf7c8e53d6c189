import { yearsLater } from "../../../shared/french-date-time.ts";

const DAY_MS = 24 * 3_600_000;

/** How many days before its end an attachment is announced to end; the nearest first. */
export const WARNING_DAYS = [7, 30] as const;
export type WarningDays = (typeof WARNING_DAYS)[number];
const FIRST_WARNING_DAYS = Math.max(...WARNING_DAYS);
const RENEWAL_YEARS = 1;

export type ExpiryFacts = {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  /** The last warning given for this end. */
  readonly warnedDays: number | null;
};

/**
 * N-20. Which warning of the end is due, if any. One that was missed is not caught up once the next is due, and an
 * attachment made shorter than a warning does not get it: who gave it has just said when it ends.
 */
export function warningDue(facts: ExpiryFacts, now: Date): WarningDays | null {
  const { startsAt, endsAt, warnedDays } = facts;
  if (endsAt === null || now >= endsAt) return null;
  const due = WARNING_DAYS.find((days) => now.getTime() >= endsAt.getTime() - days * DAY_MS);
  if (due === undefined || startsAt.getTime() > endsAt.getTime() - due * DAY_MS) return null;
  return warnedDays === null || warnedDays > due ? due : null;
}

/** Whether an end is near enough to be renewed in one click. */
export function isExpiring(endsAt: Date | null, now: Date): endsAt is Date {
  return endsAt !== null && now < endsAt && endsAt.getTime() - now.getTime() <= FIRST_WARNING_DAYS * DAY_MS;
}

/** The end after a renewal: a year after the one it had, at the same hour in Paris. */
export const renewedEnd = (endsAt: Date): Date => yearsLater(endsAt, RENEWAL_YEARS);
