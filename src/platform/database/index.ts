import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type KyselyConfig,
  PostgresDialect,
  sql,
  type Transaction,
} from "kysely";
import pg from "pg";
import { reader } from "./reading.ts";
import type { DB } from "./schema.generated.ts";
import { asked, preparing } from "./statements.ts";

export type Tx = Transaction<DB>;

/** What answers a statement written out as text: a transaction, or the door. */
export type Answering = { executeQuery<R>(query: CompiledQuery<R>): Promise<{ readonly rows: R[] }> };

/** A statement written out as text, whose columns are those of `R`. */
export const statement = <R>(text: string, values: readonly unknown[]): CompiledQuery<R> =>
  // what a text selects is known to who writes it
  CompiledQuery.raw(text, [...values]) as CompiledQuery<R>;

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
   * Runs `work` where the database refuses any change. The statements that it gives in one turn leave as one message and
   * are one transaction, which sees through `visibility`; those of a later turn are another. No connection waits for
   * `work`, and a page costs as many exchanges as it has statements in a row.
   */
  read<T>(visibility: Visibility, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Answers who calls, under a role that may read that and nothing else. A statement there needs no transaction around
   * it and no policy to weigh at each row, so that what every request asks is one short exchange.
   */
  readonly door: Answering;
  /** Whether the database answers, for the readiness route. */
  isReady(): Promise<boolean>;
  /** Milliseconds added to the database's clock: 0, but in tests that move time. */
  clockOffsetMs: number;
  close(): Promise<void>;
};

export type TransactionOptions = {
  /** Milliseconds a statement may take; the web's 5 s by default, longer for exports and imports. */
  readonly statementTimeoutMs?: number;
  /** Its end does not wait for the disk: the last instants before a crash of the server may be lost, and harm nobody. */
  readonly mayBeLost?: true;
  /** Nothing may change, and all that is read is as it was at one instant. */
  readonly snapshot?: true;
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

/** The role that reads who calls: sessions, attachments and rights of everybody, and nothing else. */
export const DOOR_ROLE = "unisson_door";

/** Of the connections of a process: a reading is short and waits for nobody. */
const SHARE_OF_READINGS = 0.4;

/**
 * Opens the pools of the application.
 * @param options.url its role may be the owner: each connection then drops to the role that it serves
 * @param options.doorUrl where the role of `url` may not become the door's
 * @param options.onError called when an idle connection breaks (the server stopped)
 */
export function openDatabase(options: {
  url: string;
  doorUrl?: string;
  connections: number;
  onError: (error: Error) => void;
}): Database {
  const poolOf = (role: string, max: number, readOnly: "on" | "off" = "off") => {
    const pool = new pg.Pool({
      connectionString: role === DOOR_ROLE ? (options.doorUrl ?? options.url) : options.url,
      max,
      connectionTimeoutMillis: 1_000,
      idleTimeoutMillis: 30_000,
      // a statement leaves before the one ahead of it is answered: fewer exchanges for one page
      pipeline: true,
      options: `-c role=${role} -c default_transaction_read_only=${readOnly} -c timezone=UTC -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000`,
    });
    // one that is lent and breaks between two statements tells nobody else: without this the process would end
    pool.on("connect", (client) => client.on("error", options.onError));
    // an idle one tells its pool too, and has said it already
    pool.on("error", () => {});
    return pool;
  };
  // readings have connections of their own: few are quicker than many, and none waits behind a change that is locked
  const readings = Math.ceil((options.connections - 1) * SHARE_OF_READINGS);
  const reading = poolOf(APPLICATION_ROLE, readings, "on");
  const changing = onConnectionsOf(poolOf(APPLICATION_ROLE, Math.max(1, options.connections - 1 - readings)));
  // one carries the questions of everybody: each leaves without waiting for the answer to the one before
  const door = poolOf(DOOR_ROLE, 1, "on");
  let hasTimeMoved = false;
  const database: Database = {
    clockOffsetMs: 0,
    transaction: (visibility, work, transactionOptions) =>
      changing(async (tx) => {
        try {
          const now = await begin(tx, visibility, database.clockOffsetMs, transactionOptions);
          const answer = await work(tx, now);
          await sql`commit`.execute(tx);
          return answer;
        } catch (error) {
          await sql`rollback`.execute(tx).catch(() => {});
          throw error;
        }
      }),
    read: (visibility, work, { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = {}) =>
      work(
        transactionOn(
          reader(reading, () => contextOf(visibility, database.clockOffsetMs, statementTimeoutMs)),
        ),
      ),
    door: {
      executeQuery: async <R>({ sql: text, parameters }: CompiledQuery<R>) => {
        const client = await door.connect();
        hasTimeMoved ||= database.clockOffsetMs !== 0;
        const moved = hasTimeMoved
          ? asked(client, "select set_config('unisson.clock_offset_ms', $1, false)", [
              Math.trunc(database.clockOffsetMs),
            ])
          : null;
        const answer = asked<R & pg.QueryResultRow>(client, text, parameters);
        client.release();
        return (await Promise.all([answer, moved]))[0];
      },
    },
    isReady: () =>
      Promise.all([door.query("select 1"), reading.query("select 1")]).then(
        () => true,
        () => false,
      ),
    close: async () => {
      await Promise.all([door.end(), reading.end(), changing.close()]);
    },
  };
  return database;
}

const config: Omit<KyselyConfig, "dialect"> = {
  plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
};

/** Lends a connection to each work, which begins and ends a transaction there. */
function onConnectionsOf(pool: pg.Pool) {
  const kysely = new Kysely<DB>({ ...config, dialect: new PostgresDialect({ pool: preparing(pool) }) });
  const lend = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    kysely.getExecutor().provideConnection((connection) => work(transactionOn(connection)));
  return Object.assign(lend, { close: () => kysely.destroy() });
}

const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error("No pool here")) });
const builder = new Kysely<DB>({ ...config, dialect });
const builderProps = { config: { ...config, dialect }, dialect, driver: dialect.createDriver() };

/**
 * The query builder on one connection, where statements given together leave together; in its own transactions each
 * waits for the answer to the one before.
 */
function transactionOn(connection: DatabaseConnection): Tx {
  return new Kysely<DB>({
    ...builderProps,
    executor: builder
      .getExecutor()
      .withConnectionProvider({ provideConnection: (consumer) => consumer(connection) }),
    // a connection inside begin … commit is a transaction
  }) as unknown as Tx;
}

const STATEMENT_TIMEOUT_MS = 5000;

/** Begins a transaction and sets its context. */
async function begin(
  connection: Tx,
  visibility: Visibility,
  clockOffsetMs: number,
  { statementTimeoutMs = STATEMENT_TIMEOUT_MS, mayBeLost, snapshot }: TransactionOptions = {},
): Promise<Date> {
  const verb = snapshot ? "begin isolation level repeatable read, read only" : "begin";
  const [, { rows }] = await Promise.all([
    sql.raw(mayBeLost ? `${verb}; set local synchronous_commit = off` : verb).execute(connection),
    connection.executeQuery(
      statement<{ now: Date }>(...contextOf(visibility, clockOffsetMs, statementTimeoutMs)),
    ),
  ]);
  return rows[0]!.now;
}

/** The statement that gives a transaction its eyes and its clock, and answers the instant. */
function contextOf(
  visibility: Visibility,
  clockOffsetMs: number,
  statementTimeoutMs: number,
): [text: string, values: unknown[]] {
  const isCaller = visibility.kind === "caller";
  return [
    `select set_config('unisson.visibility', $1, true), set_config('unisson.account_id', $2, true),
       set_config('unisson.structure_ids', $3, true), set_config('unisson.clock_offset_ms', $4, true),
       set_config('statement_timeout', $5, true), now() + $6 * interval '1 millisecond' as now`,
    [
      visibility.kind,
      isCaller ? String(visibility.accountId) : "",
      isCaller ? `{${visibility.structureIds.join(",")}}` : "",
      String(Math.trunc(clockOffsetMs)),
      String(Math.trunc(statementTimeoutMs)),
      Math.trunc(clockOffsetMs),
    ],
  ];
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

/**
 * SQLSTATE of two acts at once, of which one is undone: each waited for the other (40P01), both took the same (23505), or
 * the other took too long (55P03).
 */
const COLLISIONS = new Set(["40P01", "23505", "55P03"]);

/** Whether an act was undone because of another one at the same instant: done again, it may succeed. */
export const isCollision = (error: unknown): boolean =>
  COLLISIONS.has((error as { code?: string }).code ?? "");
