import { businessTermOf } from "../model/business-terms.ts";
import type { Invoice } from "../model/invoice.ts";
import { pointDateCodeInUbl } from "./point-date-codes.ts";

/** A value of an invoice that a document does not carry. */
export interface LostTerm {
  /** Where it stands in the typed invoice, such as `seller.contact.name`. */
  path: string;
  /** Its business term, such as `BT-41`; absent where the path is none. */
  term?: string;
  value: string;
}

/** What is in an invoice and not in another one, which was read from what the first was written as. */
export function termsLost(before: Invoice, after: Invoice | undefined): LostTerm[] {
  const carried = new Map<string, number>();
  for (const { path, value } of after ? valuesOf(after) : []) {
    const key = keyOf(path, value);
    carried.set(key, (carried.get(key) ?? 0) + 1);
  }
  return valuesOf(before).filter(({ path, value }) => {
    const key = keyOf(path, value);
    const count = carried.get(key) ?? 0;
    if (!saidOnce.has(path)) carried.set(key, count - 1);
    return count <= 0;
  });
}

/** Written once for all payments in CII, and for each in UBL: once is enough. */
const saidOnce: ReadonlySet<string> = new Set(["payments.remittanceInformation", "payments.mandate"]);

/** A date is the same with and without its hyphens, a word with and without space around it. */
const keyOf = (path: string, value: string): string =>
  `${path} ${value.trim().replace(/^(\d{4})-(\d{2})-(\d{2})$/, "$1$2$3")}`;

function valuesOf(invoice: Invoice): LostTerm[] {
  const found: LostTerm[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") found.push(lostTerm(path, value));
    else if (Array.isArray(value)) for (const each of value) walk(each, path);
    else if (value !== null && typeof value === "object")
      for (const [key, each] of Object.entries(value)) walk(each, path === "" ? key : `${path}.${key}`);
  };
  const taxPointDateCode = pointDateCodeInUbl(invoice.taxPointDateCode);
  walk(taxPointDateCode === undefined ? invoice : { ...invoice, taxPointDateCode }, "");
  return found;
}

function lostTerm(path: string, value: string): LostTerm {
  const term = businessTermOf(path);
  return { path, ...(term === undefined ? {} : { term }), value };
}
