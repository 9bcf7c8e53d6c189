import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { maskEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { structureEvent } from "../domain/events.ts";
import {
  decideSending,
  decideTry,
  type LastCode,
  PROOF_CODE_BYTES,
  PROOF_CODE_LIFE_MS,
  PROOF_CODE_WINDOW_MS,
  proofCode,
  readProofCode,
  type SendRefusal,
  type TryRefusal,
} from "../domain/proof-code.ts";
import {
  countCodesSince,
  countTry,
  endCodes,
  insertProofCode,
  lastProofCode,
  lockProof,
  officialAddress,
  type Proved,
  saveOfficialAddress,
} from "../proof-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { actsForOwn, confirmProof, type StateRefusal } from "./structures.ts";

/** Fifty bits of chance that live an hour: a plain digest, tied to what the code proves, is enough. */
const hashOfCode = ({ structureId, domain }: Proved, code: string): Buffer =>
  createHash("sha256")
    .update([structureId, ...(domain === null ? [] : [domain]), code].join(":"))
    .digest();

/** Makes a code, kept hashed; answers it for the mail. */
export async function issueCode(tx: Tx, proved: Proved, now: Date): Promise<string> {
  const code = proofCode(randomBytes(PROOF_CODE_BYTES));
  await insertProofCode(tx, {
    ...proved,
    codeHash: hashOfCode(proved, code),
    sentAt: now,
    expiresAt: new Date(now.getTime() + PROOF_CODE_LIFE_MS),
  });
  return code;
}

/** The last code sent for a proof, before what was typed. */
export async function compareCode(
  tx: Tx,
  proved: Proved,
  typed: string,
): Promise<(LastCode & { readonly id: number }) | null> {
  const last = await lastProofCode(tx, proved);
  return last
    ? { ...last, matches: timingSafeEqual(last.codeHash, hashOfCode(proved, readProofCode(typed))) }
    : null;
}

/** What proves who acts for the structure itself. */
const own = (structureId: number): Proved => ({ structureId, domain: null });

const factsOf = (structure: StructureRow) => ({
  structureId: structure.id,
  structureName: structure.displayName,
});

/** The operator says where a public structure is officially reached; codes sent elsewhere serve no more. */
export async function keepOfficialAddress(
  tx: Tx,
  { structureId, address }: { readonly structureId: number; readonly address: string },
  actor: Actor,
  now: Date,
): Promise<Result<null, StateRefusal>> {
  const structure = await findStructure(tx, structureId);
  if (structure?.kind !== "public") return refused({ code: "NOT_FOUND" });
  if (await actsForOwn(tx, structureId, actor)) return refused({ code: "OWN_STRUCTURE" });
  await lockProof(tx, structureId);
  const before = await officialAddress(tx, structureId);
  await saveOfficialAddress(tx, { structureId, address, keptAt: now });
  await endCodes(tx, own(structureId), now);
  await publish(
    tx,
    structureEvent("OfficialAddressKept", factsOf(structure), actor, {
      before: before === null ? null : { adresseOfficielle: maskEmail(before) },
      after: { adresseOfficielle: maskEmail(address) },
    }),
  );
  return accepted(null);
}

/** PRV-01. Sends a code to the official address of a structure. The transaction sees everything. */
export async function sendProofCode(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<Result<null, SendRefusal>> {
  await lockProof(tx, structureId);
  const structure = (await findStructure(tx, structureId))!;
  const decision = decideSending({
    proofState: structure.proofState,
    address: await officialAddress(tx, structureId),
    sentInWindow: await countCodesSince(tx, own(structureId), new Date(now.getTime() - PROOF_CODE_WINDOW_MS)),
  });
  if (!decision.ok) return decision;
  const code = await issueCode(tx, own(structureId), now);
  await publish(tx, {
    ...structureEvent("ProofCodeSent", factsOf(structure), actor),
    transient: { code, address: decision.value.address },
  });
  return accepted(null);
}

/** PRV-02. Tries a code; the right one verifies the structure at once. A wrong one is counted and journaled. */
export async function tryProofCode(
  tx: Tx,
  { structureId, typed }: { readonly structureId: number; readonly typed: string },
  actor: Actor,
  now: Date,
): Promise<Result<null, TryRefusal>> {
  await lockProof(tx, structureId);
  const structure = (await findStructure(tx, structureId))!;
  const last = await compareCode(tx, own(structureId), typed);
  const decision = decideTry({ proofState: structure.proofState, last }, now);
  if (decision.ok) {
    await endCodes(tx, own(structureId), now);
    await confirmProof(tx, structureId, actor, now);
  } else if (decision.refusal.code === "WRONG_CODE") {
    await countTry(tx, last!.id);
    await publish(tx, structureEvent("ProofCodeMistyped", factsOf(structure), actor));
  }
  return decision;
}
