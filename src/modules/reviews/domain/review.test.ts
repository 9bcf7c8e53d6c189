import { describe, expect, test } from "vitest";
import {
  isReminderDue,
  isYearlyReviewDue,
  peopleToReview,
  type ReviewedPerson,
  refuseStart,
  type StartFacts,
  suspensionOrder,
} from "./review.ts";

const now = new Date("2026-03-10T10:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);
const person = (
  membershipId: number,
  role: ReviewedPerson["role"],
  startedDaysAgo: number,
): ReviewedPerson => ({ membershipId, role, startsAt: inDays(-startedDaysAgo) });

describe("MEM-19 Commencer une revue des rattachements", () => {
  const facts: StartFacts = { dueAt: inDays(30), hasOpenReview: false, peopleToReview: 4 };
  test.each([
    ["à trente jours", {}, null],
    ["à sept jours", { dueAt: inDays(7) }, null],
    ["à six jours", { dueAt: inDays(6) }, "DUE_TOO_SOON"],
    ["dans le passé", { dueAt: inDays(-1) }, "DUE_TOO_SOON"],
    ["à un an", { dueAt: inDays(365) }, "DUE_TOO_LATE"],
    ["quand une autre est en cours", { hasOpenReview: true }, "REVIEW_UNDER_WAY"],
    ["sans personne à revoir", { peopleToReview: 0 }, "NOBODY_TO_REVIEW"],
  ] as const)("%s : %o → %s", (_title, change, expected) =>
    expect(refuseStart({ ...facts, ...change }, now)).toBe(expected),
  );
});

describe("Qui est revu, qui est suspendu", () => {
  const [paul, claire, odile] = [
    person(1, "member", 10),
    person(2, "mainManager", 300),
    person(3, "mainManager", 20),
  ];
  test("un gestionnaire seul n'est pas revu : personne ne peut répondre pour lui", () =>
    expect(peopleToReview([paul, claire])).toEqual([paul]));
  test("à deux, chacun est revu par l'autre", () =>
    expect(peopleToReview([paul, claire, odile])).toEqual([paul, claire, odile]));
  test("les gestionnaires viennent en dernier, le plus ancien à la fin : c'est lui qui reste (MGR-03)", () =>
    expect(suspensionOrder([claire, paul, odile]).map((one) => one.membershipId)).toEqual([1, 3, 2]));
});

describe("Le rappel et la revue annuelle", () => {
  test.each([
    ["huit jours avant", { dueAt: inDays(8), remindedAt: null }, false],
    ["sept jours avant", { dueAt: inDays(7), remindedAt: null }, true],
    ["une seule fois", { dueAt: inDays(7), remindedAt: inDays(-1) }, false],
  ] as const)("rappel %s", (_title, review, expected) => expect(isReminderDue(review, now)).toBe(expected));
  test.each([
    ["jamais faite", null, true],
    ["faite il y a 364 jours", inDays(-364), false],
    ["faite il y a 365 jours", inDays(-365), true],
  ] as const)("revue annuelle %s", (_title, last, expected) =>
    expect(isYearlyReviewDue(last, now)).toBe(expected),
  );
});
