import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endDeactivationRequest, findOpenDeactivationRequest } from "../deactivation-store.ts";
import { structureEvent, structureFacts } from "../domain/events.ts";
import { lockStructure } from "../replacement-store.ts";
import type { StructureRow } from "../store.ts";

type Named = Pick<StructureRow, "id" | "displayName">;

/** § 7.6. A main manager takes the request back: the structure stays as it is. */
export async function withdrawDeactivation(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<Result<null, { readonly code: "NOTHING_ASKED" }>> {
  const structure = await lockStructure(tx, structureId);
  const request = structure && (await findOpenDeactivationRequest(tx, structureId));
  if (!request) return refused({ code: "NOTHING_ASKED" });
  const end = { state: "withdrawn", answeredBy: actor.accountId, answeredAt: now, answer: "" } as const;
  await endDeactivationRequest(tx, request.id, end);
  await publish(tx, structureEvent("DeactivationWithdrawn", structureFacts(structure), actor));
  return accepted(null);
}

/** The structure closed otherwise, or got another number: nobody has to answer any more. */
export async function lapseDeactivation(tx: Tx, structure: Named, actor: Actor, now: Date): Promise<void> {
  await lockStructure(tx, structure.id);
  const request = await findOpenDeactivationRequest(tx, structure.id);
  if (!request) return;
  await endDeactivationRequest(tx, request.id, {
    state: "lapsed",
    answeredBy: null,
    answeredAt: now,
    answer: "",
  });
  await publish(tx, structureEvent("DeactivationLapsed", structureFacts(structure), actor));
}
