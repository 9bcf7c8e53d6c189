import type { Config } from "../../../config.ts";
import type { Database } from "../../../platform/database/index.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { decideUnprovedOfAll, decideUnprovedOfSource } from "../domain/sign-up-proof.ts";
import { readSolution } from "../proof-of-work.ts";
import { spendChallenge } from "../store.ts";
import { countTry } from "./sign-in.ts";

export type ProofRefusal =
  | { readonly code: "PROOF_WRONG" | "PROOF_EXPIRED" | "PROOF_SPENT" }
  | { readonly code: "SIGN_UP_WAIT"; readonly seconds: number };

const eyes = { kind: "system", reason: "nobody is signed in yet" } as const;

/**
 * ACC-15. Whether a sign-up goes on: its browser solved a challenge of ours that never served, or, where no script ran,
 * it is among the few that an hour allows. A wrong proof is no absence of proof: it is refused.
 */
export async function admitSignUp(
  database: Database,
  config: Config,
  input: { proof: string; ip: string },
  now: Date,
): Promise<Result<null, ProofRefusal>> {
  if (config.SIGN_UP_PROOF === "off") return accepted(null);
  if (input.proof === "") return admitUnproved(database, input.ip);
  const solved = await readSolution(config, input.proof, now);
  if (!solved.ok) return solved;
  const isNew = await database.transaction(eyes, (tx) => spendChallenge(tx, solved.value));
  return isNew ? accepted(null) : refused({ code: "PROOF_SPENT" });
}

function admitUnproved(database: Database, ip: string): Promise<Result<null, ProofRefusal>> {
  return database.transaction(eyes, async (tx, now) => {
    const ofSource = await countTry(tx, `sign-up:${ip}`, now, decideUnprovedOfSource);
    const decision =
      ofSource.kind === "wait" ? ofSource : await countTry(tx, "sign-up:all", now, decideUnprovedOfAll);
    return decision.kind === "wait"
      ? refused({ code: "SIGN_UP_WAIT", seconds: decision.seconds })
      : accepted(null);
  });
}
