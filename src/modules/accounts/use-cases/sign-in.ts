import type { Config } from "../../../config.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  endSessionsOf,
  findTrustedBrowser,
  forgetBrowsersOf,
  leaveConfirmation,
  openSession,
  renewSession,
} from "../../sessions/index.ts";
import { browserName } from "../domain/browser-name.ts";
import { accountEvent, signInFailedOfNobody } from "../domain/events.ts";
import {
  normalisedPassword,
  PASSWORD_MAX_BYTES,
  type PasswordRefusal,
  type PasswordRule,
  strictestRuleMet,
} from "../domain/password-policy.ts";
import { decideTry, decideTryOfAddress, type ThrottleDecision } from "../domain/sign-in-throttle.ts";
import { FAMILIAR_DAYS, isUnusual } from "../domain/unusual-sign-in.ts";
import { isHashedOtherwise, isPassword, type StoredPassword, storedPassword } from "../password-hash.ts";
import {
  type AccountRow,
  consumeToken,
  findAccount,
  findAccountByEmail,
  forgetFailures,
  giveBackTry,
  hasSentEnough,
  issueToken,
  listEarlierPlaces,
  lockThrottle,
  noteSignIn,
  peekToken,
  renewStoredPassword,
  revokeTokens,
  savePassword,
  saveThrottle,
} from "../store.ts";
import { passwordRuleOf, weighPassword } from "./password-rule.ts";
import { factsOf } from "./sign-up.ts";

const eyes = { kind: "system", reason: "nobody is signed in yet" } as const;
const HOUR_MS = 3_600_000;
const RESET_LINK_MS = HOUR_MS / 2;

export type SignInRefusal =
  | { readonly code: "SIGN_IN_REFUSED" }
  | { readonly code: "SIGN_IN_WAIT"; readonly seconds: number };
export type Browser = {
  readonly ip: string;
  readonly userAgent: string;
  /** What the browser shows if it was trusted. */
  readonly trustToken: string | null;
};
export type SignedIn = { readonly token: string; readonly awaitsSecondFactor: boolean };

/**
 * Signs a person in: the try is counted first, then the password weighed, in vain when there is no account.
 * A trusted browser has a counter of its own, so that nobody keeps its owner out by failing elsewhere.
 * @returns the token of a new session, that does nothing until the second factor is given if the account has one
 */
export async function signIn(
  database: Database,
  input: { email: string; password: string },
  browser: Browser,
): Promise<Result<SignedIn, SignInRefusal>> {
  const source = `address:${browser.ip}`;
  const email = canonicalEmail(input.email);
  // counted without waiting for the disk, or all who sign in from one address would wait for each other's
  const { decision, key, trustedBrowserId, account } = await database.transaction(
    eyes,
    async (tx, now) => {
      const { trustToken } = browser;
      const trustedBrowserId =
        trustToken === null ? null : await findTrustedBrowser(tx, trustToken, email, now);
      const key = trustedBrowserId === null ? `account:${email}` : `browser:${trustedBrowserId}`;
      // sent together, and so locked in this order by every sign-in
      const [account, ofAddress, ofKey] = await Promise.all([
        findAccountByEmail(tx, input.email),
        lockThrottle(tx, source, now),
        lockThrottle(tx, key, now),
      ]);
      const ofSource = decideTryOfAddress(ofAddress, now);
      const decision = ofSource.kind === "wait" ? ofSource : decideTry(ofKey, now);
      await Promise.all([
        ofSource.kind === "evaluate" ? saveThrottle(tx, source, ofSource.next) : null,
        decision.kind === "evaluate" ? saveThrottle(tx, key, decision.next) : null,
      ]);
      return { decision, key, trustedBrowserId, account };
    },
    { mayBeLost: true },
  );
  if (decision.kind === "wait") return refused({ code: "SIGN_IN_WAIT", seconds: decision.seconds });
  const matches = await matchesPassword(
    input.password,
    account?.state === "active" ? account.passwordHash : null,
  );
  const renewed = matches ? await renewedPassword(account!, input.password) : null;
  return database.transaction(eyes, async (tx, now) => {
    if (!matches || !account) {
      // as much work for an address of nobody, which would otherwise answer sooner
      await publish(
        tx,
        account
          ? accountEvent("SignInFailed", factsOf(account), visitor(browser))
          : signInFailedOfNobody(visitor(browser)),
      );
      return refused({ code: "SIGN_IN_REFUSED" } as const);
    }
    if (renewed !== null) await renewStoredPassword(tx, account.id, renewed);
    const session = await openSession(tx, { accountId: account.id, now, ...browser, trustedBrowserId });
    await Promise.all([
      session.awaitsSecondFactor
        ? null
        : completeSignIn(tx, { account, sessionId: session.id, browser }, now),
      // in the order in which they were counted: several people behind one address sign in at once
      giveBackTry(tx, source),
      forgetFailures(tx, key),
    ]);
    return accepted(session);
  });
}

/** Notes that a person is signed in, all steps taken; she is told when it is from an unusual place (N-07). */
export async function completeSignIn(
  tx: Tx,
  { account, sessionId, browser }: { account: AccountRow; sessionId: number; browser: Browser },
  now: Date,
): Promise<void> {
  const since = new Date(now.getTime() - FAMILIAR_DAYS * 24 * HOUR_MS);
  const earlier = await listEarlierPlaces(tx, account.id, sessionId, since);
  const type = isUnusual(browser, earlier) ? "SignedInUnusually" : "SignedIn";
  const after = type === "SignedIn" ? {} : { after: { navigateur: browserName(browser.userAgent) } };
  await Promise.all([
    noteSignIn(tx, account.id, now),
    publish(tx, accountEvent(type, factsOf(account), personActor(account, browser), after)),
  ]);
}

/** What the page that follows says once. */
type Confirmation = { readonly title: string; readonly text: string };

/** Opens a session without a password, for one who just proved her address by activating. */
export function openFirstSession(
  database: Database,
  accountId: number,
  browser: Browser,
  confirmation: Confirmation,
): Promise<string> {
  return database.transaction(eyes, async (tx, now) => {
    await noteSignIn(tx, accountId, now);
    const { id, token } = await openSession(tx, { accountId, now, ...browser, trustedBrowserId: null });
    await leaveConfirmation(tx, id, confirmation);
    return token;
  });
}

/** Asks the password again for a sensitive act; the session gets a new token. */
export async function confirmIdentity(
  database: Database,
  input: { accountId: number; sessionId: number; password: string },
): Promise<Result<{ token: string }, SignInRefusal>> {
  const key = `identity:${input.accountId}`;
  const decision = await database.transaction(eyes, (tx, now) => countTry(tx, key, now, decideTry));
  if (decision.kind === "wait") return refused({ code: "SIGN_IN_WAIT", seconds: decision.seconds });
  const account = await database.transaction(eyes, (tx) => findAccount(tx, input.accountId));
  if (!account || !(await matchesPassword(input.password, account.passwordHash)))
    return refused({ code: "SIGN_IN_REFUSED" });
  const renewed = await renewedPassword(account, input.password);
  return database.transaction(eyes, async (tx, now) => {
    await forgetFailures(tx, key);
    if (renewed !== null) await renewStoredPassword(tx, account.id, renewed);
    return accepted({ token: await renewSession(tx, input.sessionId, { now }) });
  });
}

/** Counts one more try of a key, in its own transaction's lock. */
export async function countTry(
  tx: Tx,
  key: string,
  now: Date,
  decide: typeof decideTry,
): Promise<ThrottleDecision> {
  const decision = decide(await lockThrottle(tx, key, now), now);
  if (decision.kind === "evaluate") await saveThrottle(tx, key, decision.next);
  return decision;
}

/** What to keep of a password just given, where it was hashed at another cost or weighed by other rules; null: all is kept. */
async function renewedPassword(
  account: Pick<AccountRow, "passwordHash" | "passwordRule">,
  typed: string,
): Promise<{ readonly from: string; readonly to: StoredPassword } | null> {
  const from = account.passwordHash!;
  const password = normalisedPassword(typed);
  if (isHashedOtherwise(from)) return { from, to: await storedPassword(password) };
  const rule = strictestRuleMet(password);
  return rule === account.passwordRule ? null : { from, to: { hash: from, rule } };
}

async function matchesPassword(typed: string, stored: string | null): Promise<boolean> {
  if (Buffer.byteLength(typed) > PASSWORD_MAX_BYTES) return false;
  return isPassword(normalisedPassword(typed), stored);
}

/** Sends a link to an active account; the answer is the same for every address. */
export async function askPasswordReset(database: Database, email: string, browser: Browser): Promise<void> {
  await database.transaction(eyes, async (tx, now) => {
    const account = await findAccountByEmail(tx, email);
    if (account?.state !== "active" || (await hasSentEnough(tx, account.id, "passwordReset", now))) return;
    const path = await issueResetLink(tx, account, now);
    await publish(
      tx,
      accountEvent("PasswordResetAsked", factsOf(account), visitor(browser), { transient: { path } }),
    );
  });
}

/** The way to a new password, for the one who holds the account's mailbox. */
export async function issueResetLink(
  tx: Tx,
  account: Pick<AccountRow, "id" | "signInEmail">,
  now: Date,
): Promise<string> {
  const secret = await issueToken(tx, {
    purpose: "passwordReset",
    accountId: account.id,
    email: account.signInEmail,
    now,
    lifeMs: RESET_LINK_MS,
  });
  return `/mot-de-passe/nouveau?lien=${secret}`;
}

/** Whose link this is, if it still works, and the rule of the password that it asks for; looking changes nothing. */
export function findReset(
  database: Database,
  config: Config,
  secret: string,
): Promise<{ readonly account: AccountRow; readonly rule: PasswordRule } | null> {
  return database.transaction(eyes, async (tx, now) => {
    const token = await peekToken(tx, secret, "passwordReset", now);
    const account = token && (await findAccount(tx, token.accountId));
    return account?.state === "active" ? { account, rule: await passwordRuleOf(tx, config, account) } : null;
  });
}

/** Chooses a new password behind a link: the link is consumed, every open session ends, no browser is trusted. */
export async function resetPassword(
  database: Database,
  config: Config,
  input: { secret: string; password: string },
  browser: Browser,
): Promise<Result<null, PasswordRefusal | { readonly code: "LINK_EXPIRED" }>> {
  const found = await findReset(database, config, input.secret);
  if (!found) return refused({ code: "LINK_EXPIRED" });
  const { account } = found;
  const chosen = weighPassword(input.password, found.rule, account);
  if (!chosen.ok) return chosen;
  const password = await storedPassword(chosen.value);
  return database.transaction(eyes, async (tx, now) => {
    if (!(await consumeToken(tx, input.secret, "passwordReset", now)))
      return refused({ code: "LINK_EXPIRED" } as const);
    await savePassword(tx, account.id, password, now);
    await revokeTokens(tx, account.id, ["signInEmailChange", "contactEmail"], now);
    await endSessionsOf(tx, account.id, "passwordChanged", now);
    await forgetBrowsersOf(tx, account.id);
    await forgetFailures(tx, `account:${canonicalEmail(account.signInEmail)}`);
    await publish(tx, accountEvent("PasswordChanged", factsOf(account), personActor(account, browser)));
    return accepted(null);
  });
}

/** Changes the password of one who knows the present one: other sessions end, links die. */
export async function changePassword(
  database: Database,
  input: { accountId: number; sessionId: number; current: string; password: string; rule: PasswordRule },
  actor: Actor,
): Promise<Result<{ token: string }, PasswordRefusal | SignInRefusal>> {
  const account = await database.transaction(eyes, (tx) => findAccount(tx, input.accountId));
  if (!account) return refused({ code: "SIGN_IN_REFUSED" });
  const chosen = weighPassword(input.password, input.rule, account);
  if (!chosen.ok) return chosen;
  const confirmed = await confirmIdentity(database, {
    accountId: account.id,
    sessionId: input.sessionId,
    password: input.current,
  });
  if (!confirmed.ok) return confirmed;
  const password = await storedPassword(chosen.value);
  return database.transaction(eyes, async (tx, now) => {
    await savePassword(tx, account.id, password, now);
    await revokeTokens(tx, account.id, ["passwordReset", "signInEmailChange", "contactEmail"], now);
    await endSessionsOf(tx, account.id, "passwordChanged", now, input.sessionId);
    await publish(tx, accountEvent("PasswordChanged", factsOf(account), actor));
    return accepted(confirmed.value);
  });
}

function visitor(browser: Browser): Actor {
  return { accountId: null, label: "Visiteur", means: "page", ip: browser.ip };
}

export function personActor(
  account: Pick<AccountRow, "id" | "firstName" | "lastName">,
  browser: Pick<Browser, "ip">,
): Actor {
  return {
    accountId: account.id,
    label: `${account.firstName} ${account.lastName}`,
    means: "page",
    ip: browser.ip,
  };
}
