import { describe, expect, test } from "vitest";
import { decideFirstLink, decideLinkSending } from "./link-sending.ts";
import type { Throttle } from "./sign-in-throttle.ts";

const start = new Date("2026-03-02T09:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const none: Throttle = { failures: 0, evaluated: 0, windowStartedAt: start, blockedUntil: null };

function sent(times: readonly number[]): Throttle {
  return times.reduce((throttle, seconds) => {
    const decision = decideLinkSending(throttle, at(seconds));
    if (decision.kind !== "send") throw new Error(`refused at ${seconds} s`);
    return decision.next;
  }, none);
}

describe("ACC-06 Renvoyer un lien : pas dans la minute, trois par heure", () => {
  test("une seconde pression dans la minute dit depuis quand le message est parti", () => {
    expect(decideLinkSending(sent([0]), at(20))).toEqual({ kind: "justSent", secondsAgo: 20 });
    expect(decideLinkSending(sent([0]), at(59))).toEqual({ kind: "justSent", secondsAgo: 59 });
    expect(decideLinkSending(sent([0]), at(60)).kind).toBe("send");
  });

  test("le quatrième dans l'heure attend la fin de l'heure", () => {
    const three = sent([0, 60, 600]);
    expect(decideLinkSending(three, at(1200))).toEqual({ kind: "enough", minutes: 40 });
    expect(decideLinkSending(three, at(3599))).toEqual({ kind: "enough", minutes: 1 });
    expect(decideLinkSending(three, at(3600)).kind).toBe("send");
  });

  test("corriger sa saisie n'attend pas la minute, et compte dans l'heure", () => {
    expect(decideFirstLink(sent([0]), at(5)).kind).toBe("send");
    expect(decideFirstLink(sent([0, 60, 120]), at(200)).kind).toBe("enough");
  });
});
