import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isAllowed, type Member } from "../../rights/index.ts";
import { findStructure, listOpenServices } from "../../structures/index.ts";
import {
  type AnswerRefusal,
  decideRequest,
  type MembershipRefusal,
  refuseAnswer,
  refuseGift,
} from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import { startOf } from "../domain/start.ts";
import { personFacts } from "../people-store.ts";
import {
  closeRequest,
  editRequest,
  findRequest,
  insertRequest,
  lockRequest,
  type RequestRow,
  requestStanding,
} from "../requests-store.ts";
import { findLivingMembership, insertMembership } from "../store.ts";
import { extend, standingOf } from "./attach.ts";
import { factsOfGift, type Gift, readGift } from "./gift.ts";

export type RequestInput = {
  readonly accountId: number;
  readonly structureId: number;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly message: string;
};

/** A person asks to work in a structure. The transaction must see everything: she is no member yet. */
export async function requestMembership(
  tx: Tx,
  input: RequestInput,
  actor: Actor,
  now: Date,
): Promise<Result<{ structureName: string }, MembershipRefusal>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (input.scope === "service") {
    const open = new Set((await listOpenServices(tx, structure.id, now)).map((one) => one.id));
    if (input.serviceIds.length === 0 || !input.serviceIds.every((id) => open.has(id)))
      return refused({ code: "NO_SERVICE" });
  }
  const living = await findLivingMembership(tx, input.accountId, structure.id);
  const { pendingId, lastRefusedAt } = await requestStanding(tx, input.accountId, structure.id);
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
      asks: input.scope,
      lastRefusedAt,
    },
    now,
  );
  if (decision.kind === "refuse") return refused({ code: decision.code });
  if (pendingId !== null) {
    await editRequest(tx, pendingId, input);
    return accepted({ structureName: structure.displayName });
  }
  const requestId = await insertRequest(tx, { ...input, now });
  if (requestId === null) return accepted({ structureName: structure.displayName });
  const person = await personFacts(tx, input.accountId);
  await publish(
    tx,
    membershipEvent(
      "MembershipRequested",
      structure.id,
      { structureName: structure.displayName, person, requestId, message: input.message },
      actor,
    ),
  );
  return accepted({ structureName: structure.displayName });
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

/** Who may answer a request: for the structure, or for every service it asks (organisation.md 10.1). */
export function mayAnswer(
  member: Member,
  request: Pick<RequestRow, "scope" | "serviceIds">,
  now: Date,
): boolean {
  if (request.scope === "structure") return isAllowed(member, "request.answer", { serviceId: null }, now);
  return request.serviceIds.every((serviceId) => isAllowed(member, "request.answer", { serviceId }, now));
}

/**
 * Accepts a request with the level, services and rights that the one who answers gives (MEM-07). Who may only accept
 * requests, and not manage users, gives at most what she holds, like anybody (RIG-05).
 */
export async function approveRequest(
  tx: Tx,
  input: { readonly requestId: number; readonly gift: Gift },
  answerer: Member,
  actor: Actor,
  now: Date,
): Promise<Result<{ name: string; given: string }, MembershipRefusal>> {
  const request = await findRequest(tx, answerer.structureId, input.requestId);
  if (!request) return refused({ code: "NOT_FOUND" });
  const gift = await readGift(tx, answerer, input.gift, now);
  if (!gift.ok) return gift;
  const refusal =
    (await refuseIt(tx, request, answerer, now)) ??
    refuseGift(factsOfGift(answerer, gift.value, input.gift, now));
  if (refusal) return refused({ code: refusal });
  const living = await findLivingMembership(tx, request.accountId, request.structureId);
  if (living?.scope === "service") await extend(tx, living, gift.value, input.gift.endsAt, answerer, now);
  // attached meanwhile to the whole structure: what she has is left to who manages users
  else if (!living)
    await insertMembership(tx, {
      accountId: request.accountId,
      structureId: request.structureId,
      role: "member",
      scope: input.gift.scope,
      origin: "request",
      attachedBy: answerer.accountId,
      startsAt: startOf(input.gift, now),
      endsAt: input.gift.endsAt,
      comment: "",
      serviceIds: gift.value.serviceIds,
      grants: gift.value.grants,
      now,
    });
  await closeRequest(tx, request.id, { state: "approved", answeredBy: answerer.accountId, now });
  const facts = { ...(await factsOf(tx, request)), given: gift.value.words };
  await publish(
    tx,
    membershipEvent("MembershipRequestApproved", request.structureId, facts, actor, {
      after: { niveau: input.gift.scope, droits: gift.value.words },
    }),
  );
  return accepted({ name: facts.person.name, given: gift.value.words });
}

export const refusalReasons = {
  NOT_OURS: "Cette personne ne travaille pas chez nous",
  DUPLICATE: "Demande en double",
  WRONG_STRUCTURE: "Mauvaise structure",
  OTHER: "Autre motif",
} as const;
export type RefusalReason = keyof typeof refusalReasons;

/** MEM-08. Refuses a request, with a reason that the person will read. */
export async function refuseRequest(
  tx: Tx,
  input: { readonly requestId: number; readonly reason: RefusalReason; readonly text: string },
  answerer: Member,
  actor: Actor,
  now: Date,
): Promise<Result<{ name: string }, MembershipRefusal>> {
  const request = await findRequest(tx, answerer.structureId, input.requestId);
  if (!request) return refused({ code: "NOT_FOUND" });
  const refusal = await refuseIt(tx, request, answerer, now);
  if (refusal && refusal !== "STRUCTURE_TO_VERIFY") return refused({ code: refusal });
  await closeRequest(tx, request.id, {
    state: "refused",
    answeredBy: answerer.accountId,
    reason: input.reason,
    text: input.text,
    now,
  });
  const facts = await factsOf(tx, request);
  const reason = [refusalReasons[input.reason], input.text].filter(Boolean).join(" : ");
  await publish(
    tx,
    membershipEvent("MembershipRequestRefused", request.structureId, facts, actor, { reason }),
  );
  return accepted({ name: facts.person.name });
}

async function refuseIt(
  tx: Tx,
  request: RequestRow,
  answerer: Member,
  now: Date,
): Promise<AnswerRefusal | null> {
  const state = await lockRequest(tx, request.id);
  const structure = await findStructure(tx, request.structureId);
  return refuseAnswer({
    state: state ?? "withdrawn",
    isOwnRequest: request.accountId === answerer.accountId,
    ...standingOf(structure!),
    mayAnswer: mayAnswer(answerer, request, now),
  });
}

export async function factsOf(tx: Tx, request: RequestRow) {
  return {
    structureName: request.structureName,
    person: await personFacts(tx, request.accountId),
    requestId: request.id,
  };
}
