import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  findLivingMembership,
  insertMembership,
  lockManagers,
  makeMainManager,
  requestMembership,
  updateMembership,
} from "../../memberships/index.ts";
import { findStructure } from "../../structures/index.ts";
import { type ClaimRefusal, objectionUntil, refuseClaimAnswer, refuseOpening } from "../domain/claim.ts";
import { type ClaimEventType, type ClaimFacts, type ClaimPerson, claimEvent } from "../domain/events.ts";
import {
  answerClaim,
  type ClaimRow,
  claimStanding,
  insertClaim,
  listMainManagers,
  listOpenClaims,
  lockClaim,
  markManaged,
} from "../store.ts";

type Answer = Result<{ structureName: string; structureId: number }, { readonly code: ClaimRefusal }>;

/**
 * A person asks to take over a structure whose managers are gone. All of them, and the structure's own address, are
 * told and can stop it. The transaction must see everything: she may be no member.
 */
export async function openClaim(
  tx: Tx,
  input: { readonly structureId: number; readonly accountId: number; readonly justification: string },
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  const standing = await claimStanding(tx, structure.id, input.accountId);
  const living = await findLivingMembership(tx, input.accountId, structure.id);
  const refusal = refuseOpening(
    {
      ...standing,
      structure: structure.state === "active" ? "active" : "inactive",
      claimantIsManager: living?.role === "mainManager" && living.state === "active",
    },
    now,
  );
  if (refusal) return refused({ code: refusal });
  const id = await insertClaim(tx, { ...input, openedAt: now, objectionUntil: objectionUntil(now) });
  const claim = (await lockClaim(tx, id))!;
  await publish(tx, claimEvent("ManagerClaimOpened", claim, factsOf(claim), actor, claim.justification));
  return accepted({ structureName: claim.structureName, structureId: claim.structureId });
}

/** CLM-03. A present manager stops the claim: she is there, and it goes on as a request that she may answer. */
export const stopClaim = (
  tx: Tx,
  input: { claimId: number; structureId: number },
  actor: Actor,
  now: Date,
): Promise<Answer> => answer(tx, { ...input, kind: "stop", reason: "" }, actor, now);

/** The claimant gives her claim up. */
export const withdrawClaim = (tx: Tx, input: { claimId: number }, actor: Actor, now: Date): Promise<Answer> =>
  answer(tx, { ...input, kind: "withdraw", reason: "" }, actor, now);

/** The operator decides: refuses at any time with a reason, accepts once the objection days are over. */
export const decideClaim = (
  tx: Tx,
  input: { claimId: number; kind: "accept" | "refuse"; reason: string },
  actor: Actor,
  now: Date,
): Promise<Answer> => answer(tx, input, actor, now);

/** § 7.6. A structure goes to the archives: nobody takes it over any more, and who asked to is told. */
export async function endClaims(tx: Tx, structureId: number, actor: Actor, now: Date): Promise<void> {
  for (const { id } of await listOpenClaims(tx, [structureId]))
    await answer(tx, { claimId: id, kind: "refuse", reason: "La structure est archivée." }, actor, now);
}

const outcomes = {
  stop: { state: "stopped", type: "ManagerClaimStopped" },
  withdraw: { state: "withdrawn", type: "ManagerClaimWithdrawn" },
  accept: { state: "accepted", type: "ManagerClaimAccepted" },
  refuse: { state: "refused", type: "ManagerClaimRefused" },
} as const satisfies Record<string, { state: ClaimRow["state"]; type: ClaimEventType }>;

async function answer(
  tx: Tx,
  input: { claimId: number; structureId?: number; kind: keyof typeof outcomes; reason: string },
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const claim = await lockClaim(tx, input.claimId);
  if (!claim || (input.structureId !== undefined && claim.structureId !== input.structureId))
    return refused({ code: "NOT_FOUND" });
  const isOwnClaim = claim.accountId === actor.accountId;
  const refusal = refuseClaimAnswer(input.kind, { ...claim, isOwnClaim }, now);
  if (refusal) return refused({ code: refusal });
  const { state, type } = outcomes[input.kind];
  const replaced = input.kind === "accept" ? await takeOver(tx, claim, actor, now) : [];
  await answerClaim(tx, claim.id, { state, answeredBy: actor.accountId, reason: input.reason, now });
  const becomesRequest = input.kind === "stop" && (await becomeRequest(tx, claim, now));
  const facts = { ...factsOf(claim), replaced, ...(becomesRequest ? { becomesRequest: true as const } : {}) };
  await publish(tx, claimEvent(type, claim, facts, actor, input.reason));
  return accepted({ structureName: claim.structureName, structureId: claim.structureId });
}

/** Asks in the claimant's name to be attached, with what she said; false when there is nothing to ask. */
async function becomeRequest(tx: Tx, claim: ClaimRow, now: Date): Promise<boolean> {
  const claimant: Actor = { accountId: claim.accountId, label: claim.claimantName, means: "system" };
  const { accountId, structureId } = claim;
  const message = claim.justification.slice(0, 500);
  const asked = await requestMembership(
    tx,
    { accountId, structureId, scope: "structure", serviceIds: [], wishes: [], message },
    claimant,
    now,
  );
  // attached at once by the domain of her address, she asks for nothing any more (MEM-20)
  return asked.ok && asked.value.given === null;
}

/** The claimant becomes main manager; the absent ones stay attached, suspended and without the role. */
async function takeOver(tx: Tx, claim: ClaimRow, actor: Actor, now: Date): Promise<readonly ClaimPerson[]> {
  const { structureId, accountId } = claim;
  await lockManagers(tx, structureId);
  const replaced = (await listMainManagers(tx, structureId)).filter((one) => one.accountId !== accountId);
  const living = await findLivingMembership(tx, accountId, structureId);
  if (living) await makeMainManager(tx, living, actor.accountId, now);
  else
    await insertMembership(tx, {
      accountId,
      structureId,
      role: "mainManager",
      scope: "structure",
      origin: "claim",
      attachedBy: actor.accountId,
      startsAt: now,
      endsAt: null,
      comment: "",
      serviceIds: [],
      grants: [],
      now,
    });
  for (const one of replaced)
    await updateMembership(
      tx,
      one.membershipId,
      { role: "member", state: "suspended", suspendedAt: now },
      now,
    );
  await markManaged(tx, structureId);
  return replaced;
}

function factsOf(claim: ClaimRow): ClaimFacts {
  return {
    structureName: claim.structureName,
    structureEmail: claim.structureEmail,
    claimant: {
      accountId: claim.accountId,
      address: claim.claimantEmail,
      firstName: claim.claimantFirstName,
      name: claim.claimantName,
    },
    replaced: [],
  };
}
