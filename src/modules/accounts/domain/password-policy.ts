import { accepted, type Result, refused } from "../../../shared/result.ts";

export type PasswordRefusal = {
  readonly code:
    | "PASSWORD_TOO_SHORT"
    | "PASSWORD_TOO_WEAK"
    | "PASSWORD_TOO_LONG"
    | "PASSWORD_COMMON"
    | "PASSWORD_PERSONAL";
};

export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_BYTES = 1024;
const MIN_BITS = 50;
/** What is expected of those who hold the most, and good for all. Source: CNIL 2022-100, case 1. */
const STRONG_BITS = 80;

/** The form in which a password is weighed and hashed: NFC and nothing else. */
export const normalisedPassword = (typed: string): string => typed.normalize("NFC");

/**
 * Bits of a password by the count of CNIL 2022-100: length × log2 of the sum of the classes used (26 lower, 26 upper,
 * 10 digits, 37 others; any other letter of Unicode counts 26 once).
 */
export function passwordBits(password: string): number {
  const classes =
    (/[a-z]/.test(password) ? 26 : 0) +
    (/[A-Z]/.test(password) ? 26 : 0) +
    (/[0-9]/.test(password) ? 10 : 0) +
    (/[^\p{L}0-9]/u.test(password) ? 37 : 0) +
    (/[^\P{L}a-zA-Z]/u.test(password) ? 26 : 0);
  return classes === 0 ? 0 : [...password].length * Math.log2(classes);
}

export type PasswordStrength = "tooShort" | "tooWeak" | "enough" | "strong";

/** How a password is shown to do while it is typed: its length and variety only, not whether it is common. */
export function passwordStrength(typed: string): PasswordStrength {
  const password = normalisedPassword(typed);
  if ([...password].length < PASSWORD_MIN_LENGTH) return "tooShort";
  const bits = passwordBits(password);
  if (bits < MIN_BITS) return "tooWeak";
  return bits < STRONG_BITS ? "enough" : "strong";
}

/**
 * ACC. Whether a password may be chosen: ≥ 12 characters and ≥ 50 bits, no class required by itself, none of the
 * common ones, nothing of the person. Source: quality 2.2 (CNIL 2022-100 case 2, ASVS 6.2).
 * @param facts.common lower-case common passwords; facts.personal words of the person (names, address, structure)
 */
export function choosePassword(
  typed: string,
  facts: { readonly common: ReadonlySet<string>; readonly personal: readonly string[] },
): Result<string, PasswordRefusal> {
  if (Buffer.byteLength(typed) > PASSWORD_MAX_BYTES) return refused({ code: "PASSWORD_TOO_LONG" });
  const password = normalisedPassword(typed);
  if ([...password].length < PASSWORD_MIN_LENGTH) return refused({ code: "PASSWORD_TOO_SHORT" });
  if (passwordBits(password) < MIN_BITS) return refused({ code: "PASSWORD_TOO_WEAK" });
  const folded = password.toLowerCase();
  if (facts.common.has(folded) || facts.common.has(folded.replace(/(?<![^\p{L}])[^\p{L}]+$/u, "")))
    return refused({ code: "PASSWORD_COMMON" });
  if (isOneMotif(folded) || isSeasonAndYear(folded)) return refused({ code: "PASSWORD_COMMON" });
  const forbidden = ["unisson", "chorus", "facture", ...facts.personal]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 4);
  if (forbidden.some((word) => folded.includes(word) && folded.length - word.length < 8))
    return refused({ code: "PASSWORD_PERSONAL" });
  return accepted(password);
}

/** « automne-2026! » and the like: a season, a year, and no other letter. */
function isSeasonAndYear(folded: string): boolean {
  return /^(printemps|ete|été|automne|hiver)[^\p{L}]*$/u.test(folded) && /(19|20)\d\d/.test(folded);
}

/** « abcabcabcabc », « aaaaaaaaaaaa »: one short motif again and again. */
function isOneMotif(text: string): boolean {
  for (let size = 1; size <= 4; size++)
    if (
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length)
    )
      return true;
  return false;
}
