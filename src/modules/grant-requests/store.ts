import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { GrantRequestState, Wish } from "./domain/grant-request.ts";

export type GrantRequestRow = Wish & {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly membershipId: number;
  readonly message: string;
  readonly state: GrantRequestState;
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  readonly refusalReason: string | null;
  readonly structureName: string;
  readonly serviceCodes: readonly string[];
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
};

function requests(tx: Tx) {
  return tx
    .selectFrom("grantRequest as r")
    .innerJoin("account as a", "a.id", "r.accountId")
    .innerJoin("structure as s", "s.id", "r.structureId")
    .select([
      "r.id",
      "r.accountId",
      "r.structureId",
      "r.membershipId",
      "r.application",
      "r.level",
      "r.serviceIds",
      "r.message",
      "r.state",
      "r.askedAt",
      "r.answeredAt",
      "r.refusalReason",
      "s.displayName as structureName",
      "a.firstName",
      "a.lastName",
      "a.signInEmail",
      sql<
        string[]
      >`array(select v.code from service v where v.id = any(r.service_ids) order by lower(v.code))`.as(
        "serviceCodes",
      ),
    ]);
}

/** A request of a structure; another structure's is not found. */
export function findGrantRequest(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<GrantRequestRow | undefined> {
  return requests(tx)
    .where("r.id", "=", id)
    .where("r.structureId", "=", structureId)
    .executeTakeFirst() as Promise<GrantRequestRow | undefined>;
}

/** The same, its row locked until the end of the transaction: of two answers one wins (MEM-11). */
export async function lockGrantRequest(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<GrantRequestRow | undefined> {
  await sql`select from grant_request where id = ${id} for update`.execute(tx);
  return findGrantRequest(tx, structureId, id);
}

/** What waits for an answer in these structures, the oldest first. */
export function listPendingGrantRequests(
  tx: Tx,
  structureIds: readonly number[],
): Promise<GrantRequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", structureIds.length > 0 ? [...structureIds] : [0])
    .where("r.state", "=", "pending")
    .orderBy("r.askedAt")
    .limit(200)
    .execute() as Promise<GrantRequestRow[]>;
}

/** The requests of these numbers in these structures, answered ones included. */
export function listTickedGrantRequests(
  tx: Tx,
  structureIds: readonly number[],
  ids: readonly number[],
): Promise<GrantRequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", [...structureIds])
    .where(sql<boolean>`r.id = any(${[...ids]}::bigint[])`)
    .orderBy("r.askedAt")
    .execute() as Promise<GrantRequestRow[]>;
}

export function listOwnGrantRequests(tx: Tx, accountId: number): Promise<GrantRequestRow[]> {
  return requests(tx)
    .where("r.accountId", "=", accountId)
    .orderBy("r.askedAt", "desc")
    .limit(100)
    .execute() as Promise<GrantRequestRow[]>;
}

/** Requests without an answer since before an instant. */
export function listStaleGrantRequests(tx: Tx, before: Date): Promise<GrantRequestRow[]> {
  return requests(tx)
    .where("r.state", "=", "pending")
    .where("r.askedAt", "<", before)
    .limit(500)
    .execute() as Promise<GrantRequestRow[]>;
}

export async function lastGrantRefusal(
  tx: Tx,
  membershipId: number,
  application: string,
): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(answered_at) as at from grant_request
    where membership_id = ${membershipId} and application = ${application} and state = 'refused'`.execute(tx);
  return rows[0]!.at;
}

/** Keeps a request, or changes the one that waits for the same application (MEM-01); answers its number. */
export async function saveGrantRequest(
  tx: Tx,
  request: Wish & {
    readonly accountId: number;
    readonly structureId: number;
    readonly membershipId: number;
    readonly message: string;
    readonly askedAt: Date;
  },
): Promise<number> {
  const values = { ...request, serviceIds: [...request.serviceIds] };
  const { id } = await tx
    .insertInto("grantRequest")
    .values(values)
    .onConflict((conflict) =>
      conflict
        // written out: as a parameter, a plan kept for reuse would no longer match the index
        .columns(["membershipId", "application"])
        .where(sql<boolean>`state = 'pending'`)
        .doUpdateSet({ level: values.level, serviceIds: values.serviceIds, message: values.message }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Closes a request that waits; answers whether it still did, so that of two answers one wins. */
export async function closeGrantRequest(
  tx: Tx,
  id: number,
  answer: {
    readonly state: Exclude<GrantRequestState, "pending">;
    readonly answeredBy: number | null;
    readonly refusalReason?: string;
    readonly now: Date;
  },
): Promise<boolean> {
  const { now, ...change } = answer;
  const { numUpdatedRows } = await tx
    .updateTable("grantRequest")
    .set({ ...change, answeredAt: now })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
