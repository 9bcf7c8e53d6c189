/** How many codes a person keeps for the day when her telephone is lost. */
export const RECOVERY_CODE_COUNT = 10;
/** 80 bits each. */
export const RECOVERY_CODE_BYTES = 10;

/** Without the letters that the eye takes for figures: I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A recovery code as shown: sixteen signs in fours, 80 bits. Source: quality 2.2 (ASVS 6.5). */
export function recoveryCode(random: Uint8Array): string {
  const bits = [...random].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const signs = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]!);
  return signs.join("").match(/.{4}/g)!.join("-");
}

/** What a person typed at the second step. */
export type Proof =
  | { readonly kind: "applicationCode"; readonly code: string }
  | { readonly kind: "recoveryCode"; readonly code: string };

/**
 * Reads what was typed: six figures are the application's, sixteen signs a recovery code, whatever the spaces, hyphens
 * and case; an O read as a zero, an I or L read as a one are taken as such. Null: neither.
 */
export function readProof(typed: string): Proof | null {
  const signs = typed.replace(/[\s-]/g, "").toUpperCase();
  if (/^\d{6}$/.test(signs)) return { kind: "applicationCode", code: signs };
  const code = signs.replace(/O/g, "0").replace(/[IL]/g, "1");
  if (code.length !== 16 || [...code].some((sign) => !ALPHABET.includes(sign))) return null;
  return { kind: "recoveryCode", code: code.match(/.{4}/g)!.join("-") };
}
