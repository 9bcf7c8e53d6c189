/** DIR-03. Months that a closed structure stays in the files of the directory, so that programs learn of its end. */
const MONTHS_AFTER_CLOSURE = 24;

/** DIR-03. The instant before which a closed structure was closed too long ago to be in the files. */
export function leavesFilesIfClosedBefore(now: Date): Date {
  const limit = new Date(now);
  limit.setUTCMonth(limit.getUTCMonth() - MONTHS_AFTER_CLOSURE);
  return limit;
}
