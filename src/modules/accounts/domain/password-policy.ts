import { accepted, type Result, refused } from "../../../shared/result.ts";

export type PasswordRefusal = {
  readonly code:
    | "PASSWORD_TOO_SHORT"
    | "PASSWORD_TOO_WEAK"
    | "PASSWORD_TOO_LONG"
    | "PASSWORD_COMMON"
    | "PASSWORD_PERSONAL";
};

export const PASSWORD_MAX_BYTES = 1024;

/** What a password is asked, by what its holder is; each rule asks all that the one before it does. */
export const passwordRules = ["ordinary", "strong", "operator"] as const;
export type PasswordRule = (typeof passwordRules)[number];

/** CNIL 2022-100, case 1: 80 bits, which twelve characters of the four classes (79.55) meet in its own examples. */
const STRONG_BITS = 79.5;
/** Source: quality 2.2 (CNIL 2022-100, cases 2 and 1; ANSSI for the length of operators'). */
export const passwordDemands: {
  readonly [R in PasswordRule]: { readonly minLength: number; readonly minBits: number };
} = {
  ordinary: { minLength: 12, minBits: 50 },
  strong: { minLength: 12, minBits: STRONG_BITS },
  operator: { minLength: 16, minBits: STRONG_BITS },
};

/** The rule for one who is main manager of a structure, operator of the portal, or neither. */
export function passwordRuleFor(who: {
  readonly isOperator: boolean;
  readonly isMainManager: boolean;
}): PasswordRule {
  if (who.isOperator) return "operator";
  return who.isMainManager ? "strong" : "ordinary";
}

/** The strictest rule that a password meets; one that was accepted long ago counts as ordinary at least. */
export function strictestRuleMet(password: string): PasswordRule {
  return passwordRules.findLast((rule) => lacks(password, rule) === null) ?? "ordinary";
}

export type PasswordDuty = "none" | "tellAgain" | "chooseStronger";

/**
 * What a signed-in person must do before anything else: nothing, tell her password again so that it can be weighed, or
 * choose one that suits what she has become.
 * @param met the strictest rule that her password meets; null when it was never weighed
 */
export function passwordDuty(needed: PasswordRule, met: PasswordRule | null): PasswordDuty {
  if (needed === "ordinary") return "none";
  if (met === null) return "tellAgain";
  return passwordRules.indexOf(met) >= passwordRules.indexOf(needed) ? "none" : "chooseStronger";
}

/** What a password lacks of a rule's length and bits; null: nothing. */
function lacks(password: string, rule: PasswordRule): "length" | "bits" | null {
  const { minLength, minBits } = passwordDemands[rule];
  if ([...password].length < minLength) return "length";
  return passwordBits(password) < minBits ? "bits" : null;
}

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
export function passwordStrength(typed: string, rule: PasswordRule): PasswordStrength {
  const password = normalisedPassword(typed);
  const lacking = lacks(password, rule);
  if (lacking !== null) return lacking === "length" ? "tooShort" : "tooWeak";
  return passwordBits(password) < STRONG_BITS ? "enough" : "strong";
}

/**
 * ACC. Whether a password may be chosen: the length and the bits of its holder's rule, no class required by itself, none
 * of the common ones, nothing of the person. Source: quality 2.2 (CNIL 2022-100, ASVS 6.2).
 * @param facts.common lower-case common passwords; facts.personal words of the person (names, address, structure)
 */
export function choosePassword(
  typed: string,
  facts: {
    readonly rule: PasswordRule;
    readonly common: ReadonlySet<string>;
    readonly personal: readonly string[];
  },
): Result<string, PasswordRefusal> {
  if (Buffer.byteLength(typed) > PASSWORD_MAX_BYTES) return refused({ code: "PASSWORD_TOO_LONG" });
  const password = normalisedPassword(typed);
  const lacking = lacks(password, facts.rule);
  if (lacking !== null)
    return refused({ code: lacking === "length" ? "PASSWORD_TOO_SHORT" : "PASSWORD_TOO_WEAK" });
  const folded = password.toLowerCase();
  if (facts.common.has(folded) || facts.common.has(folded.replace(/(?<![^\p{L}])[^\p{L}]+$/u, "")))
    return refused({ code: "PASSWORD_COMMON" });
  if (isOneMotif(folded) || isOneRun(folded) || isSeasonAndYear(folded))
    return refused({ code: "PASSWORD_COMMON" });
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

const RUNS = [
  ...["abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890"],
  ...["azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm"],
];

/** « abcdefghijklmnop », « 1234567890123456 »: the alphabet, the digits or the keys of a keyboard, in their order. */
function isOneRun(text: string): boolean {
  return RUNS.some((run) => run.repeat(Math.ceil(text.length / run.length) + 1).includes(text));
}
