import { accepted, type Result, refused } from "./result.ts";

export type PersonNameRefusal =
  | { readonly code: "NAME_MISSING" }
  | { readonly code: "NAME_TOO_LONG"; readonly length: number }
  | { readonly code: "NAME_WITHOUT_LETTER" }
  | { readonly code: "NAME_HOLDS_FORBIDDEN_CHARACTER" };

export const PERSON_NAME_MAX_LENGTH = 80;

/** Direction overrides and isolates: they make a name read as another. */
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** Letters of any script, their marks, space, apostrophes, hyphens, and the full stop of initials. */
const nameCharacters = /^[\p{L}\p{M}' ’.\-‐‑]+$/u;
const invisible =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each mark is meant by itself, alone
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/gu;

/**
 * Reads a first or last name: 1 to 80 characters, at least one letter. Invisible characters are taken out, runs of
 * spaces reduced to one. Refuses NUL and other controls, lone surrogates, and direction overrides.
 */
export function personName(typed: string): Result<string, PersonNameRefusal> {
  if (!typed.isWellFormed() || bidiControls.test(typed) || controls.test(typed.trim()))
    return refused({ code: "NAME_HOLDS_FORBIDDEN_CHARACTER" });
  const name = typed.replace(invisible, "").normalize("NFC").replace(/\s+/g, " ").trim();
  if (name === "") return refused({ code: "NAME_MISSING" });
  const length = [...name].length;
  if (length > PERSON_NAME_MAX_LENGTH) return refused({ code: "NAME_TOO_LONG", length });
  if (!/\p{L}/u.test(name)) return refused({ code: "NAME_WITHOUT_LETTER" });
  if (!nameCharacters.test(name)) return refused({ code: "NAME_HOLDS_FORBIDDEN_CHARACTER" });
  return accepted(name);
}

/** The French sentence for each refusal; `label` is that of the field. */
export function personNameRefusalText(refusal: PersonNameRefusal, label: string): string {
  switch (refusal.code) {
    case "NAME_MISSING":
      return `Renseignez « ${label} ».`;
    case "NAME_TOO_LONG":
      return `« ${label} » compte au plus ${PERSON_NAME_MAX_LENGTH} caractères ; vous en avez saisi ${refusal.length}.`;
    case "NAME_WITHOUT_LETTER":
      return `« ${label} » doit contenir au moins une lettre.`;
    case "NAME_HOLDS_FORBIDDEN_CHARACTER":
      return `« ${label} » n'accepte que des lettres, des espaces, des apostrophes et des traits d'union.`;
  }
}
