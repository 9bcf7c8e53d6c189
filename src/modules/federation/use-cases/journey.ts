import { brokenConstraint, type Database, type Tx } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  type AccountRow,
  accountEvent,
  type Browser,
  completeSignIn,
  factsOf,
  findAccount,
  personActor,
} from "../../accounts/index.ts";
import { findTrustedBrowser, openSession } from "../../sessions/index.ts";
import { type ArrivalRefusalCode, decideArrival } from "../domain/arrival.ts";
import { newSecrets, type ProvenIdentity, type Provider, type ProviderRefusal } from "../provider.ts";
import {
  findHolder,
  insertAttempt,
  keepIdToken,
  noteIdentityUse,
  saveIdentity,
  takeAttempt,
} from "../store.ts";

const eyes = { kind: "system", reason: "whose identity it is, is not known before it is proven" } as const;
const ATTEMPT_MS = 10 * 60_000;
/** A session that the provider opened: sensitive acts still ask for the password. */
const NEVER = new Date(0);

export type ArrivalRefusal =
  | ProviderRefusal
  | {
      readonly code:
        | Exclude<ArrivalRefusalCode, "IDENTITY_NOT_LINKED">
        | "ATTEMPT_UNKNOWN"
        | "ADDRESS_HAS_ACCOUNT";
    }
  | { readonly code: "IDENTITY_NOT_LINKED"; readonly identity: ProvenIdentity };
export type Arrival =
  | {
      readonly kind: "signedIn";
      readonly token: string;
      readonly awaitsSecondFactor: boolean;
      readonly nextPath: string;
    }
  | { readonly kind: "linked" };
type Deps = { readonly database: Database; readonly provider: Provider };

/** Starts a journey to the provider, for this browser only; answers where to send it. */
export async function leave(
  { database, provider }: Deps,
  from: { browser: string; accountId: number | null; nextPath: string },
): Promise<Result<URL, ProviderRefusal>> {
  const secrets = newSecrets();
  const url = await provider.authorizationUrl(secrets);
  if (url.ok)
    await database.transaction(eyes, (tx, now) =>
      insertAttempt(tx, { ...from, ...secrets, expiresAt: new Date(now.getTime() + ATTEMPT_MS) }),
    );
  return url;
}

/**
 * Ends a journey: the attempt is taken before the provider is asked, so that an answer serves once; then the identity
 * opens its account, or is linked to the account that asked.
 */
export async function arrive(
  { database, provider }: Deps,
  back: { query: string; browserKey: string; callerId: number | null },
  browser: Browser,
): Promise<Result<Arrival, ArrivalRefusal>> {
  const state = new URLSearchParams(back.query).get("state") ?? "";
  const attempt = await database.transaction(eyes, (tx, now) =>
    takeAttempt(tx, { state, browser: back.browserKey, now }),
  );
  if (!attempt) return refused({ code: "ATTEMPT_UNKNOWN" });
  const proven = await provider.redeem(back.query, { ...attempt, state });
  if (!proven.ok) return proven;
  const identity = proven.value;
  const arrival = database.transaction(eyes, async (tx, now): Promise<Result<Arrival, ArrivalRefusal>> => {
    const holderId = await findHolder(tx, identity);
    const accountId = attempt.accountId ?? holderId;
    const account = accountId === null ? undefined : await findAccount(tx, accountId);
    const decision = decideArrival({
      linker: attempt.accountId,
      callerId: back.callerId,
      holder: holderId === null ? null : { accountId: holderId, isActive: account?.state === "active" },
    });
    if (decision.kind === "refuse")
      return refused(
        decision.code === "IDENTITY_NOT_LINKED" ? { code: decision.code, identity } : { code: decision.code },
      );
    if (decision.kind === "alreadyLinked") return accepted({ kind: "linked" });
    if (decision.kind === "link") return link(tx, account!, identity, browser, now);
    const { nextPath } = attempt;
    return accepted({ kind: "signedIn", nextPath, ...(await open(tx, account!, identity, browser, now)) });
  });
  return arrival.catch((error: unknown) => {
    // another account linked the identity at the same instant
    if (brokenConstraint(error) !== "federated_identity_is_unique") throw error;
    return refused({ code: "IDENTITY_OF_ANOTHER_ACCOUNT" });
  });
}

/** Links a proven identity to an account; its holder is told. */
export async function link(
  tx: Tx,
  account: AccountRow,
  identity: ProvenIdentity,
  browser: Browser,
  now: Date,
): Promise<Result<Arrival, never>> {
  const { issuer, subject, email } = identity;
  await saveIdentity(tx, { accountId: account.id, issuer, subject, email, now });
  await publish(
    tx,
    accountEvent("IdentityLinked", factsOf(account), personActor(account, browser), { after: { issuer } }),
  );
  return accepted({ kind: "linked" });
}

/** Opens a session; the account's second factor is asked all the same. */
export async function open(
  tx: Tx,
  account: AccountRow,
  identity: ProvenIdentity,
  browser: Browser,
  now: Date,
): Promise<{ token: string; awaitsSecondFactor: boolean }> {
  const { trustToken } = browser;
  const email = canonicalEmail(account.signInEmail);
  const session = await openSession(tx, {
    accountId: account.id,
    now,
    authenticatedAt: NEVER,
    ...browser,
    trustedBrowserId: trustToken === null ? null : await findTrustedBrowser(tx, trustToken, email, now),
  });
  await keepIdToken(tx, session.id, identity.idToken);
  await noteIdentityUse(tx, identity, now);
  if (!session.awaitsSecondFactor) await completeSignIn(tx, { account, sessionId: session.id, browser }, now);
  return session;
}
