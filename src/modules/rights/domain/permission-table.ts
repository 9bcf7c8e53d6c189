import type { ApplicationCode, Level } from "./applications.ts";

/** One right: an application, a level, and the service it is limited to (null: the whole structure). */
export type Grant = {
  readonly application: string;
  readonly level: Level;
  readonly serviceId: number | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
};

/** An attachment as the decision needs it. The caller has checked that it is active at this instant. */
export type Member = {
  readonly accountId: number;
  readonly structureId: number;
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  readonly grants: readonly Grant[];
};

/** What an action needs: being main manager, an application at a level, or only to be attached. */
type Need =
  | "attached"
  | "mainManager"
  | { readonly application: ApplicationCode; readonly level: Level; readonly wholeStructure?: true };

/** Who may do what: the one table that pages, programs and jobs ask. Source: organisation.md 12.2. */
export const permissionTable = {
  "structure.read": "attached",
  "structure.update": { application: "structures", level: "write", wholeStructure: true },
  "structure.reactivate": { application: "structures", level: "write", wholeStructure: true },
  "structure.deactivate": "mainManager",
  "structure.identify": "mainManager",
  "structure.secure": "mainManager",
  "structure.export": "mainManager",
  "structure.prove": "mainManager",
  "service.read": "attached",
  "service.create": { application: "structures", level: "write", wholeStructure: true },
  "service.replace": { application: "structures", level: "write", wholeStructure: true },
  "service.update": { application: "structures", level: "write" },
  "bankAccount.read": { application: "bankAccounts", level: "read", wholeStructure: true },
  "bankAccount.write": { application: "bankAccounts", level: "write", wholeStructure: true },
  "bankAccount.confirm": "mainManager",
  "member.list": { application: "users", level: "read" },
  "member.attach": { application: "users", level: "write" },
  "member.change": { application: "users", level: "write" },
  "profile.change": { application: "users", level: "write", wholeStructure: true },
  "profile.preset": "mainManager",
  "review.start": "mainManager",
  "request.answer": { application: "memberships.approve", level: "write" },
  "manager.name": "mainManager",
  "journal.read": { application: "activityLog", level: "read", wholeStructure: true },
} as const satisfies Record<string, Need>;

export type Action = keyof typeof permissionTable;

/** The service an object carries: its id, null for an object of the structure itself, "any" to ask « somewhere? ». */
export type Target = { readonly serviceId?: number | null | "any" };

/**
 * The decision: union of grants only, denied by default. A main manager holds everything on the whole structure.
 * @param now the instant of the act: a grant has dates of its own
 */
export function isAllowed(member: Member, action: Action, target: Target, now: Date): boolean {
  const need: Need = permissionTable[action];
  if (need === "attached" || member.role === "mainManager") return true;
  if (need === "mainManager") return false;
  const serviceId = need.wholeStructure ? null : (target.serviceId ?? null);
  return member.grants.some((grant) => isInForce(grant, now) && covers(grant, need, serviceId));
}

/** Whether a grant counts at this instant: from its start (included) to its end (excluded). */
export function isInForce(grant: Grant, now: Date): boolean {
  return (grant.startsAt === null || grant.startsAt <= now) && (grant.endsAt === null || now < grant.endsAt);
}

/** Whether a right is what an act needs, dates aside. */
export function covers(
  grant: Pick<Grant, "application" | "level" | "serviceId">,
  need: { application: string; level: Level },
  serviceId: number | null | "any",
): boolean {
  if (
    grant.application !== need.application &&
    !(grant.application === "users" && need.application === "memberships.approve")
  )
    return false;
  if (need.level === "write" && grant.level !== "write") return false;
  return grant.serviceId === null || serviceId === "any" || grant.serviceId === serviceId;
}

/** RIG-05. Whether `member` holds a right herself, which is what it takes to give it. */
export function holds(
  member: Member,
  given: { application: string; level: Level; serviceId: number | null },
  now: Date,
): boolean {
  if (member.role === "mainManager") return true;
  return member.grants.some((grant) => isInForce(grant, now) && covers(grant, given, given.serviceId));
}

/** RIG-05. What of a gift its giver does not hold; nobody gives more than that being empty. */
export function beyondWhatIsHeld<G extends { application: string; level: Level; serviceId: number | null }>(
  member: Member,
  gift: readonly G[],
  now: Date,
): readonly G[] {
  return gift.filter((one) => !holds(member, one, now));
}
