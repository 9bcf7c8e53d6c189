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

type PageRow = [chain: string, place: string, hash: Buffer, ...parts: (string | null)[]];

async function* journalRows(client: pg.ClientBase): AsyncGenerator<Row> {
  for (let next: Promise<PageRow[]> | null = journalPage(client, ["-1", "0"]); next !== null; ) {
    const rows: PageRow[] = await next;
    const [chain, place] = rows.at(-1) ?? [];
    // the database reads the next page while this one is verified
    next = chain && place && rows.length === PAGE ? journalPage(client, [chain, place]) : null;
    next?.catch(() => {});
    for (const [chain, place, hash, ...parts] of rows)
      yield { chain_id: Number(chain), seq: Number(place), hash, parts };
  }
}

async function journalPage(client: pg.ClientBase, after: [chain: string, place: string]): Promise<PageRow[]> {
  const { rows } = await client.query<PageRow>({
    name: "journal-page",
    rowMode: "array",
    text: `select chain_id::text as chain, seq::text as place, hash,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), type, structure_id::text,
      actor_account_id::text, actor_label, on_behalf_of, means, ip, object_kind, object_id::text, object_label, sentence,
      before::text, after::text, reason, correlation_id
      from journal_entry where (chain_id, seq) > ($1, $2) order by chain_id, seq limit ${PAGE}`,
    values: after,
  });
  return rows;
}
