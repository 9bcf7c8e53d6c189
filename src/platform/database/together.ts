import pg from "pg";

/** A statement as the driver takes it; one that has a name is prepared once by connection. */
export type Statement = { readonly text: string; readonly values: unknown[]; readonly name?: string };

/** What the driver's own query does on the wire, which its types do not tell. */
type WireQuery = pg.Query & {
  name?: string;
  text: string;
  requiresPreparation(): boolean;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
  handleReadyForQuery(connection: pg.Connection): void;
  handleError(error: Error, connection: pg.Connection): void;
};
type WireConnection = pg.Connection & { submittedNamedStatements: Record<string, string> };

/**
 * Sends statements as one message. Between two synchronisations of the protocol the server runs one transaction: all of
 * them hold or none, without a `begin`, a `commit`, or the exchanges these cost.
 * @returns the answer to each, in order
 */
export function askTogether(
  client: pg.PoolClient,
  statements: readonly Statement[],
): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    const answers: pg.QueryResult[] = [];
    const queries = statements.map(
      (statement) =>
        new pg.Query(statement, (error, answer) => {
          if (error) return reject(error);
          answers.push(answer);
          if (answers.length === statements.length) resolve(answers);
        }) as WireQuery,
    );
    for (const query of queries) query.requiresPreparation = () => true;
    client.query(new Together(queries));
  });
}

/** Queries of the driver behind one another, with one synchronisation for all. */
class Together extends pg.Query {
  // the driver notes as prepared what these say when the server has parsed it
  name: string | undefined;
  text: string;
  readonly #queries: readonly WireQuery[];
  #at = 0;

  constructor(queries: readonly WireQuery[]) {
    super("");
    this.#queries = queries;
    this.text = queries[0]!.text;
    this.name = queries[0]!.name;
  }

  override submit = (connection: pg.Connection): void => {
    const unsynchronised: pg.Connection = Object.create(connection, { sync: { value: () => {} } });
    connection.stream.cork();
    for (const query of this.#queries) query.submit(unsynchronised);
    connection.sync();
    connection.stream.uncork();
  };

  handleRowDescription(message: unknown): void {
    this.#queries[this.#at]!.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#queries[this.#at]!.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: pg.Connection): void {
    this.#queries[this.#at]!.handleCommandComplete(message, connection);
    this.#at++;
    this.text = this.#queries[this.#at]?.text ?? "";
    this.name = this.#queries[this.#at]?.name;
  }

  handleReadyForQuery(connection: pg.Connection): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection);
  }

  handleError(error: Error, connection: pg.Connection): void {
    // the server skipped what came after the fault, and so prepared none of it
    for (const { name } of this.#queries.slice(this.#at))
      if (name) delete (connection as WireConnection).submittedNamedStatements[name];
    for (const query of this.#queries) query.handleError(error, connection);
  }
}
