import { decideWithin, type Throttle, type ThrottleDecision } from "./sign-in-throttle.ts";

/** A sign-up proves that its browser worked: the key of a few hundred tries, found by trying (half a second or so). */
export const challengeTerms = {
  algorithm: "PBKDF2/SHA-256",
  cost: 5000,
  triesAtLeast: 100,
  triesAtMost: 400,
  lifeMs: 20 * 60_000,
} as const;

const HOUR_MS = 3_600_000;

/** ACC-15. Without a proof (no script, or an old browser), ten sign-ups an hour from one source address. */
export function decideUnprovedOfSource(throttle: Throttle | null, now: Date): ThrottleDecision {
  return decideWithin(throttle, now, { most: 10, windowMs: HOUR_MS });
}

/** ACC-15. And a hundred an hour in the whole portal, so that many addresses do not make many robots. */
export function decideUnprovedOfAll(throttle: Throttle | null, now: Date): ThrottleDecision {
  return decideWithin(throttle, now, { most: 100, windowMs: HOUR_MS });
}
