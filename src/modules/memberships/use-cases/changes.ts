import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, theClock } from "../../../platform/events.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { beyondWhatIsHeld, isAllowed, type Member } from "../../rights/index.ts";
import { findStructure } from "../../structures/index.ts";
import { type MembershipRefusal, refuseChange } from "../domain/decisions.ts";
import { type MembershipEventType, membershipEvent } from "../domain/events.ts";
import { isExpiring, renewedEnd } from "../domain/expiry.ts";
import { addedRights, copyRights, type RightLine, type RightsOf } from "../domain/rights-changes.ts";
import { startOf } from "../domain/start.ts";
import { type GrantLine, listGrants, replaceGrants } from "../grants-store.ts";
import { personFacts } from "../people-store.ts";
import { findMembership, lockManagers, type MembershipRow, setServices, updateMembership } from "../store.ts";

type Act = Parameters<typeof refuseChange>[0];
/** Who acts on an attachment: a member of its structure, or the clock, which is nobody and may act on anybody. */
type Acting = {
  readonly structureId: number;
  readonly role: Member["role"] | "clock";
  readonly accountId: number | null;
};
type Answer = Result<{ name: string }, MembershipRefusal>;

/** Loads the attachment, locks the managers of its structure, and asks the rules; then does and journals. */
async function change(
  tx: Tx,
  request: {
    readonly membershipId: number;
    readonly act: Act;
    /** The event told; null when the caller tells one of its own. */
    readonly type: MembershipEventType | null;
    readonly reason?: string;
  },
  actorMember: Acting,
  actor: Actor,
  apply: (
    target: MembershipRow,
  ) => Promise<Result<{ before?: unknown; after?: unknown; given?: string }, MembershipRefusal>>,
): Promise<Answer> {
  const activeManagers = await lockManagers(tx, actorMember.structureId);
  const target = await findMembership(tx, actorMember.structureId, request.membershipId);
  if (!target || target.state === "ended") return refused({ code: "NOT_FOUND" });
  const refusal = refuseChange(request.act, {
    isSelf: target.accountId === actorMember.accountId,
    targetRole: target.role,
    targetState: target.state,
    actorRole: actorMember.role,
    activeManagers,
  });
  if (refusal) return refused({ code: refusal });
  const done = await apply(target);
  if (!done.ok) return done;
  const person = await personFacts(tx, target.accountId);
  if (request.type === null) return accepted({ name: person.name });
  const structure = await findStructure(tx, target.structureId);
  const { before, after, given } = done.value;
  const membershipId = target.id;
  await publish(
    tx,
    membershipEvent(
      request.type,
      target.structureId,
      { structureName: structure!.displayName, person, membershipId, ...(given ? { given } : {}) },
      actor,
      {
        before,
        after,
        ...(request.reason ? { reason: request.reason } : {}),
      },
    ),
  );
  return accepted({ name: person.name });
}

/**
 * RIG-07. Whether somebody may act on this person: a manager of services only on people of her own services; on who has no
 * open service left, a manager of the whole structure.
 */
export function mayActOn(
  member: Member,
  targetServices: readonly number[],
  scope: "structure" | "service",
  now: Date,
): boolean {
  if (scope === "structure" || targetServices.length === 0)
    return isAllowed(member, "member.change", { serviceId: null }, now);
  return targetServices.every((serviceId) => isAllowed(member, "member.change", { serviceId }, now));
}

/** MEM-13. Ends the attachment: rights end at the next request, other structures are untouched. */
export function detachUser(
  tx: Tx,
  input: { membershipId: number; reason: string },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId: input.membershipId, act: "detach", type: "UserDetached", reason: input.reason },
    by,
    actor,
    async (target) => {
      await updateMembership(
        tx,
        target.id,
        { state: "ended", endedAt: now, endReason: input.reason || "detached" },
        now,
      );
      return accepted({});
    },
  );
}

/** The person leaves by herself. */
export function leaveStructure(
  tx: Tx,
  membershipId: number,
  self: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(tx, { membershipId, act: "leave", type: "MemberLeft" }, self, actor, async (target) => {
    await updateMembership(tx, target.id, { state: "ended", endedAt: now, endReason: "left" }, now);
    return accepted({});
  });
}

/**
 * The person does not know the structure that attached her: her attachment stops at once, until somebody there has
 * looked (organisation.md 20, case 37).
 */
export function disownMembership(
  tx: Tx,
  membershipId: number,
  self: Acting,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const request = { membershipId, act: "disown", type: "MembershipDisowned" } as const;
  return change(tx, request, self, actor, async (target) => {
    await updateMembership(tx, target.id, { state: "suspended", suspendedAt: now }, now);
    return accepted({});
  });
}

export function suspendMembership(
  tx: Tx,
  membershipId: number,
  by: Acting,
  actor: Actor,
  now: Date,
  reason?: string,
): Promise<Answer> {
  return change(
    tx,
    { membershipId, act: "suspend", type: "MembershipSuspended", ...(reason ? { reason } : {}) },
    by,
    actor,
    async (target) => {
      await updateMembership(tx, target.id, { state: "suspended", suspendedAt: now }, now);
      return accepted({});
    },
  );
}

/** The clock as who acts in a structure. */
export const clockIn = (structureId: number): Acting => ({ accountId: null, structureId, role: "clock" });

/** The clock suspends somebody, unless she is the last main manager (MGR-03); answers whether it did. */
export async function suspendByClock(
  tx: Tx,
  input: { readonly structureId: number; readonly membershipId: number; readonly reason: string },
  now: Date,
): Promise<boolean> {
  const clock = clockIn(input.structureId);
  return (await suspendMembership(tx, input.membershipId, clock, theClock, now, input.reason)).ok;
}

/** Somebody else confirms that the person still works here, with the rights she has. */
export function keepMembership(
  tx: Tx,
  membershipId: number,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(tx, { membershipId, act: "keep", type: "MembershipKept" }, by, actor, async (target) => {
    await updateMembership(tx, target.id, { reviewedAt: now }, now);
    return accepted({});
  });
}

export function resumeMembership(
  tx: Tx,
  membershipId: number,
  by: Acting,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(tx, { membershipId, act: "resume", type: "MembershipResumed" }, by, actor, async (target) => {
    if (target.scope === "service" && target.openServiceIds.length === 0)
      return refused({ code: "NO_OPEN_SERVICE" });
    const inForce = { state: "active", suspendedAt: null, suspensionReason: null } as const;
    await updateMembership(tx, target.id, inForce, now);
    return accepted({});
  });
}

/**
 * Gives a person these rights instead of hers, where the giver manages people (RIG-07); what is added must be held by the
 * giver (RIG-05).
 */
export function changeGrants(
  tx: Tx,
  input: RightsOf & {
    readonly membershipId: number;
    /** The version that the giver has read, where she chose from it. */
    readonly version?: number;
    /** When it starts, as long as it has not; null: at once, or as it was. */
    readonly startsAt?: Date | null;
    readonly endsAt: Date | null;
  },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId: input.membershipId, act: "changeRights", type: "GrantsChanged" },
    by,
    actor,
    async (target) => {
      if (input.version !== undefined && input.version !== target.version)
        return refused({ code: "CHANGED_MEANWHILE" });
      const before = linesOf(await listGrants(tx, target.id));
      const startsAt = target.startsAt > now && input.startsAt !== undefined ? startOf(input, now) : null;
      const start = startsAt ?? target.startsAt;
      if (input.endsAt !== null && input.endsAt <= now) return refused({ code: "END_IS_PAST" });
      if (input.endsAt !== null && input.endsAt <= start) return refused({ code: "ENDS_BEFORE_IT_STARTS" });
      if (input.scope === "service" && input.serviceIds.length === 0) return refused({ code: "NO_SERVICE" });
      if (!mayActOn(by, input.serviceIds, input.scope, now)) return refused({ code: "NOT_YOUR_SERVICES" });
      if (beyondWhatIsHeld(by, addedRights(before, input.grants), now).length > 0)
        return refused({ code: "CANNOT_GRANT_MORE" });
      const { scope, endsAt } = input;
      await updateMembership(tx, target.id, { scope, endsAt, ...(startsAt ? { startsAt } : {}) }, now);
      await setServices(tx, target, input.serviceIds);
      await replaceGrants(tx, target, input.grants, by.accountId, now);
      return accepted({ before, after: input.grants });
    },
  );
}

const linesOf = (grants: readonly RightLine[]): readonly RightLine[] =>
  grants.map(({ application, level, serviceId }) => ({ application, level, serviceId }));

/** Gives rights on top of those a person has; told as what they answer, by who asks for it. */
export function addGrants(
  tx: Tx,
  input: { readonly membershipId: number; readonly lines: readonly RightLine[] },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId: input.membershipId, act: "changeRights", type: null },
    by,
    actor,
    async (target) => {
      if (target.state !== "active") return refused({ code: "IS_SUSPENDED" });
      if (beyondWhatIsHeld(by, input.lines, now).length > 0) return refused({ code: "CANNOT_GRANT_MORE" });
      const before = await rightsOf(tx, target);
      const { grants } = copyRights({ ...before, grants: input.lines }, before, "add");
      await replaceGrants(tx, target, grants, by.accountId, now);
      return accepted({});
    },
  );
}

/** The rights of an attachment, as they are copied and compared. */
export async function rightsOf(tx: Tx, member: MembershipRow): Promise<RightsOf> {
  const grants = (await listGrants(tx, member.id)).map(({ application, level, serviceId, givenSet }) => ({
    application,
    level,
    serviceId,
    givenSet,
  }));
  return { scope: member.scope, serviceIds: member.openServiceIds, grants };
}

/** Gives an attachment another end, or none. */
export function changeEndDate(
  tx: Tx,
  input: { membershipId: number; endsAt: Date | null },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId: input.membershipId, act: "changeRights", type: "MembershipEndChanged" },
    by,
    actor,
    async (target) => {
      if (input.endsAt !== null && input.endsAt <= now) return refused({ code: "END_IS_PAST" });
      await updateMembership(tx, target.id, { endsAt: input.endsAt }, now);
      return accepted({
        before: { fin: target.endsAt },
        after: { fin: input.endsAt },
        given: input.endsAt ? `jusqu'au ${toFrenchDateTime(input.endsAt)}` : "sans date de fin",
      });
    },
  );
}

/** Gives an attachment about to end one more year; a second click finds it renewed and is refused. */
export function renewMembership(
  tx: Tx,
  membershipId: number,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId, act: "changeRights", type: "MembershipEndChanged" },
    by,
    actor,
    async (target) => {
      if (!isExpiring(target.endsAt, now)) return refused({ code: "NOT_EXPIRING" });
      const endsAt = renewedEnd(target.endsAt);
      await updateMembership(tx, target.id, { endsAt }, now);
      return accepted({
        before: { fin: target.endsAt },
        after: { fin: endsAt },
        given: `jusqu'au ${toFrenchDateTime(endsAt)}`,
      });
    },
  );
}

/** Makes a member main manager, in force from now on and attached to the whole structure without end (MGR-05). */
export async function makeMainManager(
  tx: Tx,
  member: Pick<MembershipRow, "id" | "structureId" | "startsAt">,
  namedBy: number | null,
  now: Date,
): Promise<void> {
  await setServices(tx, member, []);
  await updateMembership(
    tx,
    member.id,
    {
      role: "mainManager",
      scope: "structure",
      state: "active",
      ...(member.startsAt > now ? { startsAt: now } : {}),
      endsAt: null,
      suspendedAt: null,
      managerSince: now,
      managerNamedBy: namedBy,
    },
    now,
  );
}

/** Takes the role away from a main manager, who becomes a user with these rights. The caller has seen that others stay. */
export async function makeUser(
  tx: Tx,
  member: Pick<MembershipRow, "id" | "structureId">,
  grants: readonly GrantLine[],
  givenBy: number | null,
  now: Date,
): Promise<void> {
  await updateMembership(tx, member.id, { role: "member" }, now);
  await replaceGrants(tx, member, grants, givenBy, now);
}

/** Gives the role up and becomes a user with these rights; refused to the last one (MGR-03). */
export function renounceMainManager(
  tx: Tx,
  membershipId: number,
  self: Member,
  grants: readonly GrantLine[],
  actor: Actor,
  now: Date,
): Promise<Answer> {
  return change(
    tx,
    { membershipId, act: "demote", type: "MainManagerRenounced" },
    self,
    actor,
    async (target) => {
      await makeUser(tx, target, grants, self.accountId, now);
      return accepted({ before: { role: "mainManager" }, after: { role: "member" } });
    },
  );
}
