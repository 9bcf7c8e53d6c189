import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { beyondWhatIsHeld, grantsOf, type Member, type ProfileLine } from "../../rights/index.ts";
import { profileEvent } from "../domain/events.ts";
import {
  codeFor,
  defaultAmong,
  type Offer,
  type OfferedProfile,
  offerOf,
  type ProfileRefusal,
  refuseDraft,
} from "../domain/offered-profiles.ts";
import {
  archiveProfile,
  defaultProfileCode,
  keepDefaultProfile,
  keepProfile,
  listHolders,
  listKeptProfiles,
  lockProfiles,
} from "../store.ts";

type Answer<V> = Result<V, { readonly code: ProfileRefusal }>;

/** The sets of rights that the structure offers when rights are given. */
export async function offeredProfiles(tx: Tx, structureId: number): Promise<readonly OfferedProfile[]> {
  return offerOf(await listKeptProfiles(tx, structureId)).offered;
}

/** RIG-01. What a structure offers, and the set that it proposes first when it attaches somebody. */
export async function offerWithDefault(
  tx: Tx,
  structureId: number,
): Promise<Offer & { readonly preset: OfferedProfile }> {
  const offer = offerOf(await listKeptProfiles(tx, structureId));
  return { ...offer, preset: defaultAmong(offer.offered, await defaultProfileCode(tx, structureId)) };
}

/** RIG-01. The set that a structure proposes first when it attaches somebody. */
export async function defaultProfile(tx: Tx, structureId: number): Promise<OfferedProfile> {
  return (await offerWithDefault(tx, structureId)).preset;
}

/** RIG-01. Chooses the set proposed first from now on: in the form of attachments, the answers to requests, the imports. */
export async function chooseDefaultProfile(
  tx: Tx,
  code: string,
  by: Member,
  actor: Actor,
): Promise<Answer<{ readonly name: string }>> {
  const { structureId } = by;
  await lockProfiles(tx, structureId);
  const { offered, preset: before } = await offerWithDefault(tx, structureId);
  const chosen = offered.find((one) => one.code === code);
  if (!chosen) return refused({ code: "NOT_FOUND" });
  if (chosen.code === before.code) return accepted({ name: chosen.name });
  await keepDefaultProfile(tx, structureId, code);
  await publish(
    tx,
    profileEvent("ProfileMadeDefault", structureId, chosen.name, actor, {
      before: { nom: before.name },
      after: { nom: chosen.name },
    }),
  );
  return accepted({ name: chosen.name });
}

export type ProfileDraft = {
  readonly name: string;
  readonly says: string;
  readonly lines: readonly ProfileLine[];
};

/**
 * Adds a set, or changes the one of that code: a ready-made one becomes the structure's own version of it. A set is a
 * template (RIG-02): answers who holds rights given with it, for the manager to say whether they follow.
 */
export async function saveProfile(
  tx: Tx,
  input: {
    readonly edits: { readonly code: string; readonly version: number } | null;
    readonly draft: ProfileDraft;
  },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer<{ readonly holders: readonly number[] }>> {
  const { structureId } = by;
  const { draft, edits } = input;
  await lockProfiles(tx, structureId);
  const { offered, hidden } = offerOf(await listKeptProfiles(tx, structureId));
  const edited = edits && offered.find((one) => one.code === edits.code);
  if (edits && !edited) return refused({ code: "NOT_FOUND" });
  if (edited && edited.version !== edits.version) return refused({ code: "CHANGED_MEANWHILE" });
  const others = [...offered, ...hidden].filter((one) => one.code !== edited?.code);
  const refusal = refuseDraft({
    name: draft.name,
    lines: draft.lines,
    otherNames: others.map((one) => one.name),
    isWithinAuthorsRights: beyondWhatIsHeld(by, grantsOf(draft.lines, null), now).length === 0,
  });
  if (refusal) return refused({ code: refusal });
  const code =
    edited?.code ??
    codeFor(
      draft.name,
      others.map((one) => one.code),
    );
  await keepProfile(
    tx,
    structureId,
    { ...draft, code, hidden: false, version: (edited?.version ?? 0) + 1 },
    { accountId: by.accountId, now },
  );
  await publish(
    tx,
    profileEvent(edited ? "ProfileChanged" : "ProfileAdded", structureId, draft.name, actor, {
      ...(edited ? { before: { nom: edited.name, droits: edited.lines } } : {}),
      after: { nom: draft.name, droits: draft.lines },
    }),
  );
  const holders = edited ? (await listHolders(tx, structureId)).get(edited.name) : undefined;
  return accepted({ holders: holders ?? [] });
}

/** Takes a set out of the offer; whoever holds rights given with it keeps them. The last one stays. */
export async function removeProfile(
  tx: Tx,
  code: string,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer<{ readonly name: string }>> {
  const { structureId } = by;
  await lockProfiles(tx, structureId);
  const { offered } = offerOf(await listKeptProfiles(tx, structureId));
  const removed = offered.find((one) => one.code === code);
  if (!removed) return refused({ code: "NOT_FOUND" });
  if (offered.length === 1) return refused({ code: "LAST_PROFILE" });
  if (code === (await defaultProfileCode(tx, structureId))) return refused({ code: "IS_DEFAULT" });
  const { kind, name, says, lines, version } = removed;
  if (kind === "own") await archiveProfile(tx, structureId, code, now);
  else
    await keepProfile(
      tx,
      structureId,
      { code, name, says, lines, hidden: true, version: version + 1 },
      { accountId: by.accountId, now },
    );
  await publish(tx, profileEvent("ProfileRemoved", structureId, name, actor, { before: { droits: lines } }));
  return accepted({ name });
}

/** Brings a ready-made set back as the portal made it, whether it was adapted or put away. */
export async function restoreProfile(
  tx: Tx,
  code: string,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Answer<{ readonly name: string }>> {
  await lockProfiles(tx, by.structureId);
  const { offered, hidden } = offerOf(await listKeptProfiles(tx, by.structureId));
  const changed = [...hidden, ...offered.filter((one) => one.kind === "adapted")].find(
    (one) => one.code === code,
  );
  if (!changed) return refused({ code: "NOT_FOUND" });
  await archiveProfile(tx, by.structureId, code, now);
  await publish(tx, profileEvent("ProfileRestored", by.structureId, changed.name, actor));
  return accepted({ name: changed.name });
}
