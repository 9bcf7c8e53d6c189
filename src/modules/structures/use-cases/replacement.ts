import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { needsSecondManager } from "../../bank-accounts/index.ts";
import { endClaims } from "../../managers/index.ts";
import { endMemberships, endWhatWaits, lockManagers } from "../../memberships/index.ts";
import { structureEvent, structureFacts } from "../domain/events.ts";
import {
  type ReplacementRefusal,
  refuseReplacement,
  refuseUndo,
  replacementTexts,
  type UndoRefusal,
} from "../domain/replacement.ts";
import {
  copyStructure,
  countActsSinceCopy,
  countToCopy,
  endChange,
  type IdentifierChange,
  insertChange,
  lockDoneChange,
  lockPlannedChange,
  lockStructure,
  markReplaced,
  takeBackReplacement,
} from "../replacement-store.ts";
import type { PostalAddress } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { lapseDeactivation } from "./deactivation-requests.ts";
import { lockIdentifier } from "./structures.ts";

export type ReplaceRefusal = ReplacementRefusal | "NOT_FOUND";
type NewNumber = {
  /** Of the same type as the present one, read and well formed. */
  readonly identifierValue: string;
  readonly reason: string;
};
/** What the register said of the new number, and what the deployment wants of bank details. */
export type ReplacementTerms = {
  readonly registryCheck: "none" | "confirmed" | "pending";
  /** Where the register says the new establishment is; null keeps the address. */
  readonly address: PostalAddress | null;
  readonly bankFourEyes: boolean;
};
/** The copy that was made, null when it is for later. */
type ReplacementAnswer = Result<
  { readonly copyId: number | null; readonly displayName: string },
  { readonly code: ReplaceRefusal }
>;
type Asked = NewNumber & { readonly structureId: number; readonly version: number };
type By = { readonly accountId: number };

/**
 * A structure gets another number: a copy of it takes its place, and it stays to be read, pointing to the copy. Identifiers
 * name structures in invoices, so the number of one is never rewritten. Source: organisation.md 7.5. Sees everything.
 */
export async function replaceStructure(
  tx: Tx,
  input: Asked & ReplacementTerms,
  by: By,
  actor: Actor,
  now: Date,
): Promise<ReplacementAnswer> {
  const ready = await lockForChange(tx, input);
  if (!ready.ok) return ready;
  const { structure, activeManagers } = ready.value;
  const copyId = await putCopyInPlace(tx, structure, { ...input, activeManagers }, by.accountId, actor, now);
  const { identifierValue, reason } = input;
  await insertChange(tx, {
    structureId: structure.id,
    identifierValue,
    reason,
    effectiveAt: now,
    plannedBy: by.accountId,
    copyId,
    now,
  });
  return accepted({ copyId, displayName: structure.displayName });
}

/** Plans it for a later day: its managers are told, and any of them may cancel it until then. Sees everything. */
export async function planReplacement(
  tx: Tx,
  input: Asked & { readonly effectiveAt: Date },
  by: By,
  actor: Actor,
  now: Date,
): Promise<ReplacementAnswer> {
  const ready = await lockForChange(tx, input);
  if (!ready.ok) return ready;
  const { structure } = ready.value;
  const { identifierValue, reason, effectiveAt } = input;
  await insertChange(tx, {
    structureId: structure.id,
    identifierValue,
    reason,
    effectiveAt,
    plannedBy: by.accountId,
    copyId: null,
    now,
  });
  await publish(
    tx,
    structureEvent("IdentifierChangePlanned", structureFacts(structure), actor, {
      before: { identifiant: structure.identifierValue },
      after: { identifiant: identifierValue, dateDEffet: effectiveAt },
      ...(reason ? { reason } : {}),
    }),
  );
  return accepted({ copyId: null, displayName: structure.displayName });
}

/** Locks a structure and the number it is to have, and checks what holds at once as on a later day. */
async function lockForChange(
  tx: Tx,
  input: Asked,
): Promise<
  Result<
    { readonly structure: StructureRow; readonly activeManagers: number },
    { readonly code: ReplaceRefusal }
  >
> {
  const activeManagers = await lockManagers(tx, input.structureId);
  const structure = await lockStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.version !== input.version) return refused({ code: "CHANGED_MEANWHILE" });
  if (await lockPlannedChange(tx, structure.id)) return refused({ code: "ALREADY_PLANNED" });
  const refusal = await refuseNow(tx, structure, input);
  return refusal ? refused({ code: refusal }) : accepted({ structure, activeManagers });
}

async function refuseNow(
  tx: Tx,
  structure: StructureRow,
  { identifierValue, reason }: NewNumber,
): Promise<ReplacementRefusal | null> {
  const refusal = refuseReplacement({ ...structure, newValue: identifierValue, reason });
  if (refusal) return refusal;
  const { identifierType } = structure;
  return (await lockIdentifier(tx, { identifierType, identifierValue })) ? "IDENTIFIER_TAKEN" : null;
}

async function putCopyInPlace(
  tx: Tx,
  structure: StructureRow,
  input: NewNumber & ReplacementTerms & { readonly activeManagers: number },
  by: number,
  actor: Actor,
  now: Date,
  onBehalfOf?: string,
): Promise<number> {
  const { identifierValue, reason, registryCheck, address, bankFourEyes, activeManagers } = input;
  const copied = await countToCopy(tx, structure.id);
  await endWhatWaits(
    tx,
    structure.id,
    "La structure a changé d'identifiant : refaites votre demande.",
    actor,
    now,
  );
  await lapseDeactivation(tx, structure, actor, now);
  const copyId = await copyStructure(tx, {
    structureId: structure.id,
    identifierValue,
    registryCheck,
    address,
    bankAccountsWait: needsSecondManager({ fourEyes: bankFourEyes, activeManagers }),
    by,
    now,
  });
  await markReplaced(tx, structure.id, copyId, now);
  const change = {
    before: { identifiant: structure.identifierValue },
    after: { identifiant: identifierValue, ...copied },
    ...(reason ? { reason } : {}),
    ...(onBehalfOf ? { onBehalfOf } : {}),
  };
  await publish(tx, structureEvent("StructureReplaced", structureFacts(structure), actor, change));
  const facts = { structureId: copyId, structureName: structure.displayName };
  await publish(tx, structureEvent("StructureCopied", facts, actor, change));
  return copyId;
}

/**
 * The day of a planned change: done if it still may be, otherwise given up, and its managers told why. Running it again
 * changes nothing, for a change is planned once. Sees everything.
 * @param terms what the register says that day, or why it forbids the change
 * @returns what became of it; null when it no longer waits, or is not due
 */
export async function carryOutPlanned(
  tx: Tx,
  structureId: number,
  terms: Result<ReplacementTerms, ReplacementRefusal>,
  actor: Actor,
  now: Date,
): Promise<"done" | "failed" | null> {
  const activeManagers = await lockManagers(tx, structureId);
  const structure = await lockStructure(tx, structureId);
  const planned = await lockPlannedChange(tx, structureId);
  if (!structure || !planned || planned.effectiveAt > now) return null;
  if (!terms.ok) return giveUp(tx, structure, planned, terms.refusal, actor, now);
  const refusal = await refuseNow(tx, structure, planned);
  if (refusal) return giveUp(tx, structure, planned, refusal, actor, now);
  const input = { ...planned, ...terms.value, activeManagers };
  const { plannedBy, plannedByName } = planned;
  const copyId = await putCopyInPlace(tx, structure, input, plannedBy, actor, now, plannedByName);
  await endChange(tx, planned.id, { state: "done", copyId }, now);
  return "done";
}

async function giveUp(
  tx: Tx,
  structure: StructureRow,
  planned: IdentifierChange,
  refusal: ReplacementRefusal,
  actor: Actor,
  now: Date,
): Promise<"failed"> {
  const failure = replacementTexts[refusal].text;
  await endChange(tx, planned.id, { state: "failed", failure }, now);
  const more = { after: { identifiant: planned.identifierValue }, reason: failure };
  await publish(tx, structureEvent("IdentifierChangeFailed", structureFacts(structure), actor, more));
  return "failed";
}

/** Gives a planned change up, before its day. Answers the number that will not be taken. */
export async function cancelPlanned(
  tx: Tx,
  structure: Pick<StructureRow, "id" | "displayName">,
  actor: Actor,
  now: Date,
): Promise<Result<Pick<IdentifierChange, "identifierValue">, { readonly code: "NOTHING_PLANNED" }>> {
  // in the order in which the clock takes them, or each would wait for the other
  await lockStructure(tx, structure.id);
  const planned = await lockPlannedChange(tx, structure.id);
  if (!planned) return refused({ code: "NOTHING_PLANNED" });
  await endChange(tx, planned.id, { state: "cancelled" }, now);
  const more = { before: { identifiant: planned.identifierValue, dateDEffet: planned.effectiveAt } };
  await publish(tx, structureEvent("IdentifierChangeCancelled", structureFacts(structure), actor, more));
  return accepted(planned);
}

/** Why the last change of a structure may not be undone; null when it may. Sees everything. */
export async function refuseUndoOf(
  tx: Tx,
  change: { readonly structureId: number; readonly copyId: number; readonly endedAt: Date },
  now: Date,
): Promise<UndoRefusal | null> {
  const replaced = await findStructure(tx, change.structureId);
  const copy = await findStructure(tx, change.copyId);
  const actsSince = await countActsSinceCopy(tx, change.copyId);
  const states = { replaced: replaced?.state ?? "", copy: copy?.state ?? "" };
  return refuseUndo({ doneAt: change.endedAt, states, actsSince }, now);
}

/** STR-11. Undoes a mistaken change: the first structure is as it was, its copy is archived. Sees everything. */
export async function undoReplacement(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly displayName: string }, { readonly code: UndoRefusal }>> {
  await lockManagers(tx, structureId);
  const structure = await lockStructure(tx, structureId);
  const change = await lockDoneChange(tx, structureId);
  if (!structure || !change) return refused({ code: "UNDO_NOTHING" });
  await lockManagers(tx, change.copyId);
  await lockStructure(tx, change.copyId);
  const refusal = await refuseUndoOf(tx, change, now);
  if (refusal) return refused({ code: refusal });
  await endClaims(tx, change.copyId, actor, now);
  await endMemberships(tx, change.copyId, "identifierChangeUndone", now);
  await takeBackReplacement(tx, { structureId, copyId: change.copyId }, now);
  await endChange(tx, change.id, { state: "undone", copyId: change.copyId }, now);
  const more = {
    before: { identifiant: change.identifierValue },
    after: { identifiant: structure.identifierValue },
  };
  await publish(tx, structureEvent("IdentifierChangeUndone", structureFacts(structure), actor, more));
  const facts = { structureId: change.copyId, structureName: structure.displayName };
  await publish(tx, structureEvent("IdentifierChangeUndone", facts, actor, more));
  return accepted({ displayName: structure.displayName });
}
