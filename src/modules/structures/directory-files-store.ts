import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { leavesFilesIfClosedBefore } from "./domain/directory-files.ts";
import { isInForce } from "./store.ts";

const structureLineColumns = [
  "id",
  "identifierValue",
  "legalName",
  "paymentStatusReported",
  "commitmentRequired",
  "serviceCodeRequired",
  "serviceOrCommitmentRequired",
  "worksOwner",
  "worksOwnerOnly",
  "state",
  "addressLine",
  "addressExtra1",
  "addressExtra2",
  "postcode",
  "town",
  "email",
  "emailPublished",
  "country",
] as const;

export type StructureLine = Awaited<ReturnType<typeof listStructureLines>>[number];

/** DIR-03. Whether a structure `s` is in the files: public, and open or closed not too long ago. */
const isInFiles = (now: Date) => sql<boolean>`s.kind = 'public' and (s.state = 'active'
  or s.state in ('inactive', 'replaced') and s.deactivated_at > ${leavesFilesIfClosedBefore(now)})`;

/** Structures of the files by id, after one: the batches of a file of all (organisation 14.2). */
export function listStructureLines(tx: Tx, after: number, limit: number, now: Date) {
  return tx
    .selectFrom("structure as s")
    .select(structureLineColumns)
    .where(isInFiles(now))
    .where("s.id", ">", after)
    .orderBy("s.id")
    .limit(limit)
    .execute();
}

export type ServiceLine = Awaited<ReturnType<typeof listServiceLines>>[number];

/**
 * DIR-05. Services of the structures of the directory by id, after one; never the reserved one, which private
 * suppliers do not use. `active` is what holds at `now`: neither planned, ended nor disabled, in an active structure.
 */
export function listServiceLines(tx: Tx, after: number, limit: number, now: Date) {
  return tx
    .selectFrom("service as v")
    .innerJoin("structure as s", "s.id", "v.structureId")
    .select([
      "v.id",
      "s.identifierValue",
      "v.code",
      "v.label",
      "v.startsAt",
      "v.endsAt",
      "v.addressLine",
      "v.postcode",
      "v.town",
      sql<boolean>`v.commitment_required or s.commitment_required`.as("commitmentRequired"),
      sql<boolean>`s.state = 'active' and ${isInForce(now)}`.as("active"),
    ])
    .where(isInFiles(now))
    .where("v.deletedAt", "is", null)
    .where("v.reserved", "=", false)
    .where("v.id", ">", after)
    .orderBy("v.id")
    .limit(limit)
    .execute();
}

/**
 * DIR-01. What tells one content of a file from another without writing it: for the structures, then for the services.
 * Sums of versions grow with every change, in whatever order the changes are committed; what dates alone change
 * (a service that begins or ends, a closed structure that leaves) is counted.
 */
export async function directoryMarks(tx: Tx, now: Date): Promise<{ structures: string; services: string }> {
  const { rows } = await sql<{ structures: string; services: string }>`
    select s.mark as structures, s.mark || v.mark as services
    from (
      select concat_ws('.', count(*), sum(version),
        count(*) filter (where deactivated_at <= ${leavesFilesIfClosedBefore(now)})) as mark
      from structure where kind = 'public') s,
    (
      select concat_ws('.', '', count(*), sum(version), count(deleted_at),
        count(*) filter (where starts_at <= ${now}), count(*) filter (where ends_at <= ${now})) as mark
      from service) v`.execute(tx);
  return rows[0]!;
}
