import { describe, expect, test } from "vitest";
import { type OpeningFacts, objectionUntil, refuseClaimAnswer, refuseOpening } from "./claim.ts";

const opened = new Date("2026-03-02T10:00:00Z");
const days = (count: number, ms = 0) => new Date(opened.getTime() + count * 24 * 3_600_000 + ms);
const facts: OpeningFacts = {
  structure: "active",
  claimantIsManager: false,
  hasOpenClaim: false,
  lastRefusedAt: null,
};

describe("CLM-01 CLM-02 Qui peut demander à reprendre une structure", () => {
  for (const [name, change, refusal] of [
    ["une personne sans lien", {}, null],
    ["structure fermée", { structure: "inactive" }, "STRUCTURE_INACTIVE"],
    ["déjà gestionnaire", { claimantIsManager: true }, "ALREADY_MANAGER"],
    ["une reprise est en cours", { hasOpenClaim: true }, "CLAIM_UNDER_WAY"],
    ["refusée il y a 90 jours moins un instant", { lastRefusedAt: days(-90, 1) }, "CLAIM_RECENTLY_REFUSED"],
    ["refusée il y a 90 jours", { lastRefusedAt: days(-90) }, null],
  ] as const)
    test(`${name} : ${refusal ?? "permis"}`, () =>
      expect(refuseOpening({ ...facts, ...change }, opened)).toBe(refusal));
});

describe("CLM-03 Sept jours pour s'opposer, puis l'opérateur décide", () => {
  const claim = { state: "open", objectionUntil: objectionUntil(opened), isOwnClaim: false } as const;
  for (const [answer, at, change, refusal] of [
    ["stop", days(0), {}, null],
    ["stop", days(30), {}, null],
    ["accept", days(7, -1), {}, "OBJECTION_RUNS"],
    ["accept", days(7), {}, null],
    ["refuse", days(1), {}, null],
    ["accept", days(8), { isOwnClaim: true }, "OWN_CLAIM"],
    ["stop", days(1), { isOwnClaim: true }, "OWN_CLAIM"],
    ["withdraw", days(1), { isOwnClaim: true }, null],
    ["withdraw", days(1), {}, "NOT_FOUND"],
    ["accept", days(8), { state: "stopped" }, "CLAIM_ANSWERED"],
    ["stop", days(1), { state: "accepted" }, "CLAIM_ANSWERED"],
  ] as const)
    test(`${answer} le ${at.toISOString()} ${JSON.stringify(change)} : ${refusal ?? "permis"}`, () =>
      expect(refuseClaimAnswer(answer, { ...claim, ...change }, at)).toBe(refusal));
});
