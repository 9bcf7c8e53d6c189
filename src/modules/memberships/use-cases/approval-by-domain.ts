import type { Tx } from "../../../platform/database/index.ts";
import { publish, thePortal } from "../../../platform/events.ts";
import { type DomainApproval, domainStanding, type StructureRow } from "../../structures/index.ts";
import { isApprovedByDomain, type RequestDecision } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import { isAnsweredAlone, type Wish } from "../domain/wishes.ts";
import { peopleToTell, personFacts, provedAddressOf } from "../people-store.ts";
import { closeRequest, pastIn } from "../requests-store.ts";
import { standingOf } from "./attach.ts";
import { type Gift, type GivenRights, loadGivable, readGift } from "./gift.ts";
import { attachRequester } from "./requester.ts";

/** A request just kept, and what would become of it otherwise. */
type JustAsked = {
  readonly requestId: number;
  readonly accountId: number;
  readonly structure: StructureRow;
  readonly wishes: readonly Wish[];
  readonly message: string;
  readonly decision: RequestDecision["kind"];
};

/**
 * MEM-20. Approves a request by itself where its author's address is of a domain that the structure has proved, and where
 * a main manager has switched that on; answers what was given, in words, or null: it waits like any other.
 */
export async function approveByDomain(tx: Tx, asked: JustAsked, now: Date): Promise<string | null> {
  const { accountId, structure } = asked;
  const address = await provedAddressOf(tx, accountId);
  if (address === null) return null;
  const { domain, approval } = await domainStanding(tx, structure.id, address);
  const offered = approval && (await giftOf(tx, structure.id, approval, now));
  const isApproved = isApprovedByDomain({
    decision: asked.decision,
    isOfProvedDomain: domain !== null,
    isSwitchedOn: approval !== null,
    proof: standingOf(structure).proof,
    hasManager: (await peopleToTell(tx, structure.id, "managers")).length > 0,
    ...(await pastIn(tx, { accountId, address }, structure.id)),
    asksToManage: isAnsweredAlone(asked.wishes),
    gives: offered === null || offered.given.grants.length === 0 ? "nothing" : offered.given.scope,
  });
  if (!isApproved || domain === null || offered === null) return null;
  await attachRequester(tx, { accountId, structureId: structure.id }, { ...offered, attachedBy: null }, now);
  await closeRequest(tx, asked.requestId, { state: "approved", answeredBy: null, now });
  const { words } = offered.given;
  await publish(
    tx,
    membershipEvent(
      "MembershipRequestApproved",
      structure.id,
      {
        structureName: structure.displayName,
        person: await personFacts(tx, accountId),
        requestId: asked.requestId,
        message: asked.message,
        given: words,
        domain,
      },
      thePortal,
      {
        after: { niveau: offered.gift.scope, droits: words },
        reason: `automatiquement, par le domaine prouvé ${domain}`,
      },
    ),
  );
  return words;
}

/** The set that the structure proposes first, less what would let one attach others: nobody looked at who receives it. */
async function giftOf(
  tx: Tx,
  structureId: number,
  { scope, serviceIds }: DomainApproval,
  now: Date,
): Promise<{ readonly gift: Gift; readonly given: GivenRights } | null> {
  const givable = await loadGivable(tx, structureId, now);
  const managesUsers = givable.preset.lines.some(
    (one) => one.application === "users" && one.level === "write",
  );
  const gift: Gift = {
    scope,
    serviceIds: serviceIds.filter((id) => givable.services.some((one) => one.id === id)),
    profile: givable.preset.code,
    mayAccept: false,
    adjustment: managesUsers ? { users: "read" } : {},
    startsAt: null,
    endsAt: null,
  };
  const given = readGift(givable, gift, now);
  return given.ok ? { gift, given: given.value } : null;
}
