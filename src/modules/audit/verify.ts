import type pg from "pg";
import type { SealedEntry } from "./domain/canonical-entry.ts";
import { type Finding, makeChainVerifier } from "./domain/verify-chain.ts";

const PAGE = 5_000;

type Row = { chain_id: number; seq: number; parts: (string | null)[]; hash: Buffer };

export type Verification = {
  readonly entries: number;
  readonly chains: number;
  readonly findings: readonly Finding[];
};

/**
 * Verifies the whole journal in one pass, as the owner of the tables (row-level security hides nothing from it).
 * @param seals the heads exported in the past, by chain: place → hash in hexadecimal
 */
export async function verifyJournal(
  client: pg.ClientBase,
  seals: ReadonlyMap<number, ReadonlyMap<number, string>>,
): Promise<Verification> {
  const heads = await chainHeads(client);
  const findings: Finding[] = [];
  const seen = new Set<number>();
  let entries = 0;
  let chainId = -1;
  let verifier: ReturnType<typeof makeChainVerifier> | null = null;
  const finish = () => {
    if (verifier) findings.push(...verifier.finish(heads.get(chainId) ?? 0));
  };
  const begin = (id: number) => {
    seen.add(id);
    chainId = id;
    verifier = makeChainVerifier(id, seals.get(id) ?? new Map());
    return verifier;
  };
  for await (const row of journalRows(client)) {
    if (row.chain_id !== chainId) {
      finish();
      begin(row.chain_id);
    }
    verifier!.push({ seq: row.seq, parts: row.parts, hash: row.hash } satisfies SealedEntry);
    entries++;
  }
  finish();
  // a chain of which nothing is left is known by its head and its seals only
  for (const id of [...heads.keys(), ...seals.keys()])
    if (!seen.has(id)) findings.push(...begin(id).finish(heads.get(id) ?? 0));
  return { entries, chains: seen.size, findings };
}

async function chainHeads(client: pg.ClientBase): Promise<Map<number, number>> {
  const { rows } = await client.query<{ chain_id: string; seq: string }>(
    "select chain_id::text, seq::text from journal_chain",
  );
  return new Map(rows.map((row) => [Number(row.chain_id), Number(row.seq)]));
}

type PageRow = { place: string; chain: string; hash: Buffer } & Record<string, string>;

async function* journalRows(client: pg.ClientBase): AsyncGenerator<Row> {
  for (let next: Promise<PageRow[]> | null = journalPage(client, [-1, 0]); next !== null; ) {
    const rows: PageRow[] = await next;
    const last = rows.at(-1);
    // the database reads the next page while this one is verified
    next =
      last && rows.length === PAGE ? journalPage(client, [Number(last.chain), Number(last.place)]) : null;
    next?.catch(() => {});
    for (const row of rows)
      yield {
        chain_id: Number(row.chain),
        seq: Number(row.place),
        hash: row.hash,
        parts: columns.map((column) => row[column] ?? null),
      };
  }
}

const columns = Array.from({ length: 16 }, (_, index) => `p${index}`);

async function journalPage(client: pg.ClientBase, after: [chain: number, place: number]): Promise<PageRow[]> {
  const { rows } = await client.query<PageRow>({
    name: "journal-page",
    text: `select chain_id::text as chain, seq::text as place, hash,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as p0, type as p1, structure_id::text as p2,
      actor_account_id::text as p3, actor_label as p4, on_behalf_of as p5, means as p6, ip as p7, object_kind as p8,
      object_id::text as p9, object_label as p10, sentence as p11, before::text as p12, after::text as p13,
      reason as p14, correlation_id as p15
      from journal_entry where (chain_id, seq) > ($1, $2) order by chain_id, seq limit ${PAGE}`,
    values: after,
  });
  return rows;
}
