import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { ClaimState } from "./domain/claim.ts";
import type { ClaimPerson, ManagersUnreachable } from "./domain/events.ts";
import {
  ADVICE_DAYS,
  FIRST_ADVICE_DAYS,
  type ProposalKind,
  type ProposalState,
  type Succession,
} from "./domain/proposal.ts";

export type ClaimRow = {
  readonly id: number;
  readonly structureId: number;
  readonly accountId: number;
  readonly justification: string;
  readonly state: ClaimState;
  readonly openedAt: Date;
  readonly objectionUntil: Date;
  readonly reason: string;
  readonly structureName: string;
  readonly structureEmail: string | null;
  readonly identifierValue: string;
  readonly claimantName: string;
  readonly claimantFirstName: string;
  readonly claimantEmail: string;
};

function claims(tx: Tx) {
  return tx
    .selectFrom("managerClaim as c")
    .innerJoin("structure as s", "s.id", "c.structureId")
    .innerJoin("account as a", "a.id", "c.accountId")
    .select([
      "c.id",
      "c.structureId",
      "c.accountId",
      "c.justification",
      "c.state",
      "c.openedAt",
      "c.objectionUntil",
      "c.reason",
      "s.displayName as structureName",
      "s.email as structureEmail",
      "s.identifierValue",
      sql<string>`a.first_name || ' ' || a.last_name`.as("claimantName"),
      "a.firstName as claimantFirstName",
      "a.signInEmail as claimantEmail",
    ])
    .$castTo<ClaimRow>();
}

/** The claims that wait for an answer, the oldest first; null: in every structure. */
export function listOpenClaims(tx: Tx, structureIds: readonly number[] | null): Promise<ClaimRow[]> {
  return claims(tx)
    .where("c.state", "=", "open")
    .where("s.state", "<>", "archived")
    .$if(structureIds !== null, (query) =>
      query.where(sql<boolean>`c.structure_id = any(${structureIds}::bigint[])`),
    )
    .orderBy("c.openedAt")
    .execute();
}

/** What a person claimed, the newest first. */
export function listOwnClaims(tx: Tx, accountId: number): Promise<ClaimRow[]> {
  return claims(tx).where("c.accountId", "=", accountId).orderBy("c.openedAt", "desc").execute();
}

/** A claim, its row locked until the end of the transaction: it is answered once. */
export async function lockClaim(tx: Tx, id: number): Promise<ClaimRow | undefined> {
  await sql`select from manager_claim where id = ${id} for update`.execute(tx);
  return claims(tx).where("c.id", "=", id).executeTakeFirst();
}

/** Locks the claims of a structure, and tells what stands in the way of a new one. */
export async function claimStanding(
  tx: Tx,
  structureId: number,
  accountId: number,
): Promise<{ hasOpenClaim: boolean; lastRefusedAt: Date | null }> {
  await sql`select pg_advisory_xact_lock(${structureId}, 2)`.execute(tx);
  const { rows } = await sql<{ hasOpenClaim: boolean; lastRefusedAt: Date | null }>`
    select coalesce(bool_or(state = 'open'), false) as has_open_claim,
      max(answered_at) filter (where state = 'refused' and account_id = ${accountId}) as last_refused_at
    from manager_claim where structure_id = ${structureId}`.execute(tx);
  return rows[0]!;
}

export async function insertClaim(
  tx: Tx,
  claim: {
    structureId: number;
    accountId: number;
    justification: string;
    openedAt: Date;
    objectionUntil: Date;
  },
): Promise<number> {
  const { id } = await tx.insertInto("managerClaim").values(claim).returning("id").executeTakeFirstOrThrow();
  return id;
}

export async function answerClaim(
  tx: Tx,
  id: number,
  answer: { state: Exclude<ClaimState, "open">; answeredBy: number | null; reason: string; now: Date },
): Promise<void> {
  await tx
    .updateTable("managerClaim")
    .set({
      state: answer.state,
      answeredBy: answer.answeredBy,
      answeredAt: answer.now,
      reason: answer.reason,
    })
    .where("id", "=", id)
    .execute();
}

export async function markManaged(tx: Tx, structureId: number): Promise<void> {
  await tx.updateTable("structure").set({ withoutManager: false }).where("id", "=", structureId).execute();
}

export type ManagerRow = ClaimPerson & {
  readonly membershipId: number;
  readonly isActive: boolean;
  readonly since: Date | null;
  readonly namedByName: string | null;
  readonly lastSignInAt: Date | null;
  readonly hasSecondFactor: boolean;
};

/**
 * The main managers of a structure whose attachment lives, whatever the state of their account, the oldest in the role
 * first. Sees everything: sign-ins are nobody's to list.
 */
export async function listMainManagers(tx: Tx, structureId: number): Promise<ManagerRow[]> {
  const { rows } = await sql<ManagerRow>`
    select m.id as membership_id, a.id as account_id, a.first_name, a.first_name || ' ' || a.last_name as name,
      a.sign_in_email as address, m.state = 'active' and a.state = 'active' as is_active, m.manager_since as since,
      (select first_name || ' ' || last_name from account n where n.id = m.manager_named_by) as named_by_name,
      a.last_sign_in_at, exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null) as has_second_factor
    from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.role = 'mainManager' and m.state <> 'ended'
    order by m.manager_since nulls first, m.id`.execute(tx);
  return rows;
}

export type ProposalRow = {
  readonly id: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly structureState: string;
  readonly membershipId: number;
  readonly accountId: number;
  readonly kind: ProposalKind;
  readonly becomes: Succession | null;
  readonly reason: string;
  readonly state: ProposalState;
  readonly proposedAt: Date;
  readonly dueAt: Date;
  readonly answer: string;
  readonly proposedBy: number;
  readonly personName: string;
  readonly personFirstName: string;
  readonly personAddress: string;
  readonly authorName: string;
  readonly authorFirstName: string;
  readonly authorAddress: string;
};

function proposals(tx: Tx) {
  return tx
    .selectFrom("managerProposal as p")
    .innerJoin("structure as s", "s.id", "p.structureId")
    .innerJoin("account as a", "a.id", "p.accountId")
    .innerJoin("account as b", "b.id", "p.proposedBy")
    .select([
      "p.id",
      "p.structureId",
      "s.displayName as structureName",
      "s.state as structureState",
      "p.membershipId",
      "p.accountId",
      "p.kind",
      "p.becomes",
      "p.reason",
      "p.state",
      "p.proposedAt",
      "p.dueAt",
      "p.answer",
      "p.proposedBy",
      sql<string>`a.first_name || ' ' || a.last_name`.as("personName"),
      "a.firstName as personFirstName",
      "a.signInEmail as personAddress",
      sql<string>`b.first_name || ' ' || b.last_name`.as("authorName"),
      "b.firstName as authorFirstName",
      "b.signInEmail as authorAddress",
    ])
    .$castTo<ProposalRow>();
}

/** The proposals of a structure that wait for an answer, the oldest first. Sees everything: an author may have left. */
export function listProposals(tx: Tx, structureId: number): Promise<ProposalRow[]> {
  return proposals(tx)
    .where("p.structureId", "=", structureId)
    .where("p.state", "in", ["open", "objected"])
    .orderBy("p.proposedAt")
    .execute();
}

/** The contested removals of all structures, for the operator. */
export function listObjections(tx: Tx): Promise<ProposalRow[]> {
  return proposals(tx)
    .where("p.state", "=", "objected")
    .where("s.state", "<>", "archived")
    .orderBy("p.proposedAt")
    .execute();
}

export type OwnProposal = Pick<ProposalRow, "id" | "structureId" | "kind" | "dueAt" | "proposedBy"> & {
  readonly structureName: string;
};

/** The proposals that wait for a person's own answer. */
export function listProposalsTo(tx: Tx, accountId: number, now: Date): Promise<OwnProposal[]> {
  return tx
    .selectFrom("managerProposal as p")
    .innerJoin("structure as s", "s.id", "p.structureId")
    .select(["p.id", "p.structureId", "p.kind", "p.dueAt", "p.proposedBy", "s.displayName as structureName"])
    .where("p.accountId", "=", accountId)
    .where("p.state", "=", "open")
    .where("p.dueAt", ">", now)
    .orderBy("p.proposedAt")
    .$castTo<OwnProposal>()
    .execute();
}

export function findProposal(tx: Tx, id: number): Promise<ProposalRow | undefined> {
  return proposals(tx).where("p.id", "=", id).executeTakeFirst();
}

/** What stands in the way of a proposal about an attachment. The managers of the structure are locked. */
export async function proposalStanding(
  tx: Tx,
  membershipId: number,
  structureId: number,
  authorId: number,
): Promise<{ isUnderWay: boolean; isHandingOver: boolean }> {
  const { rows } = await sql<{ isUnderWay: boolean; isHandingOver: boolean }>`
    select coalesce(bool_or(membership_id = ${membershipId}), false) as is_under_way,
      coalesce(bool_or(kind = 'handOver' and proposed_by = ${authorId}), false) as is_handing_over
    from manager_proposal where structure_id = ${structureId} and state in ('open', 'objected')`.execute(tx);
  return rows[0]!;
}

export async function insertProposal(
  tx: Tx,
  proposal: {
    structureId: number;
    accountId: number;
    membershipId: number;
    kind: ProposalKind;
    becomes: Succession | null;
    reason: string;
    proposedBy: number;
    proposedAt: Date;
    dueAt: Date;
  },
): Promise<number> {
  const { id } = await tx
    .insertInto("managerProposal")
    .values(proposal)
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function closeProposal(
  tx: Tx,
  id: number,
  given: { state: Exclude<ProposalState, "open">; answeredBy: number | null; answer: string; now: Date },
): Promise<void> {
  await tx
    .updateTable("managerProposal")
    .set({ state: given.state, answeredBy: given.answeredBy, answeredAt: given.now, answer: given.answer })
    .where("id", "=", id)
    .execute();
}

/** The nominations that expire before an instant and of which nobody was reminded. */
export function listProposalsToRemind(tx: Tx, before: Date): Promise<{ id: number; structureId: number }[]> {
  return tx
    .selectFrom("managerProposal")
    .select(["id", "structureId"])
    .where("state", "=", "open")
    .where("kind", "<>", "remove")
    .where("remindedAt", "is", null)
    .where("dueAt", "<=", before)
    .orderBy("dueAt")
    .limit(500)
    .execute();
}

/** Keeps that a nomination is reminded; answers whether it was not yet, by any instance. */
export async function markProposalReminded(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("managerProposal")
    .set({ remindedAt: now })
    .where("id", "=", id)
    .where("state", "=", "open")
    .where("remindedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The proposals whose time is over, the oldest first; the next run takes what is beyond. */
export function listDueProposals(tx: Tx, now: Date): Promise<{ id: number; structureId: number }[]> {
  return tx
    .selectFrom("managerProposal")
    .select(["id", "structureId"])
    .where("state", "=", "open")
    .where("dueAt", "<=", now)
    .orderBy("dueAt")
    .limit(500)
    .execute();
}

/**
 * MGR-01. Takes the active structures that one person alone manages and that were not advised lately, and keeps that
 * they are: each once, whatever the instances.
 */
export async function takeStructuresToAdvise(
  tx: Tx,
  now: Date,
): Promise<{ structureId: number; structureName: string }[]> {
  const { rows } = await sql<{ structureId: number; structureName: string }>`
    update structure s set manager_advised_at = ${now}
    where s.id in (
      select s.id from structure s
      where s.state = 'active'
        and coalesce(s.manager_advised_at + ${ADVICE_DAYS} * interval '1 day',
                     s.created_at + ${FIRST_ADVICE_DAYS} * interval '1 day') <= ${now}
        and (select count(*) from membership m join account a on a.id = m.account_id
             where m.structure_id = s.id and m.role = 'mainManager' and m.state = 'active' and a.state = 'active') = 1
      order by s.id limit 500 for update of s skip locked)
    returning s.id as structure_id, s.display_name as structure_name`.execute(tx);
  return rows;
}

/** MGR-08. Days without a sign-in after which a manager is unreachable, and that a request has waited meanwhile. */
const ABSENT_DAYS = 90;
const WAITING_DAYS = 10;

/**
 * MGR-08. Takes the active structures none of whose managers has signed in for ninety days, or receives mails, while a
 * request has waited for ten, and keeps that their people are told: each once in ninety days, whatever the instances.
 */
export async function takeUnreachable(
  tx: Tx,
  now: Date,
): Promise<(ManagersUnreachable["facts"] & { structureId: number })[]> {
  const { rows } = await sql<ManagersUnreachable["facts"] & { structureId: number }>`
    update structure s set managers_unreachable_at = ${now}
    where s.id in (
      select s.id from structure s
      where s.state = 'active'
        and coalesce(s.managers_unreachable_at + ${ABSENT_DAYS} * interval '1 day', ${now}) <= ${now}
        and exists (select from membership_request r where r.structure_id = s.id and r.state = 'pending'
          and r.asked_at <= ${now}::timestamptz - ${WAITING_DAYS} * interval '1 day')
        and exists (select from membership m
          where m.structure_id = s.id and m.role = 'mainManager' and m.state <> 'ended')
        and not exists (select from membership m join account a on a.id = m.account_id
          where m.structure_id = s.id and m.role = 'mainManager' and m.state = 'active' and a.state = 'active'
            and a.bounced_at is null
            and coalesce(a.last_sign_in_at, a.activated_at) > ${now}::timestamptz - ${ABSENT_DAYS} * interval '1 day')
      order by s.id limit 500 for update of s skip locked)
    returning s.id as structure_id, s.display_name as structure_name, s.identifier_type, s.identifier_value,
      s.email as structure_email`.execute(tx);
  return rows;
}
