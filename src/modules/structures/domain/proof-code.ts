import { accepted, type Result, refused } from "../../../shared/result.ts";

const HOUR_MS = 3_600_000;
/** How long a code serves. */
export const PROOF_CODE_LIFE_MS = HOUR_MS;
/** Over how long the codes sent are counted. */
export const PROOF_CODE_WINDOW_MS = 24 * HOUR_MS;
/** Codes that a structure's address receives at most in that time. */
export const PROOF_CODES_PER_DAY = 3;
export const PROOF_CODE_TRIES = 5;
/** One byte for each sign: fifty bits in all. */
export const PROOF_CODE_BYTES = 10;

/** Without the letters that the eye takes for figures: I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A code as the mail shows it: ten signs, in two fives. */
export function proofCode(random: Uint8Array): string {
  const signs = [...random].map((byte) => ALPHABET[byte % ALPHABET.length]!).join("");
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

/** What was typed, as the mail showed it: spaces, hyphen and case aside, an O read as a zero, an I or L as a one. */
export function readProofCode(typed: string): string {
  const signs = typed.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

export type SendRefusal = { readonly code: "NOT_TO_VERIFY" | "NO_OFFICIAL_ADDRESS" | "TOO_MANY_CODES" };

/** PRV-01. Whether a code may leave: to the address that the portal holds, three times a day. */
export function decideSending(facts: {
  readonly proofState: string;
  readonly address: string | null;
  readonly sentInWindow: number;
}): Result<{ readonly address: string }, SendRefusal> {
  if (facts.proofState !== "toVerify") return refused({ code: "NOT_TO_VERIFY" });
  if (facts.address === null) return refused({ code: "NO_OFFICIAL_ADDRESS" });
  if (facts.sentInWindow >= PROOF_CODES_PER_DAY) return refused({ code: "TOO_MANY_CODES" });
  return accepted({ address: facts.address });
}

/** The last code sent, before what was typed; null: none was. */
export type LastCode = { readonly expiresAt: Date; readonly tries: number; readonly matches: boolean } | null;
export type CodeRefusal = { readonly code: "NO_CODE" | "CODE_EXPIRED" | "NO_TRY_LEFT" | "WRONG_CODE" };

/** Whether a typed code is the right one: the last one sent only, within the hour, in five tries. */
export function judgeCode(last: LastCode, now: Date): Result<null, CodeRefusal> {
  if (last === null) return refused({ code: "NO_CODE" });
  if (now >= last.expiresAt) return refused({ code: "CODE_EXPIRED" });
  if (last.tries >= PROOF_CODE_TRIES) return refused({ code: "NO_TRY_LEFT" });
  return last.matches ? accepted(null) : refused({ code: "WRONG_CODE" });
}

export type TryRefusal = CodeRefusal | { readonly code: "NOT_TO_VERIFY" };

/** PRV-02. Whether a typed code proves who acts for a structure that waits for it. */
export function decideTry(
  facts: { readonly proofState: string; readonly last: LastCode },
  now: Date,
): Result<null, TryRefusal> {
  return facts.proofState === "toVerify" ? judgeCode(facts.last, now) : refused({ code: "NOT_TO_VERIFY" });
}
