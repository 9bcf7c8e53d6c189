import { connect, type Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { openDatabase } from "../../src/platform/database/index.ts";
import { buildServer } from "../../src/server.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { SECRET } from "../support/process.ts";

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase();
  await makeDemoWorld(world.database);
});
afterAll(() => world?.close());

async function serve(connections: number) {
  const database = openDatabase({ url: world.url, doorUrl: world.doorUrl, connections, onError: () => {} });
  let url = "";
  const { fastify } = await buildServer({
    config: readConfig({ UNISSON_SECRET: SECRET, REQUESTS_PER_MINUTE: "0" }),
    database,
    log: pino({ level: "silent" }),
    publicUrl: () => url,
  });
  url = await fastify.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    database,
    close: async () => {
      await fastify.close();
      await database.close();
    },
  };
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

async function pageTimes(url: string, pages: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < pages; index++) {
    const asked = performance.now();
    const answer = await fetch(`${url}/annuaire?q=aurore`);
    await answer.text();
    expect(answer.status).toBe(200);
    times.push(performance.now() - asked);
  }
  return times;
}

/** Opens connections that say one byte now and then; answers how long each lived, in milliseconds. */
function slowConnections(
  url: string,
  count: number,
  opening: string,
): { sockets: Socket[]; lives: Promise<number[]> } {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  const lives = Array.from({ length: count }, () => {
    const born = performance.now();
    return new Promise<number>((resolve) => {
      const socket = connect(Number(port), hostname, () => void socket.write(opening));
      const drip = setInterval(() => socket.writable && socket.write("a"), 2_000);
      socket.on("error", () => {});
      socket.on("data", () => {});
      socket.on("close", () => {
        clearInterval(drip);
        resolve(performance.now() - born);
      });
      sockets.push(socket);
    });
  });
  return { sockets, lives: Promise.all(lives) };
}

describe.concurrent("F-12 Des connexions qui traînent", () => {
  test("mille en-têtes sans fin : coupés en quinze secondes, et les autres ne le sentent pas", {
    timeout: 60_000,
  }, async () => {
    const portal = await serve(8);
    const before = median(await pageTimes(portal.url, 30));
    const { lives } = slowConnections(portal.url, 1_000, "GET / HTTP/1.1\r\nhost: portail\r\nx-lent: ");
    await sleep(1_000);
    const during = median(await pageTimes(portal.url, 30));
    expect(during).toBeLessThan(before * 3 + 50);
    const longest = Math.max(...(await lives));
    expect(longest).toBeGreaterThan(9_000);
    expect(longest).toBeLessThan(15_000);
    await portal.close();
  });

  test("cinq cents corps sans fin : coupés en une minute", { timeout: 120_000 }, async () => {
    const portal = await serve(8);
    const { lives } = slowConnections(
      portal.url,
      500,
      "POST /connexion HTTP/1.1\r\nhost: portail\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\na=",
    );
    await sleep(1_000);
    await pageTimes(portal.url, 10);
    const longest = Math.max(...(await lives));
    expect(longest).toBeLessThan(65_000);
    await portal.close();
  });
});

test("F-14 plus de demandes que le portail n'en peut servir : 503 aussitôt, avec une heure de retour ; puis tout resert", {
  timeout: 60_000,
}, async () => {
  // of two connections, one is for the readings: a reading that waits keeps all others waiting, of whom fifty may
  const portal = await serve(2);
  const ask = async () => {
    const answer = await fetch(`${portal.url}/annuaire?q=aurore`);
    const text = await answer.text();
    if (answer.status === 503) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    return { status: answer.status, text };
  };
  expect((await ask()).status).toBe(200);
  const gate = new pg.Client({ connectionString: world.ownerUrl });
  await gate.connect();
  await gate.query("select pg_advisory_lock(14)");
  const read = () =>
    portal.database.read(
      { kind: "public" },
      (tx) =>
        Promise.all([
          sql`select set_config('lock_timeout', '20s', true)`.execute(tx),
          sql`select pg_advisory_xact_lock_shared(14)`.execute(tx),
        ]),
      { statementTimeoutMs: 20_000 },
    );
  const first = Promise.allSettled([read()]);
  await setImmediate();
  const others = Promise.allSettled(Array.from({ length: 50 }, read));
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(refused.text).toMatch(
    /Beaucoup de personnes utilisent le portail.*Réessayez dans quelques secondes/s,
  );
  const crowd = Array.from({ length: 400 }, ask);
  await gate.end();
  await Promise.all([first, others]);
  for (const { status } of await Promise.all(crowd)) expect([200, 503]).toContain(status);
  await pageTimes(portal.url, 5);
  await portal.close();
});
