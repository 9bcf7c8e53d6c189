import type { Throttle } from "./sign-in-throttle.ts";

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const PAUSE_SECONDS = 60;

/** Links of one purpose that an address receives in an hour at most. Source: quality 2.3. */
export const LINKS_AN_HOUR = 3;

export type LinkSending =
  | { readonly kind: "send"; readonly next: Throttle }
  /** The last one left a moment ago. */
  | { readonly kind: "justSent"; readonly secondsAgo: number }
  /** The hour's links have left. */
  | { readonly kind: "enough"; readonly minutes: number };

/**
 * ACC-06. Whether one more link goes to an address, counted by address whether or not it has an account, so that the
 * answer tells nothing: not within a minute of the last one, and three an hour at most.
 */
export function decideLinkSending(throttle: Throttle, now: Date): LinkSending {
  const age = now.getTime() - throttle.windowStartedAt.getTime();
  const current = age < HOUR_MS ? throttle : { ...throttle, failures: 0, windowStartedAt: now };
  const pauseMs = (throttle.blockedUntil?.getTime() ?? 0) - now.getTime();
  if (pauseMs > 0)
    return { kind: "justSent", secondsAgo: Math.max(0, PAUSE_SECONDS - Math.ceil(pauseMs / SECOND_MS)) };
  if (current.failures >= LINKS_AN_HOUR)
    return { kind: "enough", minutes: Math.ceil((HOUR_MS - age) / (60 * SECOND_MS)) };
  return {
    kind: "send",
    next: {
      ...current,
      failures: current.failures + 1,
      blockedUntil: new Date(now.getTime() + PAUSE_SECONDS * SECOND_MS),
    },
  };
}

/** A first link, or one that replaces another because what was typed changed: no pause, and the hour's count. */
export function decideFirstLink(throttle: Throttle, now: Date): LinkSending {
  return decideLinkSending({ ...throttle, blockedUntil: null }, now);
}
