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

/** Makes the codes that all structures send to one domain leave one after the other, so that each is counted. */
export async function lockDomain(tx: Tx, domain: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`domain-codes:${domain}`}, 0))`.execute(tx);
}

/** What a code proves: who acts for a structure, or that one of its e-mail domains is its own. */
export type Proved = { readonly structureId: number; readonly domain: string | null };

const codesOf = ({ structureId, domain }: Proved) =>
  sql<boolean>`structure_id = ${structureId} and domain is not distinct from ${domain}::text`;

export async function countCodesSince(tx: Tx, proved: Proved, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom("proofCode")
    .select((build) => build.fn.countAll<number>().as("count"))
    .where(codesOf(proved))
    .where("sentAt", ">", since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The codes about domains sent since an instant: by a structure for all of its own, and to a domain for all structures. */
export async function countDomainCodesSince(
  tx: Tx,
  { structureId, domain }: Proved,
  since: Date,
): Promise<{ readonly byStructure: number; readonly toDomain: number }> {
  const { rows } = await sql<{ byStructure: number; toDomain: number }>`
    select count(*) filter (where structure_id = ${structureId})::int as by_structure,
      count(*) filter (where domain = ${domain})::int as to_domain
    from proof_code where domain is not null and sent_at > ${since}`.execute(tx);
  return rows[0]!;
}

export async function insertProofCode(
  tx: Tx,
  code: Proved & { readonly codeHash: Buffer; readonly sentAt: Date; readonly expiresAt: Date },
): Promise<void> {
  await tx.insertInto("proofCode").values(code).execute();
}

/** The last code sent for a proof: no other one serves. */
export function lastProofCode(
  tx: Tx,
  proved: Proved,
): Promise<{ id: number; codeHash: Buffer; expiresAt: Date; tries: number } | undefined> {
  return tx
    .selectFrom("proofCode")
    .select(["id", "codeHash", "expiresAt", "tries"])
    .where(codesOf(proved))
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

/** Makes the codes of a proof serve no more: made, or its address changed. They still count as sent. */
export async function endCodes(tx: Tx, proved: Proved, now: Date): Promise<void> {
  await tx
    .updateTable("proofCode")
    .set({ expiresAt: now })
    .where(codesOf(proved))
    .where("expiresAt", ">", now)
    .execute();
}
