import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { DeactivationRequestState } from "./domain/deactivation.ts";

export type DeactivationRequest = {
  readonly id: number;
  readonly structureId: number;
  /** The main manager who asked. */
  readonly accountId: number;
  readonly requesterName: string;
  readonly reason: string;
  readonly state: DeactivationRequestState;
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  /** Why the operator refused; "" otherwise. */
  readonly answer: string;
};

const requests = (tx: Tx) =>
  tx
    .selectFrom("deactivationRequest as r")
    .innerJoin("account as a", "a.id", "r.accountId")
    .select([
      "r.id",
      "r.structureId",
      "r.accountId",
      sql<string>`a.first_name || ' ' || a.last_name`.as("requesterName"),
      "r.reason",
      "r.state",
      "r.askedAt",
      "r.answeredAt",
      "r.answer",
    ])
    .$castTo<DeactivationRequest>();

export function findDeactivationRequest(tx: Tx, id: number): Promise<DeactivationRequest | undefined> {
  return requests(tx).where("r.id", "=", id).executeTakeFirst();
}

/** The last request about a structure, whatever became of it. */
export function findLastDeactivationRequest(
  tx: Tx,
  structureId: number,
): Promise<DeactivationRequest | undefined> {
  return requests(tx)
    .where("r.structureId", "=", structureId)
    .orderBy("r.id", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The request about a structure that waits for the operator. Whoever changes one holds the lock of its structure. */
export function findOpenDeactivationRequest(
  tx: Tx,
  structureId: number,
): Promise<DeactivationRequest | undefined> {
  return requests(tx)
    .where("r.structureId", "=", structureId)
    .where("r.state", "=", "open")
    .executeTakeFirst();
}

export type DeactivationToAnswer = DeactivationRequest & {
  readonly structureName: string;
  readonly identifierValue: string;
  readonly requesterEmail: string;
  readonly requesterManages: boolean;
  /** Whether the operator who looks is attached to the structure: another one answers. */
  readonly isOwn: boolean;
};

/** The requests that wait for the operator, the oldest first. */
export function listDeactivationsToAnswer(tx: Tx, operatorId: number): Promise<DeactivationToAnswer[]> {
  return requests(tx)
    .innerJoin("structure as s", "s.id", "r.structureId")
    .select([
      "s.displayName as structureName",
      "s.identifierValue",
      "a.signInEmail as requesterEmail",
      sql<boolean>`exists (select from membership m where m.structure_id = s.id and m.account_id = r.account_id
        and m.role = 'mainManager' and m.state = 'active')`.as("requesterManages"),
      sql<boolean>`exists (select from membership own
        where own.structure_id = s.id and own.account_id = ${operatorId} and own.state <> 'ended')`.as(
        "isOwn",
      ),
    ])
    .where("r.state", "=", "open")
    .where("s.state", "=", "active")
    .orderBy("r.id")
    .limit(200)
    .$castTo<DeactivationToAnswer>()
    .execute();
}

export async function insertDeactivationRequest(
  tx: Tx,
  request: {
    readonly structureId: number;
    readonly accountId: number;
    readonly reason: string;
    readonly askedAt: Date;
  },
): Promise<void> {
  await tx.insertInto("deactivationRequest").values(request).execute();
}

export async function endDeactivationRequest(
  tx: Tx,
  id: number,
  end: {
    readonly state: Exclude<DeactivationRequestState, "open">;
    readonly answeredBy: number | null;
    readonly answeredAt: Date;
    /** Why the operator refused; "" otherwise. */
    readonly answer: string;
  },
): Promise<void> {
  await tx.updateTable("deactivationRequest").set(end).where("id", "=", id).execute();
}
