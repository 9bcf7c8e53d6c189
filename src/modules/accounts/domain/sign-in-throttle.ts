/** Tries of one key (an account, a trusted browser, a source address) in the present window. */
export type Throttle = {
  readonly failures: number;
  readonly evaluated: number;
  readonly windowStartedAt: Date;
  readonly blockedUntil: Date | null;
};

export type ThrottleDecision =
  | { readonly kind: "evaluate"; readonly next: Throttle }
  | { readonly kind: "wait"; readonly seconds: number };

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
/** Failures after which one waits, and the holder is told. */
export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 60 * SECOND_MS;
const MAX_EVALUATED_A_DAY = 25;
const ADDRESS_WINDOW_MS = 15 * 60 * SECOND_MS;
const MAX_FAILURES_OF_AN_ADDRESS = 100;

/**
 * SIG-02. Whether one more try on an account is evaluated. The try is counted before it is known to fail, so that a
 * hundred at once count a hundred; a success forgets. After 5 failures one waits 60 s, then twice as long each time;
 * at most 25 are evaluated in 24 h. Source: quality 2.2, A-04, A-06.
 */
export function decideTry(throttle: Throttle | null, now: Date): ThrottleDecision {
  const fresh = { failures: 0, evaluated: 0, windowStartedAt: now, blockedUntil: null };
  const current = throttle && now.getTime() - throttle.windowStartedAt.getTime() < DAY_MS ? throttle : fresh;
  if (current.blockedUntil && current.blockedUntil > now)
    return { kind: "wait", seconds: Math.ceil((current.blockedUntil.getTime() - now.getTime()) / SECOND_MS) };
  if (current.evaluated >= MAX_EVALUATED_A_DAY)
    return {
      kind: "wait",
      seconds: Math.ceil((current.windowStartedAt.getTime() + DAY_MS - now.getTime()) / SECOND_MS),
    };
  const failures = current.failures + 1;
  const waitMs = failures < FREE_FAILURES ? 0 : FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES);
  return {
    kind: "evaluate",
    next: {
      failures,
      evaluated: current.evaluated + 1,
      windowStartedAt: current.windowStartedAt,
      blockedUntil: waitMs === 0 ? null : new Date(now.getTime() + waitMs),
    },
  };
}

/**
 * SIG-02. Whether one more try from a source address is evaluated: at most 100 failures in 15 minutes, whatever the
 * accounts. Each try counts at once and is given back when it succeeds, so that a building full of people who sign in
 * well is never stopped. Source: quality 2.2, A-68.
 */
export function decideTryOfAddress(throttle: Throttle | null, now: Date): ThrottleDecision {
  return decideWithin(throttle, now, { most: MAX_FAILURES_OF_AN_ADDRESS, windowMs: ADDRESS_WINDOW_MS });
}

/** Whether one more try counts among the `most` that a window of time allows. */
export function decideWithin(
  throttle: Throttle | null,
  now: Date,
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
): ThrottleDecision {
  const isCurrent = throttle && now.getTime() - throttle.windowStartedAt.getTime() < windowMs;
  const current = isCurrent
    ? throttle
    : { failures: 0, evaluated: 0, windowStartedAt: now, blockedUntil: null };
  if (current.failures >= most) {
    const endsAt = current.windowStartedAt.getTime() + windowMs;
    return { kind: "wait", seconds: Math.ceil((endsAt - now.getTime()) / SECOND_MS) };
  }
  return { kind: "evaluate", next: { ...current, failures: current.failures + 1 } };
}
