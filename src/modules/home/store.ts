import type { Tx } from "../../platform/database/index.ts";

export type NotificationRow = {
  readonly id: number;
  readonly title: string;
  readonly path: string;
  readonly createdAt: Date;
  readonly readAt: Date | null;
};

/** The last hundred news of a person. */
export function listNotifications(tx: Tx, accountId: number): Promise<NotificationRow[]> {
  return tx
    .selectFrom("notification")
    .select(["id", "title", "path", "createdAt", "readAt"])
    .where("accountId", "=", accountId)
    .orderBy("id", "desc")
    .limit(100)
    .execute();
}

export async function markNotificationsRead(tx: Tx, accountId: number, now: Date): Promise<void> {
  await tx
    .updateTable("notification")
    .set({ readAt: now })
    .where("accountId", "=", accountId)
    .where("readAt", "is", null)
    .execute();
}
