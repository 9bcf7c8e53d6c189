import { createHmac } from "node:crypto";
import { createChallenge, type Payload, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { accepted, type Result, refused } from "../../shared/result.ts";
import { challengeTerms } from "./domain/sign-up-proof.ts";

const { algorithm, cost, triesAtLeast, triesAtMost, lifeMs } = challengeTerms;

/** What identifies a challenge that was solved, until it expires. */
export type SolvedChallenge = { readonly nonce: string; readonly expiresAt: Date };

const payloadShape = z.object({
  challenge: z.object({
    parameters: z.looseObject({ nonce: z.string(), expiresAt: z.number() }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

/** A new challenge for a page's island, signed; null where sign-ups ask for no proof. */
export async function newChallenge(config: Config, now: Date): Promise<string | null> {
  if (config.SIGN_UP_PROOF === "off") return null;
  const challenge = await createChallenge({
    algorithm,
    cost,
    deriveKey,
    counter: randomInt(triesAtMost, triesAtLeast),
    expiresAt: new Date(now.getTime() + lifeMs),
    ...secretsOf(config),
  });
  return JSON.stringify(challenge);
}

/** The challenge that an island solved. @returns refused when it is not one of ours, not solved, or too old */
export async function readSolution(
  config: Config,
  text: string,
  now: Date,
): Promise<Result<SolvedChallenge, { readonly code: "PROOF_WRONG" | "PROOF_EXPIRED" }>> {
  const payload = payloadShape.safeParse(parsed(text));
  if (!payload.success) return refused({ code: "PROOF_WRONG" });
  const { challenge, solution } = payload.data as unknown as Payload; // the signature vouches for the other parameters
  const answer = await verifySolution({ challenge, solution, deriveKey, ...secretsOf(config) });
  const { nonce, expiresAt } = payload.data.challenge.parameters;
  const end = new Date(expiresAt * 1000);
  if (answer.expired || (answer.verified && end <= now)) return refused({ code: "PROOF_EXPIRED" });
  return answer.verified ? accepted({ nonce, expiresAt: end }) : refused({ code: "PROOF_WRONG" });
}

function secretsOf(config: Config) {
  const secretFor = (use: string) =>
    createHmac("sha256", config.secret).update(`sign-up ${use}`).digest("hex");
  return { hmacSignatureSecret: secretFor("challenge"), hmacKeySignatureSecret: secretFor("key") };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not a solution
  }
}
