import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { domainStanding } from "../../structures/index.ts";
import { membershipEvent } from "../domain/events.ts";
import { listLivingMembershipsOf, personFacts } from "../people-store.ts";

/**
 * MEM-20, § 5.2. Tells the managers of the structures where a person works that her new sign-in address, unlike the one
 * she had, is of none of their proved domains: they alone know whether she still works for them.
 */
export async function tellOfNewAddress(
  tx: Tx,
  { accountId, before }: { readonly accountId: number; readonly before: string },
  actor: Actor,
): Promise<void> {
  const person = await personFacts(tx, accountId);
  for (const { structureId, structureName, membershipId } of await listLivingMembershipsOf(tx, accountId)) {
    const { domain } = await domainStanding(tx, structureId, before);
    if (domain === null || (await domainStanding(tx, structureId, person.address)).domain !== null) continue;
    const facts = { structureName, person, membershipId, domain };
    await publish(tx, membershipEvent("MembershipAddressLeftDomains", structureId, facts, actor));
  }
}
