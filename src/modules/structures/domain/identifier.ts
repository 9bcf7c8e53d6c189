import { countryCodes } from "../../../shared/countries.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isLuhn, siret } from "../../../shared/siret.ts";
import { isEuropeanVatNumber, vatCountries, vatNumberExample } from "./european-vat.ts";

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
    hint: "9 caractères : 6 pour l'entreprise, 3 pour l'établissement ; les 6 premiers suffisent.",
  },
] as const;

/** The types whose number the portal makes, from what the person says of the structure or by lot. */
export const madeIdentifierTypes = [
  {
    code: "HORS_UE",
    label: "Structure hors Union européenne",
    hint: "Rien à saisir : il est fait du pays et de la raison sociale.",
  },
  {
    code: "EN_COURS_D_IMMATRICULATION",
    label: "Entreprise en cours d'immatriculation",
    hint: "Rien à saisir : le portail donne une référence, à remplacer par le SIRET dès qu'il est attribué.",
  },
  {
    code: "PARTICULIER",
    label: "Particulier",
    hint: "Rien à saisir : le portail donne une référence. Aucun numéro national n'est demandé.",
  },
] as const;

/** The types whose number a person types; source: organisation.md 6. */
export type TypedIdentifierType = (typeof identifierTypes)[number]["code"];
export type MadeIdentifierType = (typeof madeIdentifierTypes)[number]["code"];
export type IdentifierType = TypedIdentifierType | MadeIdentifierType;
export type StructureIdentifier = { readonly type: TypedIdentifierType; readonly value: string };

export type IdentifierRefusal =
  | { readonly code: "SIRET_LENGTH"; readonly length: number }
  | { readonly code: "SIRET_LETTER"; readonly position: number }
  | { readonly code: "SIRET_KEY" }
  | { readonly code: "FR_VAT_USE_SIRET" }
  | { readonly code: "IDENTIFIER_TYPE_MISMATCH"; readonly hint: string };

/** IDN-01, IDN-04. Reads an identifier of a type in its canonical form: upper case, no space, dot or hyphen. */
export function structureIdentifier(
  type: TypedIdentifierType,
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
        hint: hintOf(type, value),
      });
}

/** IDN-04. What is expected, as narrowly as what was typed lets one say. */
function hintOf(type: TypedIdentifierType, value: string): string {
  const example = type === "UE_HORS_FRANCE" ? vatNumberExample(value) : null;
  return example
    ? `un numéro de TVA comme ${example}.`
    : identifierTypes.find((one) => one.code === type)!.hint;
}

/** IDN-05. The nine digits of a company, when that is what was typed instead of an establishment's fourteen. */
export function sirenOf(typed: string): string | null {
  const digits = typed.toUpperCase().replace(/[\s.\u00a0\u202f-]|^FR/g, "");
  return /^\d{9}$/.test(digits) && isLuhn(digits) ? digits : null;
}

function matches(type: Exclude<TypedIdentifierType, "SIRET">, value: string): boolean {
  if (type === "UE_HORS_FRANCE") return isEuropeanVatNumber(value);
  if (type === "RIDET") return /^\d{9,10}$/.test(value);
  return /^[A-Z0-9]\d{5}(\d{3})?$/.test(value);
}

/** What to look at twice in an identifier that is accepted; null when there is nothing. */
export function identifierAdvice({ type, value }: StructureIdentifier): string | null {
  return type === "TAHITI" && value.length === 6
    ? "Ce numéro est celui de l'entreprise : si vous connaissez les trois chiffres de l'établissement, ajoutez-les."
    : null;
}

/** Countries whose structures have an identifier of their own: the Union's, France's parts, its territories but Wallis. */
const identifiedOtherwise = new Set([...vatCountries, ..."FR GR GP MQ GF RE YT BL MF PM NC PF".split(" ")]);
const WALLIS = "WF";

/** ISO 3166-1 alpha-2 codes of the countries whose structures are identified by country and name. */
export const farCountries: readonly string[] = countryCodes.filter((code) => !identifiedOtherwise.has(code));

/**
 * The identifier of a structure outside the Union: its country, then the first 16 characters of its name in capitals;
 * for Wallis-et-Futuna `FRWF` and 14 (decree on the identification of issuers, 2° and 5°).
 */
export function farIdentifier(country: string, legalName: string): string {
  const name = legalName.toUpperCase();
  return (country === WALLIS ? `FRWF${name.slice(0, 14)}` : `${country}${name.slice(0, 16)}`).trim();
}

const drawnPrefixes: { readonly [T in Exclude<MadeIdentifierType, "HORS_UE">]: string } = {
  EN_COURS_D_IMMATRICULATION: "EC",
  PARTICULIER: "P",
};

/** A reference drawn by the portal: `EC` or `P`, then ten digits. @param number drawn below ten thousand million */
export function drawnIdentifier(type: Exclude<MadeIdentifierType, "HORS_UE">, number: number): string {
  return `${drawnPrefixes[type]}${String(number).padStart(10, "0")}`;
}

/** Days after its creation at which a structure without its number is reminded of it (organisation.md 6). */
const REGISTRATION_REMINDERS = [30, 75] as const;

/** The reminder that is due, if any: each is sent once, and a late one only for the last. */
export function registrationReminderDue(
  createdAt: Date,
  remindedDays: number | null,
  now: Date,
): (typeof REGISTRATION_REMINDERS)[number] | null {
  const days = (now.getTime() - createdAt.getTime()) / (24 * 3_600_000);
  const due = REGISTRATION_REMINDERS.findLast((one) => days >= one);
  return due !== undefined && due > (remindedDays ?? 0) ? due : null;
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
