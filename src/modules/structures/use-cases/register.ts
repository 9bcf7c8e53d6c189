import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type Establishment, isPublicCategory } from "../../register/index.ts";
import { structureEvent } from "../domain/events.ts";
import { isPublished, publication, type RegisterLine, registerUpdate } from "../domain/register-update.ts";
import { isRegistryNews, type RegistryVerdict } from "../domain/registry-check.ts";
import {
  noteRegistrationReminder,
  type StructureToCheck,
  saveRegistryCheck,
} from "../register-check-store.ts";
import { findStructure, updateStructure } from "../store.ts";
import type { ChangeRefusal } from "./structures.ts";

/**
 * IDN-07, STR-07. Notes what the register says of a structure, at last or anew; its people are told of what is new, and
 * nothing closes.
 */
export async function noteRegistryVerdict(
  tx: Tx,
  structure: StructureToCheck,
  verdict: Exclude<RegistryVerdict, { kind: "later" }>,
  actor: Actor,
  now: Date,
): Promise<void> {
  if (!(await saveRegistryCheck(tx, structure, checkOf(verdict), now))) return;
  const facts = { structureId: structure.id, structureName: structure.displayName };
  if (structure.listedInDirectory && verdict.kind !== "absent" && verdict.registryConfidential)
    await publish(
      tx,
      structureEvent("StructureUpdatedFromRegister", facts, actor, {
        before: { registryConfidential: false, listedInDirectory: true },
        after: publication(true),
      }),
    );
  if (!isRegistryNews(structure, verdict)) return;
  const type = verdict.kind === "confirmed" ? "StructureInRegister" : "StructureNotInRegister";
  await publish(tx, structureEvent(type, facts, actor, { after: verdict }));
}

/** What is kept of a verdict; what an answer leaves out is not forgotten. */
function checkOf(verdict: Exclude<RegistryVerdict, { kind: "later" }>) {
  if (verdict.kind === "absent") return { registryCheck: "negative", closedInRegistryOn: null } as const;
  const published = publication(verdict.registryConfidential);
  if (verdict.kind === "closed")
    return { ...published, registryCheck: "negative", closedInRegistryOn: verdict.closedOn } as const;
  const { legalCategory, companyCategory, activityCode } = verdict;
  return {
    ...published,
    ...(legalCategory !== null && { legalCategory }),
    ...(companyCategory !== null && { companyCategory }),
    ...(activityCode !== null && { activityCode }),
    registryCheck: "confirmed",
    closedInRegistryOn: null,
  } as const;
}

export type RegisterUpdateRefusal = ChangeRefusal | { readonly code: "OTHER_KIND" };

/** « Mettre à jour depuis le répertoire », once the person has seen what it changes. */
export async function updateFromRegister(
  tx: Tx,
  input: { readonly structureId: number; readonly version: number; readonly found: Establishment },
  actor: Actor,
  now: Date,
): Promise<Result<{ readonly lines: readonly RegisterLine[] }, RegisterUpdateRefusal>> {
  const { found } = input;
  const before = await findStructure(tx, input.structureId);
  if (!before || before.state === "replaced") return refused({ code: "NOT_FOUND" });
  const update = registerUpdate(before, { ...found, isPublic: isPublicCategory(found.legalCategory) });
  if (!update) return refused({ code: "OTHER_KIND" });
  const change = {
    ...update.change,
    registryCheckedAt: now,
    registerDataAt: isPublished(found) ? now : null,
  };
  if (!(await updateStructure(tx, before.id, input.version, change, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  const facts = { structureId: before.id, structureName: update.change.displayName ?? before.displayName };
  const keys = Object.keys(update.change) as (keyof typeof update.change)[];
  await publish(
    tx,
    structureEvent("StructureUpdatedFromRegister", facts, actor, {
      before: Object.fromEntries(keys.map((key) => [key, before[key]])),
      after: update.change,
    }),
  );
  const { closedOn, isOpen } = found;
  if (!isOpen && isRegistryNews(before, { kind: "closed", closedOn }))
    await publish(
      tx,
      structureEvent("StructureNotInRegister", facts, actor, { after: { kind: "closed", closedOn } }),
    );
  return accepted({ lines: update.lines });
}

/** Reminds a company that waits for its number, once at each term. */
export async function remindRegistration(
  tx: Tx,
  structure: { readonly id: number; readonly displayName: string },
  days: number,
  actor: Actor,
): Promise<void> {
  if (!(await noteRegistrationReminder(tx, structure.id, days))) return;
  const facts = { structureId: structure.id, structureName: structure.displayName };
  await publish(tx, structureEvent("StructureStillUnregistered", facts, actor));
}
