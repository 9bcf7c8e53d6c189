import type pg from "pg";
import { askTogether } from "../src/platform/database/together.ts";
import { type Line, rateLine } from "./line.ts";
import { byTurns, closedLoop } from "./measure.ts";
import type { BenchPortal } from "./portal.ts";

const CLIENTS = 8;
const READINGS = 4_000;

const list = {
  name: "bench-list",
  text: `select id, code, label, starts_at, ends_at from service
    where structure_id = $1 and deleted_at is null order by lower(code), id limit 51`,
};
const context = {
  name: "bench-context",
  text: `select set_config('unisson.visibility', 'caller', true), set_config('unisson.account_id', $1, true),
    set_config('unisson.structure_ids', $2, true), set_config('statement_timeout', '5000', true)`,
};

/**
 * P-20: a list of fifty rows read as the portal reads, in a transaction that has eyes, by the role of the application and
 * by the owner of the tables, whom policies do not hold; and the same list by one bare statement.
 */
export async function benchRowLevelSecurity({ owner, application }: BenchPortal): Promise<Line[]> {
  const structureId = await fillTheServices(owner);
  const together = (pool: pg.Pool) => async () => {
    const client = await pool.connect();
    try {
      await askTogether(client, [
        { ...context, values: ["1", `{${structureId}}`] },
        { ...list, values: [structureId] },
      ]);
    } finally {
      client.release();
    }
  };
  const rateOf = (work: () => Promise<unknown>) => async () =>
    (await closedLoop(CLIENTS, READINGS, work)).rate;
  const rates = await byTurns(
    {
      statement: rateOf(() => owner.query({ ...list, values: [structureId] })),
      owner: rateOf(together(owner)),
      application: rateOf(together(application)),
    },
    "statement",
  );
  const unit = "lists/s";
  return [
    rateLine({
      path: "P-20",
      what: "list in a transaction with its eyes and row-level security, against one statement",
      value: rates.application,
      bare: rates.statement,
      unit,
      // at most 2.2 times as dear
      bound: 0.45,
    }),
    rateLine({
      path: "P-20",
      what: "row-level security itself, in the same transaction",
      value: rates.application,
      bare: rates.owner,
      unit,
      // at most 1.15 times as dear
      bound: 0.87,
    }),
  ];
}

/** Gives many services to ten structures, so that their table is read by its index; answers one of them. */
async function fillTheServices(owner: pg.Pool): Promise<number> {
  await owner.query(
    `insert into service (structure_id, code, label, starts_at)
     select s.id, 'RLS_' || n, 'Service ' || n, now() from structure s, generate_series(1, 3000) n
     where s.id in (select id from structure order by id limit 10)`,
  );
  await owner.query("analyze service");
  const { rows } = await owner.query<{ id: number }>("select min(id) as id from structure");
  return rows[0]!.id;
}
