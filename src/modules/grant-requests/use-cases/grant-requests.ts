import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, theClock } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  addGrants,
  answerInTurn,
  findMembership,
  type InTransaction,
  type MembershipRefusal,
  mayActOn,
  personFacts,
} from "../../memberships/index.ts";
import { applicationLabel, applications, beyondWhatIsHeld, holds, type Member } from "../../rights/index.ts";
import { type GrantRequestEventType, type GrantRequestFacts, grantRequestEvent } from "../domain/events.ts";
import {
  type AnswerRefusal,
  type AskRefusal,
  EXPIRY_DAYS,
  refuseAnswering,
  refuseAsking,
} from "../domain/grant-request.ts";
import {
  closeGrantRequest,
  findGrantRequest,
  type GrantRequestRow,
  lastGrantRefusal,
  listStaleGrantRequests,
  lockGrantRequest,
  saveGrantRequest,
} from "../store.ts";

const DAY_MS = 24 * 3_600_000;
type Caller = Member & { readonly membershipId: number };

/** A member asks for a right more, where she works: on the whole structure, or in her open services. */
export async function askForGrant(
  tx: Tx,
  input: { readonly application: string; readonly level: "read" | "write"; readonly message: string },
  by: Caller,
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly asked: string }, { readonly code: AskRefusal | "NOT_FOUND" }>> {
  const application = applications.find((one) => one.code === input.application);
  const member = await findMembership(tx, by.structureId, by.membershipId);
  if (!application || !member) return refused({ code: "NOT_FOUND" });
  const serviceIds = by.scope === "structure" ? [] : member.openServiceIds;
  const places = by.scope === "structure" ? [null] : serviceIds;
  const refusal = refuseAsking(
    {
      role: by.role,
      scope: by.scope,
      isByService: application.byService,
      hasOpenService: serviceIds.length > 0,
      isHeld: places.length > 0 && places.every((serviceId) => holds(by, { ...input, serviceId }, now)),
      lastRefusedAt: await lastGrantRefusal(tx, by.membershipId, input.application),
    },
    now,
  );
  if (refusal) return refused({ code: refusal });
  const { accountId, structureId, membershipId } = by;
  const id = await saveGrantRequest(tx, {
    ...input,
    accountId,
    structureId,
    membershipId,
    serviceIds,
    askedAt: now,
  });
  const request = (await findGrantRequest(tx, structureId, id))!;
  await tell(tx, "GrantRequested", request, actor);
  return accepted({ asked: askedWords(request) });
}

/** The person takes her own request back. */
export async function withdrawGrantRequest(
  tx: Tx,
  requestId: number,
  by: Caller,
  actor: Actor,
  now: Date,
): Promise<Result<null, { readonly code: "NOT_FOUND" | "ALREADY_ANSWERED" }>> {
  const request = await findGrantRequest(tx, by.structureId, requestId);
  if (request?.accountId !== by.accountId) return refused({ code: "NOT_FOUND" });
  if (!(await closeGrantRequest(tx, request.id, { state: "withdrawn", answeredBy: by.accountId, now })))
    return refused({ code: "ALREADY_ANSWERED" });
  await tell(tx, "GrantRequestWithdrawn", request, actor);
  return accepted(null);
}

export type AnswerInput = {
  readonly requestId: number;
  readonly answer:
    | { readonly kind: "approve"; readonly level: "read" | "write" }
    | { readonly kind: "refuse"; readonly reason: string };
};

/**
 * Gives the right, at the level asked or a lower one, on top of what the person has; or refuses, with a reason that she
 * will read. Who answers gives at most what she holds (RIG-05).
 */
export async function answerGrantRequest(
  tx: Tx,
  { requestId, answer }: AnswerInput,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<
  Result<{ readonly name: string }, { readonly code: AnswerRefusal | "NOT_FOUND" } | MembershipRefusal>
> {
  const request = await lockGrantRequest(tx, by.structureId, requestId);
  if (!request) return refused({ code: "NOT_FOUND" });
  const refusal = refuseAnswering({
    state: request.state,
    isOwnRequest: request.accountId === by.accountId,
    mayChangeRights: mayAnswerGrant(by, request, now),
  });
  if (refusal) return refused({ code: refusal });
  if (answer.kind === "approve") {
    const lines = linesAsked(request, request.level === "read" ? "read" : answer.level);
    const given = await addGrants(tx, { membershipId: request.membershipId, lines }, by, actor, now);
    if (!given.ok) return given;
  }
  await closeGrantRequest(tx, request.id, {
    state: answer.kind === "approve" ? "approved" : "refused",
    answeredBy: by.accountId,
    ...(answer.kind === "refuse" ? { refusalReason: answer.reason } : {}),
    now,
  });
  await (answer.kind === "approve"
    ? tell(tx, "GrantRequestApproved", request, actor)
    : tell(tx, "GrantRequestRefused", request, actor, answer.reason));
  return accepted({ name: `${request.firstName} ${request.lastName}` });
}

const linesAsked = (
  { application, serviceIds }: Pick<GrantRequestRow, "application" | "serviceIds">,
  level: "read" | "write",
) => (serviceIds.length === 0 ? [null] : serviceIds).map((serviceId) => ({ application, level, serviceId }));

/** Whether a member holds what is asked, which is what it takes to give it (RIG-05). */
export const holdsWhatIsAsked = (member: Member, request: GrantRequestRow, now: Date): boolean =>
  beyondWhatIsHeld(member, linesAsked(request, request.level), now).length === 0;

/** Answers many requests, each as alone: given at the level asked, or refused. */
export function answerGrantRequests(
  inTransaction: InTransaction,
  requests: readonly GrantRequestRow[],
  answer: { readonly kind: "approve" } | Extract<AnswerInput["answer"], { kind: "refuse" }>,
  memberIn: (structureId: number) => Member | undefined,
  actor: Actor,
) {
  return answerInTurn(inTransaction, requests, memberIn, async (tx, request, member, now) => {
    const one = answer.kind === "approve" ? { ...answer, level: request.level } : answer;
    const done = await answerGrantRequest(tx, { requestId: request.id, answer: one }, member, actor, now);
    return done.ok ? accepted({ given: answer.kind === "approve" ? askedWords(request) : null }) : done;
  });
}

/** Whether a member may answer a request: she may change the rights of who asks, where they are asked. */
export function mayAnswerGrant(
  member: Member,
  request: Pick<GrantRequestRow, "serviceIds">,
  now: Date,
): boolean {
  return mayActOn(member, request.serviceIds, request.serviceIds.length === 0 ? "structure" : "service", now);
}

/** A request that nobody answers expires, and its author is told; answers how many did. */
export async function expireGrantRequests(tx: Tx, now: Date): Promise<number> {
  const stale = await listStaleGrantRequests(tx, new Date(now.getTime() - EXPIRY_DAYS * DAY_MS));
  for (const request of stale)
    if (await closeGrantRequest(tx, request.id, { state: "expired", answeredBy: null, now }))
      await tell(tx, "GrantRequestExpired", request, theClock);
  return stale.length;
}

/** What is asked, in words. */
export function askedWords(request: Pick<GrantRequestRow, "application" | "level" | "serviceCodes">): string {
  const level = request.level === "write" ? "en modification" : "en consultation";
  const where = request.serviceCodes.length > 0 ? `, sur ${request.serviceCodes.join(", ")}` : "";
  return `${applicationLabel(request.application)}, ${level}${where}`;
}

async function tell(
  tx: Tx,
  type: GrantRequestEventType,
  request: GrantRequestRow,
  actor: Actor,
  reason?: string,
): Promise<void> {
  const facts: GrantRequestFacts = {
    structureName: request.structureName,
    requestId: request.id,
    asked: askedWords(request),
    message: request.message,
    person: await personFacts(tx, request.accountId),
  };
  await publish(tx, grantRequestEvent(type, request.structureId, facts, actor, reason));
}
