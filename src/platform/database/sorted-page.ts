import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Place } from "../../shared/sorting.ts";

/** A page of a sorted list: after a place, so many rows. */
export type SortedPage = {
  readonly descending: boolean;
  readonly after: Place | null;
  readonly limit: number;
};

/**
 * Rows in the order of a text, then of their number, after a place: by keys and without offset, so that a deep page
 * costs what the first one does. Each row tells what it is sorted by, as `sortValue`.
 * @param by never null; of instants, `sortableInstant`
 */
export function sortedPage<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  by: RawBuilder<string>,
  id: RawBuilder<number>,
  { descending, after, limit }: SortedPage,
): SelectQueryBuilder<DB, TB, O & { sortValue: string }> {
  const direction = descending ? "desc" : "asc";
  const beyond = descending ? sql`<` : sql`>`;
  return query
    .select(by.as("sortValue"))
    .$if(after !== null, (some) =>
      some.where(sql<boolean>`(${by}, ${id}) ${beyond} (${after!.value}, ${after!.id}::bigint)`),
    )
    .orderBy(by, direction)
    .orderBy(id, direction)
    .limit(limit) as SelectQueryBuilder<DB, TB, O & { sortValue: string }>;
}

/** An instant as a text in the order of time; no instant comes last. */
export const sortableInstant = (column: string): RawBuilder<string> =>
  sql<string>`coalesce(to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '9999')`;
