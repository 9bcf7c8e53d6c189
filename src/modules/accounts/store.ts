import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import { erasedAddress } from "../personal-data/index.ts";
import { hashOf, newToken } from "../sessions/index.ts";
import type { UnusedAccount } from "./domain/inactivity.ts";
import { LINKS_AN_HOUR } from "./domain/link-sending.ts";
import { FREE_FAILURES, type Throttle } from "./domain/sign-in-throttle.ts";
import type { SignInPlace } from "./domain/unusual-sign-in.ts";
import type { StoredPassword } from "./password-hash.ts";

const HOUR_MS = 3_600_000;

export type AccountRow = {
  readonly id: number;
  readonly signInEmail: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  /** Where news go instead of the sign-in address; of a pending account, what was typed and is not proved yet. */
  readonly contactEmail: string | null;
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string | null;
  readonly state: string;
  readonly origin: string;
  readonly passwordHash: string | null;
  /** The strictest rule that the password meets; null when it was never weighed. */
  readonly passwordRule: string | null;
  readonly passwordChangedAt: Date | null;
  readonly signUpIntent: unknown;
};

const columns = [
  "id",
  "signInEmail",
  "firstName",
  "lastName",
  "phone",
  "contactEmail",
  "addressLines",
  "postcode",
  "town",
  "country",
  "state",
  "origin",
  "passwordHash",
  "passwordRule",
  "passwordChangedAt",
  "signUpIntent",
] as const;

/** The account that signs in with an address, whatever its case; closed ones are nobody's. */
export function findAccountByEmail(tx: Tx, email: string): Promise<AccountRow | undefined> {
  return tx
    .selectFrom("account")
    .select(columns)
    .where("signInEmailCanonical", "=", canonicalEmail(email))
    .where("state", "<>", "closed")
    .executeTakeFirst();
}

export function findAccount(tx: Tx, id: number): Promise<AccountRow | undefined> {
  return tx.selectFrom("account").select(columns).where("id", "=", id).executeTakeFirst();
}

/** @throws when the address is taken meanwhile (unique index): the caller treats it as an existing account */
export async function insertPendingAccount(
  tx: Tx,
  account: {
    email: string;
    firstName: string;
    lastName: string;
    phone: string | null;
    contactEmail: string | null;
    intent: unknown;
    termsVersion: string;
    now: Date;
    origin: "signUp" | "invitation" | "federation";
  },
): Promise<number> {
  const row = await tx
    .insertInto("account")
    .values({
      signInEmail: account.email,
      signInEmailCanonical: canonicalEmail(account.email),
      firstName: account.firstName,
      lastName: account.lastName,
      phone: account.phone,
      contactEmail: account.contactEmail,
      origin: account.origin,
      signUpIntent: account.intent === null ? null : JSON.stringify(account.intent),
      termsVersion: account.termsVersion,
      termsAcceptedAt: account.now,
      createdAt: account.now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

/** ACC-03. A second sign-up on an address never activated replaces what was typed. */
export async function replacePendingAccount(
  tx: Tx,
  id: number,
  account: {
    firstName: string;
    lastName: string;
    phone: string | null;
    contactEmail: string | null;
    intent: unknown;
  },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({
      firstName: account.firstName,
      lastName: account.lastName,
      phone: account.phone,
      contactEmail: account.contactEmail,
      signUpIntent: account.intent === null ? null : JSON.stringify(account.intent),
    })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .execute();
}

/** Answers whether the account was waiting; false when someone was faster. */
export async function markActivated(
  tx: Tx,
  id: number,
  password: StoredPassword,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("account")
    .set({
      state: "active",
      activatedAt: now,
      passwordHash: password.hash,
      passwordRule: password.rule,
      passwordChangedAt: now,
      signUpIntent: null,
      contactEmail: null,
    })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** @param password null: no password opens the account until a new one is chosen */
export async function savePassword(
  tx: Tx,
  id: number,
  password: StoredPassword | null,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("account")
    .set({
      passwordHash: password?.hash ?? null,
      passwordRule: password?.rule ?? null,
      passwordChangedAt: now,
    })
    .where("id", "=", id)
    .execute();
}

/** The same password, hashed at today's cost and weighed by today's rules. */
export async function renewStoredPassword(
  tx: Tx,
  id: number,
  { from, to }: { from: string; to: StoredPassword },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ passwordHash: to.hash, passwordRule: to.rule })
    .where("id", "=", id)
    // not over another password, chosen meanwhile
    .where("passwordHash", "=", from)
    .execute();
}

export async function markDeactivated(tx: Tx, id: number, now: Date): Promise<void> {
  await tx
    .updateTable("account")
    .set({ state: "inactive", deactivatedAt: now })
    .where("id", "=", id)
    .execute();
}

/** Answers whether the account was inactive. */
export async function markReactivated(tx: Tx, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("account")
    .set({ state: "active", deactivatedAt: null })
    .where("id", "=", id)
    .where("state", "=", "inactive")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Erases what names a person and what opens her account. The journal keeps its label, as the law asks. */
export async function eraseAccount(tx: Tx, id: number): Promise<void> {
  const nobody = erasedAddress(id);
  await tx
    .updateTable("account")
    .set({
      state: "closed",
      signInEmail: nobody,
      signInEmailCanonical: nobody,
      contactEmail: null,
      contactEmailVerifiedAt: null,
      firstName: "Compte",
      lastName: "fermé",
      phone: null,
      addressLines: [],
      postcode: null,
      town: null,
      country: null,
      passwordHash: null,
      passwordRule: null,
      signUpIntent: null,
    })
    .where("id", "=", id)
    .execute();
  for (const table of [
    "webSession",
    "trustedBrowser",
    "secondFactor",
    "federatedIdentity",
    "recoveryCode",
    "emailedToken",
    "notification",
    "notificationPreference",
  ] as const)
    await tx.deleteFrom(table).where("accountId", "=", id).execute();
  await tx.deleteFrom("mail").where("recipientAccountId", "=", id).where("state", "<>", "queued").execute();
}

/** Forgets every other way in that an account received since an instant: second factors, codes, identities. */
export async function removeWaysInSince(tx: Tx, accountId: number, since: Date): Promise<void> {
  await tx
    .deleteFrom("secondFactor")
    .where("accountId", "=", accountId)
    .where("createdAt", ">=", since)
    .execute();
  await tx
    .deleteFrom("recoveryCode")
    .where("accountId", "=", accountId)
    .where("createdAt", ">=", since)
    .execute();
  await tx
    .deleteFrom("federatedIdentity")
    .where("accountId", "=", accountId)
    .where("linkedAt", ">=", since)
    .execute();
}

/** Makes room for an address that somebody asked an account for, and never proved. */
export async function removePendingAccountOf(tx: Tx, email: string): Promise<void> {
  await tx
    .deleteFrom("account")
    .where("signInEmailCanonical", "=", canonicalEmail(email))
    .where("state", "=", "pending")
    .execute();
}

/** @throws when another account has the address (unique index `account_sign_in_email_is_unique`) */
export async function saveSignInEmail(tx: Tx, id: number, signInEmail: string): Promise<void> {
  await tx
    .updateTable("account")
    .set({ signInEmail, signInEmailCanonical: canonicalEmail(signInEmail), bouncedAt: null })
    .where("id", "=", id)
    .execute();
}

export async function saveIdentity(
  tx: Tx,
  id: number,
  identity: { firstName: string; lastName: string },
): Promise<void> {
  await tx.updateTable("account").set(identity).where("id", "=", id).execute();
}

export type Whereabouts = Pick<AccountRow, "phone" | "addressLines" | "postcode" | "town" | "country">;

export async function saveWhereabouts(tx: Tx, id: number, whereabouts: Whereabouts): Promise<void> {
  await tx
    .updateTable("account")
    .set({ ...whereabouts, addressLines: [...whereabouts.addressLines] })
    .where("id", "=", id)
    .execute();
}

/** When the mail server of the sign-in address refused it for good; null: it receives. */
export async function findBouncedAt(tx: Tx, id: number): Promise<Date | null> {
  const row = await tx.selectFrom("account").select("bouncedAt").where("id", "=", id).executeTakeFirst();
  return row?.bouncedAt ?? null;
}

export async function saveBouncedAt(tx: Tx, id: number, bouncedAt: Date | null): Promise<void> {
  await tx.updateTable("account").set({ bouncedAt }).where("id", "=", id).execute();
}

export async function noteSignIn(tx: Tx, id: number, now: Date): Promise<void> {
  await tx
    .updateTable("account")
    .set({ lastSignInAt: now, inactivityNoticedAt: null, inactivityLastNoticedAt: null })
    .where("id", "=", id)
    .execute();
}

/** The accounts, active or not, that nobody used since an instant; the longest unused first. */
export async function listUnusedAccounts(tx: Tx, since: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from account
    where state in ('active', 'inactive') and coalesce(last_sign_in_at, activated_at) < ${since}
    order by coalesce(last_sign_in_at, activated_at)`.execute(tx);
  return rows.map((row) => row.id);
}

/** An account active or not, with its last use, locked: no sign-in comes between looking and acting. */
export async function findUnusedAccount(
  tx: Tx,
  id: number,
): Promise<(Pick<AccountRow, "id" | "signInEmail" | "firstName"> & UnusedAccount) | undefined> {
  const { rows } = await sql<Pick<AccountRow, "id" | "signInEmail" | "firstName"> & UnusedAccount>`
    select id, sign_in_email, first_name, coalesce(last_sign_in_at, activated_at) as last_used_at,
      inactivity_noticed_at as noticed_at, inactivity_last_noticed_at as last_noticed_at
    from account where id = ${id} and state in ('active', 'inactive') for update`.execute(tx);
  return rows[0];
}

export async function markInactivityNoticed(
  tx: Tx,
  id: number,
  notice: "notice" | "lastNotice",
  now: Date,
): Promise<void> {
  await tx
    .updateTable("account")
    .set(notice === "notice" ? { inactivityNoticedAt: now } : { inactivityLastNoticedAt: now })
    .where("id", "=", id)
    .execute();
}

export type TokenPurpose =
  | "activation"
  | "passwordReset"
  | "signInEmailChange"
  | "signInEmailChangeObjection"
  | "contactEmail"
  | "reactivation";
export type TokenRow = {
  readonly id: number;
  readonly accountId: number;
  readonly email: string;
  readonly issuedAt: Date;
};

/**
 * A link's token: 256 bits, only its SHA-256 kept; a new one of a purpose kills the earlier ones (quality 2.3), but for
 * objections: whoever changes an address again does not silence the one who objects to the first change.
 */
export async function issueToken(
  tx: Tx,
  token: { purpose: TokenPurpose; accountId: number; email: string; now: Date; lifeMs: number },
): Promise<string> {
  if (token.purpose !== "signInEmailChangeObjection")
    await revokeTokens(tx, token.accountId, [token.purpose], token.now);
  const secret = newToken();
  await tx
    .insertInto("emailedToken")
    .values({
      tokenHash: hashOf(secret),
      purpose: token.purpose,
      accountId: token.accountId,
      email: token.email,
      issuedAt: token.now,
      expiresAt: new Date(token.now.getTime() + token.lifeMs),
    })
    .execute();
  return secret;
}

/** Kills the links of some purposes that an account was sent. */
export async function revokeTokens(
  tx: Tx,
  accountId: number,
  purposes: readonly TokenPurpose[],
  now: Date,
  issuedSince?: Date,
): Promise<void> {
  await tx
    .updateTable("emailedToken")
    .set({ revokedAt: now })
    .where("accountId", "=", accountId)
    .where("purpose", "in", [...purposes])
    .$if(issuedSince !== undefined, (query) => query.where("issuedAt", ">=", issuedSince!))
    .where("usedAt", "is", null)
    .where("revokedAt", "is", null)
    .execute();
}

/** Whether an account was sent all the links of a purpose that an hour allows. */
export async function hasSentEnough(
  tx: Tx,
  accountId: number,
  purpose: TokenPurpose,
  now: Date,
): Promise<boolean> {
  const row = await tx
    .selectFrom("emailedToken")
    .select((build) => build.fn.countAll<number>().as("count"))
    .where("accountId", "=", accountId)
    .where("purpose", "=", purpose)
    .where("issuedAt", ">", new Date(now.getTime() - HOUR_MS))
    .executeTakeFirstOrThrow();
  return Number(row.count) >= LINKS_AN_HOUR;
}

/** The live token behind a link; looking changes nothing. */
export function peekToken(
  tx: Tx,
  secret: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<TokenRow | undefined> {
  return liveToken(tx, secret, purpose, now).executeTakeFirst() as Promise<TokenRow | undefined>;
}

/** Takes the token for good; of several at once, one gets it. */
export async function consumeToken(
  tx: Tx,
  secret: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<TokenRow | undefined> {
  const { rows } = await sql<TokenRow>`
    update emailed_token set used_at = ${now}
    where token_hash = ${hashOf(secret)} and purpose = ${purpose} and used_at is null and revoked_at is null and expires_at > ${now}
    returning id, account_id, email, issued_at`.execute(tx);
  return rows[0];
}

function liveToken(tx: Tx, secret: string, purpose: TokenPurpose, now: Date) {
  return tx
    .selectFrom("emailedToken")
    .select(["id", "accountId", "email", "issuedAt"])
    .where("tokenHash", "=", hashOf(secret))
    .where("purpose", "=", purpose)
    .where("usedAt", "is", null)
    .where("revokedAt", "is", null)
    .where("expiresAt", ">", now);
}

/** The counter of a key, locked until the transaction ends: a hundred tries at once are counted one by one. */
export function lockThrottle(tx: Tx, key: string, now: Date): Promise<Throttle> {
  return tx
    .insertInto("signInThrottle")
    .values({ key, windowStartedAt: now })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ key }))
    .returning(["failures", "evaluated", "windowStartedAt", "blockedUntil"])
    .executeTakeFirstOrThrow();
}

/**
 * N-07. Takes the active accounts whose sign-ins failed so many times that one waits, and keeps that their holders are
 * told: once in a window of tries, whatever the instances.
 */
export async function takeLockedAccounts(
  tx: Tx,
  now: Date,
): Promise<Pick<AccountRow, "id" | "signInEmail" | "firstName">[]> {
  const { rows } = await sql<Pick<AccountRow, "id" | "signInEmail" | "firstName">>`
    update sign_in_throttle t set told_at = ${now} from account a
    where t.key = 'account:' || a.sign_in_email_canonical and a.state = 'active' and t.failures >= ${FREE_FAILURES}
      and (t.told_at is null or t.told_at < t.window_started_at)
    returning a.id, a.sign_in_email, a.first_name`.execute(tx);
  return rows;
}

export async function saveThrottle(tx: Tx, key: string, throttle: Throttle): Promise<void> {
  await tx.updateTable("signInThrottle").set(throttle).where("key", "=", key).execute();
}

/** A success forgets the failures, not the day's count of evaluated tries. */
export async function forgetFailures(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable("signInThrottle")
    .set({ failures: 0, evaluated: 0, blockedUntil: null })
    .where("key", "=", key)
    .execute();
}

/** A try that succeeded does not count against its source address. */
export async function giveBackTry(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable("signInThrottle")
    .set((columns) => ({ failures: columns("failures", "-", 1) }))
    .where("key", "=", key)
    .where("failures", ">", 0)
    .execute();
}

/** Takes a challenge for good: false when it already served. */
export async function spendChallenge(
  tx: Tx,
  challenge: { nonce: string; expiresAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("spentChallenge")
    .values(challenge)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Forgets the challenges that no longer serve anyway. */
export async function removeOldChallenges(tx: Tx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("spentChallenge")
    .where("expiresAt", "<", now)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Forgets the counters that no longer count, and with them the source addresses. */
export async function removeOldThrottles(tx: Tx, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("signInThrottle")
    .where("windowStartedAt", "<", before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export type OpenSession = {
  readonly id: number;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly userAgent: string | null;
  readonly ip: string | null;
};

/** Sessions that may still be alive, the most recent first. */
export function listSessions(tx: Tx, accountId: number, since: Date): Promise<OpenSession[]> {
  return (
    tx
      .selectFrom("webSession")
      .select(["id", "createdAt", "lastSeenAt", "userAgent", "ip"])
      .where("accountId", "=", accountId)
      .where("endedAt", "is", null)
      .where("lastSeenAt", ">", since)
      // a session that waits for a code is not open
      .where((build) =>
        build.or([
          build("secondFactorAt", "is not", null),
          build("trustedBrowserId", "is not", null),
          build.not(
            build.exists(
              build.selectFrom("secondFactor").select("id").where("secondFactor.accountId", "=", accountId),
            ),
          ),
        ]),
      )
      .orderBy("lastSeenAt", "desc")
      .limit(50)
      .execute()
  );
}

/**
 * Where a person signed in since an instant, but for one session; sign-ins that stopped at the second factor count for
 * nothing. Empty when that session comes from a browser that she trusts.
 */
export async function listEarlierPlaces(
  tx: Tx,
  accountId: number,
  sessionId: number,
  since: Date,
): Promise<SignInPlace[]> {
  const { rows } = await sql<SignInPlace>`
    select distinct coalesce(s.ip, '') as ip, coalesce(s.user_agent, '') as user_agent from web_session s
    where s.account_id = ${accountId} and s.id <> ${sessionId} and s.created_at > ${since}
      and (s.second_factor_at is not null or s.trusted_browser_id is not null or not exists (
        select from second_factor f where f.account_id = s.account_id and f.confirmed_at <= s.created_at))
      and not exists (select from web_session t where t.id = ${sessionId} and t.trusted_browser_id is not null)
    limit 500`.execute(tx);
  return rows;
}

/** ACC-07. Accounts never activated and older than the limit disappear, with their links. */
export async function removePendingAccounts(tx: Tx, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("account")
    .where("state", "=", "pending")
    .where("createdAt", "<", before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
