import { accepted, type Result, refused } from "./result.ts";

export type Siret = string & { readonly __brand: "Siret" };

export type SiretRefusal =
  | { readonly code: "SIRET_LENGTH"; readonly length: number }
  | { readonly code: "SIRET_LETTER"; readonly position: number }
  | { readonly code: "SIRET_KEY" };

const LA_POSTE = "356000000";

/**
 * Reads a typed or pasted SIRET: spaces, dots, hyphens and a leading FR are dropped (IDN-05), then length and key are
 * checked: Luhn on the 14 digits and on the SIREN; La Poste's establishments may instead sum to a multiple of 5.
 * Source: organisation.md 6.
 */
export function siret(typed: string): Result<Siret, SiretRefusal> {
  const text = typed.replace(/[\s.\u00a0\u202f-]/g, "").replace(/^FR(?=\d)/i, "");
  const letter = text.search(/\D/);
  if (letter >= 0) return refused({ code: "SIRET_LETTER", position: letter + 1 });
  if (text.length !== 14) return refused({ code: "SIRET_LENGTH", length: text.length });
  return hasKey(text) ? accepted(text as Siret) : refused({ code: "SIRET_KEY" });
}

function hasKey(text: string): boolean {
  if (isLuhn(text) && isLuhn(text.slice(0, 9))) return true;
  return text.startsWith(LA_POSTE) && [...text].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0;
}

/** Luhn's key: from the right, every second digit doubled, the sum of all digits a multiple of ten. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
