import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  type AccountRow,
  accountEvent,
  type Browser,
  completeSignIn,
  countTry,
  decideTry,
  factsOf,
  findAccount,
  forgetFailures,
  personActor,
} from "../../accounts/index.ts";
import { hashOf, renewSession, trustBrowser } from "../../sessions/index.ts";
import { readProof } from "../domain/proof.ts";
import { stepOfCode } from "../domain/totp.ts";
import { unseal } from "../secret-box.ts";
import { countRecoveryCodes, findApplication, takeRecoveryCode, takeStep } from "../store.ts";
import { isPasskeyProof, type PasskeyAnswer, type RelyingParty } from "./passkeys.ts";

export type ProofRefusal =
  | { readonly code: "CODE_WRONG" }
  | { readonly code: "PASSKEY_WRONG" }
  | { readonly code: "CODE_ALREADY_USED" }
  | { readonly code: "CODE_WAIT"; readonly seconds: number };

/** What a proof is weighed with: the database, the secret that keys are sealed by, and who asks for passkeys. */
export type Deps = {
  readonly database: Database;
  readonly secret: string;
  readonly party: () => RelyingParty;
};

/** What the person offers: a code that she typed, or the answer of a passkey. */
export type Offered = { readonly typed: string; readonly passkey: PasskeyAnswer | null };

export const keyContext = (accountId: number): string => `second factor of account ${accountId}`;

const eyes = {
  kind: "system",
  reason: "the person is not signed in until she proves her second factor",
} as const;

/** Takes the second step of a sign-in: the session gets a new token, and the browser is trusted if she asks. */
export async function proveAtSignIn(
  deps: Deps,
  input: { accountId: number; sessionId: number; offered: Offered; trustsBrowser: boolean },
  browser: Browser,
): Promise<Result<{ token: string; trustToken: string | null }, ProofRefusal>> {
  const { accountId, sessionId } = input;
  return withProof(deps, input, browserActor(browser), async (tx, account, now) => {
    const token = await renewSession(tx, sessionId, { now, secondFactor: true });
    await completeSignIn(tx, { account, sessionId, browser }, now);
    if (!input.trustsBrowser) return { token, trustToken: null };
    const trustToken = await trustBrowser(tx, { accountId, userAgent: browser.userAgent, now });
    await publish(tx, accountEvent("BrowserTrusted", factsOf(account), personActor(account, browser)));
    return { token, trustToken };
  });
}

/**
 * Does `act` in the transaction of a proof: the try is counted first, in a transaction of its own, then the code
 * is weighed and taken. A code refused undoes nothing but itself.
 */
export async function withProof<T>(
  { database, secret, party }: Deps,
  input: { accountId: number; offered: Offered },
  actor: Actor | ((account: AccountRow) => Actor),
  act: (tx: Tx, account: AccountRow, now: Date) => Promise<T>,
): Promise<Result<T, ProofRefusal>> {
  const key = `second-factor:${input.accountId}`;
  const tries = await database.transaction(eyes, (tx, now) => countTry(tx, key, now, decideTry));
  if (tries.kind === "wait") return refused({ code: "CODE_WAIT", seconds: tries.seconds });
  return database.transaction(eyes, async (tx, now) => {
    const account = await findAccount(tx, input.accountId);
    if (account?.state !== "active") return refused({ code: "CODE_WRONG" } as const);
    const actorOf = typeof actor === "function" ? actor(account) : actor;
    const { typed, passkey } = input.offered;
    const weighed = passkey
      ? await weighPasskey(tx, { secret, party: party(), accountId: account.id }, passkey, now)
      : await weighCode(tx, { secret, account, typed, actor: actorOf }, now);
    if (!weighed.ok) {
      await publish(tx, accountEvent("SecondFactorFailed", factsOf(account), actorOf));
      return weighed;
    }
    await forgetFailures(tx, key);
    return accepted(await act(tx, account, now));
  });
}

async function weighPasskey(
  tx: Tx,
  known: { secret: string; party: RelyingParty; accountId: number },
  answer: PasskeyAnswer,
  now: Date,
): Promise<Result<null, ProofRefusal>> {
  return (await isPasskeyProof(tx, known, answer, now)) ? accepted(null) : refused({ code: "PASSKEY_WRONG" });
}

async function weighCode(
  tx: Tx,
  { secret, account, typed, actor }: { secret: string; account: AccountRow; typed: string; actor: Actor },
  now: Date,
): Promise<Result<null, ProofRefusal>> {
  const proof = readProof(typed);
  if (proof?.kind === "recoveryCode") {
    if (!(await takeRecoveryCode(tx, account.id, hashOf(proof.code), now)))
      return refused({ code: "CODE_WRONG" });
    const codesLeft = await countRecoveryCodes(tx, account.id);
    await publish(tx, accountEvent("RecoveryCodeUsed", factsOf(account), actor, { after: { codesLeft } }));
    return accepted(null);
  }
  const application = proof && (await findApplication(tx, account.id));
  if (!application) return refused({ code: "CODE_WRONG" });
  const key = unseal(secret, application.sealedKey, keyContext(account.id));
  if (key === null) throw new Error("The key of a second factor was sealed by another UNISSON_SECRET");
  const step = stepOfCode(key, proof.code, now);
  if (step === null) return refused({ code: "CODE_WRONG" });
  return (await takeStep(tx, application.id, step, now))
    ? accepted(null)
    : refused({ code: "CODE_ALREADY_USED" });
}

const browserActor =
  (browser: Browser) =>
  (account: AccountRow): Actor =>
    personActor(account, browser);
