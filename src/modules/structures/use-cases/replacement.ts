import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { lockManagers } from "../../memberships/index.ts";
import { structureEvent } from "../domain/events.ts";
import { type ReplacementRefusal, refuseReplacement } from "../domain/replacement.ts";
import { copyStructure, countToCopy, lockStructure, markReplaced } from "../replacement-store.ts";
import type { PostalAddress } from "../store.ts";
import { lockIdentifier } from "./structures.ts";

export type ReplaceRefusal = ReplacementRefusal | "IDENTIFIER_TAKEN" | "CHANGED_MEANWHILE" | "NOT_FOUND";

/**
 * A structure gets another number: a copy of it takes its place, and it stays to be read, pointing to the copy. Identifiers
 * name structures in invoices, so the number of one is never rewritten. Source: organisation.md 7.5. Sees everything.
 */
export async function replaceStructure(
  tx: Tx,
  input: {
    readonly structureId: number;
    readonly version: number;
    /** Of the same type as the present one, read and well formed. */
    readonly identifierValue: string;
    readonly reason: string;
    readonly registryCheck: "none" | "confirmed" | "pending";
    /** Where the register says the new establishment is; null keeps the address. */
    readonly address: PostalAddress | null;
  },
  by: { readonly accountId: number },
  actor: Actor,
  now: Date,
): Promise<
  Result<{ readonly structureId: number; readonly displayName: string }, { readonly code: ReplaceRefusal }>
> {
  await lockManagers(tx, input.structureId);
  const before = await lockStructure(tx, input.structureId);
  if (!before) return refused({ code: "NOT_FOUND" });
  if (before.version !== input.version) return refused({ code: "CHANGED_MEANWHILE" });
  const { identifierValue, reason, registryCheck, address } = input;
  const refusal = refuseReplacement({ ...before, newValue: identifierValue, reason });
  if (refusal) return refused({ code: refusal });
  if (await lockIdentifier(tx, { identifierType: before.identifierType, identifierValue }))
    return refused({ code: "IDENTIFIER_TAKEN" });
  const copied = await countToCopy(tx, before.id);
  const structureId = await copyStructure(tx, {
    structureId: before.id,
    identifierValue,
    registryCheck,
    address,
    by: by.accountId,
    now,
  });
  await markReplaced(tx, before.id, structureId, now);
  const structureName = before.displayName;
  const change = {
    before: { identifiant: before.identifierValue },
    after: { identifiant: identifierValue, ...copied },
    ...(reason ? { reason } : {}),
  };
  await publish(
    tx,
    structureEvent("StructureReplaced", { structureId: before.id, structureName }, actor, change),
  );
  await publish(tx, structureEvent("StructureCopied", { structureId, structureName }, actor, change));
  return accepted({ structureId, displayName: structureName });
}
