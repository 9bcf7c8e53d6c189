import { applicationLabel } from "../../rights/index.ts";
import type { Difference } from "../domain/rights-changes.ts";

const levels = { none: "aucun droit", read: "consultation", write: "modification" } as const;

/** A right gained, lost, raised or lowered, in words. */
export function differenceWords(difference: Difference, codes: ReadonlyMap<number, string>): string {
  const where =
    difference.serviceId === null ? "" : `, sur ${codes.get(difference.serviceId) ?? "un service fermé"}`;
  return `${applicationLabel(difference.application)}${where} : ${levels[difference.from]} → ${levels[difference.to]}`;
}
