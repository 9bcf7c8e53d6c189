import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isLuhn, siret } from "../../../shared/siret.ts";

export const identifierTypes = [
  { code: "SIRET", label: "SIRET", hint: "14 chiffres, par exemple 732 829 320 00074." },
  {
    code: "UE_HORS_FRANCE",
    label: "Structure européenne hors France",
    hint: "Numéro de TVA intracommunautaire : code du pays, puis 2 à 13 caractères.",
  },
  { code: "RIDET", label: "RIDET (Nouvelle-Calédonie)", hint: "9 ou 10 chiffres." },
  {
    code: "TAHITI",
    label: "Numéro TAHITI (Polynésie française)",
    hint: "9 caractères : 6 pour l'entreprise, 3 pour l'établissement.",
  },
] as const;

/** The types whose number a person types; source: organisation.md 6. */
export type IdentifierType = (typeof identifierTypes)[number]["code"];
export type StructureIdentifier = { readonly type: IdentifierType; readonly value: string };

export type IdentifierRefusal =
  | { readonly code: "SIRET_LENGTH"; readonly length: number }
  | { readonly code: "SIRET_LETTER"; readonly position: number }
  | { readonly code: "SIRET_KEY" }
  | { readonly code: "FR_VAT_USE_SIRET" }
  | { readonly code: "IDENTIFIER_TYPE_MISMATCH"; readonly hint: string };

const europeanCountries = new Set(
  "AT BE BG CY CZ DE DK EE EL ES FI HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split(" "),
);

/** IDN-01, IDN-04. Reads an identifier of a type in its canonical form: upper case, no space, dot or hyphen. */
export function structureIdentifier(
  type: IdentifierType,
  typed: string,
): Result<StructureIdentifier, IdentifierRefusal> {
  if (type === "SIRET") {
    const read = siret(typed);
    return read.ok ? accepted({ type, value: read.value }) : read;
  }
  const value = typed.toUpperCase().replace(/[\s.\u00a0\u202f-]/g, "");
  if (type === "UE_HORS_FRANCE" && value.startsWith("FR")) return refused({ code: "FR_VAT_USE_SIRET" });
  return matches(type, value)
    ? accepted({ type, value })
    : refused({
        code: "IDENTIFIER_TYPE_MISMATCH",
        hint: identifierTypes.find((one) => one.code === type)!.hint,
      });
}

/** IDN-05. The nine digits of a company, when that is what was typed instead of an establishment's fourteen. */
export function sirenOf(typed: string): string | null {
  const digits = typed.toUpperCase().replace(/[\s.\u00a0\u202f-]|^FR/g, "");
  return /^\d{9}$/.test(digits) && isLuhn(digits) ? digits : null;
}

function matches(type: Exclude<IdentifierType, "SIRET">, value: string): boolean {
  if (type === "UE_HORS_FRANCE")
    return /^[A-Z]{2}[0-9A-Z+*]{2,13}$/.test(value) && europeanCountries.has(value.slice(0, 2));
  if (type === "RIDET") return /^\d{9,10}$/.test(value);
  return /^[A-Z0-9]\d{8}$/.test(value);
}

/** What to tell of a wrong identifier. */
export function identifierText(refusal: IdentifierRefusal): string {
  if (refusal.code === "SIRET_LENGTH")
    return `Un SIRET compte 14 chiffres ; vous en avez saisi ${refusal.length}.`;
  if (refusal.code === "SIRET_LETTER")
    return `Un SIRET ne contient que des chiffres : vérifiez le caractère n° ${refusal.position}.`;
  if (refusal.code === "SIRET_KEY")
    return "Ce SIRET n'existe pas : un chiffre est sans doute faux. Vérifiez-le sur votre avis de situation.";
  if (refusal.code === "FR_VAT_USE_SIRET") return "Une entreprise française s'identifie par son SIRET.";
  return `Pour ce type, l'identifiant attendu est : ${refusal.hint}`;
}
