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
  readonly refusal: Code | null;
};

/**
 * One answer to many requests, each under the same rules as alone: one that cannot be answered changes nothing and stops
 * no other. They are taken in the order of their structures, then of their numbers, so that two who answer at once wait
 * for each other and never block.
 * @param memberIn the attachment of who answers, in the structure of a request; none: the request is not found
 */
export async function answerInTurn<R extends Asked, Code extends string>(
  requests: readonly R[],
  memberIn: (structureId: number) => Member | undefined,
  answerOne: (
    request: R,
    member: Member,
  ) => Promise<Result<{ readonly given: string | null }, { readonly code: Code }>>,
): Promise<readonly AnsweredRow<Code>[]> {
  const rows: AnsweredRow<Code>[] = [];
  const inOrder = requests.toSorted((one, other) => one.structureId - other.structureId || one.id - other.id);
  for (const request of inOrder) {
    const member = memberIn(request.structureId);
    if (!member) continue;
    const done = await answerOne(request, member);
    rows.push({
      requestId: request.id,
      name: `${request.firstName} ${request.lastName}`,
      structureName: request.structureName,
      given: done.ok ? done.value.given : null,
      refusal: done.ok ? null : done.refusal.code,
    });
  }
  return rows;
}
