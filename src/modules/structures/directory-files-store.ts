import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

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

/** Public structures by id, after one: the batches of a file of all (organisation 14.2). */
export function listStructureLines(tx: Tx, after: number, limit: number) {
  return tx
    .selectFrom("structure")
    .select(structureLineColumns)
    .where("kind", "=", "public")
    .where("state", "in", ["active", "inactive"])
    .where("id", ">", after)
    .orderBy("id")
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
      sql<boolean>`s.state = 'active' and v.disabled_at is null and v.starts_at <= ${now}
        and (v.ends_at is null or v.ends_at > ${now})`.as("active"),
    ])
    .where("s.kind", "=", "public")
    .where("s.state", "in", ["active", "inactive"])
    .where("v.deletedAt", "is", null)
    .where("v.reserved", "=", false)
    .where("v.id", ">", after)
    .orderBy("v.id")
    .limit(limit)
    .execute();
}
