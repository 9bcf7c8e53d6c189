import { domainToASCII, domainToUnicode } from "node:url";
import { canonicalEmail, isDomainName } from "./email-address.ts";
import { accepted, type Result, refused } from "./result.ts";

/** The domain of e-mail addresses, in ASCII and lower case: two are the same when their texts are. */
export type EmailDomain = string & { readonly __brand: "EmailDomain" };

export type EmailDomainRefusal = { readonly code: "DOMAIN_MISSING" | "DOMAIN_INVALID" };

/** RFC 1035, § 2.3.4. */
const DOMAIN_MAX_LENGTH = 253;

/**
 * Reads a typed domain, with or without its @. One of other letters becomes the ASCII name that mails really bear
 * (UTS 46), so that a look-alike is another domain, and reads as such.
 */
export function emailDomain(typed: string): Result<EmailDomain, EmailDomainRefusal> {
  const text = typed.trim().replace(/^@/, "").replace(/\.$/, "");
  if (text === "") return refused({ code: "DOMAIN_MISSING" });
  // what stands after these in a web address would be left out in silence
  const ascii = /[/\\?#:@]/.test(text) ? "" : domainToASCII(text);
  return ascii.length <= DOMAIN_MAX_LENGTH && isDomainName(ascii)
    ? accepted(ascii as EmailDomain)
    : refused({ code: "DOMAIN_INVALID" });
}

/** A domain as it is shown: its ASCII name, then what it reads as. */
export function domainText(domain: string): string {
  const read = domainToUnicode(domain);
  return read === domain ? domain : `${domain} (${read})`;
}

/** The domain of a checked address, as `emailDomain` writes it. */
export const domainOf = (address: string): EmailDomain =>
  canonicalEmail(address).slice(canonicalEmail(address).lastIndexOf("@") + 1) as EmailDomain;
