import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { mailboxOf } from "../../shared/email-address.ts";
import type { Wish } from "./domain/wishes.ts";
import { nameOf } from "./people-store.ts";

export type RequestRow = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly serviceCodes: readonly string[];
  readonly wishes: readonly Wish[];
  readonly message: string;
  readonly state: "pending" | "approved" | "refused" | "withdrawn" | "expired";
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  readonly answeredByName: string | null;
  readonly requesterRemindedAt: Date | null;
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
      "r.wishes",
      "r.message",
      "r.state",
      "r.askedAt",
      "r.answeredAt",
      "r.requesterRemindedAt",
      nameOf("r.answered_by").as("answeredByName"),
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

/** Makes what one person asks of one structure happen one after the other: the first may be approved at once (MEM-20). */
export async function lockAsking(tx: Tx, accountId: number, structureId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`membership-request:${accountId}:${structureId}`}, 0))`.execute(
    tx,
  );
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

/** Requests read at once: the oldest first, so that none waits unseen. */
export const MOST_REQUESTS = 200;

/** What waits for an answer in these structures, the oldest first. */
export function listRequests(
  tx: Tx,
  structureIds: readonly number[],
  filter: { readonly serviceId?: number; readonly askedBefore?: Date } = {},
): Promise<RequestRow[]> {
  const { serviceId, askedBefore } = filter;
  return requests(tx)
    .where("r.structureId", "in", structureIds.length > 0 ? [...structureIds] : [0])
    .where("r.state", "=", "pending")
    .$if(serviceId !== undefined, (query) =>
      query.where(sql<boolean>`${serviceId}::bigint = any(r.service_ids)`),
    )
    .$if(askedBefore !== undefined, (query) => query.where("r.askedAt", "<=", askedBefore!))
    .orderBy("r.askedAt")
    .limit(MOST_REQUESTS)
    .execute() as Promise<RequestRow[]>;
}

/** The requests of these numbers in these structures, answered ones included. */
export function listTickedRequests(
  tx: Tx,
  structureIds: readonly number[],
  ids: readonly number[],
): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", [...structureIds])
    .where(sql<boolean>`r.id = any(${[...ids]}::bigint[])`)
    .orderBy("r.askedAt")
    .execute() as Promise<RequestRow[]>;
}

/** Every request for an attachment to these structures, answered ones included, by number after one. */
export function listRequestsToExport(
  tx: Tx,
  structureIds: readonly number[],
  after: number,
  limit: number,
): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", [...structureIds])
    .where("r.id", ">", after)
    .orderBy("r.id")
    .limit(limit)
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

export type OwnRequestRow = RequestRow & {
  readonly identifierType: string;
  readonly identifierValue: string;
};

export function listOwnRequests(tx: Tx, accountId: number): Promise<OwnRequestRow[]> {
  return requests(tx)
    .select(["s.identifierType", "s.identifierValue"])
    .where("r.accountId", "=", accountId)
    .orderBy("r.askedAt", "desc")
    .limit(100)
    .execute() as Promise<OwnRequestRow[]>;
}

export type RequestStanding = {
  readonly pendingId: number | null;
  readonly lastRefusedId: number | null;
  /** When her requests were refused, those answered since included. */
  readonly refusedAt: readonly Date[];
};

/** Where a person stands with the structures she asked to join: what waits, and what was refused. */
export async function requestStanding(
  tx: Tx,
  accountId: number,
  structureId: number,
): Promise<RequestStanding> {
  const { rows } = await sql<RequestStanding>`
    select max(id) filter (where state = 'pending') as pending_id, max(id) filter (where state = 'refused') as last_refused_id,
      array(select unnest(o.refused_at) from membership_request o
            where o.account_id = ${accountId} and o.structure_id = ${structureId} order by 1) as refused_at
    from membership_request where account_id = ${accountId} and structure_id = ${structureId}`.execute(tx);
  return rows[0]!;
}

/** How a structure remembers a mailbox that an account bore and left. */
const digestOf = (structureId: string, address: string) =>
  sql`sha256(convert_to(${sql.ref(structureId)} || ':' || ${mailboxOf(address)}::text, 'UTF8'))`;

/**
 * What a structure, or one that it replaces under another number, has known of a person: by this account, by another of the
 * same mailbox, or by one that bore it and left it.
 */
export async function pastIn(
  tx: Tx,
  { accountId, address }: { readonly accountId: number; readonly address: string },
  structureId: number,
): Promise<{ readonly wasAttached: boolean; readonly wasRefused: boolean }> {
  const isHers = sql`(a.id = ${accountId}
    or regexp_replace(a.sign_in_email_canonical, '\\+.*@', '@') = ${mailboxOf(address)})`;
  const { rows } = await sql<{ wasAttached: boolean; wasRefused: boolean }>`
    with recursive line (id) as (
      select ${structureId}::bigint
      union select s.replaces_id from structure s join line on s.id = line.id where s.replaces_id is not null)
    select exists (select from membership m join account a on a.id = m.account_id
        where m.structure_id in (select id from line) and ${isHers})
      or exists (select from former_mailbox f join line on line.id = f.structure_id
        where f.digest = ${digestOf("line.id", address)}) as was_attached,
      exists (select from membership_request r join account a on a.id = r.account_id
        where r.structure_id in (select id from line) and cardinality(r.refused_at) > 0 and ${isHers}) as was_refused`.execute(
    tx,
  );
  return rows[0]!;
}

/** Keeps, for the structures that attached or refused a person, that she bore a mailbox which her account leaves (MEM-20). */
export async function keepFormerMailbox(
  tx: Tx,
  { accountId, address }: { readonly accountId: number; readonly address: string },
  now: Date,
): Promise<void> {
  await sql`
    insert into former_mailbox (structure_id, digest, left_at)
    select past.structure_id, ${digestOf("past.structure_id", address)}, ${now} from (
      select structure_id from membership where account_id = ${accountId}
      union select structure_id from membership_request where account_id = ${accountId} and cardinality(refused_at) > 0
      order by 1) past
    on conflict (structure_id, digest) do update set left_at = excluded.left_at`.execute(tx);
}

/** @returns null when the person has just asked the same, in another window or by pressing twice */
export async function insertRequest(
  tx: Tx,
  request: {
    accountId: number;
    structureId: number;
    scope: "structure" | "service";
    serviceIds: readonly number[];
    wishes: readonly Wish[];
    message: string;
    now: Date;
  },
): Promise<number | null> {
  const { now, serviceIds, wishes, ...row } = request;
  const inserted = await tx
    .insertInto("membershipRequest")
    .values({ ...row, serviceIds: [...serviceIds], wishes: [...wishes], askedAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id ?? null;
}

export async function editRequest(
  tx: Tx,
  id: number,
  change: {
    readonly scope: "structure" | "service";
    readonly serviceIds: readonly number[];
    readonly wishes: readonly Wish[];
    readonly message: string;
  },
): Promise<void> {
  const { scope, message } = change;
  await tx
    .updateTable("membershipRequest")
    .set({ scope, message, serviceIds: [...change.serviceIds], wishes: [...change.wishes] })
    .where("id", "=", id)
    .execute();
}

/** Puts a refused request before its answerers again, who see the refusal it had; answers whether it was still refused. */
export async function reopenRequest(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({ state: "pending", askedAt: now, remindedAt: null, requesterRemindedAt: null })
    .where("id", "=", id)
    .where("state", "=", "refused")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Keeps that a requester has reminded her answerers; answers whether her request still waits. */
export async function markRemindedByRequester(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({ requesterRemindedAt: now })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The names of the structures where two people both work, among those that the reader sees. */
export async function listSharedStructures(
  tx: Tx,
  accountId: number,
  otherId: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select s.display_name as name from structure s
    where exists (select from membership m where m.structure_id = s.id and m.account_id = ${accountId} and m.state = 'active')
      and exists (select from membership m where m.structure_id = s.id and m.account_id = ${otherId} and m.state = 'active')
    order by 1`.execute(tx);
  return rows.map((row) => row.name);
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
      ...(answer.state === "refused"
        ? { refusedAt: sql<Date[]>`array_append(refused_at, ${answer.now}::timestamptz)` }
        : {}),
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
