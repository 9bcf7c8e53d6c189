import { dayInParis } from "../../../shared/french-date-time.ts";

/** DIR-03. Months that a closed structure stays in the files of the directory, so that programs learn of its end. */
export const MONTHS_AFTER_CLOSURE = 24;

/** DIR-03. The instant before which a closed structure was closed too long ago to be in the files. */
export function leavesFilesIfClosedBefore(now: Date): Date {
  const limit = new Date(now);
  limit.setUTCMonth(limit.getUTCMonth() - MONTHS_AFTER_CLOSURE);
  return limit;
}

/** What became of a line of the files since a day. */
export type Movement = "ajout" | "modification" | "fin";

/** The dates of a line, and whether it is active now. */
export type LineDates = {
  readonly createdAt: Date;
  /** When it ceased for good or for now; null while it is active. */
  readonly endedAt: Date | null;
};

/** What a line that moved since a day is told as: what is no longer active first, then what is new. */
export function movementSince(since: Date, { createdAt, endedAt }: LineDates): Movement {
  if (endedAt !== null && endedAt >= since) return "fin";
  return createdAt >= since ? "ajout" : "modification";
}

/**
 * The start, in Paris, of a day written `2026-11-28`, if the files can tell what moved since: not a day to come, nor one
 * before those that they have forgotten (DIR-03).
 */
export function dayOfFiles(written: string, now: Date): Date | null {
  const day = dayInParis(written);
  return day !== null && day <= now && day >= leavesFilesIfClosedBefore(now) ? day : null;
}
