import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { directoryErrorReported, mayReport, type ReportSubject } from "../domain/directory-report.ts";
import { countReportsSince, lockReporter } from "../report-store.ts";
import type { StructureRow } from "../store.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * Tells those who answer for a structure that its sheet is wrong. The transaction must see everything: the reporter is no
 * member. Two reports at once follow each other, so that no one passes the number of a day.
 */
export async function reportError(
  tx: Tx,
  structure: StructureRow,
  report: {
    readonly subject: ReportSubject;
    readonly message: string;
    readonly reporterAddress: string;
    readonly operators: readonly string[];
  },
  actor: Actor & { readonly accountId: number },
  now: Date,
): Promise<Result<null, { readonly code: "TOO_MANY_REPORTS" }>> {
  await lockReporter(tx, actor.accountId);
  const lastDay = await countReportsSince(tx, actor.accountId, new Date(now.getTime() - DAY_MS));
  if (!mayReport(lastDay)) return refused({ code: "TOO_MANY_REPORTS" });
  const { message, ...said } = report;
  const facts = { structureId: structure.id, structureName: structure.displayName, ...said };
  await publish(tx, directoryErrorReported(facts, message, actor));
  return accepted(null);
}
