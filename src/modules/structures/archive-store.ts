import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { leavesFilesIfClosedBefore } from "./domain/directory-files.ts";
import type { StructureRow } from "./store.ts";

/** Structures archived in one run. */
const ARCHIVED_AT_ONCE = 500;
/** Structures that one search of the archives shows. */
export const FOUND_AT_ONCE = 50;

/** Structures that may have stayed deactivated long enough to be archived, by number, the longest deactivated first. */
export async function listToArchive(tx: Tx, now: Date): Promise<readonly number[]> {
  const rows = await tx
    .selectFrom("structure")
    .select("id")
    .where("state", "=", "inactive")
    .where("deactivatedAt", "<=", leavesFilesIfClosedBefore(now))
    .orderBy("deactivatedAt")
    .limit(ARCHIVED_AT_ONCE)
    .execute();
  return rows.map((row) => row.id);
}

export type ArchivedStructure = Pick<
  StructureRow,
  "id" | "displayName" | "identifierValue" | "town" | "deactivatedAt"
> & {
  /** Nothing changes it afterwards. */
  readonly archivedAt: Date;
};

/**
 * The archived structures whose name holds each word, accents forgiven, or whose identifier holds them, the last archived
 * first; no word at all: all of them. At most fifty.
 */
export async function searchArchives(tx: Tx, words: string): Promise<ArchivedStructure[]> {
  const digits = words.replace(/[\s.]/g, "");
  const { rows } = await sql<ArchivedStructure>`
    select id, display_name, identifier_value, town, deactivated_at, changed_at as archived_at
    from structure
    where state = 'archived' and (position(upper(${digits}) in upper(identifier_value)) > 0
      or not exists (select from regexp_split_to_table(directory_text(${words}), '[^[:alnum:]]+') word
        where position(word in directory_text(display_name || ' ' || legal_name)) = 0))
    order by changed_at desc, id limit ${FOUND_AT_ONCE}`.execute(tx);
  return rows;
}
