import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { EmailDomain } from "../../shared/email-domain.ts";

export type EmailDomainRow = {
  readonly id: number;
  readonly domain: EmailDomain;
  readonly dnsToken: string;
  readonly addedAt: Date;
  readonly provedAt: Date | null;
  readonly provedBy: "code" | "dns" | null;
};
const columns = ["id", "domain", "dnsToken", "addedAt", "provedAt", "provedBy"] as const;

/** The e-mail domains of a structure, proved or to prove, by name. */
export function listEmailDomains(tx: Tx, structureId: number): Promise<EmailDomainRow[]> {
  return tx
    .selectFrom("emailDomain")
    .select(columns)
    .where("structureId", "=", structureId)
    .orderBy("domain")
    .execute() as Promise<EmailDomainRow[]>;
}

/** The domains that a structure has proved; none is withdrawn before the transaction ends. */
export async function lockProvedDomains(tx: Tx, structureId: number): Promise<readonly EmailDomain[]> {
  const rows = await tx
    .selectFrom("emailDomain")
    .select("domain")
    .where("structureId", "=", structureId)
    .where("provedAt", "is not", null)
    .forShare()
    .execute();
  return rows.map((row) => row.domain as EmailDomain);
}

/** A domain of a structure; another structure's is not found. */
export function findEmailDomain(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<EmailDomainRow | undefined> {
  return tx
    .selectFrom("emailDomain")
    .select(columns)
    .where("structureId", "=", structureId)
    .where("id", "=", id)
    .executeTakeFirst() as Promise<EmailDomainRow | undefined>;
}

/** @returns its number; null when the structure has just taken it up */
export async function insertEmailDomain(
  tx: Tx,
  domain: {
    readonly structureId: number;
    readonly domain: EmailDomain;
    readonly dnsToken: string;
    readonly addedAt: Date;
  },
): Promise<number | null> {
  const row = await tx
    .insertInto("emailDomain")
    .values(domain)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Keeps that a domain is proved; answers whether it was not yet. */
export async function saveProved(
  tx: Tx,
  id: number,
  proof: { readonly provedBy: "code" | "dns"; readonly provedAt: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("emailDomain")
    .set(proof)
    .where("id", "=", id)
    .where("provedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Answers whether it was still there. */
export async function deleteEmailDomain(tx: Tx, id: number): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom("emailDomain").where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Where a request is approved by the domain of its author's address: the whole structure, or some services. */
export type DomainApproval = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
};

/** What a proved domain of a structure gives; null: nothing by itself. */
export async function findDomainApproval(tx: Tx, structureId: number): Promise<DomainApproval | null> {
  const row = await tx
    .selectFrom("domainApproval")
    .select(["scope", "serviceIds"])
    .where("structureId", "=", structureId)
    .executeTakeFirst();
  return (row as DomainApproval | undefined) ?? null;
}

/** The same, which nobody changes before the transaction ends. */
export async function lockDomainApproval(tx: Tx, structureId: number): Promise<DomainApproval | null> {
  await sql`select from domain_approval where structure_id = ${structureId} for share`.execute(tx);
  return findDomainApproval(tx, structureId);
}

export async function saveDomainApproval(
  tx: Tx,
  structureId: number,
  approval: DomainApproval | null,
): Promise<void> {
  if (approval === null) {
    await tx.deleteFrom("domainApproval").where("structureId", "=", structureId).execute();
    return;
  }
  const values = { scope: approval.scope, serviceIds: [...approval.serviceIds] };
  await tx
    .insertInto("domainApproval")
    .values({ structureId, ...values })
    .onConflict((conflict) => conflict.column("structureId").doUpdateSet(values))
    .execute();
}
