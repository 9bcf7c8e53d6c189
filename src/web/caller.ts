import type { Member } from "../modules/rights/index.ts";
import { type MembershipRow, type SessionRow, sessionEnd, toMember } from "../modules/sessions/index.ts";

/** Who calls: the account, the session, and the attachments that count at this instant. */
export type Caller = {
  readonly accountId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
  readonly isOperator: boolean;
  readonly hasSecondFactor: boolean;
  /** The strictest rule that her password meets; null when it was never weighed. */
  readonly passwordRule: SessionRow["passwordRule"];
  /** News in the bell not read yet; 100 stands for more. */
  readonly unreadCount: number;
  readonly session: {
    readonly id: number;
    readonly createdAt: Date;
    /** When it ends by itself if this request is the last one. */
    readonly endsAt: Date;
    readonly authenticatedAt: Date;
    readonly secondFactorAt: Date | null;
    readonly trustedBrowserId: number | null;
  };
  readonly memberships: readonly CallerMembership[];
  /** The structure that the person works in, if any. */
  readonly current: CallerMembership | null;
};

/** Who gave her password and has not yet given the second factor: she may do nothing but give it. */
export type HalfSignedIn = { readonly accountId: number; readonly sessionId: number };

/** An attachment of the caller, with the structure and what `isAllowed` needs. */
export type CallerMembership = Member & {
  readonly membershipId: number;
  readonly serviceIds: readonly number[];
  readonly structure: MembershipRow["structure"];
};

export function toCaller(row: SessionRow, isOperator: boolean): Caller {
  const memberships = (row.memberships ?? []).map(toMembership(row.accountId));
  return {
    accountId: row.accountId,
    firstName: row.firstName,
    lastName: row.lastName,
    signInEmail: row.signInEmail,
    isOperator,
    hasSecondFactor: row.hasSecondFactor,
    passwordRule: row.passwordRule,
    unreadCount: row.unreadCount,
    session: {
      id: row.sessionId,
      createdAt: row.createdAt,
      endsAt: sessionEnd(row, isOperator ? "operator" : "person"),
      authenticatedAt: row.authenticatedAt,
      secondFactorAt: row.secondFactorAt,
      trustedBrowserId: row.trustedBrowserId,
    },
    memberships,
    current: memberships.find((one) => one.structureId === row.currentStructureId) ?? memberships[0] ?? null,
  };
}

function toMembership(accountId: number) {
  return (row: MembershipRow): CallerMembership => ({
    ...toMember(accountId, row),
    membershipId: row.id,
    serviceIds: row.serviceIds,
    structure: row.structure,
  });
}
