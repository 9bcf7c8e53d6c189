import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { findStructure, type PostalAddress, type StructureRow } from "./store.ts";

/** How much of a structure its replacement takes along. */
export type CopiedCounts = {
  readonly services: number;
  readonly people: number;
  readonly bankAccounts: number;
  readonly profiles: number;
};

/** What would be copied: all that has not ended. */
export async function countToCopy(tx: Tx, structureId: number): Promise<CopiedCounts> {
  const { rows } = await sql<CopiedCounts>`
    select (select count(*) from service where structure_id = ${structureId} and deleted_at is null)::int as services,
      (select count(*) from membership where structure_id = ${structureId} and state <> 'ended')::int as people,
      (select count(*) from bank_account where structure_id = ${structureId} and state = 'active')::int as bank_accounts,
      (select count(*) from profile where structure_id = ${structureId} and archived_at is null)::int as profiles`.execute(
    tx,
  );
  return rows[0]!;
}

/**
 * Copies a structure under another number of the same type: its sheet, services, sets of rights, bank details, people
 * with their rights and preferences. Answers the number of the copy. Sees everything.
 */
export async function copyStructure(
  tx: Tx,
  copy: {
    readonly structureId: number;
    readonly identifierValue: string;
    readonly registryCheck: "none" | "confirmed" | "pending";
    readonly address: PostalAddress | null;
    readonly by: number;
    readonly now: Date;
  },
): Promise<number> {
  const { structureId, identifierValue, registryCheck, address, by, now } = copy;
  const { rows } = await sql<{ id: number }>`
    insert into structure (kind, identifier_type, identifier_value, legal_name, display_name, first_name, last_name,
      trade_register, email, email_published, phone, legal_category, company_category, activity_code,
      address_line, address_extra1, address_extra2, postcode, town, country, vat_number,
      issues_invoices, receives_invoices, works_owner, works_owner_only, works_manager, service_code_required,
      commitment_required, service_or_commitment_required, payment_status_reported, delegated_validator,
      open_applications, proof_state, registry_check, requires_second_factor, default_profile, listed_in_directory,
      replaces_id, created_by, created_at, changed_at)
    select kind, identifier_type, ${identifierValue}, legal_name, display_name, first_name, last_name,
      trade_register, email, email_published, phone, legal_category, company_category, activity_code,
      coalesce(${address?.addressLine ?? null}, address_line),
      case when ${address !== null} then '' else address_extra1 end, case when ${address !== null} then '' else address_extra2 end,
      coalesce(${address?.postcode ?? null}, postcode), coalesce(${address?.town ?? null}, town), country, vat_number,
      issues_invoices, receives_invoices, works_owner, works_owner_only, works_manager, service_code_required,
      commitment_required, service_or_commitment_required, payment_status_reported, delegated_validator,
      open_applications, proof_state, ${registryCheck}, requires_second_factor, default_profile, listed_in_directory,
      id, ${by}::bigint, ${now}, ${now}
    from structure where id = ${structureId} returning id`.execute(tx);
  const { id } = rows[0]!;
  await sql`
    insert into service (structure_id, code, label, description, starts_at, ends_at, disabled_at, reserved, commitment_required,
      payment_status_reported, address_line, postcode, town, created_by, created_at, changed_at)
    select ${id}, code, label, description, starts_at, ends_at, disabled_at, reserved, commitment_required,
      payment_status_reported, address_line, postcode, town, ${by}::bigint, ${now}, ${now}
    from service where structure_id = ${structureId} and deleted_at is null`.execute(tx);
  await sql`
    insert into profile (structure_id, code, name, description, lines, created_by, created_at)
    select ${id}, code, name, description, lines, ${by}::bigint, ${now}
    from profile where structure_id = ${structureId} and archived_at is null`.execute(tx);
  await sql`
    insert into bank_account (structure_id, name, holder, iban, bic, starts_at, ends_at, state, is_default, created_at,
      created_by, confirmed_at, confirmed_by, changed_at)
    select ${id}, name, holder, iban, bic, starts_at, ends_at, state, is_default, ${now}, ${by}::bigint, ${now}, ${by}::bigint, ${now}
    from bank_account where structure_id = ${structureId} and state = 'active'`.execute(tx);
  await sql`
    insert into membership (account_id, structure_id, role, scope, state, starts_at, ends_at, comment, origin, attached_by,
      suspended_at, suspension_reason, manager_since, manager_named_by, created_at, changed_at)
    select account_id, ${id}, role, scope, state, starts_at, ends_at, comment, 'copy', ${by}::bigint,
      suspended_at, suspension_reason, manager_since, manager_named_by, ${now}, ${now}
    from membership where structure_id = ${structureId} and state <> 'ended'`.execute(tx);
  await sql`
    insert into membership_service (membership_id, service_id, structure_id)
    select n.id, t.id, ${id} from membership_service ms
      join membership o on o.id = ms.membership_id and o.state <> 'ended'
      join membership n on n.structure_id = ${id} and n.account_id = o.account_id
      join service f on f.id = ms.service_id and f.deleted_at is null
      join service t on t.structure_id = ${id} and lower(t.code) = lower(f.code)
    where ms.structure_id = ${structureId}`.execute(tx);
  await sql`
    insert into membership_grant (membership_id, structure_id, application, level, service_id, starts_at, ends_at,
      given_set, granted_by, granted_at)
    select n.id, ${id}, g.application, g.level, t.id, g.starts_at, g.ends_at, g.given_set, g.granted_by, g.granted_at
    from membership_grant g
      join membership o on o.id = g.membership_id and o.state <> 'ended'
      join membership n on n.structure_id = ${id} and n.account_id = o.account_id
      left join service f on f.id = g.service_id
      left join service t on t.structure_id = ${id} and lower(t.code) = lower(f.code)
    where g.structure_id = ${structureId} and (g.service_id is null or t.id is not null)`.execute(tx);
  await sql`
    insert into notification_preference (account_id, structure_id, family, rhythm)
    select p.account_id, ${id}, p.family, p.rhythm from notification_preference p
      join membership n on n.structure_id = ${id} and n.account_id = p.account_id
    where p.structure_id = ${structureId}`.execute(tx);
  return id;
}

/** A structure, its row locked until the end of the transaction. */
export async function lockStructure(tx: Tx, id: number): Promise<StructureRow | undefined> {
  await sql`select from structure where id = ${id} for update`.execute(tx);
  return findStructure(tx, id);
}

/** Closes a structure that another replaces: it stays to be read. */
export async function markReplaced(tx: Tx, id: number, replacedById: number, now: Date): Promise<void> {
  await tx
    .updateTable("structure")
    .set({ state: "replaced", replacedById, deactivatedAt: now, changedAt: now, version: sql`version + 1` })
    .where("id", "=", id)
    .execute();
}

export type Neighbour = {
  readonly id: number;
  readonly displayName: string;
  readonly identifierValue: string;
};

/** The structures that one replaces and is replaced by. */
export async function findNeighbours(
  tx: Tx,
  structureId: number,
): Promise<{ replaces: Neighbour | null; replacedBy: Neighbour | null }> {
  const near = await tx
    .selectFrom("structure as s")
    .innerJoin("structure as o", (join) =>
      join.on((on) =>
        on.or([on("o.id", "=", on.ref("s.replacesId")), on("o.id", "=", on.ref("s.replacedById"))]),
      ),
    )
    .select(["o.id", "o.displayName", "o.identifierValue", "s.replacesId"])
    .where("s.id", "=", structureId)
    .execute();
  const replaces = near.find((one) => one.id === one.replacesId) ?? null;
  return { replaces, replacedBy: near.find((one) => one !== replaces) ?? null };
}
