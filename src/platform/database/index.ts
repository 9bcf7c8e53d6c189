import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import type { DB } from "./schema.generated.ts";

export type Tx = Transaction<DB>;

/**
 * Whose eyes a transaction sees through; row-level security does the rest.
 * `system` is for what belongs to nobody in particular (sign-up, jobs, mails); each use says why.
 */
export type Visibility =
  | { readonly kind: "caller"; readonly accountId: number; readonly structureIds: readonly number[] }
  | { readonly kind: "public" }
  | { readonly kind: "system"; readonly reason: string };

export type Database = {
  /**
   * Runs `work` in one transaction that sees through `visibility`.
   * `now` is the portal's clock, which is the database's.
   */
  transaction<T>(
    visibility: Visibility,
    work: (tx: Tx, now: Date) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /** Whether the database answers, for the readiness route. */
  isReady(): Promise<boolean>;
  /** Milliseconds added to the database's clock: 0, but in tests that move time. */
  clockOffsetMs: number;
  close(): Promise<void>;
};

export type TransactionOptions = {
  /** Milliseconds a statement may take; the web's 5 s by default, longer for exports and imports. */
  readonly statementTimeoutMs?: number;
};

// ids are far below 2^53; counts too
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(1016 as never, (text: string) =>
  text === "{}" ? [] : text.slice(1, -1).split(",").map(Number),
);
// a local date stays the text "YYYY-MM-DD"
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** The role that the portal's queries run under: no owner, no superuser, so that row-level security holds. */
export const APPLICATION_ROLE = "unisson_app";

/**
 * Opens the pool of the application.
 * @param options.url its role may be the owner: each connection then drops to the application role
 * @param options.onError called when an idle connection breaks (the server stopped)
 */
export function openDatabase(options: {
  url: string;
  connections: number;
  onError: (error: Error) => void;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    connectionTimeoutMillis: 1_000,
    idleTimeoutMillis: 30_000,
    options: `-c role=${APPLICATION_ROLE} -c timezone=UTC -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000`,
  });
  pool.on("error", options.onError);
  const kysely = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const database: Database = {
    clockOffsetMs: 0,
    transaction: (visibility, work, transactionOptions) =>
      kysely.transaction().execute(async (tx) => {
        const now = await enter(
          tx,
          visibility,
          database.clockOffsetMs,
          transactionOptions?.statementTimeoutMs,
        );
        return work(tx, now);
      }),
    isReady: () =>
      sql`select 1`.execute(kysely).then(
        () => true,
        () => false,
      ),
    close: () => kysely.destroy(),
  };
  return database;
}

async function enter(
  tx: Tx,
  visibility: Visibility,
  clockOffsetMs: number,
  statementTimeoutMs?: number,
): Promise<Date> {
  const isCaller = visibility.kind === "caller";
  const { rows } = await sql<{ now: Date }>`
    select set_config('unisson.visibility', ${visibility.kind}, true),
           set_config('unisson.account_id', ${isCaller ? String(visibility.accountId) : ""}, true),
           set_config('unisson.structure_ids', ${isCaller ? `{${visibility.structureIds.join(",")}}` : ""}, true),
           set_config('unisson.clock_offset_ms', ${String(clockOffsetMs)}, true),
           set_config('statement_timeout', ${String(statementTimeoutMs ?? 5000)}, true),
           now() + ${clockOffsetMs}::double precision * interval '1 millisecond' as now`.execute(tx);
  return rows[0]!.now;
}

/**
 * Lifts row-level security inside a transaction for one step that must see beyond the caller (whom to tell, for
 * instance), then puts the caller's eyes back.
 */
export async function elevated<T>(tx: Tx, _reason: string, step: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ before: string }>`
    select current_setting('unisson.visibility', true) as before`.execute(tx);
  await sql`select set_config('unisson.visibility', 'system', true)`.execute(tx);
  const answer = await step();
  await sql`select set_config('unisson.visibility', ${rows[0]!.before}, true)`.execute(tx);
  return answer;
}

/** Whether an error is the database refusing a second row of what must be unique; names the constraint. */
export function brokenConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code?.startsWith("23")
    ? (error.constraint ?? null)
    : null;
}
