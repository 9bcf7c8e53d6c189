import type { Tx } from "../../../platform/database/index.ts";
import { publish, theClock } from "../../../platform/events.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { findStructure } from "../../structures/index.ts";
import { membershipEvent } from "../domain/events.ts";
import { warningDue } from "../domain/expiry.ts";
import { type ExpiringMembership, endAtItsDate, markWarned } from "../expiry-store.ts";
import { personFacts } from "../people-store.ts";

/** N-20. Announces the end of an attachment, once for each delay; answers whether it did. */
export async function warnOfEnd(tx: Tx, membership: ExpiringMembership, now: Date): Promise<boolean> {
  const days = warningDue(membership, now);
  if (days === null || !(await markWarned(tx, membership, days))) return false;
  await tell(tx, "MembershipExpiring", membership);
  return true;
}

/** Ends an attachment whose end has come; answers whether it did. */
export async function endByDate(tx: Tx, membership: ExpiringMembership, now: Date): Promise<boolean> {
  if (!(await endAtItsDate(tx, membership.id, now))) return false;
  await tell(tx, "MembershipExpired", membership);
  return true;
}

async function tell(
  tx: Tx,
  type: "MembershipExpiring" | "MembershipExpired",
  { id, structureId, accountId, endsAt }: ExpiringMembership,
): Promise<void> {
  const structure = await findStructure(tx, structureId);
  const facts = {
    structureName: structure!.displayName,
    person: await personFacts(tx, accountId),
    membershipId: id,
    given: toFrenchDateTime(endsAt),
  };
  await publish(tx, membershipEvent(type, structureId, facts, theClock, { after: { fin: endsAt } }));
}
