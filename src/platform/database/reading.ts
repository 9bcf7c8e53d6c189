import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type pg from "pg";
import { lent, named } from "./statements.ts";
import { askTogether } from "./together.ts";

type Waiting = {
  readonly query: CompiledQuery;
  readonly resolve: (answer: QueryResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * A connection for one reading, as the query builder wants it: the statements given in one turn leave together, behind
 * the one that says through whose eyes they see, on whichever connection of the pool is there.
 */
export function reader(pool: pg.Pool, context: () => [text: string, values: unknown[]]): DatabaseConnection {
  let waiting: Waiting[] = [];
  const send = async () => {
    const together = waiting;
    waiting = [];
    try {
      const client = await lent(pool);
      const [, ...answers] = await askTogether(client, [
        named(...context()),
        ...together.map(({ query }) => named(query.sql, query.parameters)),
      ]).finally(() => client.release());
      for (const [index, { resolve }] of together.entries()) resolve({ rows: answers[index]!.rows });
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  };
  return {
    executeQuery: (query) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) process.nextTick(send);
        waiting.push({ query, resolve: resolve as Waiting["resolve"], reject });
      }),
    streamQuery: () => {
      throw new Error("A reading is not streamed: its rows are asked for in batches");
    },
  };
}
