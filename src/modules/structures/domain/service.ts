import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endsAfterItStarts, type Validity, validityAt } from "../../../shared/validity.ts";

/** SRV-01. Refuses an end that is not strictly after the start. Source: guide, « Création d'un nouveau service ». */
export function serviceValidity(
  startsAt: Date,
  endsAt: Date | null,
): Result<Validity, { readonly code: "SERVICE_ENDS_BEFORE_IT_STARTS" }> {
  return endsAfterItStarts({ startsAt, endsAt })
    ? accepted({ startsAt, endsAt })
    : refused({ code: "SERVICE_ENDS_BEFORE_IT_STARTS" });
}

export type ServiceState = "planned" | "active" | "ended" | "disabled";

/** The state of a service at an instant; source: organisation.md 8.3. */
export function serviceState(
  service: Validity & { readonly disabledAt: Date | null },
  now: Date,
): ServiceState {
  return service.disabledAt === null ? validityAt(service, now) : "disabled";
}

/** Whether a service may still be chosen: it is in force, or will be. */
export function isOpen(service: Validity & { readonly disabledAt: Date | null }, now: Date): boolean {
  const state = serviceState(service, now);
  return state === "active" || state === "planned";
}

/**
 * The open services that stand for some others now: each that has closed gives way to the one that replaced it, and so
 * on; what has closed and was replaced by nothing is left out.
 */
export function openInPlaceOf(
  ids: readonly number[],
  services: readonly (Validity & {
    readonly id: number;
    readonly disabledAt: Date | null;
    readonly successorId: number | null;
  })[],
  now: Date,
): readonly number[] {
  const byId = new Map(services.map((one) => [one.id, one]));
  const found = ids.flatMap((id) => {
    const seen = new Set<number>();
    let at = byId.get(id);
    while (at && !isOpen(at, now) && at.successorId !== null && !seen.has(at.id)) {
      seen.add(at.id);
      at = byId.get(at.successorId);
    }
    return at && isOpen(at, now) ? [at.id] : [];
  });
  return [...new Set(found)];
}

/** SRV-08. Whether an invoice to a service must bear a commitment number: by the structure's rule or by the service's. */
export function requiresCommitment(
  structure: { readonly commitmentRequired: boolean },
  service: { readonly commitmentRequired: boolean },
): boolean {
  return structure.commitmentRequired || service.commitmentRequired;
}

/** Whether suppliers of a service are told of « Mise en paiement »: as it says, else as its structure does. */
export function reportsPayment(
  structure: { readonly paymentStatusReported: boolean },
  service: { readonly paymentStatusReported: boolean | null },
): boolean {
  return service.paymentStatusReported ?? structure.paymentStatusReported;
}

export const SERVICE_CODE_MAX = 100;

export type ServiceCodeRefusal =
  | { readonly code: "SERVICE_CODE_TOO_LONG" }
  | { readonly code: "SERVICE_CODE_RESERVED" }
  | { readonly code: "SERVICE_CODE_CHARACTERS" };

/** Reads a service's code: trimmed, at most 100 characters, no control character, not the reserved one (SRV-05). */
export function serviceCode(typed: string): Result<string, ServiceCodeRefusal> {
  const code = typed.trim();
  if ([...code].length > SERVICE_CODE_MAX) return refused({ code: "SERVICE_CODE_TOO_LONG" });
  if (/\p{C}/u.test(code)) return refused({ code: "SERVICE_CODE_CHARACTERS" });
  if (code.toUpperCase() === "FACTURES_PUBLIQUES") return refused({ code: "SERVICE_CODE_RESERVED" });
  return accepted(code);
}

type Named = { readonly code: string; readonly label: string };

/** A service among those to choose. */
export const serviceLabel = ({ code, label }: Named): string => `${code} – ${label}`;

/** Services as a field offers them. */
export const serviceChoices = (services: readonly (Named & { readonly id: number })[]) =>
  services.map((one) => ({ value: String(one.id), label: serviceLabel(one) }));

export type BillingRules = {
  readonly serviceCodeRequired: boolean;
  readonly commitmentRequired: boolean;
  readonly serviceOrCommitmentRequired: boolean;
};

/** What a supplier must give, in one sentence. */
export function billingSentence(rules: BillingRules): string {
  if (rules.serviceCodeRequired && rules.commitmentRequired)
    return "Indiquez le code service et le numéro d'engagement.";
  if (rules.serviceCodeRequired) return "Indiquez le code service.";
  if (rules.commitmentRequired) return "Indiquez le numéro d'engagement.";
  if (rules.serviceOrCommitmentRequired) return "Indiquez le code service ou le numéro d'engagement.";
  return "Ni code service ni numéro d'engagement n'est exigé.";
}

/** The four choices of the screen, stored as three booleans for the wire contract. */
export type BillingChoice = "nothing" | "service" | "commitment" | "either" | "both";

export function billingRules(choice: BillingChoice): BillingRules {
  return {
    serviceCodeRequired: choice === "service" || choice === "both",
    commitmentRequired: choice === "commitment" || choice === "both",
    serviceOrCommitmentRequired: choice === "either",
  };
}

export function billingChoice(rules: BillingRules): BillingChoice {
  if (rules.serviceCodeRequired && rules.commitmentRequired) return "both";
  if (rules.serviceCodeRequired) return "service";
  if (rules.commitmentRequired) return "commitment";
  return rules.serviceOrCommitmentRequired ? "either" : "nothing";
}
