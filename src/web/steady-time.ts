import { setTimeout as sleep } from "node:timers/promises";

/** Longer than what sending a link takes, with room to spare. */
const STEADY_MS = 150;

/**
 * Answers no sooner than an answer that has something to do, so that its time does not tell whether an address has an
 * account: a link is only made, and a mail only written, for one that has.
 */
export async function inSteadyTime<T>(work: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([work, sleep(STEADY_MS)]);
  return answer;
}
