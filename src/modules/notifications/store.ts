import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { MailFamily, Rhythm } from "./domain/preferences.ts";

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

export type PreferenceRow = {
  readonly structureId: number;
  readonly family: MailFamily;
  readonly rhythm: Rhythm;
};

/** What a person chose; what is not there follows the defaults. */
export function listPreferences(tx: Tx, accountId: number): Promise<PreferenceRow[]> {
  return tx
    .selectFrom("notificationPreference")
    .select(["structureId", "family", "rhythm"])
    .where("accountId", "=", accountId)
    .execute() as Promise<PreferenceRow[]>;
}

export async function savePreference(tx: Tx, accountId: number, choice: PreferenceRow): Promise<void> {
  await tx
    .insertInto("notificationPreference")
    .values({ accountId, ...choice })
    .onConflict((conflict) =>
      conflict.columns(["accountId", "structureId", "family"]).doUpdateSet({ rhythm: choice.rhythm }),
    )
    .execute();
}

/** Active main managers of a structure, but one, who have not silenced its requests. Sees everything. */
export async function countOthersTold(tx: Tx, structureId: number, accountId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.role = 'mainManager' and m.state = 'active' and a.state = 'active'
      and m.account_id <> ${accountId} and not exists (
        select from notification_preference p where p.account_id = m.account_id
          and p.structure_id = m.structure_id and p.family = 'requestsToAnswer' and p.rhythm = 'off')`.execute(
    tx,
  );
  return Number(rows[0]!.count);
}

/** News to fold in one message. */
export type DigestItem = {
  readonly title: string;
  readonly structureName: string | null;
  readonly createdAt: Date;
};

/** People with unread news whose message is due. */
export async function listDigestReaders(
  tx: Tx,
  cutoffs: { readonly daily: Date; readonly weekly: Date },
): Promise<number[]> {
  const { rows } = await sql<{ accountId: number }>`
    select distinct n.account_id from notification n join account a on a.id = n.account_id
    where n.digested_at is null and n.read_at is null and a.state = 'active'
      and ((n.rhythm = 'daily' and n.created_at < ${cutoffs.daily})
        or (n.rhythm = 'weekly' and n.created_at < ${cutoffs.weekly}))
    order by 1`.execute(tx);
  return rows.map((row) => row.accountId);
}

/** Takes a person's news that are due, once whatever the instances; the oldest first. */
export async function takeDigest(
  tx: Tx,
  accountId: number,
  cutoffs: { readonly daily: Date; readonly weekly: Date },
  now: Date,
): Promise<DigestItem[]> {
  const { rows } = await sql<DigestItem>`
    with due as (
      select n.id from notification n
      where n.account_id = ${accountId} and n.digested_at is null and n.read_at is null
        and ((n.rhythm = 'daily' and n.created_at < ${cutoffs.daily})
          or (n.rhythm = 'weekly' and n.created_at < ${cutoffs.weekly}))
      for update skip locked),
    taken as (
      update notification n set digested_at = ${now} from due where n.id = due.id
      returning n.id, n.title, n.structure_id, n.created_at)
    select t.title, s.display_name as structure_name, t.created_at
    from taken t left join structure s on s.id = t.structure_id order by t.id`.execute(tx);
  return rows;
}

/** People with an open account who chose a weekly summary and have not had that of the week, which `weekKey` names. */
export async function listWeekReaders(
  tx: Tx,
  family: "weekSummary" | "news",
  week: Date,
): Promise<{ readonly accountId: number; readonly structureId: number }[]> {
  const { rows } = await sql<{ accountId: number; structureId: number }>`
    select p.account_id, p.structure_id from notification_preference p join account a on a.id = p.account_id
    where p.family = ${family} and p.rhythm = 'weekly' and a.state = 'active' and not exists (
      select from mail where once_key = ${family} || ':' || p.account_id || ':' || p.structure_id || ':' || ${week.toISOString()})
    order by 1, 2`.execute(tx);
  return rows;
}

/** What makes a weekly summary unique for one person, one structure (0: the portal) and one week. */
export const weekKey = (
  family: "weekSummary" | "news",
  reader: { readonly accountId: number; readonly structureId: number },
  week: Date,
): string => `${family}:${reader.accountId}:${reader.structureId}:${week.toISOString()}`;
