import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endClaims } from "../../managers/index.ts";
import { endMemberships, endWhatWaits, findLivingMembership } from "../../memberships/index.ts";
import {
  endDeactivationRequest,
  findDeactivationRequest,
  findOpenDeactivationRequest,
  insertDeactivationRequest,
} from "../deactivation-store.ts";
import {
  type AnswerRefusal,
  type DeactivationRefusal,
  decideDeactivation,
  isToArchive,
  refuseAnswer,
} from "../domain/deactivation.ts";
import { structureEvent, structureFacts } from "../domain/events.ts";
import { lockStructure } from "../replacement-store.ts";
import { countTouchedByClosing, findStructure, type StructureRow, updateStructure } from "../store.ts";
import { lapseDeactivation } from "./deactivation-requests.ts";
import { cancelPlanned } from "./replacement.ts";
import { actsForOwn, type ChangeRefusal } from "./structures.ts";

type Handle = { readonly structureId: number; readonly version: number };

/**
 * § 7.6. « Désactiver », by a main manager who typed the name: a private structure closes; of a public one, the operator is
 * asked, and it stays active until she agrees. Answers which.
 * @param operators their addresses
 */
export async function deactivateByManager(
  tx: Tx,
  input: Handle & { readonly typedName: string; readonly reason: string },
  operators: readonly string[],
  by: { readonly accountId: number },
  actor: Actor,
  now: Date,
): Promise<Result<"deactivated" | "asked", ChangeRefusal | { readonly code: DeactivationRefusal }>> {
  const { structureId, version, reason } = input;
  const structure = await lockStructure(tx, structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  const hasOpenRequest = (await findOpenDeactivationRequest(tx, structureId)) !== undefined;
  const decision = decideDeactivation({ ...structure, ...input, hasOpenRequest });
  if (decision.kind === "refuse") return refused({ code: decision.code });
  if (structure.version !== version) return refused({ code: "CHANGED_MEANWHILE" });
  if (decision.kind === "deactivate") {
    await close(tx, structure, { reason }, actor, now);
    return accepted("deactivated");
  }
  await insertDeactivationRequest(tx, { structureId, accountId: by.accountId, reason, askedAt: now });
  const more = { reason, transient: { operators } };
  await publish(tx, structureEvent("DeactivationAsked", structureFacts(structure), actor, more));
  return accepted("asked");
}

/** Closes a structure of any kind, as who may do so for the portal decided. */
export async function deactivateStructure(
  tx: Tx,
  input: Handle & { readonly reason: string },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal | { readonly code: "WRONG_STATE" }>> {
  const structure = await lockStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.state !== "active") return refused({ code: "WRONG_STATE" });
  if (structure.version !== input.version) return refused({ code: "CHANGED_MEANWHILE" });
  await close(tx, structure, input, actor, now);
  return accepted(null);
}

/** What waits in it ends, nothing more can be asked of it, everything can still be read. Its row is locked. */
async function close(
  tx: Tx,
  structure: StructureRow,
  why: { readonly reason: string; readonly onBehalfOf?: string },
  actor: Actor,
  now: Date,
): Promise<void> {
  const { id, version } = structure;
  const change = { state: "inactive", deactivatedAt: now, deactivationReason: why.reason || null };
  await updateStructure(tx, id, version, change, now);
  await endWhatWaits(tx, id, "La structure est désactivée.", actor, now);
  await cancelPlanned(tx, structure, actor, now);
  await lapseDeactivation(tx, structure, actor, now);
  const { reason, onBehalfOf } = why;
  await publish(
    tx,
    structureEvent("StructureDeactivated", structureFacts(structure), actor, {
      reason,
      ...(onBehalfOf ? { onBehalfOf } : {}),
    }),
  );
}

/**
 * § 7.6. The operator agrees, and the structure closes; or refuses with a reason, and it stays active. Sees everything: she
 * is no member.
 */
export async function answerDeactivation(
  tx: Tx,
  input: { readonly requestId: number; readonly answer: "agree" | "refuse"; readonly reason: string },
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly structureName: string }, { readonly code: AnswerRefusal }>> {
  const found = await findDeactivationRequest(tx, input.requestId);
  const structure = found && (await lockStructure(tx, found.structureId));
  const request = structure && (await findDeactivationRequest(tx, input.requestId));
  if (!request) return refused({ code: "NOT_FOUND" });
  const requester = await findLivingMembership(tx, request.accountId, structure.id);
  const refusal = refuseAnswer(input.answer, {
    state: request.state,
    structureState: structure.state,
    isOwnStructure: await actsForOwn(tx, structure.id, actor),
    requesterManages: requester?.role === "mainManager" && requester.state === "active",
  });
  if (refusal) return refused({ code: refusal });
  const answered = { answeredBy: actor.accountId, answeredAt: now };
  if (input.answer === "refuse") {
    const { reason } = input;
    await endDeactivationRequest(tx, request.id, { ...answered, state: "refused", answer: reason });
    await publish(tx, structureEvent("DeactivationRefused", structureFacts(structure), actor, { reason }));
  } else {
    await endDeactivationRequest(tx, request.id, { ...answered, state: "agreed", answer: "" });
    const { reason, requesterName } = request;
    await close(tx, structure, { reason, onBehalfOf: requesterName }, actor, now);
  }
  return accepted({ structureName: structure.displayName });
}

/**
 * § 7.6. A structure that stayed deactivated goes to the archives, which the operator alone reads: its people are told, then
 * detached, and its number is free. Answers whether it still had to. Running it again changes nothing.
 */
export async function archiveStructure(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const structure = await lockStructure(tx, structureId);
  if (!structure || !isToArchive(structure, now)) return false;
  const { people } = await countTouchedByClosing(tx, structureId, now);
  // before they are detached: it is to them that it is told
  await publish(
    tx,
    structureEvent("StructureArchived", structureFacts(structure), actor, {
      before: { state: "inactive", rattachements: people },
      after: { state: "archived", rattachements: 0 },
    }),
  );
  // before the attachments: one that is being accepted is waited for, and ends with them
  await endClaims(tx, structureId, actor, now);
  await endMemberships(tx, structureId, "structureArchived", now);
  await updateStructure(tx, structureId, structure.version, { state: "archived" }, now);
  return true;
}

/** The structure is as it was: attachments and rights resume, services keep their own dates. */
export async function reactivateStructure(
  tx: Tx,
  input: Handle,
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal | { readonly code: "WRONG_STATE" }>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.state !== "inactive") return refused({ code: "WRONG_STATE" });
  const change = { state: "active", deactivatedAt: null, deactivationReason: null };
  if (!(await updateStructure(tx, structure.id, input.version, change, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  await publish(tx, structureEvent("StructureReactivated", structureFacts(structure), actor));
  return accepted(null);
}
