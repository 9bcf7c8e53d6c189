import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { type Query, Work } from "../support/acknowledged.ts";
import { createTestDatabase } from "../support/database.ts";
import { buildPortal, ended, newFolder, run, startProcess } from "../support/process.ts";

/** Enough to see a loss in each run of the suite; the catalogue kills fifty times: `FAULT_ROUNDS=50 npx vitest run -t F-01`. */
const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 8);
/** The portal is killed after a few acts and a moment, so that each kill falls elsewhere. */
const fewActs = () => 1 + Math.floor(Math.random() * 6);
const aMoment = () => Math.random() * 30;

beforeAll(buildPortal);

/** Lets the work go on for a moment, kills the portal in the middle of it, and starts it again, over and over. */
async function killOverAndOver(work: Work, start: () => ReturnType<typeof startProcess>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const portal = await start();
    const under = await work.start(portal.url);
    const enough = work.acknowledged + fewActs();
    while (work.acknowledged < enough) await sleep(2);
    await sleep(aMoment());
    portal.child.kill("SIGKILL");
    await under.stop();
    await ended(portal.child);
  }
}

describe("Le portail tué au milieu du travail", () => {
  test(`F-01 ${ROUNDS} fois, sa base ailleurs : rien de confirmé n'est perdu, rien n'est à moitié`, {
    timeout: 60_000 + ROUNDS * 15_000,
  }, async () => {
    const world = await createTestDatabase();
    await makeDemoWorld(world.database);
    const work = new Work();
    await killOverAndOver(work, () =>
      startProcess(3510, {
        DATABASE_URL: world.ownerUrl.replace("@/", "@localhost/"),
        UNISSON_DATA: newFolder(),
        UNISSON_DEMO: "off",
      }),
    );
    expect(work.acknowledged).toBeGreaterThanOrEqual(ROUNDS);
    expect(work.cuts).toBeGreaterThan(ROUNDS / 2);
    await work.expectKept(world.query);
    await world.close();
  });

  test(`F-24 ${ROUNDS} fois, sa base embarquée avec lui : elle se rouvre seule, rien n'est perdu, l'historique est intact`, {
    timeout: 60_000 + ROUNDS * 15_000,
  }, async () => {
    const data = newFolder();
    const work = new Work();
    await killOverAndOver(work, () => startProcess(3520, { UNISSON_DATA: data }));
    expect(work.acknowledged).toBeGreaterThanOrEqual(ROUNDS);
    const last = await startProcess(3520, { UNISSON_DATA: data });
    last.child.kill("SIGTERM");
    expect(await ended(last.child)).toBe(0);
    expect(await ended(run("src/modules/audit/cli/verify.ts", { UNISSON_DATA: data }))).toBe(0);
    const postgres = await startEmbeddedPostgres(data);
    const client = new pg.Client({ connectionString: postgres.ownerUrl("postgres") });
    await client.connect();
    const query: Query = async (text, values) => (await client.query(text, values)).rows;
    await work.expectKept(query);
    await client.end();
    await postgres.stop();
  });
});
