import { createHash } from "node:crypto";
import type { Writable } from "node:stream";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";
import { Overloaded } from "../overload.ts";
import type { Statement } from "./together.ts";

/** Statements that one connection keeps prepared at most: far above what the portal writes, far below the server's memory. */
const KEPT_PREPARED = 500;

/** Characters of a statement worth keeping prepared; a longer one writes many rows, and hardly comes back the same. */
const LONGEST_PREPARED = 10_000;

/** Works that may wait for one connection: what it serves in less than a second; more would wait in vain. */
const WAITING_PER_CONNECTION = 50;

const names = new Map<string, string>();

/**
 * The pool as the query builder wants it, where a statement with parameters is prepared once by connection (planning
 * the query that reads a session costs more than running it) and several statements sent at once answer by the last.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => clientOf(await lent(pool)),
    end: () => pool.end(),
  };
}

/**
 * A connection of the pool, to be released.
 * @throws Overloaded at once, when more already wait than the connections can serve in time
 */
export async function lent(pool: pg.Pool): Promise<pg.PoolClient> {
  if (pool.waitingCount >= pool.options.max * WAITING_PER_CONNECTION)
    throw new Overloaded("too many wait for a connection to the database");
  return pool.connect();
}

function clientOf(client: pg.PoolClient): PostgresPoolClient {
  return {
    query: async (text: unknown, values?: readonly unknown[]) => {
      if (typeof text === "string" && values && values.length > 0) return asked(client, text, values);
      sendTogether(client);
      const answer = await client.query(text as string);
      return Array.isArray(answer) ? answer.at(-1) : answer;
    },
    release: () => client.release(),
  } as PostgresPoolClient;
}

/** Asks a statement with parameters of a connection, prepared there the first time. */
export function asked<R extends pg.QueryResultRow>(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<R>> {
  sendTogether(client);
  return client.query<R>(named(text, values));
}

/** A statement under the name by which a connection knows it once it is prepared. */
export function named(text: string, values: readonly unknown[]): Statement {
  return { text, values: [...values], ...nameOf(text) };
}

/** Statements that leave in the same turn (a `begin` and what follows it) go as one message: each wakes the server. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function nameOf(text: string): { name?: string } {
  const known = names.get(text);
  if (known) return { name: known };
  if (text.length > LONGEST_PREPARED || names.size >= KEPT_PREPARED) return {};
  const name = createHash("sha256").update(text).digest("base64url").slice(0, 24);
  names.set(text, name);
  return { name };
}
