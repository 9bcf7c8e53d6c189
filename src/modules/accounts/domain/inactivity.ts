import { monthsLater } from "../../../shared/french-date-time.ts";

const DAY_MS = 24 * 3_600_000;
/** An account that nobody used for so long closes. Source: quality § 7 (RGPD, article 5.1.e). */
const CLOSES_AFTER_MONTHS = 24;
/** Its holder is told then, and once more shortly before. */
export const NOTICED_AFTER_MONTHS = 23;
const NOTICE_DAYS = 30;
const LAST_NOTICE_DAYS = 7;

export type UnusedAccount = {
  /** Last sign-in, or activation when there was none. */
  readonly lastUsedAt: Date;
  readonly noticedAt: Date | null;
  readonly lastNoticedAt: Date | null;
};

export type InactivityStep =
  | { readonly kind: "wait" }
  | { readonly kind: "notice" | "lastNotice"; readonly closesAt: Date }
  | { readonly kind: "close" };

/**
 * ACC-11. What becomes of an account that nobody uses: told after 23 months, told again a week before, closed after 24.
 * It never closes within thirty days of the first notice, nor within seven of the last, however late they left.
 */
export function inactivityStep(
  { lastUsedAt, noticedAt, lastNoticedAt }: UnusedAccount,
  now: Date,
): InactivityStep {
  if (now < monthsLater(lastUsedAt, NOTICED_AFTER_MONTHS)) return { kind: "wait" };
  const closesAt = latest(
    monthsLater(lastUsedAt, CLOSES_AFTER_MONTHS),
    daysAfter(noticedAt ?? now, NOTICE_DAYS),
    ...(lastNoticedAt ? [daysAfter(lastNoticedAt, LAST_NOTICE_DAYS)] : []),
  );
  if (noticedAt === null) return { kind: "notice", closesAt };
  if (lastNoticedAt !== null) return now < closesAt ? { kind: "wait" } : { kind: "close" };
  if (now < daysAfter(closesAt, -LAST_NOTICE_DAYS)) return { kind: "wait" };
  return { kind: "lastNotice", closesAt: latest(closesAt, daysAfter(now, LAST_NOTICE_DAYS)) };
}

const daysAfter = (instant: Date, days: number) => new Date(instant.getTime() + days * DAY_MS);
const latest = (...instants: readonly Date[]) =>
  new Date(Math.max(...instants.map((instant) => instant.getTime())));
