import { sql } from "kysely";
import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { type Database, openDatabase, statement } from "../../src/platform/database/index.ts";
import { buildServer } from "../../src/server.ts";
import { Browser } from "../support/browser.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let world: TestDatabase;
let narrow: Database;
beforeAll(async () => {
  world = await createTestDatabase();
  await makeDemoWorld(world.database);
  narrow = openDatabase({ url: world.url, doorUrl: world.doorUrl, connections: 5, onError: () => {} });
});
afterAll(async () => {
  await narrow.close();
  await world.close();
});

test.each(["read", "transaction"] as const)(
  "A-36 deux mille lectures alternées sur deux connexions (%s), une sur dix échoue : jamais la ligne d'une autre",
  async (way) => {
    const read = (structureId: number, index: number) =>
      narrow[way](
        { kind: "caller", accountId: 900_000 + structureId, structureIds: [structureId] },
        async (tx) => {
          const rows = await tx.selectFrom("membership").select("structureId").execute();
          if (index % 10 === 0) throw new Error("cut in the middle");
          return rows;
        },
      );
    for (let from = 0; from < 2000; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, offset) => {
          const structureId = (from + offset) % 2 === 0 ? 1 : 3;
          const rows = await read(structureId, from + offset).catch((error: Error) => error);
          if (rows instanceof Error) expect(rows.message).toBe("cut in the middle");
          else {
            expect(rows.length).toBeGreaterThan(0);
            expect(new Set(rows.map((row) => row.structureId))).toEqual(new Set([structureId]));
          }
        }),
      );
    const left = await narrow.transaction({ kind: "public" }, (tx) =>
      tx.selectFrom("membership").select("id").execute(),
    );
    expect(left).toEqual([]);
  },
);

test("A-36 deux mille pages de deux structures sur un portail à trois connexions, une sur dix abandonnée en route", {
  timeout: 120_000,
}, async () => {
  const database = openDatabase({
    url: world.url,
    doorUrl: world.doorUrl,
    connections: 3,
    onError: () => {},
  });
  let url = "";
  const { fastify } = await buildServer({
    config: readConfig({
      UNISSON_SECRET: "a-secret-for-tests-only-0123456789abcdef",
      REQUESTS_PER_MINUTE: "0",
    }),
    database,
    log: pino({ level: "silent" }),
    publicUrl: () => url,
  });
  url = await fastify.listen({ host: "127.0.0.1", port: 0 });
  const sides = [
    { email: "claire.morel@sainte-aurore.example", id: 1, own: "FI_SGPI", others: "BLOC" },
    { email: "agathe.vidal@gh-trois-vallees.example", id: 3, own: "BLOC", others: "FI_SGPI" },
  ];
  const browsers: Browser[] = [];
  for (const { email } of sides) {
    const browser = new Browser(url);
    await browser.open("/connexion");
    await browser.send({ email, password: DEMO_PASSWORD });
    browsers.push(browser);
  }
  let read = 0;
  let abandoned = 0;
  for (let from = 0; from < 2000; from += 20)
    await Promise.all(
      Array.from({ length: 20 }, async (_, offset) => {
        const index = from + offset;
        const side = sides[index % 2]!;
        const isCut = index % 10 === 3;
        const page = await browsers[index % 2]!.request(`/organisation/services?structureId=${side.id}`, {
          ...(isCut ? { signal: AbortSignal.timeout(1 + (index % 7)) } : {}),
        })
          .then((answer) => answer.text())
          .catch(() => null);
        if (page === null) {
          expect(isCut).toBe(true);
          abandoned++;
          return;
        }
        read++;
        expect(page).not.toContain(side.others);
        // more than can wait is told to come back
        if (!page.includes("momentanément indisponible")) expect(page).toContain(side.own);
      }),
    );
  expect(abandoned).toBeGreaterThan(20);
  expect(read).toBeGreaterThan(1_700);
  const left = await database.transaction({ kind: "public" }, (tx) =>
    tx.selectFrom("membership").select("id").execute(),
  );
  expect(left).toEqual([]);
  await fastify.close();
  await database.close();
});

test("une lecture ne change rien : la base le refuse, et la suivante n'en souffre pas", async () => {
  const eyes = { kind: "system", reason: "a test" } as const;
  const changing = narrow.read(eyes, (tx) =>
    tx.updateTable("structure").set({ displayName: "Perdu" }).where("id", "=", 1).execute(),
  );
  await expect(changing).rejects.toThrow("read-only transaction");
  const names = await narrow.read(eyes, (tx) =>
    tx.selectFrom("structure").select("displayName").where("id", "=", 1).execute(),
  );
  expect(names).toEqual([{ displayName: "Commune de Sainte-Aurore" }]);
});

test("de deux demandes parties ensemble, une fausse emporte l'autre ; la même, seule, est ensuite servie", async () => {
  const eyes = { kind: "caller", accountId: 900_001, structureIds: [1] } as const;
  const good = (tx: Parameters<Parameters<Database["read"]>[1]>[0]) =>
    sql<{ id: number }>`select id from membership where structure_id = ${1} limit 1`.execute(tx);
  for (let round = 0; round < 4; round++) {
    const together = narrow.read(eyes, (tx) =>
      Promise.all([sql`select 1 / ${0}::int`.execute(tx), good(tx)]),
    );
    await expect(together).rejects.toThrow("division by zero");
    const { rows } = await narrow.read(eyes, good);
    expect(rows).toHaveLength(1);
  }
});

test("la porte lit qui appelle, et rien d'autre ; le rôle de l'application ne peut pas la prendre", async () => {
  const ask = (text: string) => narrow.door.executeQuery(statement(text, []));
  expect((await ask("select id from web_session limit 1")).rows).toBeDefined();
  for (const text of [
    "select password_hash from account",
    "select secret_encrypted from second_factor",
    "select id from bank_account",
    "select seq from journal_entry",
    "select token_hash from emailed_token",
    "insert into notification (once_key) values ('x')",
    "update web_session set account_id = 1",
    "delete from membership_grant",
  ])
    await expect(ask(text), text).rejects.toThrow(/permission denied|read-only transaction/);
  const application = new pg.Client({ connectionString: world.url });
  await application.connect();
  await expect(application.query("set role unisson_door")).rejects.toThrow("permission denied");
  await application.end();
});

test("une transaction qui échoue ne laisse rien", async () => {
  const eyes = { kind: "system", reason: "a test" } as const;
  const failing = narrow.transaction(eyes, async (tx) => {
    await tx.updateTable("structure").set({ displayName: "Perdu" }).where("id", "=", 1).execute();
    throw new Error("after the change");
  });
  await expect(failing).rejects.toThrow("after the change");
  expect(await world.query("select display_name from structure where id = 1")).toEqual([
    { display_name: "Commune de Sainte-Aurore" },
  ]);
});
