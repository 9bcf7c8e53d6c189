import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { refreshedBefore } from "./domain/registry-check.ts";

export type StructureToCheck = {
  readonly id: number;
  readonly identifierValue: string;
  readonly displayName: string;
  readonly createdAt: Date;
  readonly registryCheck: "pending" | "confirmed" | "negative";
  readonly registryCheckedAt: Date | null;
  readonly closedInRegistryOn: string | null;
  readonly listedInDirectory: boolean;
};

/**
 * Active structures about which the national register is to be asked: those it has still to confirm first, then those it
 * was asked about longest ago, once a quarter each.
 */
export async function listToCheck(tx: Tx, limit: number, now: Date): Promise<StructureToCheck[]> {
  const { rows } = await sql<StructureToCheck>`
    select id, identifier_value, display_name, created_at, registry_check, registry_checked_at, closed_in_registry_on,
      listed_in_directory
    from structure
    where identifier_type = 'SIRET' and state = 'active' and registry_check <> 'none'
      and (registry_check = 'pending' or registry_checked_at is null or registry_checked_at < ${refreshedBefore(now)})
    order by registry_check = 'pending' desc, registry_checked_at nulls first limit ${limit}`.execute(tx);
  return rows;
}

/** Keeps what the national register said of a structure; answers whether nobody kept a newer answer meanwhile. */
export async function saveRegistryCheck(
  tx: Tx,
  { id, registryCheckedAt }: Pick<StructureToCheck, "id" | "registryCheckedAt">,
  check: {
    readonly registryCheck: "confirmed" | "negative";
    readonly closedInRegistryOn: string | null;
    readonly legalCategory?: string | null;
    readonly companyCategory?: string | null;
    readonly activityCode?: string | null;
    readonly registryConfidential?: boolean;
    readonly listedInDirectory?: false;
  },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("structure")
    .set({ ...check, registryCheckedAt: now })
    .where("id", "=", id)
    .where(sql<boolean>`registry_checked_at is not distinct from ${registryCheckedAt}::timestamptz`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Companies that wait for their number. */
export function listUnregistered(
  tx: Tx,
): Promise<{ id: number; displayName: string; createdAt: Date; registrationRemindedDays: number | null }[]> {
  return tx
    .selectFrom("structure")
    .select(["id", "displayName", "createdAt", "registrationRemindedDays"])
    .where("identifierType", "=", "EN_COURS_D_IMMATRICULATION")
    .where("state", "=", "active")
    .orderBy("createdAt")
    .execute();
}

/** Answers whether the reminder of that term had still to be sent. */
export async function noteRegistrationReminder(tx: Tx, structureId: number, days: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("structure")
    .set({ registrationRemindedDays: days })
    .where("id", "=", structureId)
    .where((build) =>
      build.or([build("registrationRemindedDays", "is", null), build("registrationRemindedDays", "<", days)]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
