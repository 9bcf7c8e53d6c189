import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

export type BankAccountRow = {
  readonly id: number;
  readonly structureId: number;
  readonly name: string;
  readonly holder: string;
  readonly iban: string;
  readonly bic: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly disabled: boolean;
  readonly isDefault: boolean;
  readonly version: number;
};

function bankAccounts(tx: Tx, structureId: number) {
  return tx
    .selectFrom("bankAccount")
    .select([
      "id",
      "structureId",
      "name",
      "holder",
      "iban",
      "bic",
      "startsAt",
      "endsAt",
      "isDefault",
      "version",
      sql<boolean>`state = 'disabled'`.as("disabled"),
    ])
    .where("structureId", "=", structureId);
}

/** The bank accounts of a structure: the default one first, then by name, the disabled ones last. */
export function listBankAccounts(tx: Tx, structureId: number): Promise<BankAccountRow[]> {
  return bankAccounts(tx, structureId)
    .orderBy("disabled")
    .orderBy("isDefault", "desc")
    .orderBy(sql`lower(name)`)
    .orderBy("id")
    .execute();
}

/** A bank account of a structure; another structure's is not found. */
export function findBankAccount(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<BankAccountRow | undefined> {
  return bankAccounts(tx, structureId).where("id", "=", id).executeTakeFirst();
}

/** Serialises the changes of a structure's bank accounts: one name, one default, whoever clicks at once. */
export async function lockBankAccounts(tx: Tx, structureId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${structureId}, 3)`.execute(tx);
}

export async function insertBankAccount(
  tx: Tx,
  account: Omit<BankAccountRow, "id" | "disabled" | "version"> & { createdBy: number | null; now: Date },
): Promise<number> {
  const { now, ...values } = account;
  const { id } = await tx
    .insertInto("bankAccount")
    .values({ ...values, state: "active", createdAt: now, changedAt: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export type BankAccountChange = Partial<
  Pick<BankAccountRow, "name" | "holder" | "startsAt" | "endsAt" | "isDefault" | "disabled">
>;

/** Changes a bank account if nobody did meanwhile; answers whether it was done. */
export async function updateBankAccount(
  tx: Tx,
  account: Pick<BankAccountRow, "id" | "structureId" | "version">,
  { disabled, ...change }: BankAccountChange,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("bankAccount")
    .set({
      ...change,
      ...(disabled === undefined ? {} : { state: disabled ? "disabled" : "active" }),
      version: account.version + 1,
      changedAt: now,
    })
    .where("id", "=", account.id)
    .where("structureId", "=", account.structureId)
    .where("version", "=", account.version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes the mark of default from whichever account of the structure has it. */
export async function clearDefault(tx: Tx, structureId: number): Promise<void> {
  await tx
    .updateTable("bankAccount")
    .set({ isDefault: false })
    .where("structureId", "=", structureId)
    .where("isDefault", "=", true)
    .execute();
}
