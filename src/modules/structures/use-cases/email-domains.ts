import { randomBytes } from "node:crypto";
import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { domainOf, type EmailDomain } from "../../../shared/email-domain.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  type AddDomainRefusal,
  type DomainCodeRefusal,
  decideAdding,
  decideDomainCode,
  isPublished,
  postmasterOf,
} from "../domain/email-domain.ts";
import { emailDomainEvent, structureEvent } from "../domain/events.ts";
import { type CodeRefusal, judgeCode, PROOF_CODE_WINDOW_MS } from "../domain/proof-code.ts";
import {
  type DomainApproval,
  deleteEmailDomain,
  type EmailDomainRow,
  findDomainApproval,
  findEmailDomain,
  insertEmailDomain,
  listEmailDomains,
  lockDomainApproval,
  lockProvedDomains,
  saveDomainApproval,
  saveProved,
} from "../email-domain-store.ts";
import {
  countCodesSince,
  countDomainCodesSince,
  countTry,
  endCodes,
  lockDomain,
  lockProof,
} from "../proof-store.ts";
import { listOpenServices } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { compareCode, issueCode } from "./proof.ts";

type NotFound = { readonly code: "NOT_FOUND" };
type Target = { readonly structureId: number; readonly domainId: number };

const factsOf = (structure: StructureRow, domain: string) => ({
  structureId: structure.id,
  structureName: structure.displayName,
  domain,
});

/** The structure and its domain, what concerns their codes being done one after the other. */
async function held(
  tx: Tx,
  { structureId, domainId }: Target,
): Promise<{ structure: StructureRow; row: EmailDomainRow } | null> {
  await lockProof(tx, structureId);
  const structure = await findStructure(tx, structureId);
  const row = await findEmailDomain(tx, structureId, domainId);
  return structure && row ? { structure, row } : null;
}

/** MEM-20. Takes a domain up, to prove it; answers its number. */
export async function addEmailDomain(
  tx: Tx,
  { structureId, domain }: { readonly structureId: number; readonly domain: EmailDomain },
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly id: number }, AddDomainRefusal>> {
  const structure = (await findStructure(tx, structureId))!;
  const domains = (await listEmailDomains(tx, structureId)).map((one) => one.domain);
  const decision = decideAdding({ domain, held: domains, proofState: structure.proofState });
  if (!decision.ok) return decision;
  const dnsToken = randomBytes(16).toString("hex");
  const id = await insertEmailDomain(tx, { structureId, domain, dnsToken, addedAt: now });
  if (id === null) return refused({ code: "DOMAIN_KNOWN" });
  await publish(tx, emailDomainEvent("EmailDomainAdded", factsOf(structure, domain), actor));
  return accepted({ id });
}

/** MEM-20. Sends a code to the postmaster of a domain. The transaction sees everything. */
export async function sendDomainCode(
  tx: Tx,
  target: Target,
  actor: Actor,
  now: Date,
): Promise<Result<null, DomainCodeRefusal | NotFound>> {
  const found = await held(tx, target);
  if (!found) return refused({ code: "NOT_FOUND" });
  const { structure, row } = found;
  const proved = { structureId: structure.id, domain: row.domain };
  const since = new Date(now.getTime() - PROOF_CODE_WINDOW_MS);
  await lockDomain(tx, row.domain);
  const decision = decideDomainCode({
    isProved: row.provedAt !== null,
    sent: {
      here: await countCodesSince(tx, proved, since),
      ...(await countDomainCodesSince(tx, proved, since)),
    },
  });
  if (!decision.ok) return decision;
  const code = await issueCode(tx, proved, now);
  const facts = factsOf(structure, row.domain);
  await publish(tx, { ...emailDomainEvent("DomainCodeSent", facts, actor), transient: { code } });
  return accepted(null);
}

/** MEM-20. Tries a code; the right one proves the domain at once. A wrong one is counted and journaled. */
export async function tryDomainCode(
  tx: Tx,
  { typed, ...target }: Target & { readonly typed: string },
  actor: Actor,
  now: Date,
): Promise<Result<null, CodeRefusal | NotFound>> {
  const found = await held(tx, target);
  if (!found) return refused({ code: "NOT_FOUND" });
  const { structure, row } = found;
  const proved = { structureId: structure.id, domain: row.domain };
  const last = await compareCode(tx, proved, typed);
  const decision = judgeCode(last, now);
  if (decision.ok) {
    await endCodes(tx, proved, now);
    await prove(tx, found, "code", actor, now);
  } else if (decision.refusal.code === "WRONG_CODE") {
    await countTry(tx, last!.id);
    await publish(tx, emailDomainEvent("DomainCodeMistyped", factsOf(structure, row.domain), actor));
  }
  return decision;
}

/** MEM-20. Keeps the proof that the texts published by a domain hold, if they do. */
export async function proveByDns(
  tx: Tx,
  { texts, ...target }: Target & { readonly texts: readonly string[] },
  actor: Actor,
  now: Date,
): Promise<Result<null, NotFound | { readonly code: "NOT_PUBLISHED" }>> {
  const found = await held(tx, target);
  if (!found) return refused({ code: "NOT_FOUND" });
  if (!isPublished(texts, found.row.dnsToken)) return refused({ code: "NOT_PUBLISHED" });
  await endCodes(tx, { structureId: found.structure.id, domain: found.row.domain }, now);
  await prove(tx, found, "dns", actor, now);
  return accepted(null);
}

async function prove(
  tx: Tx,
  { structure, row }: { structure: StructureRow; row: EmailDomainRow },
  provedBy: "code" | "dns",
  actor: Actor,
  now: Date,
): Promise<void> {
  if (!(await saveProved(tx, row.id, { provedBy, provedAt: now }))) return;
  const how =
    provedBy === "code" ? `par un code envoyé à ${postmasterOf(row.domain)}` : "par un enregistrement DNS";
  await publish(tx, emailDomainEvent("EmailDomainProved", factsOf(structure, row.domain), actor, how));
}

/** Gives a domain up: it gives nothing from now on, and its codes serve no more. The transaction sees everything. */
export async function withdrawEmailDomain(
  tx: Tx,
  target: Target,
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly domain: string }, NotFound>> {
  const found = await held(tx, target);
  if (!found || !(await deleteEmailDomain(tx, found.row.id))) return refused({ code: "NOT_FOUND" });
  const { structure, row } = found;
  await endCodes(tx, { structureId: structure.id, domain: row.domain }, now);
  await publish(tx, emailDomainEvent("EmailDomainWithdrawn", factsOf(structure, row.domain), actor));
  return accepted({ domain: row.domain });
}

/** MEM-20. Chooses what a proved domain gives to who asks to join: nothing by itself, or a place in the structure. */
export async function changeDomainApproval(
  tx: Tx,
  { structureId, approval }: { readonly structureId: number; readonly approval: DomainApproval | null },
  actor: Actor,
  now: Date,
): Promise<Result<null, { readonly code: "NO_SERVICE" }>> {
  const structure = (await findStructure(tx, structureId))!;
  const open = await listOpenServices(tx, structureId, now);
  const codes = (of: DomainApproval) =>
    of.serviceIds.map((id) => open.find((one) => one.id === id)?.code ?? "fermé");
  const isKnown = approval?.serviceIds.every((id) => open.some((one) => one.id === id)) ?? true;
  if (!isKnown || (approval?.scope === "service" && approval.serviceIds.length === 0))
    return refused({ code: "NO_SERVICE" });
  const before = await findDomainApproval(tx, structureId);
  await saveDomainApproval(tx, structureId, approval);
  const words = (of: DomainApproval | null) => ({
    rattachementAutomatique: of === null ? false : of.scope === "structure" ? "structure" : codes(of),
  });
  await publish(
    tx,
    structureEvent("DomainApprovalChanged", { structureId, structureName: structure.displayName }, actor, {
      before: words(before),
      after: words(approval),
    }),
  );
  return accepted(null);
}

/** What a structure's proved domains say of an address; each stays so until the transaction ends. */
export type DomainStanding = {
  /** The domain of the address, if the structure has proved it: exactly that one, no part of it. */
  readonly domain: EmailDomain | null;
  readonly approval: DomainApproval | null;
};

/** MEM-20. Whether an address is of a domain that a structure has proved, and what that gives there. */
export async function domainStanding(tx: Tx, structureId: number, address: string): Promise<DomainStanding> {
  const proved = await lockProvedDomains(tx, structureId);
  return {
    domain: proved.find((one) => one === domainOf(address)) ?? null,
    approval: await lockDomainApproval(tx, structureId),
  };
}
