import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

/** The address at which a structure is officially reached; null: the portal does not know it. Sees everything. */
export async function officialAddress(tx: Tx, structureId: number): Promise<string | null> {
  const row = await tx
    .selectFrom("officialContact")
    .select("address")
    .where("structureId", "=", structureId)
    .executeTakeFirst();
  return row?.address ?? null;
}

export async function saveOfficialAddress(
  tx: Tx,
  contact: { readonly structureId: number; readonly address: string; readonly keptAt: Date },
): Promise<void> {
  const { address, keptAt } = contact;
  await tx
    .insertInto("officialContact")
    .values(contact)
    .onConflict((conflict) => conflict.column("structureId").doUpdateSet({ address, keptAt }))
    .execute();
}

/** Makes what concerns the codes of one structure happen one after the other. */
export async function lockProof(tx: Tx, structureId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${structureId}, 4)`.execute(tx);
}

export async function countCodesSince(tx: Tx, structureId: number, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom("proofCode")
    .select((build) => build.fn.countAll<number>().as("count"))
    .where("structureId", "=", structureId)
    .where("sentAt", ">", since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertProofCode(
  tx: Tx,
  code: {
    readonly structureId: number;
    readonly codeHash: Buffer;
    readonly sentAt: Date;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await tx.insertInto("proofCode").values(code).execute();
}

/** The last code sent for a structure: no other one serves. */
export function lastProofCode(
  tx: Tx,
  structureId: number,
): Promise<{ id: number; codeHash: Buffer; expiresAt: Date; tries: number } | undefined> {
  return tx
    .selectFrom("proofCode")
    .select(["id", "codeHash", "expiresAt", "tries"])
    .where("structureId", "=", structureId)
    .orderBy("id", "desc")
    .executeTakeFirst();
}

export async function countTry(tx: Tx, codeId: number): Promise<void> {
  await tx
    .updateTable("proofCode")
    .set((build) => ({ tries: build("tries", "+", 1) }))
    .where("id", "=", codeId)
    .execute();
}

/** Makes the codes of a structure serve no more: proved, or its address changed. They still count as sent. */
export async function endCodes(tx: Tx, structureId: number, now: Date): Promise<void> {
  await tx
    .updateTable("proofCode")
    .set({ expiresAt: now })
    .where("structureId", "=", structureId)
    .where("expiresAt", ">", now)
    .execute();
}
