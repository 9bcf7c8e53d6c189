import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { membershipEvent } from "../domain/events.ts";
import { listAllInvitations } from "../invitations-store.ts";
import { closeRequest, listAllRequests } from "../requests-store.ts";
import { revokeInvitation } from "./invitations.ts";
import { factsOf } from "./requests.ts";

/** How many requests and invitations of a structure wait for an answer. */
export async function countWaiting(
  tx: Tx,
  structureId: number,
): Promise<{ readonly requests: number; readonly invitations: number }> {
  const [requests, invitations] = await Promise.all([
    listAllRequests(tx, structureId),
    listAllInvitations(tx, structureId),
  ]);
  return { requests: requests.length, invitations: invitations.length };
}

/**
 * Ends what waits in a structure that closes or changes its identifier: requests are refused with the reason, which their
 * authors read; invitations are cancelled.
 */
export async function endWhatWaits(
  tx: Tx,
  structureId: number,
  reason: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  for (const request of await listAllRequests(tx, structureId)) {
    const answer = {
      state: "refused",
      answeredBy: actor.accountId,
      reason: "OTHER",
      text: reason,
      now,
    } as const;
    if (!(await closeRequest(tx, request.id, answer))) continue;
    const facts = await factsOf(tx, request);
    await publish(tx, membershipEvent("MembershipRequestRefused", structureId, facts, actor, { reason }));
  }
  for (const { id } of await listAllInvitations(tx, structureId))
    await revokeInvitation(tx, id, { structureId }, actor, now);
}
