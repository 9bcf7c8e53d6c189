import { describe, expect, test } from "vitest";
import type { Throttle, ThrottleDecision } from "./sign-in-throttle.ts";
import { decideUnprovedOfAll, decideUnprovedOfSource } from "./sign-up-proof.ts";

const start = new Date("2026-03-02T08:00:00Z");
const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

describe("ACC-15 Sans preuve, les inscriptions d'une heure sont comptées", () => {
  for (const [whose, decide, most] of [
    ["d'une même origine", decideUnprovedOfSource, 10],
    ["de tout le portail", decideUnprovedOfAll, 100],
  ] as const)
    test(`${most} au plus ${whose}`, () => {
      let state: Throttle | null = null;
      for (let count = 0; count < most; count++) {
        const decision: ThrottleDecision = decide(state, start);
        if (decision.kind === "wait") throw new Error(`attente dès la ${count + 1}e`);
        state = decision.next;
      }
      expect(decide(state, minutesLater(59))).toEqual({ kind: "wait", seconds: 60 });
      expect(decide(state, minutesLater(60)).kind).toBe("evaluate");
    });
});
