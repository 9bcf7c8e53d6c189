import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, theClock } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { followServices, lockManagers, personFacts } from "../../memberships/index.ts";
import { holds, type Member } from "../../rights/index.ts";
import { readMember } from "../../sessions/index.ts";
import {
  findStructure,
  listAllServices,
  lockServices,
  type ServiceRow,
  type StructureRow,
  updateService,
} from "../../structures/index.ts";
import {
  closingEvent,
  followedEvent,
  type NamedService,
  type SuccessionFacts,
  successionEvent,
} from "../domain/events.ts";
import { type FollowingRight, rightsThatFollow } from "../domain/followed-rights.ts";
import {
  awaitedAt,
  endOf,
  mayDecide,
  refuseSuccession,
  type SuccessionRefusal,
} from "../domain/succession.ts";
import {
  enqueueSuccession,
  type Follower,
  findGiver,
  insertSuccession,
  joinService,
  keepFollowed,
  listClosed,
  listFollowers,
  lockSuccession,
  markSuccession,
  putRight,
  type SuccessionRow,
} from "../store.ts";

export type SuccessionInput = {
  readonly structureId: number;
  readonly serviceIds: readonly number[];
  readonly successorId: number;
  /** Null: at once. */
  readonly at: Date | null;
};

/** What would follow of one person. */
export type Following = {
  readonly follower: Follower;
  readonly joins: boolean;
  readonly rights: readonly FollowingRight[];
  readonly leftOut: readonly FollowingRight[];
};

export type WeighedSuccession = {
  readonly structure: StructureRow;
  readonly closing: readonly ServiceRow[];
  readonly successor: ServiceRow;
  readonly at: Date;
  readonly following: readonly Following[];
};

/**
 * SRV-10. What replacing some services by another would do, checked; nothing is changed. Who decides gives the rights that
 * follow, so she must hold them (RIG-05); her own do not follow (RIG-06).
 */
export async function weighSuccession(
  tx: Tx,
  input: SuccessionInput,
  by: Member,
  now: Date,
): Promise<Result<WeighedSuccession, SuccessionRefusal>> {
  const { structureId, successorId } = input;
  const at = input.at ?? now;
  const serviceIds = [...new Set(input.serviceIds)];
  await lockManagers(tx, structureId);
  const structure = (await findStructure(tx, structureId))!;
  const found = await lockServices(tx, structureId, [...serviceIds, successorId]);
  const closing = found.filter((one) => serviceIds.includes(one.id));
  const successor = found.find((one) => one.id === successorId);
  const refusal = refuseSuccession(
    {
      structureState: structure.state,
      closing,
      askedCount: serviceIds.length,
      successor,
      at,
      awaited: awaitedAt(await listAllServices(tx, structureId), at, now),
    },
    now,
  );
  if (refusal) return refused(refusal);
  const followers = await listFollowers(tx, structureId, serviceIds, now);
  if (followers.length > 0 && !mayDecide(by, now)) return refused({ code: "PEOPLE_NOT_YOURS" });
  const following = followers.map((one) => followingOf(one, serviceIds, successorId, by, now));
  if (following.some((one) => one.leftOut.length > 0 && one.follower.accountId !== by.accountId))
    return refused({ code: "CANNOT_GRANT_MORE" });
  return accepted({ structure, closing, successor: successor!, at, following });
}

/** What follows of one person when `giver` gives it; nothing of a giver who is gone, nor of her own rights. */
function followingOf(
  follower: Follower,
  closing: readonly number[],
  successorId: number,
  giver: Member | null,
  now: Date,
): Following {
  const due = rightsThatFollow(follower.rights, new Set(closing), successorId);
  const mayGive = ({ right }: FollowingRight) =>
    giver !== null && giver.accountId !== follower.accountId && holds(giver, right, now);
  const rights = due.filter(mayGive);
  const leftOut = due.filter((one) => !mayGive(one));
  const isThere = follower.serviceIds.some((id) => closing.includes(id));
  const followsAtAll = rights.length > 0 || (leftOut.length === 0 && giver !== null);
  return {
    follower,
    joins:
      follower.scope === "service" &&
      isThere &&
      followsAtAll &&
      giver?.accountId !== follower.accountId &&
      !follower.serviceIds.includes(successorId),
    rights,
    leftOut,
  };
}

/** « Fusionner / remplacer »: now, or planned for a date. Answers the number of what was decided. */
export async function replaceServices(
  tx: Tx,
  input: SuccessionInput,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Result<number, SuccessionRefusal>> {
  const weighed = await weighSuccession(tx, input, by, now);
  if (!weighed.ok) return weighed;
  const { structure, closing, successor, at } = weighed.value;
  const { structureId } = input;
  const id = await insertSuccession(tx, {
    structureId,
    successorId: successor.id,
    takesEffectAt: at,
    decidedAt: now,
    decidedBy: by.accountId,
    decidedByLabel: actor.label,
    closing,
  });
  for (const service of closing) {
    const endsAt = endOf(service, at, now);
    await updateService(tx, service, { endsAt, successorId: successor.id, told: null }, now);
    const change = {
      before: { fin: service.endsAt, successeur: null },
      after: { fin: endsAt, successeur: successor.code },
    };
    await publish(tx, closingEvent("ServiceReplaced", structureId, service, successor, actor, change));
  }
  if (at <= now) {
    await carryOut(tx, (await lockSuccession(tx, structureId, id))!, by, actor, now);
    return accepted(id);
  }
  const facts = factsOf(structure, { successor, closing, at }, weighed.value.following);
  await publish(tx, successionEvent("SuccessionPlanned", structureId, facts, actor));
  await enqueueSuccession(tx, id, at);
  return accepted(id);
}

/**
 * Carries out a succession whose date has come, under the rights that who decided it has now. It may run twice, on
 * several instances: the second finds it done. Answers whether it did it. The transaction must see everything.
 */
export async function carryOutDue(
  tx: Tx,
  due: { readonly id: number; readonly structureId: number },
  now: Date,
): Promise<boolean> {
  await lockManagers(tx, due.structureId);
  const succession = await lockSuccession(tx, due.structureId, due.id);
  if (succession?.state !== "planned" || succession.takesEffectAt > now) return false;
  if ((await stillClosing(tx, succession)).length === 0) {
    // all were opened again while the structure slept: there is nothing to follow
    const end = { state: "cancelled", givenUpAt: now, givenUpByLabel: theClock.label, leftAsIs: [] } as const;
    await markSuccession(tx, succession.id, end);
    return false;
  }
  const decider = await readMember(tx, succession.decidedBy, due.structureId);
  await carryOut(tx, succession, decider && mayDecide(decider, now) ? decider : null, theClock, now);
  return true;
}

/** The services that a succession closes, but those that somebody opened again: they have no successor any more. */
async function stillClosing(tx: Tx, succession: SuccessionRow): Promise<readonly ServiceRow[]> {
  const ids = (await listClosed(tx, succession.id)).map((one) => one.serviceId);
  const services = await lockServices(tx, succession.structureId, ids);
  return services.filter((one) => one.successorId === succession.successorId);
}

async function carryOut(
  tx: Tx,
  succession: SuccessionRow,
  giver: Member | null,
  actor: Actor,
  now: Date,
): Promise<void> {
  const { id, structureId, successorId } = succession;
  const structure = (await findStructure(tx, structureId))!;
  const closing = await stillClosing(tx, succession);
  const closingIds = closing.map((one) => one.id);
  const successor = { id: successorId, code: succession.successorCode };
  const followers = await listFollowers(tx, structureId, closingIds, now);
  const following = followers.map((one) => followingOf(one, closingIds, successorId, giver, now));
  const isClosing = new Set(closingIds);
  for (const one of following) await follow(tx, succession, one, isClosing, now);
  // who decided has just said so
  for (const service of closing) await updateService(tx, service, { told: "ended" }, now);
  await markSuccession(tx, id, { state: "done", doneAt: now });
  const facts = factsOf(structure, { successor, closing, at: succession.takesEffectAt }, following);
  await publish(tx, successionEvent("SuccessionDone", structureId, facts, actor));
  for (const { follower, joins, rights } of following) {
    if (!joins && rights.length === 0) continue;
    const person = await personFacts(tx, follower.accountId);
    await publish(
      tx,
      followedEvent("RightsFollowed", structureId, { ...facts, person }, actor, {
        before: rights.flatMap((right) => right.before ?? []),
        after: rights.map(({ right }) => right),
      }),
    );
  }
  await followServices(tx, structureId, now);
}

/** Gives one person what follows her, and keeps what it takes to give it back. */
async function follow(
  tx: Tx,
  succession: SuccessionRow,
  following: Following,
  closing: ReadonlySet<number>,
  now: Date,
): Promise<void> {
  const { follower, joins, rights, leftOut } = following;
  const { structureId, successorId, decidedBy } = succession;
  const member = { id: follower.membershipId, structureId };
  const joined = joins && (await joinService(tx, member, successorId));
  const given = [];
  for (const one of rights) {
    const beforeGiven = one.before && ((await findGiver(tx, member.id, one.right)) ?? null);
    await putRight(tx, member, one.right, { by: decidedBy, at: now });
    given.push({ ...one, beforeGiven });
  }
  await keepFollowed(tx, succession, {
    membershipId: member.id,
    joined,
    held: follower.rights.filter((right) => right.serviceId !== null && closing.has(right.serviceId)),
    given,
    leftOut: leftOut.map(({ right }) => right),
  });
}

function factsOf(
  structure: StructureRow,
  what: { readonly successor: NamedService; readonly closing: readonly NamedService[]; readonly at: Date },
  following: readonly Following[],
): SuccessionFacts {
  const name = ({ code, id }: NamedService) => ({ id, code });
  return {
    structureName: structure.displayName,
    successor: name(what.successor),
    closing: what.closing.map(name),
    at: what.at,
    people: following
      .filter((one) => one.joins || one.rights.length > 0)
      .map(({ follower }) => follower.name),
    leftOut: following.filter((one) => one.leftOut.length > 0).map(({ follower }) => follower.name),
    leftAsIs: [],
  };
}
