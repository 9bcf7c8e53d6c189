import type { Tx } from "../../../platform/database/index.ts";
import { startOf } from "../domain/start.ts";
import { insertMembership } from "../store.ts";
import type { Gift, GivenRights } from "./gift.ts";

/** Attaches whoever asked, with what is given. */
export async function attachRequester(
  tx: Tx,
  { accountId, structureId }: { readonly accountId: number; readonly structureId: number },
  {
    gift,
    given,
    attachedBy,
  }: { readonly gift: Gift; readonly given: GivenRights; readonly attachedBy: number | null },
  now: Date,
): Promise<void> {
  await insertMembership(tx, {
    accountId,
    structureId,
    role: "member",
    scope: gift.scope,
    origin: "request",
    attachedBy,
    startsAt: startOf(gift, now),
    endsAt: gift.endsAt,
    comment: "",
    serviceIds: given.serviceIds,
    grants: given.grants,
    now,
  });
}
