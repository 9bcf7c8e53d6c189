import { decimal } from "../model/decimal.ts";
import type { Identifier } from "../model/invoice.ts";
import { schemeNames } from "./words.ts";

const noBreak = "\u00a0";

/** A decimal text as French readers write it, such as `1 234,50`; any other text as it is. */
export function frenchNumber(text: string): string {
  const plain = text.trim();
  if (!decimal(plain)) return text;
  const [whole = "", fraction] = plain.replace(/^[+-]/, "").split(".");
  const digits = whole || "0";
  const head = digits.slice(0, digits.length % 3);
  const grouped = [head, ...(digits.slice(head.length).match(/\d{3}/g) ?? [])].filter(Boolean).join(noBreak);
  return `${plain.startsWith("-") ? "−" : ""}${grouped}${fraction ? `,${fraction}` : ""}`;
}

/** An amount with its currency, the euro by its sign. */
export function frenchAmount(text: string, currency: string | undefined): string {
  if (!currency) return frenchNumber(text);
  return `${frenchNumber(text)}${noBreak}${currency === "EUR" ? "€" : currency}`;
}

/** A quantity (BT-129, BT-149), without the zeros that end its decimals. */
export function frenchQuantity(text: string): string {
  return frenchNumber(withoutZeros(text, 0));
}

/** A price (BT-146, BT-148) with its currency: two decimals where it has decimals, more where they say something. */
export function frenchPrice(text: string, currency: string | undefined): string {
  return frenchAmount(withoutZeros(text, 2), currency);
}

export function frenchPercent(text: string): string {
  return `${frenchQuantity(text)}${noBreak}%`;
}

/** A decimal text without the zeros that end its decimals, but for the first `kept` decimals; any other text as it is. */
function withoutZeros(text: string, kept: number): string {
  const [, whole, decimals] = /^\s*([+-]?\d*)\.(\d+)\s*$/.exec(text) ?? [];
  if (whole === undefined || decimals === undefined) return text;
  const left = decimals.slice(0, kept) + decimals.slice(kept).replace(/(?<!0)0+$/, "");
  return left === "" ? whole : `${whole}.${left}`;
}

const months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
  " ",
);

/** `2026-10-05` as `5 octobre 2026`; any other text as it is. */
export function frenchDate(text: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim()) ?? [];
  const name = months[Number(month) - 1];
  return name ? `${day === "01" ? "1er" : Number(day)} ${name} ${year}` : text;
}

const countries = new Intl.DisplayNames("fr", { type: "region", fallback: "code" });

/** The French name of an ISO 3166-1 country; any other text as it is. */
export function frenchCountry(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}

/** An identifier after the name of its scheme, such as `SIREN 702042755`. */
export function frenchIdentifier({ value, scheme }: Identifier): string {
  return scheme ? `${schemeNames.get(scheme) ?? scheme}${noBreak}${value}` : value;
}

/** A size in bytes, in words. */
export function frenchSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes}${noBreak}octets`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "Ko"] : [bytes / 1_000_000, "Mo"];
  return `${value.toFixed(1).replace(".0", "").replace(".", ",")}${noBreak}${unit}`;
}
