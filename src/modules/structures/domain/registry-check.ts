import type { RegisterAnswer } from "../../register/index.ts";

/** Days left to a new establishment to appear in the national register. */
const TIME_TO_APPEAR_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

export type RegistryVerdict =
  | {
      readonly kind: "confirmed";
      readonly legalCategory: string | null;
      readonly activityCode: string | null;
    }
  | { readonly kind: "closed"; readonly closedOn: string | null }
  | { readonly kind: "absent" }
  | { readonly kind: "later" };

/**
 * IDN-07. What a later answer of the register makes of a structure created without it: an establishment that has not
 * appeared after thirty days is absent; silence decides nothing.
 */
export function registryVerdict(answer: RegisterAnswer, createdAt: Date, now: Date): RegistryVerdict {
  if (answer.kind === "found") {
    const { isOpen, closedOn, legalCategory, activityCode } = answer.establishment;
    return isOpen
      ? { kind: "confirmed", legalCategory: legalCategory || null, activityCode: activityCode || null }
      : { kind: "closed", closedOn };
  }
  const isLate = now.getTime() - createdAt.getTime() > TIME_TO_APPEAR_DAYS * DAY_MS;
  return answer.kind === "unknown" && isLate ? { kind: "absent" } : { kind: "later" };
}
