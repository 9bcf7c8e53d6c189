import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isLuhn } from "../../../shared/siret.ts";
import { isEuropeanVatNumber } from "./european-vat.ts";

export type VatNumberRefusal = { readonly code: "VAT_NUMBER_FORM" } | { readonly code: "VAT_NUMBER_KEY" };

/** The French number of a company: `FR`, a key of two digits, its SIREN. Source: organisation.md 7.1. */
export function frenchVatNumber(siren: string): string {
  const key = (12 + 3 * (Number(siren) % 97)) % 97;
  return `FR${String(key).padStart(2, "0")}${siren}`;
}

/**
 * Reads a typed intra-community VAT number, spaces and dots dropped. A French one must end with a SIREN and bear its key;
 * not necessarily the SIREN of the structure, for a group may have one number. Other countries of the
 * Union: as each writes them.
 */
export function vatNumber(typed: string): Result<string, VatNumberRefusal> {
  const value = typed.toUpperCase().replace(/[\s.\u00a0\u202f-]/g, "");
  if (value.startsWith("FR")) {
    const siren = value.slice(4);
    if (!/^FR[0-9A-Z]{2}\d{9}$/.test(value)) return refused({ code: "VAT_NUMBER_FORM" });
    // a key that holds a letter is drawn otherwise, and cannot be computed
    const isComputed = /^FR\d{2}/.test(value);
    return isLuhn(siren) && (!isComputed || value === frenchVatNumber(siren))
      ? accepted(value)
      : refused({ code: "VAT_NUMBER_KEY" });
  }
  return isEuropeanVatNumber(value) ? accepted(value) : refused({ code: "VAT_NUMBER_FORM" });
}

/** What to tell of a wrong number. */
export const vatNumberTexts: { readonly [C in VatNumberRefusal["code"]]: string } = {
  VAT_NUMBER_FORM:
    "Ce numéro de TVA n'a pas la forme de ceux de son pays. Exemples : FR44732829320, DE123456789.",
  VAT_NUMBER_KEY: "Ce numéro de TVA comporte une erreur : la clé ne correspond pas au SIREN.",
};
