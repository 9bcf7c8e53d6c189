import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Tx } from "../../../platform/database/index.ts";
import { seal, unseal } from "../secret-box.ts";
import { findPasskey, listPasskeys, type NewPasskey, notePasskeyUse, type Passkey } from "../store.ts";

/** What a browser knows the portal by: passkeys work there and nowhere else. */
export type RelyingParty = { readonly name: string; readonly id: string; readonly origin: string };

/** What the page holds for its island: the browser's options, and the challenge sealed for this session. */
export type PasskeyOptions = { readonly options: object; readonly sealed: string };

/** What the browser answered, as the form brings it. */
export type PasskeyAnswer = {
  readonly sessionId: number;
  readonly sealed: string;
  readonly response: string;
};

/** COSE numbers of EdDSA, ES256 and RS256: what every device of today signs with. */
const ALGORITHMS = [-8, -7, -257];

const challengeContext = (sessionId: number) => `passkey challenge of session ${sessionId}`;

export async function registrationOptions(
  secret: string,
  party: RelyingParty,
  who: { sessionId: number; email: string; known: readonly string[] },
): Promise<PasskeyOptions> {
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: who.email,
    excludeCredentials: who.known.map((id) => ({ id })),
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
  return sealed(secret, options, who.sessionId);
}

/** Null when the account has no passkey. */
export async function authenticationOptions(
  tx: Tx,
  secret: string,
  party: RelyingParty,
  who: { sessionId: number; accountId: number },
): Promise<PasskeyOptions | null> {
  const passkeys = await listPasskeys(tx, who.accountId);
  if (passkeys.length === 0) return null;
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: "preferred",
  });
  return sealed(secret, options, who.sessionId);
}

/** The passkey that an answer brings; null when it does not answer this session's challenge. */
export async function readNewPasskey(
  secret: string,
  party: RelyingParty,
  answer: PasskeyAnswer,
): Promise<NewPasskey | null> {
  const expectedChallenge = challengeOf(secret, answer);
  const response = parsed<RegistrationResponseJSON>(answer.response);
  if (expectedChallenge === null || !response) return null;
  const verified = await orNull(
    verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!verified?.verified) return null;
  const { id, publicKey, counter, transports } = verified.registrationInfo.credential;
  return { credentialId: id, publicKey: Buffer.from(publicKey), counter, transports: transports ?? [] };
}

/** Whether an answer proves that the person holds one of the account's passkeys. */
export async function isPasskeyProof(
  tx: Tx,
  { secret, party, accountId }: { secret: string; party: RelyingParty; accountId: number },
  answer: PasskeyAnswer,
  now: Date,
): Promise<boolean> {
  const challenge = challengeOf(secret, answer);
  const response = readAnswer(answer.response);
  const passkey = response && (await findPasskey(tx, accountId, String(response.id)));
  if (challenge === null || !response || !passkey) return false;
  // it comes after a password: holding the device is the second factor
  return verifyAnswer(tx, passkey, response, { challenge, party, isVerifiedHolder: false }, now);
}

/** What a browser's text says, unchecked; null when it says nothing of the sort. */
export const readAnswer = (text: string) => parsed<AuthenticationResponseJSON>(text);

/** Whether an answer comes from this passkey, for this challenge; its counter moves on. */
export async function verifyAnswer(
  tx: Tx,
  passkey: Passkey,
  response: AuthenticationResponseJSON,
  {
    challenge,
    party,
    isVerifiedHolder,
  }: { challenge: string; party: RelyingParty; isVerifiedHolder: boolean },
  now: Date,
): Promise<boolean> {
  const { credentialId, publicKey, counter } = passkey;
  const verified = await orNull(
    verifyAuthenticationResponse({
      response,
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: isVerifiedHolder,
    }),
  );
  if (!verified?.verified) return false;
  await notePasskeyUse(tx, passkey.id, verified.authenticationInfo.newCounter, now);
  return true;
}

function sealed(secret: string, options: { challenge: string }, sessionId: number): PasskeyOptions {
  return {
    options,
    sealed: seal(secret, options.challenge, challengeContext(sessionId)).toString("base64url"),
  };
}

function challengeOf(secret: string, answer: PasskeyAnswer): string | null {
  return unseal(secret, Buffer.from(answer.sealed, "base64url"), challengeContext(answer.sessionId));
}

function parsed<T>(text: string): T | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as T | null) : null; // the library checks every field
  } catch {
    return null;
  }
}

/** The library throws for whatever does not verify: another origin, another challenge, a wrong signature. */
async function orNull<T>(verification: Promise<T>): Promise<T | null> {
  return verification.catch(() => null);
}
