import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { defaultProfile } from "../../profiles/index.ts";
import { isAllowed, type Member } from "../../rights/index.ts";
import { findStructure } from "../../structures/index.ts";
import { type AnswerRefusal, type MembershipRefusal, refuseAnswer, refuseGift } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import { isAnsweredAlone } from "../domain/wishes.ts";
import { closeRequest, findRequest, lockRequest, type RequestRow } from "../requests-store.ts";
import { findLivingMembership } from "../store.ts";
import { extend, standingOf } from "./attach.ts";
import { factsOfGift, type Gift, loadGivable, readGift } from "./gift.ts";
import { type AnsweredRow, answerInTurn, type InTransaction } from "./many-answers.ts";
import { attachRequester } from "./requester.ts";
import { factsOf } from "./requests.ts";

/** Who may answer a request: for the structure, or for every service it asks (organisation.md 10.1). */
export function mayAnswer(
  member: Member,
  request: Pick<RequestRow, "scope" | "serviceIds">,
  now: Date,
): boolean {
  if (request.scope === "structure" || request.serviceIds.length === 0)
    return isAllowed(member, "request.answer", { serviceId: null }, now);
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
  const gift = readGift(await loadGivable(tx, request.structureId, now), input.gift, now);
  if (!gift.ok) return gift;
  const refusal =
    (await refuseIt(tx, request, answerer, now)) ??
    refuseGift(factsOfGift(answerer, gift.value, input.gift, now));
  if (refusal) return refused({ code: refusal });
  const living = await findLivingMembership(tx, request.accountId, request.structureId);
  if (living?.scope === "service") await extend(tx, living, gift.value, input.gift.endsAt, answerer, now);
  // attached meanwhile to the whole structure: what she has is left to who manages users
  else if (!living)
    await attachRequester(
      tx,
      request,
      { gift: input.gift, given: gift.value, attachedBy: answerer.accountId },
      now,
    );
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

/** An answer to many requests: each accepted as it asks, with the set that its structure proposes first, or all refused. */
type ManyAnswers =
  | { readonly kind: "approve" }
  | { readonly kind: "refuse"; readonly reason: RefusalReason; readonly text: string };

/** Answers many requests for an attachment, each as alone; managing users is asked alone (organisation.md 10.4). */
export function answerMany(
  inTransaction: InTransaction,
  requests: readonly RequestRow[],
  answer: ManyAnswers,
  memberIn: (structureId: number) => Member | undefined,
  actor: Actor,
): Promise<readonly AnsweredRow<MembershipRefusal["code"]>[]> {
  return answerInTurn(inTransaction, requests, memberIn, async (tx, request, member, now) => {
    const requestId = request.id;
    if (answer.kind === "refuse") {
      const done = await refuseRequest(tx, { requestId, ...answer }, member, actor, now);
      return done.ok ? accepted({ given: null }) : done;
    }
    if (request.state === "pending" && isAnsweredAlone(request.wishes))
      return refused({ code: "ANSWERED_ALONE" });
    return approveRequest(tx, { requestId, gift: await askedGift(tx, request) }, member, actor, now);
  });
}

/** What accepting a request as it stands gives. */
async function askedGift(tx: Tx, request: RequestRow): Promise<Gift> {
  return {
    scope: request.scope,
    serviceIds: request.serviceIds,
    profile: (await defaultProfile(tx, request.structureId)).code,
    adjustment: {},
    startsAt: null,
    endsAt: null,
  };
}
