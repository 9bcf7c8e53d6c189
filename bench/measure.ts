import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Line } from "./line.ts";
import { atMost } from "./line.ts";

/** Rounds of a measure and of its bare one, by turns; a round is repeated while the bare ones disagree. */
const ROUNDS = 3;
const ROUNDS_AT_MOST = 5;
const BARE_SPREAD = 1.2;

/** Takes bare and product measures by turns (A B A B) after a warm-up of each; answers the median of each. */
export async function byTurns<B extends string>(
  measures: Readonly<Record<B, () => Promise<number>>>,
  bare: NoInfer<B>,
): Promise<Record<B, number>> {
  const names = Object.keys(measures) as B[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<B, number[]>;
  for (let round = 0; round < ROUNDS_AT_MOST; round++) {
    for (const name of names) taken[name].push(await measures[name]());
    if (round + 1 >= ROUNDS && spread(taken[bare]) <= BARE_SPREAD) break;
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])])) as Record<B, number>;
}

const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** So many clients, each with one demand at a time; answers the rate by second and each time in milliseconds. */
export async function closedLoop(
  clients: number,
  demands: number,
  work: (index: number) => Promise<unknown>,
): Promise<{ readonly rate: number; readonly times: readonly number[] }> {
  const times: number[] = [];
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let index = next++; index < demands; index = next++) {
        const asked = performance.now();
        await work(index);
        times.push(performance.now() - asked);
      }
    }),
  );
  return { rate: (demands / (performance.now() - started)) * 1000, times };
}

/** The longest that the event loop made its work wait meanwhile, but one time in a hundred (quality 5.3). */
export async function withLoopDelay(path: string, work: () => Promise<readonly Line[]>): Promise<Line[]> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const lines = await work();
  delay.disable();
  return [...lines, atMost(path, "event-loop delay: p99", delay.percentile(99) / 1e6, "ms", 50)];
}

/** A generator of numbers with a fixed seed (mulberry32), so that every run measures the same world. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
