import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { WARNING_DAYS, type WarningDays } from "./domain/expiry.ts";

export type ExpiringMembership = {
  readonly id: number;
  readonly structureId: number;
  readonly accountId: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly warnedDays: number | null;
};

const withEnd = (tx: Tx) =>
  tx
    .selectFrom("membership as m")
    .select([
      "m.id",
      "m.structureId",
      "m.accountId",
      "m.startsAt",
      "m.endsAt",
      "m.expiryWarnedDays as warnedDays",
    ])
    .orderBy("m.endsAt");

/** The attachments whose end has come, the oldest first; the next run takes what is beyond. */
export async function listEndedByDate(tx: Tx, now: Date): Promise<ExpiringMembership[]> {
  const found = await withEnd(tx)
    .where("m.state", "<>", "ended")
    .where("m.endsAt", "<=", now)
    .limit(500)
    .execute();
  return found as ExpiringMembership[];
}

/** The attachments in force that end within the longest warning, with the last one given. */
export async function listExpiring(tx: Tx, now: Date): Promise<ExpiringMembership[]> {
  const found = await withEnd(tx)
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("a.state", "=", "active")
    .where("m.state", "=", "active")
    .where("m.endsAt", ">", now)
    .where("m.endsAt", "<=", new Date(now.getTime() + Math.max(...WARNING_DAYS) * 24 * 3_600_000))
    .execute();
  return found as ExpiringMembership[];
}

/** Keeps that a warning is given; answers whether it was not yet, for this end, by any instance. */
export async function markWarned(
  tx: Tx,
  { id, endsAt }: ExpiringMembership,
  days: WarningDays,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membership")
    .set({ expiryWarnedDays: days })
    .where("id", "=", id)
    .where("state", "=", "active")
    .where("endsAt", "=", endsAt)
    .where((or) => or.or([or("expiryWarnedDays", "is", null), or("expiryWarnedDays", ">", days)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends an attachment whose end has come; answers whether it had not ended yet. */
export async function endAtItsDate(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membership")
    .set({ state: "ended", endedAt: now, endReason: "endDate" })
    .where("id", "=", id)
    .where("state", "<>", "ended")
    .where("endsAt", "<=", now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Why the clock suspended somebody: all her services have closed (MEM-14). */
export const NO_OPEN_SERVICE = "noOpenService";

/** MEM-14. Whether an attachment `m` is limited to services that have all closed, none waiting for its successor. */
const hasNoOpenService = sql<boolean>`m.scope = 'service' and not exists (
  select from membership_service ms join service v on v.id = ms.service_id
  where ms.membership_id = m.id and v.deleted_at is null and v.disabled_at is null
    and (v.ends_at is null or v.ends_at > unisson_now() or exists (
      select from succession_service k join succession n on n.id = k.succession_id
      where k.service_id = v.id and n.state = 'planned')))`;

/** MEM-14. In active structures, the attachments in force without an open service, and those it suspended that have one again. */
export async function listToFollowServices(
  tx: Tx,
  structureId: number | null,
): Promise<{ readonly structureId: number; readonly id: number; readonly act: "suspend" | "resume" }[]> {
  const { rows } = await sql<{ structureId: number; id: number; act: "suspend" | "resume" }>`
    select m.structure_id, m.id, case m.state when 'active' then 'suspend' else 'resume' end as act
    from membership m join structure s on s.id = m.structure_id
    where s.state = 'active' and (${structureId}::bigint is null or m.structure_id = ${structureId}::bigint)
      and ((m.state = 'active' and ${hasNoOpenService})
        or (m.state = 'suspended' and m.suspension_reason = ${NO_OPEN_SERVICE} and not (${hasNoOpenService})))
    order by m.structure_id, m.id limit 2000`.execute(tx);
  return rows;
}
