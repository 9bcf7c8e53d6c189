import { electronicFormatIBAN, getCountrySpecifications, isValidBIC, isValidIBAN } from "ibantools";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type Validity, validityAt } from "../../../shared/validity.ts";
import type { StoredState } from "./confirmation.ts";

const countries = getCountrySpecifications();

export type IbanRefusal =
  | { readonly code: "IBAN_COUNTRY" }
  | { readonly code: "IBAN_LENGTH"; readonly expected: number; readonly given: number }
  | { readonly code: "IBAN_KEY" };

/**
 * Reads a typed or pasted IBAN: spaces and hyphens dropped, then country, length of the country, key (modulo 97) and
 * what the country says of its account numbers (the French RIB key). Source: organisation.md 9; ISO 13616.
 */
export function iban(typed: string): Result<string, IbanRefusal> {
  const value = electronicFormatIBAN(typed.replace(/[\s\u00a0\u202f.]/g, "")) ?? "";
  const country = countries[value.slice(0, 2)];
  if (!country?.chars) return refused({ code: "IBAN_COUNTRY" });
  if (value.length !== country.chars)
    return refused({ code: "IBAN_LENGTH", expected: country.chars, given: value.length });
  return isValidIBAN(value) ? accepted(value) : refused({ code: "IBAN_KEY" });
}

export type BicRefusal = { readonly code: "BIC_FORM" } | { readonly code: "BIC_NEEDED" };

/** Reads the BIC that goes with an IBAN: 8 or 11 characters; it may be left out in the SEPA zone. Source: ISO 9362. */
export function bic(typed: string, ofIban: string): Result<string | null, BicRefusal> {
  const value = typed.toUpperCase().replace(/\s/g, "");
  if (value === "")
    return countries[ofIban.slice(0, 2)]?.SEPA ? accepted(null) : refused({ code: "BIC_NEEDED" });
  return isValidBIC(value) ? accepted(value) : refused({ code: "BIC_FORM" });
}

/** Whether the bank's country is another than the account's: unusual, so said, but allowed. */
export function isBicOfAnotherCountry(ofBic: string | null, ofIban: string): boolean {
  return ofBic !== null && ofBic.slice(4, 6) !== ofIban.slice(0, 2);
}

/** By groups of four, as banks print it. */
export const groupedIban = (value: string): string => value.replace(/(.{4})(?=.)/g, "$1 ");

/** What may be seen of an IBAN without the right to change it, and kept in the journal: `FR76 •••• •••• 0189`. */
export const maskedIban = (value: string): string => `${value.slice(0, 4)} •••• •••• ${value.slice(-4)}`;

export type BankAccountState = "toConfirm" | "blocked" | "disabled" | "planned" | "active" | "ended";

/** The state of a bank account at an instant: only an active one may stand on an invoice (organisation.md 9). */
export function bankAccountState(
  account: Validity & { readonly state: StoredState },
  now: Date,
): BankAccountState {
  if (account.state === "pendingConfirmation") return "toConfirm";
  return account.state === "active" ? validityAt(account, now) : account.state;
}
