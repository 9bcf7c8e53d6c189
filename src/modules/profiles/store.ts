import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { KeptProfile } from "./domain/offered-profiles.ts";

/** What a structure keeps of its own about sets of rights. */
export function listKeptProfiles(tx: Tx, structureId: number): Promise<KeptProfile[]> {
  return tx
    .selectFrom("profile")
    .select(["code", "name", "description as says", "lines", "hidden", "version"])
    .where("structureId", "=", structureId)
    .where("archivedAt", "is", null)
    .execute() as Promise<unknown> as Promise<KeptProfile[]>;
}

/** The code of the set that a structure proposes first. */
export async function defaultProfileCode(tx: Tx, structureId: number): Promise<string> {
  const { defaultProfile } = await tx
    .selectFrom("structure")
    .select("defaultProfile")
    .where("id", "=", structureId)
    .executeTakeFirstOrThrow();
  return defaultProfile;
}

export async function keepDefaultProfile(tx: Tx, structureId: number, code: string): Promise<void> {
  await tx.updateTable("structure").set({ defaultProfile: code }).where("id", "=", structureId).execute();
}

/** Locks the sets of a structure, so that two who change them act one after the other. */
export async function lockProfiles(tx: Tx, structureId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${structureId}, 3)`.execute(tx);
}

/** Keeps a set in the place of the structure's one of that code, if any. */
export async function keepProfile(
  tx: Tx,
  structureId: number,
  profile: KeptProfile,
  by: { readonly accountId: number; readonly now: Date },
): Promise<void> {
  await archiveProfile(tx, structureId, profile.code, by.now);
  const { says: description, lines, ...row } = profile;
  await tx
    .insertInto("profile")
    .values({
      ...row,
      structureId,
      description,
      lines: JSON.stringify(lines),
      createdBy: by.accountId,
      createdAt: by.now,
    })
    .execute();
}

export async function archiveProfile(tx: Tx, structureId: number, code: string, now: Date): Promise<void> {
  await tx
    .updateTable("profile")
    .set({ archivedAt: now })
    .where("structureId", "=", structureId)
    .where("code", "=", code)
    .where("archivedAt", "is", null)
    .execute();
}

/** The living attachments that hold rights given with a set, by the set's name. */
export async function listHolders(tx: Tx, structureId: number): Promise<ReadonlyMap<string, number[]>> {
  const { rows } = await sql<{ name: string; ids: number[] }>`
    select g.given_set as name, array_agg(distinct m.id) as ids
    from membership_grant g join membership m on m.id = g.membership_id
    where m.structure_id = ${structureId} and m.state <> 'ended' and g.given_set is not null
    group by g.given_set`.execute(tx);
  return new Map(rows.map((row) => [row.name, row.ids]));
}
