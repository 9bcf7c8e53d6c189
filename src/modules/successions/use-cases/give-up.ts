import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { followServices, lockManagers, personFacts } from "../../memberships/index.ts";
import { applicationLabel, type Member } from "../../rights/index.ts";
import { findStructure, lockServices, type ServiceRow, updateService } from "../../structures/index.ts";
import { closingEvent, followedEvent, type SuccessionFacts, successionEvent } from "../domain/events.ts";
import { givingBack, type Right } from "../domain/followed-rights.ts";
import { type GivingUpRefusal, isReplaced, mayDecide, refuseGivingUp } from "../domain/succession.ts";
import {
  type ClosedService,
  type FollowedPerson,
  leaveService,
  listClosed,
  listFollowed,
  listRightsOn,
  lockSuccession,
  markSuccession,
  putRight,
  removeRight,
  type SuccessionRow,
} from "../store.ts";

/**
 * Gives up a succession that is planned, or undoes one that is done, for seven days: its services have their dates again,
 * and the rights that had followed go. What somebody changed meanwhile stays as it is. Answers it, in sentences.
 */
export async function giveUpSuccession(
  tx: Tx,
  input: { readonly structureId: number; readonly successionId: number },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Result<readonly string[], GivingUpRefusal>> {
  const { structureId } = input;
  await lockManagers(tx, structureId);
  const succession = await lockSuccession(tx, structureId, input.successionId);
  if (!succession) return refused({ code: "NOT_FOUND" });
  const structure = (await findStructure(tx, structureId))!;
  const closed = await listClosed(tx, succession.id);
  const services = await lockServices(tx, structureId, [
    ...closed.map((one) => one.serviceId),
    succession.successorId,
  ]);
  const successor = services.find((one) => one.id === succession.successorId)!;
  const facts = { structureState: structure.state, isSuccessorReplaced: isReplaced(successor, now) };
  const refusal = refuseGivingUp(succession, facts, now);
  if (refusal) return refused(refusal);
  const followed = await listFollowed(tx, succession.id);
  if (followed.length > 0 && !mayDecide(by, now)) return refused({ code: "PEOPLE_NOT_YOURS" });

  const closing = services.filter((one) => one.id !== successor.id);
  const leftAsIs: string[] = [];
  for (const one of closed) {
    const service = closing.find((other) => other.id === one.serviceId);
    if (service) leftAsIs.push(...(await openAgain(tx, succession, successor, service, one, actor, now)));
  }
  const told: SuccessionFacts = {
    structureName: structure.displayName,
    successor: { id: successor.id, code: successor.code },
    closing: closing.map(({ id, code }) => ({ id, code })),
    at: succession.takesEffectAt,
    people: [],
    leftOut: [],
    leftAsIs,
  };
  const people: string[] = [];
  for (const person of followed) {
    const back = await takeBack(tx, succession, successor, person, closing);
    leftAsIs.push(...back.leftAsIs);
    if (!back.isReturned) continue;
    people.push(person.name);
    const change = { before: person.given.map(({ right }) => right), after: back.restored };
    const known = await personFacts(tx, person.accountId);
    await publish(
      tx,
      followedEvent("RightsReturned", structureId, { ...told, person: known }, actor, change),
    );
  }
  const state = succession.state === "planned" ? "cancelled" : "undone";
  const end = { state, givenUpAt: now, givenUpByLabel: actor.label, leftAsIs } as const;
  await markSuccession(tx, succession.id, end);
  const type = state === "cancelled" ? "SuccessionCancelled" : "SuccessionUndone";
  await publish(tx, successionEvent(type, structureId, { ...told, people, leftAsIs }, actor));
  await followServices(tx, structureId, now);
  return accepted(leftAsIs);
}

/** Gives a service the end it had, unless somebody changed it; answers what stays, in sentences. */
async function openAgain(
  tx: Tx,
  succession: SuccessionRow,
  successor: ServiceRow,
  service: ServiceRow,
  { endedAtBefore }: ClosedService,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const isSame = (one: Date | null, other: Date | null) => one?.getTime() === other?.getTime();
  const isAsLeft =
    service.successorId === succession.successorId &&
    (isSame(service.endsAt, succession.takesEffectAt) || isSame(service.endsAt, endedAtBefore));
  if (!isAsLeft) return [`${service.code} : ses dates ont été changées depuis, elles restent.`];
  await updateService(tx, service, { endsAt: endedAtBefore, successorId: null, told: null }, now);
  await publish(
    tx,
    closingEvent("ServiceGivenBack", succession.structureId, service, successor, actor, {
      before: { fin: service.endsAt, successeur: successor.code },
      after: { fin: endedAtBefore, successeur: null },
    }),
  );
  const isDisabledSince =
    service.disabledAt !== null && service.disabledAt.getTime() > succession.decidedAt.getTime();
  return isDisabledSince ? [`${service.code} : désactivé depuis, il le reste.`] : [];
}

/** Takes from one person what had followed her, as far as nobody changed it. */
async function takeBack(
  tx: Tx,
  { structureId, successorId, doneAt }: SuccessionRow,
  successor: ServiceRow,
  person: FollowedPerson,
  closing: readonly ServiceRow[],
) {
  const member = { id: person.membershipId, structureId };
  const leftAsIs: string[] = [];
  const restored: Right[] = [];
  if (person.state === "ended") {
    const says = `${person.name} a quitté la structure depuis : rien ne lui est rendu.`;
    return { isReturned: false, restored, leftAsIs: [says] };
  }
  const standing = await listRightsOn(tx, member.id, [successorId, ...closing.map((one) => one.id)]);
  const standingOn = (serviceId: number) => standing.filter((one) => one.serviceId === serviceId);
  const taken = new Set<string>();
  for (const { right, before, beforeGiven } of person.given) {
    const present = standingOn(successorId).find((one) => one.application === right.application);
    const verdict = givingBack(right, present, doneAt!);
    if (verdict === "changed")
      leftAsIs.push(
        `${person.name} : « ${applicationLabel(right.application)} » sur ${successor.code} a été changé depuis, ce droit reste.`,
      );
    if (verdict !== "asGiven") continue;
    taken.add(right.application);
    if (before && beforeGiven) {
      await putRight(tx, member, before, beforeGiven);
      restored.push(before);
    } else await removeRight(tx, member.id, right);
  }
  const others = standingOn(successorId).some((one) => !taken.has(one.application));
  if (person.joined && others)
    leftAsIs.push(
      `${person.name} reste dans ${successor.code} : d'autres droits lui y ont été donnés depuis.`,
    );
  const leaves = person.joined && !others && person.serviceIds.includes(successorId);
  if (leaves) await leaveService(tx, member.id, successorId);
  for (const service of closing) {
    const kept = new Set(standingOn(service.id).map((one) => one.application));
    const lost = person.held.filter((one) => one.serviceId === service.id && !kept.has(one.application));
    if (lost.length > 0)
      leftAsIs.push(
        `${person.name} : ${lost.map((one) => `« ${applicationLabel(one.application)} »`).join(", ")} sur ${service.code} retiré depuis, à redonner s'il le faut.`,
      );
  }
  return { isReturned: taken.size > 0 || leaves, restored, leftAsIs };
}
