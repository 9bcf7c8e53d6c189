import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import pino from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { allModules } from "../../src/modules/index.ts";
import { openDatabase } from "../../src/platform/database/index.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { job, startJobs } from "../../src/platform/jobs.ts";
import { builtInMailbox } from "../../src/platform/mailer.ts";
import { deliverMails } from "../../src/platform/outbox.ts";
import { buildServer } from "../../src/server.ts";
import { type Query, Work } from "../support/acknowledged.ts";
import { newFolder, SECRET, signedIn } from "../support/process.ts";

const silent = pino({ level: "silent" });

/** A portal on a database of its own, embedded, with its jobs: all in this process but the database. */
async function startOn(folder: string) {
  const postgres = await startEmbeddedPostgres(folder);
  const ownerUrl = postgres.ownerUrl("postgres");
  await migrate(ownerUrl);
  const database = openDatabase({ url: ownerUrl, connections: 6, onError: () => {} });
  await makeDemoWorld(database);
  const config = readConfig({
    UNISSON_SECRET: SECRET,
    REQUESTS_PER_MINUTE: "0",
    SIGN_UP_PROOF: "off",
    UNISSON_DATA: folder,
  });
  let url = "";
  const { fastify } = await buildServer({ config, database, log: silent, publicUrl: () => url });
  url = await fastify.listen({ host: "127.0.0.1", port: 0 });
  const deliver = job({
    name: "deliver-mails",
    run: () => deliverMails(database, builtInMailbox, Math.random),
  });
  const jobs = await startJobs(
    [
      deliver,
      ...allModules()
        .flatMap((module) => module.jobs)
        .map(({ name, run }) => ({ name, run })),
    ],
    { database, config, log: silent },
    ownerUrl,
  );
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
    /** Moves the portal's clock on. */
    advance: (seconds: number) => {
      database.clockOffsetMs += seconds * 1_000;
    },
    close: async () => {
      await jobs.stop();
      await fastify.close();
      await database.close();
      await postgres.stop();
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
    const portal = await startOn(folder);
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
    portal.advance(121);
    await portal.query("select enqueue_job('deliver-mails', '{}', null, 'deliver-mails')");
    const queued = () => portal.query("select 1 from mail where state = 'queued'");
    for (let tries = 0; tries < 300 && (await queued()).length > 0; tries++) await sleep(100);
    expect(await queued()).toEqual([]);
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
      const portal = await startOn(folder);
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
