import { CamelCasePlugin, Kysely, type KyselyConfig, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import type { DB } from "./schema.generated.ts";
import { preparing } from "./statements.ts";

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
  /**
   * Runs `work` in one transaction where the database refuses any change. Its statements leave with the `begin` and
   * nobody waits for its end, so that a page costs as many exchanges as it has statements in a row.
   */
  read<T>(visibility: Visibility, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** As `read`, where `work` sends one statement and at once: `begin`, statement and end are one exchange. */
  readOnce<T>(visibility: Visibility, work: (tx: Tx) => Promise<T>): Promise<T>;
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

/** Of the connections of a process: a reading is short and waits for nobody. */
const SHARE_OF_READINGS = 0.4;

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
  const open = (max: number) => {
    const pool = new pg.Pool({
      connectionString: options.url,
      max,
      connectionTimeoutMillis: 1_000,
      idleTimeoutMillis: 30_000,
      // a statement leaves before the one ahead of it is answered: fewer exchanges for one page
      pipeline: true,
      options: `-c role=${APPLICATION_ROLE} -c timezone=UTC -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000`,
    });
    pool.on("error", options.onError);
    return onConnectionsOf(pool);
  };
  // readings have connections of their own: few are quicker than many, and none waits behind a change that is locked
  const readings = Math.ceil(options.connections * SHARE_OF_READINGS);
  const reading = open(readings);
  const changing = open(Math.max(1, options.connections - readings));
  const database: Database = {
    clockOffsetMs: 0,
    transaction: (visibility, work, transactionOptions) =>
      changing(async (tx) => {
        try {
          const now = await begin(tx, "begin", visibility, database.clockOffsetMs, transactionOptions);
          const answer = await work(tx, now);
          await sql`commit`.execute(tx);
          return answer;
        } catch (error) {
          await sql`rollback`.execute(tx).catch(() => {});
          throw error;
        }
      }),
    read: (visibility, work, transactionOptions) =>
      reading(async (tx) => {
        const begun = begin(tx, "begin read only", visibility, database.clockOffsetMs, transactionOptions);
        try {
          const [, answer] = await Promise.all([begun, work(tx)]);
          return answer;
        } finally {
          // the next statement of this connection waits behind it in the server, not here
          sql`commit`.execute(tx).catch(() => {});
        }
      }),
    readOnce: (visibility, work) =>
      reading(async (tx) => {
        const begun = begin(tx, "begin read only", visibility, database.clockOffsetMs);
        const [, answer] = await Promise.all([begun, work(tx), sql`commit`.execute(tx)]);
        return answer;
      }),
    isReady: () =>
      reading((tx) => sql`select 1`.execute(tx)).then(
        () => true,
        () => false,
      ),
    close: async () => {
      await Promise.all([reading.close(), changing.close()]);
    },
  };
  return database;
}

/**
 * Lends a connection to each work, where statements given together leave together; in the query builder's own
 * transactions each waits for the answer to the one before.
 */
function onConnectionsOf(pool: pg.Pool) {
  const config: KyselyConfig = {
    dialect: new PostgresDialect({ pool: preparing(pool) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  };
  const kysely = new Kysely<DB>(config);
  const executor = kysely.getExecutor();
  const props = { config, dialect: config.dialect, driver: config.dialect.createDriver() };
  const lend = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    executor.provideConnection((connection) =>
      work(
        // a connection inside begin … commit is a transaction
        new Kysely<DB>({
          ...props,
          executor: executor.withConnectionProvider({
            provideConnection: (consumer) => consumer(connection),
          }),
        }) as unknown as Tx,
      ),
    );
  return Object.assign(lend, { close: () => kysely.destroy() });
}

/** Begins a transaction by `verb` and sets its context in one message; every part is a number or a word of ours, never typed. */
async function begin(
  connection: Kysely<DB>,
  verb: "begin" | "begin read only",
  visibility: Visibility,
  clockOffsetMs: number,
  { statementTimeoutMs = 5000 }: TransactionOptions = {},
): Promise<Date> {
  const isCaller = visibility.kind === "caller";
  const accountId = isCaller ? String(Math.trunc(visibility.accountId)) : "";
  const structureIds = isCaller ? `{${visibility.structureIds.map((id) => Math.trunc(id)).join(",")}}` : "";
  const { rows } = await sql<{ now: Date }>`
    ${sql.raw(`${verb}; select set_config('unisson.visibility', '${visibility.kind}', true),
      set_config('unisson.account_id', '${accountId}', true),
      set_config('unisson.structure_ids', '${structureIds}', true),
      set_config('unisson.clock_offset_ms', '${Math.trunc(clockOffsetMs)}', true),
      set_config('statement_timeout', '${Math.trunc(statementTimeoutMs)}', true),
      now() + ${Math.trunc(clockOffsetMs)} * interval '1 millisecond' as now`)}`.execute(connection);
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
