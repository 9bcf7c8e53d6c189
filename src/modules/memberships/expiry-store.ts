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

/** MEM-14. The attachments to services none of which is open, nor to come, in structures that still work. */
export async function listWithoutService(
  tx: Tx,
  now: Date,
): Promise<readonly { readonly id: number; readonly structureId: number }[]> {
  return tx
    .selectFrom("membership as m")
    .innerJoin("structure as s", "s.id", "m.structureId")
    .select(["m.id", "m.structureId"])
    .where("m.state", "=", "active")
    .where("m.scope", "=", "service")
    .where("s.state", "=", "active")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("membershipService as ms")
            .innerJoin("service as v", "v.id", "ms.serviceId")
            .select("v.id")
            .whereRef("ms.membershipId", "=", "m.id")
            .where("v.disabledAt", "is", null)
            .where((or) => or.or([or("v.endsAt", "is", null), or("v.endsAt", ">", now)])),
        ),
      ),
    )
    .limit(500)
    .execute();
}
