import type { Tx } from "../../platform/database/index.ts";
import { hashOf } from "../sessions/index.ts";

export type Identity = { readonly issuer: string; readonly email: string | null; readonly linkedAt: Date };
export type Attempt = {
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly accountId: number | null;
  readonly nextPath: string;
};

/** The identity of an issuer that an account has linked. */
export function findIdentity(tx: Tx, accountId: number, issuer: string): Promise<Identity | undefined> {
  return tx
    .selectFrom("federatedIdentity")
    .select(["issuer", "email", "linkedAt"])
    .where("accountId", "=", accountId)
    .where("issuer", "=", issuer)
    .executeTakeFirst();
}

/** The account that holds an identity. */
export async function findHolder(
  tx: Tx,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<number | null> {
  const row = await tx
    .selectFrom("federatedIdentity")
    .select("accountId")
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row?.accountId ?? null;
}

/** Links an identity, in the place of the account's former one of the same issuer. @throws when another account holds it */
export async function saveIdentity(
  tx: Tx,
  identity: { accountId: number; issuer: string; subject: string; email: string | null; now: Date },
): Promise<void> {
  const { now, ...kept } = identity;
  const { subject, email } = kept;
  await tx
    .insertInto("federatedIdentity")
    .values({ ...kept, linkedAt: now })
    .onConflict((conflict) =>
      conflict.constraint("federated_identity_one_an_account").doUpdateSet({ subject, email, linkedAt: now }),
    )
    .execute();
}

export async function noteIdentityUse(
  tx: Tx,
  { issuer, subject }: { issuer: string; subject: string },
  now: Date,
): Promise<void> {
  await tx
    .updateTable("federatedIdentity")
    .set({ lastUsedAt: now })
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .execute();
}

/** Answers whether there was an identity to remove. */
export async function removeIdentity(tx: Tx, accountId: number, issuer: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("federatedIdentity")
    .where("accountId", "=", accountId)
    .where("issuer", "=", issuer)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function insertAttempt(
  tx: Tx,
  { state, browser, ...attempt }: Attempt & { state: string; browser: string; expiresAt: Date },
): Promise<void> {
  await tx
    .insertInto("federationAttempt")
    .values({ ...attempt, stateHash: hashOf(state), browserHash: hashOf(browser) })
    .execute();
}

/** Takes for good the attempt that this browser started; of several returns at once, one gets it. */
export function takeAttempt(
  tx: Tx,
  { state, browser, now }: { state: string; browser: string; now: Date },
): Promise<Attempt | undefined> {
  return tx
    .deleteFrom("federationAttempt")
    .where("stateHash", "=", hashOf(state))
    .where("browserHash", "=", hashOf(browser))
    .where("expiresAt", ">", now)
    .returning(["nonce", "codeVerifier", "accountId", "nextPath"])
    .executeTakeFirst();
}

export async function keepIdToken(tx: Tx, sessionId: number, idToken: string): Promise<void> {
  await tx.insertInto("federatedSession").values({ sessionId, idToken }).execute();
}

/** The token of the provider's session behind one of ours, taken for good. */
export async function takeIdToken(tx: Tx, sessionId: number): Promise<string | null> {
  const row = await tx
    .deleteFrom("federatedSession")
    .where("sessionId", "=", sessionId)
    .returning("idToken")
    .executeTakeFirst();
  return row?.idToken ?? null;
}

/** Forgets the attempts nobody came back from, and the tokens of sessions that are over. */
export async function removeOldTraces(tx: Tx, now: Date): Promise<number> {
  const attempts = await tx.deleteFrom("federationAttempt").where("expiresAt", "<", now).executeTakeFirst();
  const tokens = await tx
    .deleteFrom("federatedSession")
    .using("webSession")
    .whereRef("webSession.id", "=", "federatedSession.sessionId")
    .where((build) => build.or([build("endedAt", "is not", null), build("webSession.expiresAt", "<", now)]))
    .executeTakeFirst();
  return Number(attempts.numDeletedRows + tokens.numDeletedRows);
}
