import { isCollision, type Tx } from "../../../platform/database/index.ts";
import type { Result } from "../../../shared/result.ts";
import type { Member } from "../../rights/index.ts";

/** A request to managers, whatever it asks. */
export type Asked = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
  readonly state: "pending" | "approved" | "refused" | "withdrawn" | "expired";
};

export type AnsweredRow<Code extends string> = {
  readonly requestId: number;
  readonly name: string;
  readonly structureName: string;
  /** What was given, in words; null when refused, or when the answer was. */
  readonly given: string | null;
  /** Why the answer was refused; null when it was made. */
  readonly refusal: Code | "COLLISION" | null;
};

/** Does something in a transaction of its own. */
export type InTransaction = <T>(work: (tx: Tx, now: Date) => Promise<T>) => Promise<T>;

/**
 * One answer to many requests, each under the same rules as alone and in a transaction of its own: one that cannot be
 * answered changes nothing and stops no other, and whoever acts in the same structure meanwhile waits for one of them, not
 * for all.
 * @param memberIn the attachment of who answers, in the structure of a request; none: the request is not found
 */
export async function answerInTurn<R extends Asked, Code extends string>(
  inTransaction: InTransaction,
  requests: readonly R[],
  memberIn: (structureId: number) => Member | undefined,
  answerOne: (
    tx: Tx,
    request: R,
    member: Member,
    now: Date,
  ) => Promise<Result<{ readonly given: string | null }, { readonly code: Code }>>,
): Promise<readonly AnsweredRow<Code>[]> {
  const rows: AnsweredRow<Code>[] = [];
  for (const request of requests) {
    const member = memberIn(request.structureId);
    if (!member) continue;
    const row = {
      requestId: request.id,
      name: `${request.firstName} ${request.lastName}`,
      structureName: request.structureName,
    };
    try {
      const done = await inTransaction((tx, now) => answerOne(tx, request, member, now));
      rows.push(
        done.ok
          ? { ...row, given: done.value.given, refusal: null }
          : { ...row, given: null, refusal: done.refusal.code },
      );
    } catch (error) {
      if (!isCollision(error)) throw error;
      rows.push({ ...row, given: null, refusal: "COLLISION" });
    }
  }
  return rows;
}
