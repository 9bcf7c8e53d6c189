import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { openDatabase } from "../../src/platform/database/index.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { startJobs } from "../../src/platform/jobs.ts";
import { buildServer } from "../../src/server.ts";
import { createTestDatabase } from "../support/database.ts";
import { buildPortal, ended, newFolder, SECRET, signedIn, startProcess } from "../support/process.ts";

const TOWN = 1;
const silent = pino({ level: "silent" });
beforeAll(buildPortal);

describe("F-03 La base s'arrête, puis revient", () => {
  test("chaque page répond 503 en moins d'une seconde et dit quand revenir ; puis tout resert", {
    timeout: 60_000,
  }, async () => {
    const folder = newFolder();
    let postgres = await startEmbeddedPostgres(folder);
    const ownerUrl = postgres.ownerUrl("postgres");
    await migrate(ownerUrl);
    const database = openDatabase({ url: ownerUrl, connections: 4, onError: () => {} });
    await makeDemoWorld(database);
    let url = "";
    const { fastify } = await buildServer({
      config: readConfig({ UNISSON_SECRET: SECRET, REQUESTS_PER_MINUTE: "0" }),
      database,
      log: silent,
      publicUrl: () => url,
    });
    url = await fastify.listen({ host: "127.0.0.1", port: 0 });
    const browser = await signedIn(url);
    await postgres.stop();
    for (let times = 0; times < 20; times++) {
      const asked = performance.now();
      const answer = await browser.request(`/organisation/services?structureId=${TOWN}`);
      expect(performance.now() - asked).toBeLessThan(1_000);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.text()).toContain("momentanément indisponible");
    }
    expect((await fetch(`${url}/sante`)).status).toBe(200);
    expect((await fetch(`${url}/sante/pret`)).status).toBe(503);
    postgres = await startEmbeddedPostgres(folder);
    const back = performance.now();
    for (;;) {
      // the session is still there: nobody has to sign in again
      if ((await browser.request(`/organisation/services?structureId=${TOWN}`)).status === 200) break;
      expect(performance.now() - back).toBeLessThan(5_000);
      await sleep(50);
    }
    await fastify.close();
    await database.close();
    await postgres.stop();
  });
});

describe("F-15 Un processus sur deux s'arrête sous la charge", () => {
  test("aucune demande n'échoue, et il finit proprement", { timeout: 120_000 }, async () => {
    const world = await createTestDatabase();
    await makeDemoWorld(world.database);
    const settings = {
      DATABASE_URL: world.ownerUrl.replace("@/", "@localhost/"),
      UNISSON_DATA: newFolder(),
      UNISSON_DEMO: "off",
    };
    const other = await startProcess(3530, settings);
    const failures: string[] = [];
    let answered = 0;
    for (let round = 0; round < 3; round++) {
      const stopped = await startProcess(3540, settings);
      let isOver = false;
      // as a proxy does: who no longer says that it is ready receives nothing more
      let isReady = true;
      const probe = (async () => {
        for (; !isOver; await sleep(200))
          isReady = await fetch(`${stopped.url}/sante/pret`).then(
            (answer) => answer.status === 200,
            () => false,
          );
      })();
      const lanes = Array.from({ length: 8 }, async (_, lane) => {
        for (let turn = lane; !isOver; turn++) {
          const url = isReady && turn % 2 === 0 ? stopped.url : other.url;
          const status = await fetch(`${url}/annuaire?q=aurore`).then(
            async (answer) => ((await answer.text()).includes("</html>") ? answer.status : "cut"),
            (error: Error) => String(error.cause),
          );
          if (status !== 200) failures.push(String(status));
          answered++;
        }
      });
      await sleep(700);
      const asked = performance.now();
      stopped.child.kill("SIGTERM");
      expect(await ended(stopped.child)).toBe(0);
      expect(performance.now() - asked).toBeLessThan(20_000);
      await sleep(200);
      isOver = true;
      await Promise.all([...lanes, probe]);
    }
    other.child.kill("SIGTERM");
    await ended(other.child);
    await world.close();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });
});

describe("F-23 Une faute imprévue dans une route, un flux, une tâche", () => {
  test("500 avec sa référence pour celle-là ; tout le reste continue", { timeout: 60_000 }, async () => {
    const world = await createTestDatabase();
    const config = readConfig({ UNISSON_SECRET: SECRET, REQUESTS_PER_MINUTE: "0" });
    let url = "";
    const { fastify, portal } = await buildServer({
      config,
      database: world.database,
      log: silent,
      publicUrl: () => url,
    });
    portal.page({
      method: "GET",
      url: "/faute",
      access: "public",
      handler: () => {
        throw new TypeError("undefined is not a function");
      },
    });
    portal.page({
      method: "GET",
      url: "/flux",
      access: "public",
      handler: (ctx) =>
        ctx.reply.type("text/csv").send(
          Readable.from(
            (async function* () {
              yield "début\n";
              throw new Error("cut in the middle");
            })(),
          ),
        ),
    });
    url = await fastify.listen({ host: "127.0.0.1", port: 0 });
    const fault = await fetch(`${url}/faute`);
    expect(fault.status).toBe(500);
    const page = await fault.text();
    expect(page).toContain("Une erreur est survenue de notre côté");
    expect(page).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    expect(page).not.toContain("undefined is not a function");
    // a file cut short never looks whole
    await expect(fetch(`${url}/flux`).then((answer) => answer.text())).rejects.toThrow();

    const done: string[] = [];
    const jobs = await startJobs(
      [
        { name: "faulty", run: () => Promise.reject(new Error("a fault of ours")) },
        {
          name: "sound",
          run: async () => {
            done.push("sound");
            return {};
          },
        },
      ],
      { database: world.database, config, log: silent },
      world.ownerUrl,
    );
    for (const name of ["faulty", "sound"])
      await world.query("select graphile_worker.add_job($1, '{}'::json)", [name]);
    for (let tries = 0; tries < 200 && done.length === 0; tries++) await sleep(50);
    expect(done).toEqual(["sound"]);
    expect((await fetch(`${url}/annuaire`)).status).toBe(200);
    await jobs.stop();
    await fastify.close();
    await world.close();
  });
});
