import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { PostalAddress } from "./service-store.ts";
import { findStructure, type StructureRow } from "./store.ts";

/**
 * What the copy of a structure takes along, column by column: kept as it is, or made anew. A test wants every column of
 * these tables here, so that none is forgotten the day it is added.
 */
export const copiedTables = {
  structure: {
    kept: words(`kind identifier_type legal_name display_name first_name last_name trade_register email email_published
      phone legal_category company_category activity_code country vat_number issues_invoices receives_invoices works_owner
      works_owner_only works_manager service_code_required commitment_required service_or_commitment_required
      payment_status_reported delegated_validator open_applications proof_state requires_second_factor default_profile
      proved_email_domains listed_in_directory registry_confidential yearly_review`),
    anew: words(`id identifier_value address_line address_extra1 address_extra2 postcode town state registry_check
      registry_checked_at register_data_at closed_in_registry_on registration_reminded_days manager_advised_at
      managers_unreachable_at without_manager replaces_id replaced_by_id deactivated_at deactivation_reason created_at created_by changed_at version`),
  },
  service: {
    kept: words(`code label description starts_at ends_at disabled_at reserved commitment_required payment_status_reported
      address_line postcode town told`),
    anew: words("id structure_id deleted_at successor_id created_at created_by changed_at version"),
  },
  profile: {
    kept: words("code name description lines hidden"),
    anew: words("id structure_id archived_at created_by created_at version"),
  },
  bank_account: {
    kept: words("name holder iban bic starts_at ends_at is_default"),
    anew: words(`id structure_id state submitted_by confirmed_at confirmed_by blocked_at blocked_by replaces_id created_at
      created_by changed_at version`),
  },
  membership: {
    kept: words(`account_id role scope state starts_at ends_at comment suspended_at suspension_reason manager_since
      manager_named_by expiry_warned_days reviewed_at`),
    anew: words(
      "id structure_id profile_id origin attached_by ended_at end_reason created_at changed_at version",
    ),
  },
  membership_service: { kept: [], anew: words("membership_id service_id structure_id") },
  membership_grant: {
    kept: words("application level starts_at ends_at given_set granted_by granted_at"),
    anew: words("id membership_id structure_id service_id profile_id"),
  },
  notification_preference: { kept: words("account_id family rhythm"), anew: words("structure_id") },
  email_domain: {
    kept: words("domain dns_token added_at proved_at proved_by"),
    anew: words("id structure_id"),
  },
  domain_approval: { kept: words("scope"), anew: words("structure_id service_ids") },
  official_contact: { kept: words("address kept_at"), anew: words("structure_id") },
} as const satisfies Record<string, { readonly kept: readonly string[]; readonly anew: readonly string[] }>;
type CopiedTable = keyof typeof copiedTables;

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

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
    /** Whether a second manager has to confirm the bank details before they are used. */
    readonly bankAccountsWait: boolean;
    readonly by: number;
    readonly now: Date;
  },
): Promise<number> {
  const { structureId, identifierValue, registryCheck, address, bankAccountsWait, by, now } = copy;
  const of = sql`${structureId}::bigint`;
  const author = sql`${by}::bigint`;
  const at = sql`${now}::timestamptz`;
  const moved = (column: keyof PostalAddress) =>
    address === null ? sql`o.${sql.ref(snake[column])}` : sql`${address[column]}::text`;
  const { rows } = await sql<{ id: number }>`${insertOf("structure", {
    identifier_value: sql`${identifierValue}::text`,
    address_line: moved("addressLine"),
    address_extra1: address === null ? sql`o.address_extra1` : sql`''`,
    address_extra2: address === null ? sql`o.address_extra2` : sql`''`,
    postcode: moved("postcode"),
    town: moved("town"),
    registry_check: sql`${registryCheck}::text`,
    registry_checked_at: registryCheck === "confirmed" ? at : sql`null::timestamptz`,
    // the name is still the old establishment's: what the register says of the new one is a button away
    register_data_at: sql`null::timestamptz`,
    replaces_id: sql`o.id`,
    created_by: author,
    created_at: at,
    changed_at: at,
  })} from structure o where o.id = ${of} returning id`.execute(tx);
  const { id } = rows[0]!;
  const made = { structure_id: sql`${id}::bigint`, created_by: author, created_at: at };
  await sql`${insertOf("service", { ...made, changed_at: at })}
    from service o where o.structure_id = ${of} and o.deleted_at is null`.execute(tx);
  await sql`
    update service n set successor_id = t.id
    from service f join service g on g.id = f.successor_id join service t on t.structure_id = ${id} and lower(t.code) = lower(g.code)
    where n.structure_id = ${id} and f.structure_id = ${of} and lower(f.code) = lower(n.code) and f.deleted_at is null`.execute(
    tx,
  );
  // what is planned for services goes on under the new number
  await sql`
    with planned as (
      insert into succession (structure_id, successor_id, takes_effect_at, decided_at, decided_by, decided_by_label)
      select ${id}, t.id, p.takes_effect_at, p.decided_at, p.decided_by, p.decided_by_label
      from succession p join service os on os.id = p.successor_id
        join service t on t.structure_id = ${id} and lower(t.code) = lower(os.code)
      where p.structure_id = ${of} and p.state = 'planned'
      returning id, successor_id, takes_effect_at, decided_at)
    insert into succession_service (succession_id, structure_id, service_id, ended_at_before)
    select planned.id, ${id}, n.id, k.ended_at_before
    from planned join service n on n.successor_id = planned.successor_id and n.ends_at = planned.takes_effect_at
      join service o on o.structure_id = ${of} and lower(o.code) = lower(n.code) and o.deleted_at is null
      join succession_service k on k.service_id = o.id
      join succession p on p.id = k.succession_id and p.state = 'planned' and p.decided_at = planned.decided_at`.execute(
    tx,
  );
  await sql`${insertOf("profile", made)}
    from profile o where o.structure_id = ${of} and o.archived_at is null`.execute(tx);
  await sql`${insertOf("bank_account", {
    ...made,
    changed_at: at,
    state: bankAccountsWait ? sql`'pendingConfirmation'` : sql`'active'`,
    submitted_by: author,
    confirmed_at: bankAccountsWait ? sql`null::timestamptz` : at,
    confirmed_by: bankAccountsWait ? sql`null::bigint` : author,
  })} from bank_account o where o.structure_id = ${of} and o.state = 'active'`.execute(tx);
  await sql`${insertOf("membership", {
    structure_id: made.structure_id,
    origin: sql`'copy'`,
    attached_by: author,
    created_at: at,
    changed_at: at,
  })} from membership o where o.structure_id = ${of} and o.state <> 'ended'`.execute(tx);
  await sql`
    insert into membership_service (membership_id, service_id, structure_id)
    select n.id, t.id, ${id} from membership_service ms
      join membership o on o.id = ms.membership_id and o.state <> 'ended'
      join membership n on n.structure_id = ${id} and n.account_id = o.account_id
      join service f on f.id = ms.service_id and f.deleted_at is null
      join service t on t.structure_id = ${id} and lower(t.code) = lower(f.code)
    where ms.structure_id = ${of}`.execute(tx);
  await sql`${insertOf("membership_grant", {
    membership_id: sql`n.id`,
    structure_id: made.structure_id,
    service_id: sql`t.id`,
  })} from membership_grant o
      join membership m on m.id = o.membership_id and m.state <> 'ended'
      join membership n on n.structure_id = ${id} and n.account_id = m.account_id
      left join service f on f.id = o.service_id
      left join service t on t.structure_id = ${id} and lower(t.code) = lower(f.code)
    where o.structure_id = ${of} and (o.service_id is null or t.id is not null)`.execute(tx);
  await sql`${insertOf("notification_preference", { structure_id: made.structure_id })}
    from notification_preference o join membership n on n.structure_id = ${id} and n.account_id = o.account_id
    where o.structure_id = ${of}`.execute(tx);
  await sql`${insertOf("email_domain", { structure_id: made.structure_id })}
    from email_domain o where o.structure_id = ${of}`.execute(tx);
  await sql`${insertOf("domain_approval", {
    structure_id: made.structure_id,
    service_ids: sql`coalesce(array_agg(t.id) filter (where t.id is not null), '{}')`,
  })} from domain_approval o
      left join service f on f.id = any(o.service_ids)
      left join service t on t.structure_id = ${id} and lower(t.code) = lower(f.code)
    where o.structure_id = ${of} group by o.structure_id, o.scope
    having o.scope = 'structure' or count(t.id) > 0`.execute(tx);
  await sql`${insertOf("official_contact", { structure_id: made.structure_id })}
    from official_contact o where o.structure_id = ${of}`.execute(tx);
  return id;
}

const snake: { readonly [C in keyof PostalAddress]: string } = {
  addressLine: "address_line",
  postcode: "postcode",
  town: "town",
};

/** The head of a copy: what is kept of the rows `o`, then what is made anew. */
function insertOf(
  table: CopiedTable,
  anew: Readonly<Record<string, RawBuilder<unknown>>>,
): RawBuilder<unknown> {
  const { kept } = copiedTables[table];
  const columns = [...kept, ...Object.keys(anew)].map((column) => sql.ref(column));
  const values = [...kept.map((column) => sql.ref(`o.${column}`)), ...Object.values(anew)];
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(values)}`;
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

/**
 * STR-11. Takes a replacement back: the first structure is active again; its copy is archived, and
 * its number free, for it may be somebody else's.
 */
export async function takeBackReplacement(
  tx: Tx,
  { structureId, copyId }: { readonly structureId: number; readonly copyId: number },
  now: Date,
): Promise<void> {
  await tx
    .updateTable("structure")
    .set({
      state: "archived",
      deactivatedAt: now,
      changedAt: now,
      version: sql`version + 1`,
    })
    .where("id", "=", copyId)
    .execute();
  await tx
    .updateTable("structure")
    .set({
      state: "active",
      replacedById: null,
      deactivatedAt: null,
      changedAt: now,
      version: sql`version + 1`,
    })
    .where("id", "=", structureId)
    .execute();
}

/** What people did in a structure since it was made by copy: neither the clock, nor reading, nor confirming what it holds. */
export async function countActsSinceCopy(tx: Tx, copyId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from journal_entry
    where chain_id = ${copyId} and means not in ('job', 'system')
      and type not in ('StructureCopied', 'DataExported', 'BankAccountConfirmed')`.execute(tx);
  return rows[0]!.count;
}

export type IdentifierChange = {
  readonly id: number;
  readonly structureId: number;
  readonly identifierValue: string;
  readonly reason: string;
  readonly effectiveAt: Date;
  readonly state: "planned" | "done" | "cancelled" | "failed" | "undone";
  readonly plannedBy: number;
  readonly plannedByName: string;
  readonly plannedAt: Date;
  readonly endedAt: Date | null;
  readonly failure: string | null;
  readonly copyId: number | null;
};

function changes(tx: Tx) {
  return tx
    .selectFrom("identifierChange as c")
    .leftJoin("account as a", "a.id", "c.plannedBy")
    .select([
      "c.id",
      "c.structureId",
      "c.identifierValue",
      "c.reason",
      "c.effectiveAt",
      "c.state",
      "c.plannedBy",
      "c.plannedAt",
      "c.endedAt",
      "c.failure",
      "c.copyId",
      sql<string>`coalesce(a.first_name || ' ' || a.last_name, '')`.as("plannedByName"),
    ]);
}

/** The last change of identifier of a structure, planned or past, or the one that made it. */
export function findLastChange(tx: Tx, structureId: number): Promise<IdentifierChange | undefined> {
  return changes(tx)
    .where((build) =>
      build.or([build("c.structureId", "=", structureId), build("c.copyId", "=", structureId)]),
    )
    .orderBy("c.id", "desc")
    .limit(1)
    .executeTakeFirst() as Promise<IdentifierChange | undefined>;
}

/** The change that a structure waits for, its row locked. */
export async function lockPlannedChange(tx: Tx, structureId: number): Promise<IdentifierChange | undefined> {
  return changes(tx)
    .where("c.structureId", "=", structureId)
    .where("c.state", "=", "planned")
    .forUpdate("c")
    .executeTakeFirst() as Promise<IdentifierChange | undefined>;
}

/** The last change of a structure that was done, its row locked. */
export async function lockDoneChange(
  tx: Tx,
  structureId: number,
): Promise<(IdentifierChange & { readonly copyId: number; readonly endedAt: Date }) | undefined> {
  return changes(tx)
    .where("c.structureId", "=", structureId)
    .where("c.state", "in", ["done", "undone"])
    .orderBy("c.id", "desc")
    .limit(1)
    .forUpdate("c")
    .executeTakeFirst() as never;
}

export type DueChange = Pick<IdentifierChange, "structureId" | "identifierValue"> &
  Pick<StructureRow, "kind" | "identifierType">;

/** Structures whose planned change is due. */
export function listDueChanges(tx: Tx, now: Date): Promise<DueChange[]> {
  return tx
    .selectFrom("identifierChange as c")
    .innerJoin("structure as s", "s.id", "c.structureId")
    .select(["c.structureId", "c.identifierValue", "s.kind", "s.identifierType"])
    .where("c.state", "=", "planned")
    .where("c.effectiveAt", "<=", now)
    .orderBy("c.effectiveAt")
    .limit(100)
    .execute() as Promise<DueChange[]>;
}

export async function insertChange(
  tx: Tx,
  change: Pick<
    IdentifierChange,
    "structureId" | "identifierValue" | "reason" | "effectiveAt" | "plannedBy"
  > & {
    readonly copyId: number | null;
    readonly now: Date;
  },
): Promise<void> {
  const { now, copyId, ...row } = change;
  const isDone = copyId !== null;
  await tx
    .insertInto("identifierChange")
    .values({
      ...row,
      copyId,
      plannedAt: now,
      state: isDone ? "done" : "planned",
      endedAt: isDone ? now : null,
    })
    .execute();
}

export async function endChange(
  tx: Tx,
  id: number,
  end:
    | { readonly state: "done" | "undone"; readonly copyId: number }
    | { readonly state: "cancelled" }
    | { readonly state: "failed"; readonly failure: string },
  now: Date,
): Promise<void> {
  await tx
    .updateTable("identifierChange")
    .set({ ...end, endedAt: now })
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
    .where("o.state", "<>", "archived")
    .execute();
  const replaces = near.find((one) => one.id === one.replacesId) ?? null;
  return { replaces, replacedBy: near.find((one) => one !== replaces) ?? null };
}
