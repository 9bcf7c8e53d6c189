import type { Tx } from "../../platform/database/index.ts";

export type Factor = {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
};

/** The factors of an account, oldest first. */
export function listFactors(tx: Tx, accountId: number): Promise<Factor[]> {
  return tx
    .selectFrom("secondFactor")
    .select(["id", "kind", "name", "createdAt", "lastUsedAt"])
    .where("accountId", "=", accountId)
    .where("confirmedAt", "is not", null)
    .orderBy("id")
    .execute();
}

/** @throws when the account already has an application (unique index `second_factor_one_application`) */
export async function insertApplication(
  tx: Tx,
  application: { accountId: number; sealedKey: Buffer; lastStep: number; now: Date },
): Promise<void> {
  await tx
    .insertInto("secondFactor")
    .values({
      accountId: application.accountId,
      kind: "totp",
      name: "Application d'authentification",
      secretEncrypted: application.sealedKey,
      lastStep: application.lastStep,
      confirmedAt: application.now,
      createdAt: application.now,
    })
    .execute();
}

/** The application of an account, with its sealed key. */
export async function findApplication(
  tx: Tx,
  accountId: number,
): Promise<{ readonly id: number; readonly sealedKey: Buffer } | null> {
  const row = await tx
    .selectFrom("secondFactor")
    .select(["id", "secretEncrypted"])
    .where("accountId", "=", accountId)
    .where("kind", "=", "totp")
    .where("confirmedAt", "is not", null)
    .executeTakeFirst();
  return row?.secretEncrypted ? { id: row.id, sealedKey: row.secretEncrypted } : null;
}

export type NewPasskey = {
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
};

/** A passkey, as answers are checked against it. */
export type Passkey = {
  readonly id: number;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
};

/** @throws when the passkey is already somebody's (unique `credential_id`) */
export async function insertPasskey(
  tx: Tx,
  passkey: NewPasskey & { accountId: number; name: string; now: Date },
): Promise<void> {
  await tx
    .insertInto("secondFactor")
    .values({
      accountId: passkey.accountId,
      kind: "passkey",
      name: passkey.name,
      credentialId: passkey.credentialId,
      publicKey: passkey.publicKey,
      counter: passkey.counter,
      transports: [...passkey.transports],
      confirmedAt: passkey.now,
      createdAt: passkey.now,
    })
    .execute();
}

/** What a browser needs to find the passkeys of an account. */
export async function listPasskeys(
  tx: Tx,
  accountId: number,
): Promise<{ readonly credentialId: string; readonly transports: string[] }[]> {
  const rows = await tx
    .selectFrom("secondFactor")
    .select(["credentialId", "transports"])
    .where("accountId", "=", accountId)
    .where("kind", "=", "passkey")
    .execute();
  return rows.map((row) => ({ credentialId: row.credentialId!, transports: row.transports ?? [] }));
}

/** The account that a passkey belongs to, by what the browser calls it. */
export async function findHolderOf(tx: Tx, credentialId: string): Promise<number | null> {
  const row = await tx
    .selectFrom("secondFactor")
    .select("accountId")
    .where("credentialId", "=", credentialId)
    .executeTakeFirst();
  return row?.accountId ?? null;
}

/** A passkey of an account, by what the browser calls it; locked until the transaction ends. */
export async function findPasskey(tx: Tx, accountId: number, credentialId: string): Promise<Passkey | null> {
  const row = await tx
    .selectFrom("secondFactor")
    .select(["id", "publicKey", "counter"])
    .where("accountId", "=", accountId)
    .where("credentialId", "=", credentialId)
    .forUpdate()
    .executeTakeFirst();
  return row ? { id: row.id, credentialId, publicKey: row.publicKey!, counter: row.counter ?? 0 } : null;
}

export async function notePasskeyUse(tx: Tx, factorId: number, counter: number, now: Date): Promise<void> {
  await tx.updateTable("secondFactor").set({ counter, lastUsedAt: now }).where("id", "=", factorId).execute();
}

/** Takes the step of a code for good; false when it, or a later one, was taken: of two at once, one gets it. */
export async function takeStep(tx: Tx, factorId: number, step: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("secondFactor")
    .set({ lastStep: step, lastUsedAt: now })
    .where("id", "=", factorId)
    .where("lastStep", "<", step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Answers whether there was one to remove. */
export async function removeFactor(tx: Tx, id: number, accountId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("secondFactor")
    .where("id", "=", id)
    .where("accountId", "=", accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Puts new recovery codes, known by their hashes, in the place of all earlier ones. */
export async function replaceRecoveryCodes(
  tx: Tx,
  accountId: number,
  codeHashes: readonly Buffer[],
  now: Date,
): Promise<void> {
  await tx.deleteFrom("recoveryCode").where("accountId", "=", accountId).execute();
  if (codeHashes.length === 0) return;
  await tx
    .insertInto("recoveryCode")
    .values(codeHashes.map((codeHash) => ({ accountId, codeHash, createdAt: now })))
    .execute();
}

/** Takes a recovery code for good; of two at once, one gets it. */
export async function takeRecoveryCode(
  tx: Tx,
  accountId: number,
  codeHash: Buffer,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("recoveryCode")
    .set({ usedAt: now })
    .where("accountId", "=", accountId)
    .where("codeHash", "=", codeHash)
    .where("usedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function countRecoveryCodes(tx: Tx, accountId: number): Promise<number> {
  const { count } = await tx
    .selectFrom("recoveryCode")
    .select((build) => build.fn.countAll<number>().as("count"))
    .where("accountId", "=", accountId)
    .where("usedAt", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export type TrustedBrowser = {
  readonly id: number;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** The browsers trusted at `now`, newest first. */
export function listTrustedBrowsers(tx: Tx, accountId: number, now: Date): Promise<TrustedBrowser[]> {
  return tx
    .selectFrom("trustedBrowser")
    .select(["id", "userAgent", "createdAt", "expiresAt"])
    .where("accountId", "=", accountId)
    .where("expiresAt", ">", now)
    .orderBy("id", "desc")
    .execute();
}
