import type { RegisterAnswer } from "../../register/index.ts";

/** Days left to a new establishment to appear in the national register. */
const TIME_TO_APPEAR_DAYS = 30;
/** Days after which the register is asked again about a structure. Source: organisation.md 22, « register refresh ». */
const REFRESH_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

/** What was last asked of the register before this instant is to be asked again. */
export const refreshedBefore = (now: Date): Date => new Date(now.getTime() - REFRESH_DAYS * DAY_MS);

export type RegistryVerdict =
  | {
      readonly kind: "confirmed";
      readonly legalCategory: string | null;
      readonly companyCategory: string | null;
      readonly activityCode: string | null;
      readonly registryConfidential: boolean;
    }
  | {
      readonly kind: "closed";
      readonly closedOn: string | null;
      readonly registryConfidential: boolean;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "later" };

/**
 * IDN-07. What a later answer of the register makes of a structure: an establishment that has not appeared thirty days
 * after the creation of the structure is absent; silence decides nothing.
 */
export function registryVerdict(answer: RegisterAnswer, createdAt: Date, now: Date): RegistryVerdict {
  if (answer.kind === "found") {
    const { isOpen, closedOn, legalCategory, companyCategory, activityCode } = answer.establishment;
    const registryConfidential = answer.establishment.isConfidential;
    if (!isOpen) return { kind: "closed", closedOn, registryConfidential };
    return {
      kind: "confirmed",
      legalCategory: legalCategory || null,
      companyCategory: companyCategory || null,
      activityCode: activityCode || null,
      registryConfidential,
    };
  }
  const isLate = now.getTime() - createdAt.getTime() > TIME_TO_APPEAR_DAYS * DAY_MS;
  return answer.kind === "unknown" && isLate ? { kind: "absent" } : { kind: "later" };
}

/** Whether an answer tells something new: what was known already is told to nobody twice. */
export function isRegistryNews(
  known: { readonly registryCheck: string; readonly closedInRegistryOn: string | null },
  verdict:
    | { readonly kind: "confirmed" | "absent" }
    | { readonly kind: "closed"; readonly closedOn: string | null },
): boolean {
  if (verdict.kind === "confirmed") return known.registryCheck !== "confirmed";
  const closedOn = verdict.kind === "closed" ? verdict.closedOn : null;
  return known.registryCheck !== "negative" || known.closedInRegistryOn !== closedOn;
}
