import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { accepted, type Result, refused } from "./result.ts";

export type PhoneRefusal = { readonly code: "PHONE_INVALID" };

const TYPED_MAX_LENGTH = 40;

/** Reads a telephone number and answers it in E.164 (`+33123456789`); without a prefix it is a French one. */
export function phoneNumber(typed: string): Result<string, PhoneRefusal> {
  if (typed.length > TYPED_MAX_LENGTH) return refused({ code: "PHONE_INVALID" });
  const number = parsePhoneNumberFromString(typed, { defaultCountry: "FR", extract: false });
  return number?.isPossible() && number.isValid()
    ? accepted(number.number)
    : refused({ code: "PHONE_INVALID" });
}

/** The number as a French reader expects it: national for France, international elsewhere. */
export function showPhone(e164: string): string {
  const number = parsePhoneNumberFromString(e164);
  if (!number) return e164;
  return number.country === "FR" ? number.formatNational() : number.formatInternational();
}

export const phoneRefusalText =
  "Ce numéro de téléphone n'est pas reconnu. Exemples : 01 23 45 67 89 ou +32 2 123 45 67.";
