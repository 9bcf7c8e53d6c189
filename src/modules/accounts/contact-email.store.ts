import type { Tx } from "../../platform/database/index.ts";

/** @param contactEmail proved just now; null: news go to the sign-in address */
export async function saveContactEmail(
  tx: Tx,
  id: number,
  contactEmail: string | null,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ contactEmail, contactEmailVerifiedAt: contactEmail === null ? null : now })
    .where("id", "=", id)
    .execute();
}

/** The contact address that waits to be proved, if its link still works. */
export async function findAskedContactEmail(tx: Tx, accountId: number, now: Date): Promise<string | null> {
  const row = await tx
    .selectFrom("emailedToken")
    .select("email")
    .where("accountId", "=", accountId)
    .where("purpose", "=", "contactEmail")
    .where("usedAt", "is", null)
    .where("revokedAt", "is", null)
    .where("expiresAt", ">", now)
    .executeTakeFirst();
  return row?.email ?? null;
}

/** The proved contact addresses of some accounts, by account. */
export async function contactEmailsOf(
  tx: Tx,
  accountIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (accountIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("account")
    .select(["id", "contactEmail"])
    .where("id", "in", [...accountIds])
    .where("contactEmail", "is not", null)
    .where("contactEmailVerifiedAt", "is not", null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.contactEmail!]));
}
