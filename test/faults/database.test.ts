import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Query, Work } from "../support/acknowledged.ts";
import { buildPortal, ended, newFolder, signedIn, startProcess } from "../support/process.ts";

beforeAll(buildPortal);

/** A portal as a process of its own, which starts its database, with a way to ask that database as its owner. */
async function startOn(folder: string, port: number) {
  const { child, url } = await startProcess(port, { UNISSON_DATA: folder });
  const password = readFileSync(join(folder, "pg-password"), "utf8").trim();
  const [, , , dbPort, socket] = readFileSync(join(folder, "pg/postmaster.pid"), "utf8").split("\n");
  const ownerUrl = `postgres://postgres:${password}@/postgres?host=${encodeURIComponent(socket!)}&port=${dbPort}`;
  const query: Query = async (text, values) => {
    const client = new pg.Client({ connectionString: ownerUrl });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    url,
    query,
    /** Whether the process that was started still runs: it is never started again. */
    isAlive: () => child.exitCode === null && child.signalCode === null,
    close: async () => {
      child.kill("SIGTERM");
      expect(await ended(child)).toBe(0);
    },
  };
}

/** Milliseconds until a page that reads the database is served again. */
async function outage(url: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    const status = await fetch(`${url}/annuaire?q=aurore`).then(
      async (answer) => {
        await answer.text();
        return answer.status;
      },
      () => 0,
    );
    if (status === 200) return performance.now() - began;
    expect(status).toBe(503);
    expect(performance.now() - began).toBeLessThan(20_000);
    await sleep(20);
  }
}

const postmasterOf = (folder: string) =>
  Number(readFileSync(join(folder, "pg/postmaster.pid"), "utf8").split("\n")[0]);

describe("F-02 La base frappée sous le portail, qui ne redémarre pas", () => {
  test("un de ses processus tué, dix fois, puis la base entière : tout revient seul, rien de confirmé n'est perdu", {
    timeout: 180_000,
  }, async () => {
    const folder = newFolder();
    const portal = await startOn(folder, 3550);
    const work = new Work();
    const under = await work.start(portal.url, { goesOn: true });
    for (let round = 0; round < 10; round++) {
      const enough = work.acknowledged + 2;
      while (work.acknowledged < enough) await sleep(5);
      const [{ pid }] = (await portal.query(
        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by random() limit 1",
      )) as [{ pid: number }];
      process.kill(pid, "SIGKILL");
      await sleep(30);
      expect(await outage(portal.url)).toBeLessThan(10_000);
    }
    process.kill(postmasterOf(folder), "SIGKILL");
    await sleep(100);
    await outage(portal.url);
    const enough = work.acknowledged + 2;
    while (work.acknowledged < enough) await sleep(5);
    await under.stop();
    await work.expectKept(portal.query);
    // the queue of jobs has come back too: what was being sent is sent again once its lease is over
    await portal.query("update mail set next_attempt_at = now() where state = 'queued'");
    await portal.query("select enqueue_job('deliver-mails', '{}', null, 'deliver-mails')");
    const queued = () => portal.query("select 1 from mail where state = 'queued'");
    for (let tries = 0; tries < 300 && (await queued()).length > 0; tries++) await sleep(100);
    expect(await queued()).toEqual([]);
    expect(portal.isAlive()).toBe(true);
    await portal.close();
  });
});

/** A small disk in memory, which only root may mount; null where that cannot be done. */
function smallDisk(): string | null {
  const folder = newFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return null;
  }
}

describe("F-10, F-24 Le disque de la base embarquée plein", () => {
  const disk = smallDisk();
  afterAll(() => {
    if (disk) execFileSync("umount", ["-l", disk], { stdio: "ignore" });
  });

  test.skipIf(disk === null)(
    "les écritures sont refusées (503), les lectures continuent ; libéré, tout resert seul, rien n'est perdu (sans droit de monter un disque d'essai : non essayé)",
    { timeout: 120_000 },
    async () => {
      const folder = join(disk!, "data");
      mkdirSync(folder, { mode: 0o755 });
      const portal = await startOn(folder, 3560);
      const work = new Work();
      const under = await work.start(portal.url, { goesOn: true });
      while (work.acknowledged < 10) await sleep(10);
      await under.stop();
      const manager = await signedIn(portal.url);

      const filler = join(disk!, "plein");
      fill(filler);
      const write = () =>
        manager.post("/organisation/services/nouveau", {
          structureId: "1",
          code: `plein${Math.random()}`.slice(0, 20),
          label: "x".repeat(200),
          description: "x".repeat(1_000),
          startsAt: "01/01/2026",
        });
      await manager.open("/mon-compte/identite");
      const form = manager.answer!;
      let refused = 0;
      for (let tries = 0; tries < 600 && refused < 5; tries++) {
        manager.answer = form;
        const { status } = await write();
        if (status === 503) refused++;
      }
      expect(refused).toBe(5);
      expect(Number(manager.answer!.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(manager.text).toContain("momentanément indisponible");
      await outage(portal.url);

      rmSync(filler);
      expect(existsSync(filler)).toBe(false);
      await outage(portal.url);
      const again = await work.start(portal.url, { goesOn: true });
      const enough = work.acknowledged + 5;
      while (work.acknowledged < enough) await sleep(10);
      await again.stop();
      await work.expectKept(portal.query);
      await portal.close();
    },
  );
});

/** Takes all the room that is left. */
function fill(file: string): void {
  const block = Buffer.alloc(1024 * 1024);
  for (let size = block.length; size >= 4096; size = Math.floor(size / 2))
    try {
      for (;;) writeFileSync(file, block.subarray(0, size), { flag: "a" });
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
}
