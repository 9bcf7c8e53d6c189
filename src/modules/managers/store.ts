import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { ClaimState } from "./domain/claim.ts";
import type { ClaimPerson } from "./domain/events.ts";

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
    ]);
}

/** The claims that wait for an answer, the oldest first; of one structure if named. */
export function listOpenClaims(tx: Tx, structureId: number | null): Promise<ClaimRow[]> {
  return claims(tx)
    .where("c.state", "=", "open")
    .$if(structureId !== null, (query) => query.where("c.structureId", "=", structureId!))
    .orderBy("c.openedAt")
    .execute() as Promise<ClaimRow[]>;
}

/** What a person claimed, the newest first. */
export function listOwnClaims(tx: Tx, accountId: number): Promise<ClaimRow[]> {
  return claims(tx).where("c.accountId", "=", accountId).orderBy("c.openedAt", "desc").execute() as Promise<
    ClaimRow[]
  >;
}

/** A claim, its row locked until the end of the transaction: it is answered once. */
export async function lockClaim(tx: Tx, id: number): Promise<ClaimRow | undefined> {
  await sql`select from manager_claim where id = ${id} for update`.execute(tx);
  return claims(tx).where("c.id", "=", id).executeTakeFirst() as Promise<ClaimRow | undefined>;
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

/** The main managers of a structure whose attachment lives, whatever the state of their account. */
export async function listManagers(
  tx: Tx,
  structureId: number,
): Promise<(ClaimPerson & { membershipId: number })[]> {
  const { rows } = await sql<ClaimPerson & { membershipId: number }>`
    select m.id as membership_id, a.id as account_id, a.sign_in_email as address, a.first_name,
      a.first_name || ' ' || a.last_name as name
    from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.role = 'mainManager' and m.state <> 'ended' order by m.id`.execute(
    tx,
  );
  return rows;
}

export async function markManaged(tx: Tx, structureId: number): Promise<void> {
  await tx.updateTable("structure").set({ withoutManager: false }).where("id", "=", structureId).execute();
}
