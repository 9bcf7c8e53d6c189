import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

/** One transaction at a time reports errors for a person. */
export async function lockReporter(tx: Tx, accountId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('directory-report', ${accountId}))`.execute(tx);
}

/** Errors of the directory that a person reported since an instant. Sees everything. */
export async function countReportsSince(tx: Tx, accountId: number, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom("journalEntry")
    .select((build) => build.fn.countAll<number>().as("count"))
    .where("actorAccountId", "=", accountId)
    .where("type", "=", "DirectoryErrorReported")
    .where("at", ">", since)
    .executeTakeFirstOrThrow();
  return count;
}
