import { generateAuthenticationOptions } from "@simplewebauthn/server";
import type { Database } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  accountEvent,
  type Browser,
  completeSignIn,
  countTry,
  decideTryOfAddress,
  factsOf,
  findAccount,
  giveBackTry,
  personActor,
  spendChallenge,
} from "../../accounts/index.ts";
import { openSession, renewSession } from "../../sessions/index.ts";
import { seal, unseal } from "../secret-box.ts";
import { findHolderOf, findPasskey } from "../store.ts";
import { type PasskeyOptions, type RelyingParty, readAnswer, verifyAnswer } from "./passkeys.ts";
import type { Deps } from "./prove.ts";

const CHALLENGE_MS = 10 * 60_000;
const eyes = { kind: "system", reason: "nobody is signed in yet" } as const;

export type PasskeySignInRefusal =
  | { readonly code: "PASSKEY_WRONG" }
  | { readonly code: "SIGN_IN_WAIT"; readonly seconds: number };

const context = (browserKey: string) => `passkey sign-in of browser ${browserKey}`;

/** What a browser offers its passkeys with, before anybody said who she is; the challenge is sealed for this browser. */
export async function passkeySignInOptions(
  secret: string,
  party: RelyingParty,
  browserKey: string,
  now: Date,
): Promise<PasskeyOptions> {
  const options = await generateAuthenticationOptions({ rpID: party.id, userVerification: "required" });
  const kept = JSON.stringify({
    challenge: options.challenge,
    expiresAt: new Date(now.getTime() + CHALLENGE_MS),
  });
  return { options, sealed: seal(secret, kept, context(browserKey)).toString("base64url") };
}

/**
 * Signs in by a passkey alone: the device held, and its holder recognised by it, are two factors at once (SIG-03). The
 * challenge is this browser's, serves once, and lasts ten minutes.
 */
export async function signInByPasskey(
  { database, secret, party }: Deps,
  offered: { sealed: string; response: string; browserKey: string },
  browser: Browser,
): Promise<Result<{ token: string }, PasskeySignInRefusal>> {
  const source = `address:${browser.ip}`;
  const tries = await database.transaction(eyes, (tx, now) => countTry(tx, source, now, decideTryOfAddress));
  if (tries.kind === "wait") return refused({ code: "SIGN_IN_WAIT", seconds: tries.seconds });
  const kept = unseal(secret, Buffer.from(offered.sealed, "base64url"), context(offered.browserKey));
  const response = readAnswer(offered.response);
  if (kept === null || !response) return refused({ code: "PASSKEY_WRONG" });
  const challenge = JSON.parse(kept) as { challenge: string; expiresAt: string }; // sealed by us
  return open(database, { challenge, response, party: party(), source }, browser);
}

function open(
  database: Database,
  answer: {
    challenge: { challenge: string; expiresAt: string };
    response: NonNullable<ReturnType<typeof readAnswer>>;
    party: RelyingParty;
    source: string;
  },
  browser: Browser,
): Promise<Result<{ token: string }, PasskeySignInRefusal>> {
  const { challenge, response, party, source } = answer;
  const expiresAt = new Date(challenge.expiresAt);
  return database.transaction(eyes, async (tx, now) => {
    const isNew = expiresAt > now && (await spendChallenge(tx, { nonce: challenge.challenge, expiresAt }));
    const accountId = isNew ? await findHolderOf(tx, String(response.id)) : null;
    const account = accountId === null ? undefined : await findAccount(tx, accountId);
    const passkey = account && (await findPasskey(tx, account.id, String(response.id)));
    if (account?.state !== "active" || !passkey) return refused({ code: "PASSKEY_WRONG" } as const);
    const expected = { challenge: challenge.challenge, party, isVerifiedHolder: true };
    if (!(await verifyAnswer(tx, passkey, response, expected, now))) {
      await publish(tx, accountEvent("SignInFailed", factsOf(account), personActor(account, browser)));
      return refused({ code: "PASSKEY_WRONG" } as const);
    }
    const session = await openSession(tx, { accountId: account.id, now, ...browser, trustedBrowserId: null });
    const token = await renewSession(tx, session.id, { now, secondFactor: true });
    await completeSignIn(tx, { account, sessionId: session.id, browser }, now);
    await giveBackTry(tx, source);
    return accepted({ token });
  });
}
