import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { productRoot } from "../src/platform/paths.ts";
import { atMost, type Line } from "./line.ts";
import type { BenchPortal } from "./portal.ts";

const PORT = 3700;
const GIVEN_UP_MS = 60_000;

/**
 * P-22 and P-23: the built portal started as `npm start` does, with the embedded database (new, then existing) and on an
 * external one that needs no migration: how long until its first page, how much memory once it has been idle a moment.
 */
export async function benchStart(portal: BenchPortal, folder: string): Promise<Line[]> {
  const data = join(folder, "start");
  mkdirSync(data);
  const embedded = { UNISSON_DATA: data };
  const created = await startOnce(embedded);
  const reopened = await startOnce(embedded);
  const external = {
    // the settings want a host written out; the socket named after it is where the driver goes
    DATABASE_URL: (await portal.emptyDatabase("bench_start")).replace("@/", "@localhost/"),
    UNISSON_SECRET: "a-secret-for-benchmarks-only-0123456789",
    UNISSON_DATA: data,
  };
  await startOnce(external);
  const cold = await startOnce(external);
  return [
    atMost("P-22", "embedded database, first creation to first page", created.ms, "ms", 10_000),
    atMost("P-22", "embedded database, start on existing data to first page", reopened.ms, "ms", 4_000),
    ...(reopened.bytes === null
      ? []
      : [atMost("P-22", "embedded database, memory of all processes", reopened.bytes / 2 ** 20, "MB", 500)]),
    atMost("P-23", "external database, cold start to ready", cold.ms, "ms", 2_000),
    ...(cold.bytes === null
      ? []
      : [atMost("P-23", "external database, memory when idle", cold.bytes / 2 ** 20, "MB", 150)]),
  ];
}

async function startOnce(settings: Record<string, string>): Promise<{ ms: number; bytes: number | null }> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--enable-source-maps", join(productRoot, "dist/main.js")], {
    env: { PATH: process.env.PATH, UNISSON_PORT: String(PORT), UNISSON_LOG_LEVEL: "silent", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await addressOf(child);
    await untilAnswered(`${url}/sante/pret`, started);
    await untilAnswered(`${url}/annuaire`, started);
    const ms = performance.now() - started;
    await sleep(1000);
    return { ms, bytes: memoryOf(child.pid!) };
  } finally {
    if (child.exitCode === null) {
      child.kill("SIGINT");
      await once(child, "exit");
    }
  }
}

/** The address that the portal says once it serves. */
async function addressOf(child: ChildProcess): Promise<string> {
  let said = "";
  for await (const chunk of child.stdout!) {
    said += chunk;
    const url = /est prêt : (\S+)/.exec(said)?.[1];
    if (url) {
      child.stdout!.resume();
      return url;
    }
  }
  throw new Error(`The portal did not start: ${said}`);
}

async function untilAnswered(url: string, started: number): Promise<void> {
  while (performance.now() - started < GIVEN_UP_MS) {
    const answer = await fetch(url).catch(() => null);
    await answer?.text();
    if (answer?.status === 200) return;
    await sleep(10);
  }
  throw new Error(`${url} did not answer`);
}

/** Bytes of a process and of those it started, what they share counted once; null where the system does not tell. */
function memoryOf(pid: number): number | null {
  if (!existsSync("/proc/self/smaps_rollup")) return null;
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // it ended meanwhile
    }
  }
  const isOurs = (one: number | undefined): boolean =>
    one !== undefined && (one === pid || isOurs(parents.get(one)));
  let kilobytes = 0;
  for (const one of [...parents.keys()].filter(isOurs)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return null;
    }
  }
  return kilobytes * 1024;
}
