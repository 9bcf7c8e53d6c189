import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { leavesFilesIfClosedBefore, type Movement, movementSince } from "./domain/directory-files.ts";
import { isInForce, type ServiceRow } from "./service-store.ts";
import type { StructureRow } from "./store.ts";

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

export type StructureLine = { readonly id: number } & Pick<
  StructureRow,
  Exclude<(typeof structureLineColumns)[number], "id">
>;

/** DIR-03. Whether a structure `s` is in the files: public, and open or closed not too long ago. */
const isInFiles = (now: Date) => sql<boolean>`s.kind = 'public' and (s.state = 'active'
  or s.state in ('inactive', 'replaced') and s.deactivated_at > ${leavesFilesIfClosedBefore(now)})`;

const structureLines = (tx: Tx, now: Date) =>
  tx
    .selectFrom("structure as s")
    .select(structureLineColumns.map((column) => `s.${column}` as const))
    .where(isInFiles(now));

/** Structures of the files by id, after one: the batches of a file of all (organisation 14.2). */
export function listStructureLines(
  tx: Tx,
  after: number,
  limit: number,
  now: Date,
): Promise<StructureLine[]> {
  return structureLines(tx, now).where("s.id", ">", after).orderBy("s.id").limit(limit).execute();
}

/** Those that moved since an instant, with what became of them. */
export async function listMovedStructures(
  tx: Tx,
  since: Date,
  after: number,
  limit: number,
  now: Date,
): Promise<(StructureLine & { readonly movement: Movement })[]> {
  const rows = await structureLines(tx, now)
    .select(["s.createdAt", "s.deactivatedAt"])
    .where("s.changedAt", ">=", since)
    .where("s.id", ">", after)
    .orderBy("s.id")
    .limit(limit)
    .execute();
  return rows.map(({ createdAt, deactivatedAt, ...line }) => ({
    ...line,
    movement: movementSince(since, { createdAt, endedAt: line.state === "active" ? null : deactivatedAt }),
  }));
}

export type ServiceLine = {
  readonly id: number;
  readonly identifierValue: string;
  /** Neither planned, ended nor disabled, in an active structure. */
  readonly active: boolean;
} & Pick<
  ServiceRow,
  "code" | "label" | "startsAt" | "endsAt" | "addressLine" | "postcode" | "town" | "commitmentRequired"
>;

/** DIR-05. Never the reserved one, which private suppliers do not use. */
const serviceLines = (tx: Tx, now: Date) =>
  tx
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
      sql<boolean>`s.state = 'active' and v.deleted_at is null and ${isInForce(now)}`.as("active"),
    ])
    .where(isInFiles(now))
    .where("v.reserved", "=", false);

/** Services of the structures of the directory by id, after one. */
export function listServiceLines(tx: Tx, after: number, limit: number, now: Date): Promise<ServiceLine[]> {
  return serviceLines(tx, now)
    .where("v.deletedAt", "is", null)
    .where("v.id", ">", after)
    .orderBy("v.id")
    .limit(limit)
    .execute();
}

/**
 * Those that moved since an instant, with what became of them. A service also moves on its dates, and with its structure,
 * whose state and rule are part of its line.
 */
export async function listMovedServices(
  tx: Tx,
  since: Date,
  after: number,
  limit: number,
  now: Date,
): Promise<(ServiceLine & { readonly movement: Movement })[]> {
  const rows = await serviceLines(tx, now)
    .select([
      "v.createdAt",
      sql<Date | null>`least(v.deleted_at, v.disabled_at, s.deactivated_at,
        case when v.ends_at <= ${now} then v.ends_at end)`.as("endedAt"),
    ])
    .where(
      sql<boolean>`(v.changed_at >= ${since} or s.changed_at >= ${since} or v.deleted_at >= ${since}
        or v.starts_at between ${since} and ${now} or v.ends_at between ${since} and ${now})`,
    )
    .where("v.id", ">", after)
    .orderBy("v.id")
    .limit(limit)
    .execute();
  return rows.map(({ createdAt, endedAt, ...line }) => ({
    ...line,
    movement: movementSince(since, { createdAt, endedAt: line.active ? null : endedAt }),
  }));
}

export type DirectoryMarks = { readonly structures: string; readonly services: string };

/**
 * DIR-01. What tells one content of a file from another without writing it: for the structures, then for the services.
 * Sums of versions grow with every change, in whatever order the changes are committed; what dates alone change
 * (a service that begins or ends, a closed structure that leaves) is counted.
 */
export async function directoryMarks(tx: Tx, now: Date): Promise<DirectoryMarks> {
  const { rows } = await sql<DirectoryMarks>`
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
