import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { Family } from "./domain/families.ts";
import type { ChainHead, Seal } from "./domain/seal.ts";

export type JournalRow = {
  readonly seq: number;
  readonly at: Date;
  readonly actorLabel: string;
  readonly means: string;
  readonly sentence: string;
  readonly objectKind: string;
  readonly objectId: number | null;
  readonly objectLabel: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
};

const shownColumns = [
  "seq",
  "at",
  "actorLabel",
  "means",
  "sentence",
  "objectKind",
  "objectId",
  "objectLabel",
  "reason",
  "before",
  "after",
] as const;

/** What one looks for in a journal; null: anything. */
export type JournalSearch = {
  readonly words: string;
  readonly from: Date | null;
  readonly until: Date | null;
  readonly family: Family | null;
  readonly oldestFirst: boolean;
};

/** The journal of a structure, in its order or the other, after a number (keys, no offset). */
export function listJournal(
  tx: Tx,
  structureId: number,
  search: JournalSearch,
  page: { readonly after: number | null; readonly limit: number },
): Promise<JournalRow[]> {
  const { family } = search;
  const words = `%${search.words.replace(/[%_\\]/g, "\\$&")}%`;
  return tx
    .selectFrom("journalEntry")
    .select(shownColumns)
    .where("chainId", "=", structureId)
    .$if(search.words !== "", (query) =>
      query.where(
        sql<boolean>`(actor_label || ' ' || sentence || ' ' || object_label || ' ' || coalesce(reason, '')) ilike ${words}`,
      ),
    )
    .$if(search.from !== null, (query) => query.where("at", ">=", search.from!))
    .$if(search.until !== null, (query) => query.where("at", "<=", search.until!))
    .$if(family?.kinds !== undefined, (query) => query.where("objectKind", "in", [...family!.kinds!]))
    .$if(family?.types !== undefined, (query) => query.where("type", "~", family!.types!))
    .$if(family?.means !== undefined, (query) => query.where("means", "in", [...family!.means!]))
    .$if(page.after !== null, (query) => query.where("seq", search.oldestFirst ? ">" : "<", page.after!))
    .orderBy("seq", search.oldestFirst ? "asc" : "desc")
    .limit(page.limit)
    .execute();
}

export type KindOfWeek = {
  readonly kind: string;
  readonly count: number;
  /** The last ones, who did them first. */
  readonly sentences: readonly string[];
};

/** What was done in a structure from an instant to another, by kind of object, with the last five of each. */
export async function countJournal(
  tx: Tx,
  structureId: number,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<KindOfWeek[]> {
  const { rows } = await sql<KindOfWeek>`
    select object_kind as kind, count(*)::int as count,
      (array_agg(actor_label || ' ' || sentence order by seq desc))[1:5] as sentences
    from journal_entry where chain_id = ${structureId} and at >= ${from} and at < ${until}
    group by object_kind order by object_kind`.execute(tx);
  return rows;
}

/** The codes of some services, by their number; those out of sight are left out. */
export async function codesOfServices(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("service")
    .select(["id", "code"])
    .where("id", "in", [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.code]));
}

/** The last actions on one object of a structure, newest first. */
export function listJournalOf(
  tx: Tx,
  structureId: number,
  object: { readonly kind: string; readonly id: number },
  limit: number,
): Promise<JournalRow[]> {
  return tx
    .selectFrom("journalEntry")
    .select(shownColumns)
    .where("chainId", "=", structureId)
    .where("objectKind", "=", object.kind)
    .where("objectId", "=", object.id)
    .orderBy("seq", "desc")
    .limit(limit)
    .execute();
}

export type PlaceInJournal = { readonly chainId: number; readonly seq: number };
export type OwnJournalRow = PlaceInJournal &
  Pick<JournalRow, "at" | "actorLabel" | "sentence" | "reason"> & { readonly structureName: string | null };

/**
 * What a person did and what was done about her, in every journal, newest first, after a place. Sees everything; answers
 * only what names her.
 */
export async function listJournalOfPerson(
  tx: Tx,
  accountId: number,
  page: { readonly before: PlaceInJournal | null; readonly limit: number },
): Promise<OwnJournalRow[]> {
  const { before, limit } = page;
  const fromPlace = before
    ? sql`and (j.at, j.chain_id, j.seq) < (select b.at, b.chain_id, b.seq from journal_entry b
        where b.chain_id = ${before.chainId} and b.seq = ${before.seq})`
    : sql``;
  const { rows } = await sql<OwnJournalRow>`
    select j.chain_id, j.seq, j.at, j.actor_label, j.sentence, j.reason, s.display_name as structure_name
    from journal_entry j left join structure s on s.id = j.structure_id
    where (j.actor_account_id = ${accountId} or (j.object_kind in ('person', 'account') and j.object_id = ${accountId}))
      ${fromPlace}
    order by j.at desc, j.chain_id desc, j.seq desc limit ${limit}`.execute(tx);
  return rows;
}

/** The root of the last seal; its lock makes two seals at once follow one another. */
export async function lockLastRoot(tx: Tx): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(0, 3)`.execute(tx);
  const { rows } = await sql<{ root: string }>`
    select encode(root, 'hex') as root from journal_seal order by id desc limit 1`.execute(tx);
  return rows[0]?.root ?? null;
}

export type UnsealedHead = ChainHead & { readonly entries: number };

/** The chains that moved since they were last sealed, with how many entries each gained. */
export async function unsealedHeads(tx: Tx): Promise<UnsealedHead[]> {
  const { rows } = await sql<UnsealedHead>`
    select c.chain_id, c.seq, encode(c.hash, 'hex') as hash, c.seq - coalesce(s.seq, 0) as entries
    from journal_chain c left join journal_sealed s on s.chain_id = c.chain_id
    where c.seq > coalesce(s.seq, 0) order by c.chain_id`.execute(tx);
  return rows;
}

export async function keepSeal(tx: Tx, seal: Seal, heads: readonly UnsealedHead[], now: Date): Promise<void> {
  const entries = heads.reduce((sum, head) => sum + head.entries, 0);
  await sql`
    insert into journal_seal (at, chains, entries, root, previous_root, heads)
    values (${now}, ${heads.length}, ${entries}, decode(${seal.root}, 'hex'), decode(${seal.previousRoot}, 'hex'),
      ${JSON.stringify(seal.heads)}::jsonb)`.execute(tx);
  await sql`
    insert into journal_sealed (chain_id, seq)
    select "chainId", seq from jsonb_to_recordset(${JSON.stringify(seal.heads)}::jsonb) as h("chainId" bigint, seq bigint)
    on conflict (chain_id) do update set seq = excluded.seq`.execute(tx);
}
