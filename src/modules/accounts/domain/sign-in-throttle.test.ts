import { describe, expect, test } from "vitest";
import { decideTry, decideTryOfAddress, type Throttle } from "./sign-in-throttle.ts";

const start = new Date("2026-03-02T08:00:00Z");
const secondsLater = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** Tries at the given seconds, all failing; answers what each met. */
function failuresAt(...seconds: number[]): string[] {
  let state: Throttle | null = null;
  return seconds.map((second) => {
    const decision = decideTry(state, secondsLater(second));
    if (decision.kind === "wait") return `attendre ${decision.seconds} s`;
    state = decision.next;
    return "évalué";
  });
}

describe("SIG-02 Après cinq échecs, on attend", () => {
  test("une minute, puis deux, puis quatre", () =>
    expect(failuresAt(0, 1, 2, 3, 4, 5, 64, 65, 184, 185)).toEqual([
      "évalué",
      "évalué",
      "évalué",
      "évalué",
      "évalué",
      "attendre 59 s",
      "évalué",
      "attendre 119 s",
      "évalué",
      "attendre 239 s",
    ]));

  test("au plus vingt-cinq essais évalués en vingt-quatre heures", () => {
    const state: Throttle = { failures: 1, evaluated: 25, windowStartedAt: start, blockedUntil: null };
    expect(decideTry(state, secondsLater(3600))).toEqual({ kind: "wait", seconds: 23 * 3600 });
    expect(decideTry(state, secondsLater(24 * 3600)).kind).toBe("evaluate");
  });
});

describe("SIG-02 Une même adresse d'origine", () => {
  test("échoue cent fois au plus en un quart d'heure, sur tous les comptes", () => {
    let state: Throttle | null = null;
    for (let count = 0; count < 100; count++) {
      const decision = decideTryOfAddress(state, secondsLater(count));
      if (decision.kind === "wait") throw new Error(`attente dès le ${count + 1}e essai`);
      state = decision.next;
    }
    expect(decideTryOfAddress(state, secondsLater(100))).toEqual({ kind: "wait", seconds: 800 });
    expect(decideTryOfAddress(state, secondsLater(900)).kind).toBe("evaluate");
  });
});
