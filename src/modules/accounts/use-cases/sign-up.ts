import type { Config } from "../../../config.ts";
import { brokenConstraint, type Database, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { acceptInvitationsOf } from "../../memberships/index.ts";
import { type AccountFacts, accountEvent } from "../domain/events.ts";
import { decideFirstLink, decideLinkSending, type LinkSending } from "../domain/link-sending.ts";
import type { PasswordRefusal, PasswordRule } from "../domain/password-policy.ts";
import { storedPassword } from "../password-hash.ts";
import { carryOutIntent, type SignUpIntent } from "../sign-up-intent.ts";
import {
  type AccountRow,
  consumeToken,
  findAccount,
  findAccountByEmail,
  insertPendingAccount,
  issueToken,
  lockThrottle,
  markActivated,
  peekToken,
  replacePendingAccount,
  saveThrottle,
} from "../store.ts";
import { askContactEmail } from "./contact-email.ts";
import { sendReactivationLink } from "./departure.ts";
import { passwordRuleOf, weighPassword } from "./password-rule.ts";

export const TERMS_VERSION = "2026-11";
const HOUR_MS = 3_600_000;

export type SignUp = {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  /** Where news go instead of the sign-in address, once it is proved. */
  readonly contactEmail: string | null;
  readonly intent: SignUpIntent | null;
};

const signUpEyes = { kind: "system", reason: "nobody is signed in yet" } as const;

/** What the page says of the message, whoever holds the address. */
export type LinkAnswer = Exclude<LinkSending, { kind: "send" }> | { readonly kind: "sent" };

/**
 * Asks for an account. The caller learns nothing of whether the address already has one: a new or waiting
 * account receives a link, the holder of an active one a notice.
 */
export async function signUp(
  database: Database,
  config: Config,
  input: SignUp,
  actor: Actor,
): Promise<LinkAnswer> {
  try {
    return await database.transaction(signUpEyes, async (tx, now) => {
      const answer = await countLink(tx, input.email, now, decideFirstLink);
      const isSent = answer.kind === "sent";
      const known = await findAccountByEmail(tx, input.email);
      if (known && known.state !== "pending") {
        if (isSent) await publish(tx, accountEvent("SignUpOnExistingAccount", factsOf(known), actor));
        return answer;
      }
      const accountId =
        known?.id ??
        (await insertPendingAccount(tx, { ...input, termsVersion: TERMS_VERSION, now, origin: "signUp" }));
      if (known?.origin === "signUp") await replacePendingAccount(tx, known.id, input);
      if (isSent)
        await sendActivationLink(
          tx,
          config,
          { accountId, email: known?.signInEmail ?? input.email, firstName: input.firstName },
          actor,
          now,
        );
      return answer;
    });
  } catch (error) {
    // two sign-ups on one address at once: the first one's link is on its way, and the page is the same
    if (brokenConstraint(error) !== "account_sign_in_email_is_unique") throw error;
    return { kind: "sent" };
  }
}

/** Counts a link asked for at an address, which need not have an account. */
async function countLink(
  tx: Tx,
  email: string,
  now: Date,
  decide: typeof decideLinkSending,
): Promise<LinkAnswer> {
  const key = `activation-link:${canonicalEmail(email)}`;
  const decision = decide(await lockThrottle(tx, key, now), now);
  if (decision.kind !== "send") return decision;
  await saveThrottle(tx, key, decision.next);
  return { kind: "sent" };
}

/** ACC-06. Sends a new link to an account that waits or is inactive; says nothing when there is none. */
export async function resendActivationLink(
  database: Database,
  config: Config,
  email: string,
  actor: Actor,
): Promise<LinkAnswer> {
  return database.transaction(signUpEyes, async (tx, now) => {
    const answer = await countLink(tx, email, now, decideLinkSending);
    if (answer.kind !== "sent") return answer;
    const known = await findAccountByEmail(tx, email);
    if (known?.state === "inactive") await sendReactivationLink(tx, config, known, actor, now);
    if (known?.state === "pending") await sendActivationLink(tx, config, factsOf(known), actor, now);
    return answer;
  });
}

async function sendActivationLink(
  tx: Tx,
  config: Config,
  account: AccountFacts,
  actor: Actor,
  now: Date,
): Promise<void> {
  const hours = config.ACTIVATION_LINK_HOURS;
  const secret = await issueToken(tx, {
    purpose: "activation",
    accountId: account.accountId,
    email: account.email,
    now,
    lifeMs: hours * HOUR_MS,
  });
  await publish(
    tx,
    accountEvent("ActivationLinkIssued", account, actor, {
      transient: { path: `/compte/activer?lien=${secret}`, hours },
    }),
  );
}

/** Whose link this is, if it still works, and the rule of the password that it asks for; looking changes nothing. */
export function findActivation(
  database: Database,
  config: Config,
  secret: string,
): Promise<{ readonly account: AccountRow; readonly rule: PasswordRule } | null> {
  return database.transaction(signUpEyes, async (tx, now) => {
    const token = await peekToken(tx, secret, "activation", now);
    const account = token && (await findAccount(tx, token.accountId));
    return account ? { account, rule: await passwordRuleOf(tx, config, account) } : null;
  });
}

export type ActivationRefusal = PasswordRefusal | { readonly code: "LINK_EXPIRED" };

/**
 * Activates the account behind a link: the link is consumed, the password kept, and what was asked at sign-up done
 * (structure created, request sent, invitations taken), all or nothing.
 */
export async function activateAccount(
  database: Database,
  config: Config,
  input: { secret: string; password: string },
  actor: Actor,
): Promise<Result<{ accountId: number; done: string[] }, ActivationRefusal>> {
  const found = await findActivation(database, config, input.secret);
  if (!found) return refused({ code: "LINK_EXPIRED" });
  const { account } = found;
  const chosen = weighPassword(input.password, found.rule, account);
  if (!chosen.ok) return chosen;
  const password = await storedPassword(chosen.value);
  return database.transaction(signUpEyes, async (tx, now) => {
    const token = await consumeToken(tx, input.secret, "activation", now);
    if (!token || !(await markActivated(tx, token.accountId, password, now)))
      return refused({ code: "LINK_EXPIRED" } as const);
    const self: Actor = {
      ...actor,
      accountId: account.id,
      label: `${account.firstName} ${account.lastName}`,
    };
    await publish(tx, accountEvent("AccountActivated", factsOf(account), self));
    const done = [
      ...(await acceptInvitationsOf(tx, { accountId: account.id, email: account.signInEmail }, self, now)),
      ...(await carryOutIntent(tx, account, self, now)),
    ];
    // what was typed is proved by its own link: until then the account has no contact address
    if (account.contactEmail !== null)
      await askContactEmail(tx, { ...account, contactEmail: null }, account.contactEmail, self, now);
    return accepted({ accountId: account.id, done });
  });
}

export function factsOf(account: Pick<AccountRow, "id" | "signInEmail" | "firstName">): AccountFacts {
  return { accountId: account.id, email: account.signInEmail, firstName: account.firstName };
}
