import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "../../src/platform/database/index.ts";

export type TestDatabase = {
  readonly database: Database;
  readonly url: string;
  readonly doorUrl: string;
  readonly ownerUrl: string;
  /** A query as the owner, who sees all: to look at what an act left behind. */
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  close(): Promise<void>;
};

/** A database of its own for a test file: a copy of the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const at = (url: string, database: string) => url.replace("DATABASE", database);
  await once(at(inject("ownerUrl"), "postgres"), `create database ${name} template template_portal`);
  const url = at(inject("applicationUrl"), name);
  const doorUrl = at(inject("doorUrl"), name);
  const ownerUrl = at(inject("ownerUrl"), name);
  const database = openDatabase({ url, doorUrl, connections: 8, onError: () => {} });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // a connection that has said goodbye may still be cut by the removal of its database
  owner.on("error", () => {});
  return {
    database,
    url,
    doorUrl,
    ownerUrl,
    query: async (text, values) => (await owner.query(text, values)).rows as never,
    close: async () => {
      await database.close();
      await owner.end();
      await once(at(inject("ownerUrl"), "postgres"), `drop database ${name} with (force)`);
    },
  };
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
