import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { findStructure, listOpenServices } from "../../structures/index.ts";
import { decideRequest, type MembershipRefusal, REMINDER_PAUSE_DAYS } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import type { Wish } from "../domain/wishes.ts";
import { personFacts } from "../people-store.ts";
import {
  closeRequest,
  editRequest,
  findRequest,
  insertRequest,
  listOwnRequests,
  lockAsking,
  markRemindedByRequester,
  type RequestRow,
  reopenRequest,
  requestStanding,
} from "../requests-store.ts";
import { findLivingMembership } from "../store.ts";
import { approveByDomain } from "./approval-by-domain.ts";
import { standingOf } from "./attach.ts";

const DAY_MS = 24 * 3_600_000;

export type RequestInput = {
  readonly accountId: number;
  readonly structureId: number;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly wishes: readonly Wish[];
  readonly message: string;
};

/** What became of a request: where it went, or what was given at once (MEM-20). */
type Asked = { readonly structureName: string; readonly given: string | null };

/** A person asks to work in a structure. The transaction must see everything: she is no member yet. */
export async function requestMembership(
  tx: Tx,
  input: RequestInput,
  actor: Actor,
  now: Date,
): Promise<Result<Asked, MembershipRefusal>> {
  await lockAsking(tx, input.accountId, input.structureId);
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (input.scope === "service") {
    const open = new Set((await listOpenServices(tx, structure.id, now)).map((one) => one.id));
    if (input.serviceIds.length === 0 || !input.serviceIds.every((id) => open.has(id)))
      return refused({ code: "NO_SERVICE" });
  }
  const living = await findLivingMembership(tx, input.accountId, structure.id);
  const { pendingId, lastRefusedId, refusedAt } = await requestStanding(tx, input.accountId, structure.id);
  const decision = decideRequest(
    {
      structure: standingOf(structure).structure,
      standing: living
        ? living.scope === "structure"
          ? "attachedToStructure"
          : "attachedToServices"
        : pendingId !== null
          ? "requested"
          : "none",
      refusedAt,
      message: input.message,
    },
    now,
  );
  if (decision.kind === "refuse") return refused({ code: decision.code });
  const waiting: Asked = { structureName: structure.displayName, given: null };
  if (pendingId !== null) {
    await editRequest(tx, pendingId, input);
    return accepted(waiting);
  }
  const answersRefusal = decision.kind === "answerRefusal" && lastRefusedId !== null;
  const requestId = answersRefusal
    ? (await reopenRequest(tx, lastRefusedId, now)) && lastRefusedId
    : await insertRequest(tx, { ...input, now });
  if (!requestId) return accepted(waiting);
  const given = await approveByDomain(tx, { ...input, requestId, structure, decision: decision.kind }, now);
  if (given !== null) return accepted({ ...waiting, given });
  if (answersRefusal) await editRequest(tx, requestId, input);
  const person = await personFacts(tx, input.accountId);
  await publish(
    tx,
    membershipEvent(
      answersRefusal ? "MembershipRefusalAnswered" : "MembershipRequested",
      structure.id,
      { structureName: structure.displayName, person, requestId, message: input.message },
      actor,
    ),
  );
  return accepted(waiting);
}

/** Whether a requester may remind those who have not answered her. */
export function mayRemind(
  { requesterRemindedAt, askedAt }: Pick<RequestRow, "requesterRemindedAt" | "askedAt">,
  now: Date,
): boolean {
  return now.getTime() >= (requesterRemindedAt ?? askedAt).getTime() + REMINDER_PAUSE_DAYS * DAY_MS;
}

/**
 * MEM-09, § 10.6. The person reminds those who have not answered her, once every three days, with a few words if she
 * wishes: they go through the portal, so that she learns neither names nor addresses.
 */
export async function remindAnswerers(
  tx: Tx,
  input: { accountId: number; requestId: number; text: string },
  actor: Actor,
  now: Date,
): Promise<Result<{ structureName: string }, MembershipRefusal>> {
  const request = (await listOwnRequests(tx, input.accountId)).find((one) => one.id === input.requestId);
  if (!request) return refused({ code: "NOT_FOUND" });
  if (request.state !== "pending") return refused({ code: "ALREADY_ANSWERED" });
  if (!mayRemind(request, now)) return refused({ code: "REMINDED_RECENTLY" });
  if (!(await markRemindedByRequester(tx, request.id, now))) return refused({ code: "ALREADY_ANSWERED" });
  await publish(
    tx,
    membershipEvent(
      "MembershipAnswerersReminded",
      request.structureId,
      { ...(await factsOf(tx, request)), message: input.text },
      actor,
    ),
  );
  return accepted({ structureName: request.structureName });
}

/** The person takes her own request back. */
export async function withdrawRequest(
  tx: Tx,
  input: { accountId: number; requestId: number; structureId: number },
  actor: Actor,
  now: Date,
): Promise<Result<null, MembershipRefusal>> {
  const request = await findRequest(tx, input.structureId, input.requestId);
  if (request?.accountId !== input.accountId) return refused({ code: "NOT_FOUND" });
  if (!(await closeRequest(tx, request.id, { state: "withdrawn", answeredBy: input.accountId, now })))
    return refused({ code: "ALREADY_ANSWERED" });
  await publish(
    tx,
    membershipEvent("MembershipRequestWithdrawn", request.structureId, await factsOf(tx, request), actor),
  );
  return accepted(null);
}

export async function factsOf(tx: Tx, request: RequestRow) {
  return {
    structureName: request.structureName,
    person: await personFacts(tx, request.accountId),
    requestId: request.id,
    askedAt: request.askedAt,
  };
}
