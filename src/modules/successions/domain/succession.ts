import { endsAfterItStarts, type Validity, validityAt } from "../../../shared/validity.ts";
import { isAllowed, type Member } from "../../rights/index.ts";

/** A service, as far as its succession asks. */
export type ServiceFacts = Validity & {
  readonly id: number;
  readonly code: string;
  readonly reserved: boolean;
  readonly disabledAt: Date | null;
  readonly successorId: number | null;
};

export type SuccessionFacts = {
  readonly structureState: string;
  /** The services that were asked for and are of the structure. */
  readonly closing: readonly ServiceFacts[];
  readonly askedCount: number;
  readonly successor: ServiceFacts | undefined;
  readonly at: Date;
  /** Services, still open, that others are to be replaced by: their numbers. */
  readonly awaited: readonly number[];
};

export type SuccessionRefusal =
  | { readonly code: "STRUCTURE_INACTIVE" }
  | { readonly code: "NO_SERVICE" }
  | { readonly code: "NO_SUCCESSOR" }
  | { readonly code: "SUCCESSOR_AMONG_CLOSING" }
  | { readonly code: "SERVICE_RESERVED" }
  | { readonly code: "ALREADY_REPLACED"; readonly service: string }
  | { readonly code: "IS_AWAITED"; readonly service: string }
  | { readonly code: "STARTS_LATER"; readonly service: string }
  | { readonly code: "DATE_IS_PAST" }
  | { readonly code: "SUCCESSOR_NOT_ACTIVE" }
  | { readonly code: "PEOPLE_NOT_YOURS" }
  | { readonly code: "CANNOT_GRANT_MORE" };

/** Who may decide that services be replaced, or go back on it: their closing and their people are both hers. */
export const mayDecide = (by: Member, now: Date): boolean =>
  isAllowed(by, "service.replace", {}, now) && isAllowed(by, "member.change", { serviceId: null }, now);

const isOpenAt = (service: ServiceFacts, now: Date): boolean =>
  service.disabledAt === null && validityAt(service, now) !== "ended";

/** Services that others, still open, are to be replaced by at an instant or later: their numbers. */
export const awaitedAt = (services: readonly ServiceFacts[], at: Date, now: Date): readonly number[] =>
  services.flatMap((one) =>
    one.successorId !== null && isOpenAt(one, now) && one.endsAt !== null && one.endsAt >= at
      ? [one.successorId]
      : [],
  );

/** The end that a succession gives a service: its date, unless it is closed already. */
export const endOf = (service: ServiceFacts, at: Date, now: Date): Date | null =>
  isOpenAt(service, now) ? at : service.endsAt;

/**
 * SRV-10. Why some services may not be replaced by another at a date; null when they may. Only services closed already
 * may be said to be replaced in the past. The first line that applies wins.
 */
export function refuseSuccession(facts: SuccessionFacts, now: Date): SuccessionRefusal | null {
  const { closing, successor, at } = facts;
  if (facts.structureState !== "active") return { code: "STRUCTURE_INACTIVE" };
  if (closing.length === 0 || closing.length !== facts.askedCount) return { code: "NO_SERVICE" };
  if (!successor) return { code: "NO_SUCCESSOR" };
  if (closing.some((one) => one.id === successor.id)) return { code: "SUCCESSOR_AMONG_CLOSING" };
  if (successor.reserved || closing.some((one) => one.reserved)) return { code: "SERVICE_RESERVED" };
  const open = closing.filter((one) => isOpenAt(one, now));
  if (at < now && open.length > 0) return { code: "DATE_IS_PAST" };
  const replaced = closing.find((one) => one.successorId !== null);
  if (replaced) return { code: "ALREADY_REPLACED", service: replaced.code };
  const awaited = closing.find((one) => facts.awaited.includes(one.id));
  if (awaited) return { code: "IS_AWAITED", service: awaited.code };
  const later = open.find((one) => !endsAfterItStarts({ startsAt: one.startsAt, endsAt: at }));
  if (later) return { code: "STARTS_LATER", service: later.code };
  return successor.disabledAt === null && validityAt(successor, at) === "active"
    ? null
    : { code: "SUCCESSOR_NOT_ACTIVE" };
}

/** Whether another service has taken the place of one already. */
export const isReplaced = (service: Pick<ServiceFacts, "successorId" | "endsAt">, now: Date): boolean =>
  service.successorId !== null && service.endsAt !== null && service.endsAt <= now;

const UNDO_DAYS = 7;

/** Until when what was done may be undone. */
export const undoableUntil = (doneAt: Date): Date => new Date(doneAt.getTime() + UNDO_DAYS * 24 * 3_600_000);

export type GivingUpRefusal =
  | { readonly code: "NOT_FOUND" }
  | { readonly code: "ALREADY_GIVEN_UP" }
  | { readonly code: "TOO_LATE" }
  | { readonly code: "PEOPLE_NOT_YOURS" }
  | { readonly code: "STRUCTURE_INACTIVE" }
  | { readonly code: "SUCCESSOR_REPLACED" };

/** Why a succession may not be given up or undone any more; null when it may. */
export function refuseGivingUp(
  succession: { readonly state: "planned" | "done" | "cancelled" | "undone"; readonly doneAt: Date | null },
  facts: { readonly structureState: string; readonly isSuccessorReplaced: boolean },
  now: Date,
): GivingUpRefusal | null {
  if (facts.structureState !== "active") return { code: "STRUCTURE_INACTIVE" };
  if (succession.state === "planned") return null;
  if (succession.doneAt === null || succession.state !== "done") return { code: "ALREADY_GIVEN_UP" };
  if (now >= undoableUntil(succession.doneAt)) return { code: "TOO_LATE" };
  return facts.isSuccessorReplaced ? { code: "SUCCESSOR_REPLACED" } : null;
}
