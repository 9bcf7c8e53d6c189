import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

export type RequestRow = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly serviceCodes: readonly string[];
  readonly message: string;
  readonly state: "pending" | "approved" | "refused" | "withdrawn" | "expired";
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  readonly refusalReason: string | null;
  readonly refusalText: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
};

function requests(tx: Tx) {
  return tx
    .selectFrom("membershipRequest as r")
    .innerJoin("account as a", "a.id", "r.accountId")
    .leftJoin("structure as s", "s.id", "r.structureId")
    .select([
      "r.id",
      "r.accountId",
      "r.structureId",
      "r.scope",
      "r.serviceIds",
      "r.message",
      "r.state",
      "r.askedAt",
      "r.answeredAt",
      "r.refusalReason",
      "r.refusalText",
      "a.firstName",
      "a.lastName",
      "a.signInEmail",
      "s.displayName as structureName",
      sql<
        string[]
      >`array(select v.code from service v where v.id = any(r.service_ids) order by lower(v.code))`.as(
        "serviceCodes",
      ),
    ]);
}

export function findRequest(tx: Tx, structureId: number, id: number): Promise<RequestRow | undefined> {
  return requests(tx)
    .where("r.id", "=", id)
    .where("r.structureId", "=", structureId)
    .executeTakeFirst() as Promise<RequestRow | undefined>;
}

/** Locks a request for its answer, so that of two answers one wins (MEM-11). */
export async function lockRequest(tx: Tx, id: number): Promise<RequestRow["state"] | undefined> {
  const row = await tx
    .selectFrom("membershipRequest")
    .select("state")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state as RequestRow["state"] | undefined;
}

export function listRequests(tx: Tx, structureIds: readonly number[]): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", structureIds.length > 0 ? [...structureIds] : [0])
    .where("r.state", "=", "pending")
    .orderBy("r.askedAt")
    .limit(200)
    .execute() as Promise<RequestRow[]>;
}

/** Every request that waits in a structure. */
export function listAllRequests(tx: Tx, structureId: number): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "=", structureId)
    .where("r.state", "=", "pending")
    .orderBy("r.id")
    .execute() as Promise<RequestRow[]>;
}

export function listOwnRequests(tx: Tx, accountId: number): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.accountId", "=", accountId)
    .orderBy("r.askedAt", "desc")
    .limit(100)
    .execute() as Promise<RequestRow[]>;
}

export async function requestStanding(
  tx: Tx,
  accountId: number,
  structureId: number,
): Promise<{ pendingId: number | null; lastRefusedAt: Date | null }> {
  const { rows } = await sql<{ pendingId: number | null; lastRefusedAt: Date | null }>`
    select max(id) filter (where state = 'pending') as pending_id, max(answered_at) filter (where state = 'refused') as last_refused_at
    from membership_request where account_id = ${accountId} and structure_id = ${structureId}`.execute(tx);
  return rows[0]!;
}

/** @returns null when the person has just asked the same, in another window or by pressing twice */
export async function insertRequest(
  tx: Tx,
  request: {
    accountId: number;
    structureId: number;
    scope: "structure" | "service";
    serviceIds: readonly number[];
    message: string;
    now: Date;
  },
): Promise<number | null> {
  const { now, serviceIds, ...row } = request;
  const inserted = await tx
    .insertInto("membershipRequest")
    .values({ ...row, serviceIds: [...serviceIds], askedAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id ?? null;
}

export async function editRequest(
  tx: Tx,
  id: number,
  change: { scope: "structure" | "service"; serviceIds: readonly number[]; message: string },
): Promise<void> {
  await tx
    .updateTable("membershipRequest")
    .set({ ...change, serviceIds: [...change.serviceIds] })
    .where("id", "=", id)
    .execute();
}

/** Closes a pending request; answers whether it was still pending. */
export async function closeRequest(
  tx: Tx,
  id: number,
  answer: {
    state: "approved" | "refused" | "withdrawn" | "expired";
    answeredBy: number | null;
    reason?: string;
    text?: string;
    now: Date;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({
      state: answer.state,
      answeredBy: answer.answeredBy,
      answeredAt: answer.now,
      refusalReason: answer.reason ?? null,
      refusalText: answer.text ?? "",
    })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Requests without an answer since before an instant. */
export function listStaleRequests(tx: Tx, before: Date): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.state", "=", "pending")
    .where("r.askedAt", "<", before)
    .limit(500)
    .execute() as Promise<RequestRow[]>;
}

/** Requests without an answer since before an instant, and of which nobody was reminded. */
export function listRequestsToRemind(tx: Tx, before: Date): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.state", "=", "pending")
    .where("r.askedAt", "<=", before)
    .where("r.remindedAt", "is", null)
    .limit(500)
    .execute() as Promise<RequestRow[]>;
}

/** Keeps that a request is reminded; answers whether it was not yet, by any instance. */
export async function markReminded(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({ remindedAt: now })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .where("remindedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
