import { accepted, type Result, refused } from "../../../shared/result.ts";
import { PROOF_CODES_PER_DAY } from "./proof-code.ts";
import { isSharedMailbox } from "./shared-mailboxes.ts";

/** Domains that a structure holds at most. */
export const MOST_DOMAINS = 20;
/** Codes that one structure sends in a day for all its domains, and that one domain receives from all structures. */
export const DOMAIN_CODES_PER_DAY = 10;
/** Where the mails about a domain go: RFC 5321, § 4.5.1 wants every domain to read it. */
export const postmasterOf = (domain: string) => `postmaster@${domain}`;
/** The text of the DNS record that proves a domain. */
export const dnsRecord = (token: string) => `unisson-domaine=${token}`;

export type AddDomainRefusal = {
  readonly code: "SHARED_MAILBOX" | "DOMAIN_KNOWN" | "TOO_MANY_DOMAINS" | "STRUCTURE_TO_VERIFY";
};

/** MEM-20. Whether a structure may take a domain up, to prove it; another structure may have proved the same. */
export function decideAdding(facts: {
  readonly domain: string;
  readonly held: readonly string[];
  readonly proofState: string;
}): Result<null, AddDomainRefusal> {
  const { domain, held, proofState } = facts;
  if (proofState === "toVerify") return refused({ code: "STRUCTURE_TO_VERIFY" });
  if (isSharedMailbox(domain)) return refused({ code: "SHARED_MAILBOX" });
  if (held.includes(domain)) return refused({ code: "DOMAIN_KNOWN" });
  if (held.length >= MOST_DOMAINS) return refused({ code: "TOO_MANY_DOMAINS" });
  return accepted(null);
}

export type DomainCodeRefusal = { readonly code: "ALREADY_PROVED" | "TOO_MANY_CODES" };

/** MEM-20. Whether a code may leave to the postmaster: nobody floods one through the portal. */
export function decideDomainCode(facts: {
  readonly isProved: boolean;
  /** Sent in a day for this domain by this structure, by it for all, to this domain by all. */
  readonly sent: { readonly here: number; readonly byStructure: number; readonly toDomain: number };
}): Result<null, DomainCodeRefusal> {
  const { here, byStructure, toDomain } = facts.sent;
  if (facts.isProved) return refused({ code: "ALREADY_PROVED" });
  if (here >= PROOF_CODES_PER_DAY || byStructure >= DOMAIN_CODES_PER_DAY || toDomain >= DOMAIN_CODES_PER_DAY)
    return refused({ code: "TOO_MANY_CODES" });
  return accepted(null);
}

/** Whether the texts that a domain publishes hold the proof of this structure. */
export const isPublished = (texts: readonly string[], token: string): boolean =>
  texts.some((text) => text.trim() === dnsRecord(token));
