import pg from "pg";
import { verifyJournal } from "../src/modules/audit/verify.ts";
import { atLeast, type Line } from "./line.ts";
import type { BenchPortal } from "./portal.ts";

const ENTRIES = 30_000;

/** P-21: entries of the journal verified by second, from reading them to the last link of each chain. */
export async function benchAudit(portal: BenchPortal): Promise<Line[]> {
  const client = new pg.Client({ connectionString: portal.ownerUrl });
  await client.connect();
  try {
    await client.query(
      `select count(journal_append(now(), 'ServiceUpdated', s.id, null, 'Claire Morel', null, 'page', '127.0.0.0', 'service', n,
         'Service ' || n, 'a modifié le service ' || n, '{"label": "Avant"}', '{"label": "Après"}', null, null))
       from generate_series(1, $1::int) n join lateral (select id from structure order by id limit 1 offset n % 3) s on true`,
      [ENTRIES],
    );
    await verifyJournal(client, new Map());
    const started = performance.now();
    const { entries, findings } = await verifyJournal(client, new Map());
    const rate = (entries / (performance.now() - started)) * 1000;
    if (findings.length > 0) throw new Error("The journal of the bench does not verify");
    return [atLeast("P-21", `journal of ${entries} entries verified`, rate, "entries/s", 100_000)];
  } finally {
    await client.end();
  }
}
