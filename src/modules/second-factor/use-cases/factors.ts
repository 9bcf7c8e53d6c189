import { randomBytes } from "node:crypto";
import { brokenConstraint, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { accountEvent, factsOf, findAccount } from "../../accounts/index.ts";
import { forgetBrowser, forgetBrowsersOf, hashOf, renewSession } from "../../sessions/index.ts";
import { RECOVERY_CODE_BYTES, RECOVERY_CODE_COUNT, recoveryCode } from "../domain/proof.ts";
import { stepOfCode, TOTP_SECRET_BYTES, totpKey } from "../domain/totp.ts";
import { seal, unseal } from "../secret-box.ts";
import {
  insertApplication,
  insertPasskey,
  listFactors,
  listPasskeys,
  removeFactor,
  replaceRecoveryCodes,
} from "../store.ts";
import {
  type PasskeyAnswer,
  type PasskeyOptions,
  type RelyingParty,
  readNewPasskey,
  registrationOptions,
} from "./passkeys.ts";
import { type Deps, keyContext, type Offered, type ProofRefusal, withProof } from "./prove.ts";

export type EnrolmentRefusal =
  | { readonly code: "CODE_WRONG" }
  | { readonly code: "ENROLMENT_LOST" }
  | { readonly code: "APPLICATION_ALREADY_THERE" };

/** The recovery codes of a first factor, and the new token of the session. */
export type Added = { readonly codes: readonly string[]; readonly token: string };

/** A key proposed to one session; the page holds it sealed until a code proves that the application has it. */
export type Enrolment = { readonly key: string; readonly sealed: string };

const enrolmentContext = (sessionId: number) => `enrolment in session ${sessionId}`;

/** Draws a new key for a session to enrol. */
export function proposeKey(secret: string, sessionId: number): Enrolment {
  const key = totpKey(randomBytes(TOTP_SECRET_BYTES));
  return { key, sealed: seal(secret, key, enrolmentContext(sessionId)).toString("base64url") };
}

/** The key that was proposed to this session; null for any other text. */
export function proposedKey(secret: string, sessionId: number, sealed: string): string | null {
  return unseal(secret, Buffer.from(sealed, "base64url"), enrolmentContext(sessionId));
}

/**
 * SIG-03. Keeps an application once a code of it proves that it has the key; the session, which has just proved it,
 * goes on under a new token, and the others will have to.
 * @returns the recovery codes of a first factor, shown this once; none for a further one
 */
export async function addApplication(
  { database, secret }: Deps,
  input: { accountId: number; sessionId: number; sealed: string; code: string },
  actor: Actor,
): Promise<Result<Added, EnrolmentRefusal>> {
  const { accountId, sessionId } = input;
  const key = proposedKey(secret, sessionId, input.sealed);
  if (key === null) return refused({ code: "ENROLMENT_LOST" });
  try {
    return await database.transaction({ kind: "caller", accountId, structureIds: [] }, async (tx, now) => {
      const lastStep = stepOfCode(key, input.code.replace(/\s/g, ""), now);
      if (lastStep === null) return refused({ code: "CODE_WRONG" } as const);
      await insertApplication(tx, {
        accountId,
        sealedKey: seal(secret, key, keyContext(accountId)),
        lastStep,
        now,
      });
      return accepted(await afterAdding(tx, { accountId, sessionId }, actor, now));
    });
  } catch (error) {
    if (brokenConstraint(error) !== "second_factor_one_application") throw error;
    return refused({ code: "APPLICATION_ALREADY_THERE" });
  }
}

/** What a browser is asked for a new passkey of the account. */
export async function proposePasskey(
  tx: Tx,
  secret: string,
  party: RelyingParty,
  who: { accountId: number; sessionId: number; email: string },
): Promise<PasskeyOptions> {
  const known = (await listPasskeys(tx, who.accountId)).map((one) => one.credentialId);
  return registrationOptions(secret, party, { ...who, known });
}

/** Keeps a passkey that answers this session's challenge, under the name that the person gives it. */
export async function addPasskey(
  { database, secret, party }: Deps,
  input: { accountId: number; name: string; answer: PasskeyAnswer },
  actor: Actor,
): Promise<Result<Added, { readonly code: "PASSKEY_REFUSED" }>> {
  const { accountId, name, answer } = input;
  const passkey = await readNewPasskey(secret, party(), answer);
  if (!passkey) return refused({ code: "PASSKEY_REFUSED" });
  try {
    return await database.transaction({ kind: "caller", accountId, structureIds: [] }, async (tx, now) => {
      await insertPasskey(tx, { ...passkey, accountId, name, now });
      return accepted(await afterAdding(tx, { accountId, sessionId: answer.sessionId }, actor, now));
    });
  } catch (error) {
    if (brokenConstraint(error) !== "second_factor_credential_id_key") throw error;
    return refused({ code: "PASSKEY_REFUSED" });
  }
}

/** A first factor comes with recovery codes; the session, which has just proved it, goes on under a new token. */
async function afterAdding(
  tx: Tx,
  { accountId, sessionId }: { accountId: number; sessionId: number },
  actor: Actor,
  now: Date,
): Promise<Added> {
  const isFirst = (await listFactors(tx, accountId)).length === 1;
  const codes = isFirst ? await drawRecoveryCodes(tx, accountId, now) : [];
  const token = await renewSession(tx, sessionId, { now, secondFactor: true });
  await tell(tx, "SecondFactorAdded", accountId, actor);
  return { codes, token };
}

/** Ten new codes in the place of the earlier ones; shown this once. */
export function renewRecoveryCodes(
  { database }: Deps,
  accountId: number,
  actor: Actor,
): Promise<Result<string[], { readonly code: "NO_SECOND_FACTOR" }>> {
  return database.transaction({ kind: "caller", accountId, structureIds: [] }, async (tx, now) => {
    if ((await listFactors(tx, accountId)).length === 0)
      return refused({ code: "NO_SECOND_FACTOR" } as const);
    const codes = await drawRecoveryCodes(tx, accountId, now);
    await tell(tx, "RecoveryCodesRenewed", accountId, actor);
    return accepted(codes);
  });
}

/** Removes a factor for one who proves that she still has it, or a recovery code; with the last one all the rest goes. */
export function removeOwnFactor(
  deps: Deps,
  input: { accountId: number; factorId: number; offered: Offered },
  actor: Actor,
): Promise<Result<null, ProofRefusal>> {
  return withProof(deps, input, actor, async (tx, account, now) => {
    if (!(await removeFactor(tx, input.factorId, account.id))) return null;
    if ((await listFactors(tx, account.id)).length === 0) {
      await replaceRecoveryCodes(tx, account.id, [], now);
      await forgetBrowsersOf(tx, account.id);
    }
    await tell(tx, "SecondFactorRemoved", account.id, actor);
    return null;
  });
}

/** Trusts a browser no longer; answers whether there was one. */
export async function forgetOwnBrowser(
  tx: Tx,
  input: { accountId: number; browserId: number },
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const forgotten = await forgetBrowser(tx, input.browserId, input.accountId, now);
  if (forgotten) await tell(tx, "BrowserForgotten", input.accountId, actor);
  return forgotten;
}

async function drawRecoveryCodes(tx: Tx, accountId: number, now: Date): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODE_COUNT }, () =>
    recoveryCode(randomBytes(RECOVERY_CODE_BYTES)),
  );
  await replaceRecoveryCodes(
    tx,
    accountId,
    codes.map((code) => hashOf(code)),
    now,
  );
  return codes;
}

async function tell(
  tx: Tx,
  type: "SecondFactorAdded" | "SecondFactorRemoved" | "RecoveryCodesRenewed" | "BrowserForgotten",
  accountId: number,
  actor: Actor,
): Promise<void> {
  const account = (await findAccount(tx, accountId))!;
  await publish(tx, accountEvent(type, factsOf(account), actor));
}
