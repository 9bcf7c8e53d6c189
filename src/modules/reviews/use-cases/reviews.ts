import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, theClock } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type BulkAct, changeMany, type RowOutcome, suspendByClock } from "../../memberships/index.ts";
import type { Member, ReadyProfile } from "../../rights/index.ts";
import { findStructure } from "../../structures/index.ts";
import { type ReviewEventType, type ReviewFacts, reviewEvent } from "../domain/events.ts";
import { peopleToReview, type ReviewRefusal, refuseStart, suspensionOrder } from "../domain/review.ts";
import {
  answerItem,
  chooseYearlyReview,
  endReview,
  insertReview,
  isReviewedYearly,
  listActivePeople,
  listUnanswered,
  lockOpenReview,
  markReminded,
  type ReviewRow,
} from "../store.ts";

type Answer<V> = Result<V, { readonly code: ReviewRefusal }>;

/** Starts a review of everybody who works for the structure today; by the clock when nobody is named. */
export async function startReview(
  tx: Tx,
  input: { readonly structureId: number; readonly dueAt: Date },
  actor: Actor,
  now: Date,
): Promise<Answer<{ readonly people: number }>> {
  const open = await lockOpenReview(tx, input.structureId);
  const people = peopleToReview(await listActivePeople(tx, input.structureId));
  const refusal = refuseStart(
    { dueAt: input.dueAt, hasOpenReview: open !== undefined, peopleToReview: people.length },
    now,
  );
  if (refusal) return refused({ code: refusal });
  const id = await insertReview(
    tx,
    { ...input, startedAt: now, startedBy: actor.accountId },
    people.map((one) => one.membershipId),
  );
  const structure = await findStructure(tx, input.structureId);
  const facts: ReviewFacts = {
    structureName: structure!.displayName,
    dueAt: input.dueAt,
    unanswered: people.length,
    suspended: 0,
  };
  await publish(tx, reviewEvent("ReviewStarted", { id, structureId: input.structureId }, facts, actor));
  return accepted({ people: people.length });
}

export type ReviewAnswer =
  | { readonly kind: "keep" | "end" }
  | { readonly kind: "narrow"; readonly set: Pick<ReadyProfile, "name" | "lines"> };

/**
 * Answers for some of the people, each under the rules of the same act elsewhere: nobody for herself, nobody outside
 * the services one manages. A refused answer leaves its person unanswered. Closes the review with its last answer.
 */
export async function answerReview(
  tx: Tx,
  answers: readonly { readonly membershipId: number; readonly answer: ReviewAnswer }[],
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer<{ readonly outcomes: readonly RowOutcome[]; readonly isOver: boolean }>> {
  const review = await lockOpenReview(tx, by.structureId);
  if (!review) return refused({ code: "NO_OPEN_REVIEW" });
  const waiting = new Set((await listUnanswered(tx, review.id)).map((one) => one.membershipId));
  const outcomes: RowOutcome[] = [];
  for (const { membershipId, answer } of answers.filter((one) => waiting.has(one.membershipId))) {
    const input = { membershipIds: [membershipId], act: actOf(answer) };
    const [outcome] = await changeMany(tx, input, by, actor, now);
    if (!outcome) continue;
    outcomes.push(outcome);
    if (outcome.refusal === null)
      await answerItem(tx, review.id, membershipId, { kind: answer.kind, by: by.accountId, now });
  }
  const left = (await listUnanswered(tx, review.id)).length;
  if (left === 0) await close(tx, review, 0, actor, now);
  return accepted({ outcomes, isOver: left === 0 });
}

function actOf(answer: ReviewAnswer): BulkAct {
  switch (answer.kind) {
    case "keep":
      return { kind: "keep" };
    case "end":
      return { kind: "detach", reason: "revue des rattachements" };
    case "narrow":
      return { kind: "narrow", set: answer.set };
  }
}

/** Gives the review up: nobody is suspended. */
export async function stopReview(tx: Tx, by: Member, actor: Actor, now: Date): Promise<Answer<null>> {
  const review = await lockOpenReview(tx, by.structureId);
  if (!review) return refused({ code: "NO_OPEN_REVIEW" });
  await endReview(tx, review.id, { state: "stopped", suspendedCount: 0, now });
  await tell(tx, "ReviewStopped", review, 0, actor);
  return accepted(null);
}

/** At the date, suspends whoever got no answer, never the last main manager; answers how many. */
export async function closeDueReview(tx: Tx, structureId: number, now: Date): Promise<number> {
  const review = await lockOpenReview(tx, structureId);
  if (!review || now < review.dueAt) return 0;
  let suspended = 0;
  for (const { membershipId } of suspensionOrder(await listUnanswered(tx, review.id)))
    if (await suspendByClock(tx, { structureId, membershipId, reason: "revue sans réponse" }, now))
      suspended++;
  await close(tx, review, suspended, theClock, now);
  return suspended;
}

/** Reminds the managers that answers are missing. */
export async function remindReview(tx: Tx, structureId: number, now: Date): Promise<void> {
  const review = await lockOpenReview(tx, structureId);
  if (!review) return;
  await markReminded(tx, review.id, now);
  await tell(tx, "ReviewReminded", review, 0, theClock);
}

/** Has a review started each year, or no longer. */
export async function setYearlyReview(
  tx: Tx,
  yearly: boolean,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<void> {
  if ((await isReviewedYearly(tx, by.structureId)) === yearly) return;
  await chooseYearlyReview(tx, by.structureId, yearly);
  const structure = await findStructure(tx, by.structureId);
  const facts = { structureName: structure!.displayName, dueAt: now, unanswered: 0, suspended: 0 };
  const type = yearly ? "YearlyReviewChosen" : "YearlyReviewGivenUp";
  await publish(tx, reviewEvent(type, { id: null, structureId: by.structureId }, facts, actor));
}

async function close(tx: Tx, review: ReviewRow, suspended: number, actor: Actor, now: Date): Promise<void> {
  await endReview(tx, review.id, { state: "closed", suspendedCount: suspended, now });
  await tell(tx, "ReviewClosed", review, suspended, actor);
}

async function tell(
  tx: Tx,
  type: ReviewEventType,
  review: ReviewRow,
  suspended: number,
  actor: Actor,
): Promise<void> {
  const { structureName, dueAt } = review;
  const unanswered = (await listUnanswered(tx, review.id)).length;
  await publish(tx, reviewEvent(type, review, { structureName, dueAt, unanswered, suspended }, actor));
}
