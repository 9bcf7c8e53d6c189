import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { StoredState } from "./domain/confirmation.ts";

export type BankAccountRow = {
  readonly id: number;
  readonly structureId: number;
  readonly name: string;
  readonly holder: string;
  readonly iban: string;
  readonly bic: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly state: StoredState;
  readonly isDefault: boolean;
  readonly createdBy: number | null;
  /** Who put it up for confirmation; null when nobody had to confirm it. */
  readonly submittedBy: number | null;
  readonly confirmedAt: Date | null;
  readonly blockedAt: Date | null;
  /** The line that it takes the place of. */
  readonly replacesId: number | null;
  readonly version: number;
};

const columns = [
  "id",
  "structureId",
  "name",
  "holder",
  "iban",
  "bic",
  "startsAt",
  "endsAt",
  "state",
  "isDefault",
  "createdBy",
  "submittedBy",
  "confirmedAt",
  "blockedAt",
  "replacesId",
  "version",
] as const;

/** The bank accounts of a structure: what waits first, then the default one, by name, those that serve no more last. */
export function listBankAccounts(tx: Tx, structureId: number): Promise<BankAccountRow[]> {
  return tx
    .selectFrom("bankAccount")
    .select(columns)
    .where("structureId", "=", structureId)
    .orderBy(sql`array_position(array['pendingConfirmation', 'active', 'disabled', 'blocked'], state)`)
    .orderBy("isDefault", "desc")
    .orderBy(sql`lower(name)`)
    .orderBy("id")
    .execute() as Promise<BankAccountRow[]>;
}

/** A bank account of a structure; another structure's is not found. */
export function findBankAccount(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<BankAccountRow | undefined> {
  return tx
    .selectFrom("bankAccount")
    .select(columns)
    .where("structureId", "=", structureId)
    .where("id", "=", id)
    .executeTakeFirst() as Promise<BankAccountRow | undefined>;
}

/** Serialises the changes of a structure's bank accounts: one name, one default, whoever clicks at once. */
export async function lockBankAccounts(tx: Tx, structureId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${structureId}, 3)`.execute(tx);
}

export type NewBankAccount = Omit<BankAccountRow, "id" | "version" | "confirmedAt" | "blockedAt"> & {
  readonly now: Date;
};

export async function insertBankAccount(tx: Tx, account: NewBankAccount): Promise<number> {
  const { now, ...values } = account;
  const { id } = await tx
    .insertInto("bankAccount")
    .values({
      ...values,
      confirmedAt: values.state === "active" ? now : null,
      confirmedBy: values.state === "active" ? values.createdBy : null,
      createdAt: now,
      changedAt: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export type BankAccountChange = Partial<
  Pick<BankAccountRow, "name" | "holder" | "startsAt" | "endsAt" | "isDefault" | "state" | "submittedBy"> & {
    readonly confirmedAt: Date | null;
    readonly confirmedBy: number | null;
    readonly blockedAt: Date | null;
    readonly blockedBy: number | null;
  }
>;

/** Changes a bank account if nobody did meanwhile; answers whether it was done. */
export async function updateBankAccount(
  tx: Tx,
  account: Pick<BankAccountRow, "id" | "structureId" | "version">,
  change: BankAccountChange,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("bankAccount")
    .set({ ...change, version: account.version + 1, changedAt: now })
    .where("id", "=", account.id)
    .where("structureId", "=", account.structureId)
    .where("version", "=", account.version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes the mark of default from whichever account in use has it. */
export async function clearDefault(tx: Tx, structureId: number): Promise<void> {
  await tx
    .updateTable("bankAccount")
    .set({ isDefault: false })
    .where("structureId", "=", structureId)
    .where("isDefault", "=", true)
    .where("state", "=", "active")
    .execute();
}

export type BankAccountToConfirm = Pick<BankAccountRow, "id" | "structureId" | "name"> & {
  readonly structureName: string;
};

/** The bank accounts of some structures that wait for a confirmation which this person may give: not for her own. */
export async function listToConfirm(
  tx: Tx,
  structureIds: readonly number[],
  accountId: number,
): Promise<BankAccountToConfirm[]> {
  const { rows } = await sql<BankAccountToConfirm>`
    select b.id, b.structure_id, b.name, s.display_name as structure_name
    from bank_account b join structure s on s.id = b.structure_id
    where b.structure_id = any(${structureIds}::bigint[]) and b.state = 'pendingConfirmation' and s.state = 'active'
      and b.created_by is distinct from ${accountId} and b.submitted_by <> ${accountId}
    order by b.id limit 20`.execute(tx);
  return rows;
}

/** Who created and confirmed a bank account, and who blocked it, by name. */
export async function findBankAccountPeople(
  tx: Tx,
  id: number,
): Promise<{
  readonly createdBy: string | null;
  readonly submittedBy: string | null;
  readonly confirmedBy: string | null;
  readonly blockedBy: string | null;
}> {
  const name = (column: string) => sql`(
    select a.first_name || ' ' || a.last_name from account a where a.id = b.${sql.ref(column)})`;
  const { rows } = await sql<Awaited<ReturnType<typeof findBankAccountPeople>>>`
    select ${name("created_by")} as created_by, ${name("submitted_by")} as submitted_by,
      ${name("confirmed_by")} as confirmed_by, ${name("blocked_by")} as blocked_by
    from bank_account b where b.id = ${id}`.execute(tx);
  return rows[0]!;
}

export type BankAccountToWatch = Pick<
  BankAccountRow,
  "id" | "structureId" | "name" | "iban" | "blockedAt"
> & {
  readonly structureName: string;
  readonly identifierValue: string;
};

/** What an operator watches of all structures: the bank accounts that somebody blocked, the last first. Sees everything. */
export async function listBlocked(tx: Tx): Promise<BankAccountToWatch[]> {
  const { rows } = await sql<BankAccountToWatch>`
    select b.id, b.structure_id, b.name, b.iban, b.blocked_at, s.display_name as structure_name, s.identifier_value
    from bank_account b join structure s on s.id = b.structure_id
    where b.state = 'blocked' and s.state <> 'archived' order by b.blocked_at desc limit 200`.execute(tx);
  return rows;
}

/**
 * BNK-05. The bank accounts whose IBAN is also, at this instant, that of an active structure of another company, by IBAN.
 * Sees everything.
 */
export async function listShared(tx: Tx, now: Date): Promise<BankAccountToWatch[]> {
  const { rows } = await sql<BankAccountToWatch>`
    with used as (
      select b.id, b.structure_id, b.name, b.iban, b.blocked_at, s.display_name as structure_name, s.identifier_value,
        case when s.identifier_type = 'SIRET' then left(s.identifier_value, 9) else s.identifier_value end as company
      from bank_account b join structure s on s.id = b.structure_id
      where s.state = 'active' and b.state in ('pendingConfirmation', 'active')
        and (b.ends_at is null or b.ends_at > ${now}))
    select id, structure_id, name, iban, blocked_at, structure_name, identifier_value from used u
    where exists (select from used o where o.iban = u.iban and o.company <> u.company)
    order by iban, structure_name, id limit 400`.execute(tx);
  return rows;
}
