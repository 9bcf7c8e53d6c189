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
import { findPasskey, listPasskeys, type NewPasskey, notePasskeyUse } from "../store.ts";

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
  const expected = expectations(secret, party, answer);
  const response = parsed<RegistrationResponseJSON>(answer.response);
  if (!expected || !response) return null;
  const verified = await orNull(
    verifyRegistrationResponse({ ...expected, response, supportedAlgorithmIDs: ALGORITHMS }),
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
  const expected = expectations(secret, party, answer);
  const response = parsed<AuthenticationResponseJSON>(answer.response);
  const passkey = response && (await findPasskey(tx, accountId, String(response.id)));
  if (!expected || !response || !passkey) return false;
  const { credentialId, publicKey, counter } = passkey;
  const credential = { id: credentialId, publicKey: new Uint8Array(publicKey), counter };
  const verified = await orNull(verifyAuthenticationResponse({ ...expected, response, credential }));
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

function expectations(secret: string, party: RelyingParty, answer: PasskeyAnswer) {
  const sealedChallenge = Buffer.from(answer.sealed, "base64url");
  const expectedChallenge = unseal(secret, sealedChallenge, challengeContext(answer.sessionId));
  return expectedChallenge === null
    ? null
    : {
        expectedChallenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        // it comes after a password: holding the device is the second factor
        requireUserVerification: false,
      };
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
