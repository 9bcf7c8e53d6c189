import type { Tx } from "../../../platform/database/index.ts";
import { theClock } from "../../../platform/events.ts";
import { listToFollowServices, NO_OPEN_SERVICE } from "../expiry-store.ts";
import { updateMembership } from "../store.ts";
import { clockIn, resumeMembership, suspendByClock } from "./changes.ts";

/**
 * MEM-14. In a structure, suspends whoever is attached to services that have all closed, and restores those whom it
 * suspended as soon as one of their services is open again. It may run twice: the second time there is nobody left.
 */
export async function followServices(
  tx: Tx,
  structureId: number,
  now: Date,
): Promise<{ readonly suspended: number; readonly resumed: number }> {
  const report = { suspended: 0, resumed: 0 };
  for (const { id, act } of await listToFollowServices(tx, structureId)) {
    if (act === "resume") {
      const restored = await resumeMembership(tx, id, clockIn(structureId), theClock, now);
      if (restored.ok) report.resumed++;
      continue;
    }
    const reason = "tous ses services sont fermés";
    if (!(await suspendByClock(tx, { structureId, membershipId: id, reason }, now))) continue;
    await updateMembership(tx, id, { suspensionReason: NO_OPEN_SERVICE }, now);
    report.suspended++;
  }
  return report;
}
