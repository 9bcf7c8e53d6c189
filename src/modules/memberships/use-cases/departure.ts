import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { heldAlone, type ManagedStructure } from "../domain/departure.ts";
import { membershipEvent } from "../domain/events.ts";
import { personFacts } from "../people-store.ts";
import { listOwnRequests } from "../requests-store.ts";
import { listLivingMembershipsOf, lockManagers, updateMembership } from "../store.ts";
import { withdrawRequest } from "./requests.ts";

/**
 * The structures that a person manages alone. Locks the managers of all she manages, always in the same
 * order: of two managers who go at once, the second sees that the first is gone.
 */
export async function structuresHeldAlone(tx: Tx, accountId: number): Promise<readonly ManagedStructure[]> {
  const managed: ManagedStructure[] = [];
  for (const one of await listLivingMembershipsOf(tx, accountId))
    if (one.role === "mainManager" && one.state === "active")
      managed.push({
        structureId: one.structureId,
        name: one.structureName,
        isActive: one.structureState === "active",
        activeManagers: await lockManagers(tx, one.structureId),
      });
  return heldAlone(managed);
}

/** Tells the people of the structures that a person manages that she has not come for long (ACC-11, MGR-08). */
export async function tellOfAbsence(tx: Tx, accountId: number, actor: Actor): Promise<void> {
  const person = await personFacts(tx, accountId);
  for (const { role, structureId, structureName } of await listLivingMembershipsOf(tx, accountId))
    if (role === "mainManager")
      await publish(tx, membershipEvent("MainManagerAbsent", structureId, { structureName, person }, actor));
}

/** Ends every attachment and takes back every request of a person whose account closes (MEM-12). */
export async function leaveEverything(tx: Tx, accountId: number, actor: Actor, now: Date): Promise<void> {
  const person = await personFacts(tx, accountId);
  for (const { id, structureId, structureName } of await listLivingMembershipsOf(tx, accountId)) {
    await updateMembership(tx, id, { state: "ended", endedAt: now, endReason: "accountClosed" }, now);
    await publish(tx, membershipEvent("MemberLeft", structureId, { structureName, person }, actor));
  }
  for (const request of await listOwnRequests(tx, accountId))
    if (request.state === "pending")
      await withdrawRequest(
        tx,
        { accountId, requestId: request.id, structureId: request.structureId },
        actor,
        now,
      );
}
