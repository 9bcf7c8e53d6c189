import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

export type JournalRow = {
  readonly seq: number;
  readonly at: Date;
  readonly actorLabel: string;
  readonly means: string;
  readonly sentence: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
};

export const PAGE_SIZE = 50;

/** The journal of a structure, newest first, before a number (keys, no offset). */
export function listJournal(
  tx: Tx,
  structureId: number,
  search: { words: string; before: number | null; limit?: number },
): Promise<JournalRow[]> {
  const words = `%${search.words.replace(/[%_\\]/g, "\\$&")}%`;
  return tx
    .selectFrom("journalEntry")
    .select(["seq", "at", "actorLabel", "means", "sentence", "reason", "before", "after"])
    .where("chainId", "=", structureId)
    .$if(search.words !== "", (query) =>
      query.where(
        sql<boolean>`(actor_label || ' ' || sentence || ' ' || coalesce(reason, '')) ilike ${words}`,
      ),
    )
    .$if(search.before !== null, (query) => query.where("seq", "<", search.before!))
    .orderBy("seq", "desc")
    .limit((search.limit ?? PAGE_SIZE) + 1)
    .execute();
}
