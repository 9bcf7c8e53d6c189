import { brokenConstraint, type Database, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail, type EmailAddress } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { acceptInvitationsOf, keepFormerMailbox, tellOfNewAddress } from "../../memberships/index.ts";
import { endSessionsOf, renewSession } from "../../sessions/index.ts";
import { accountEvent } from "../domain/events.ts";
import {
  type AccountRow,
  consumeToken,
  findAccount,
  findAccountByEmail,
  hasSentEnough,
  issueToken,
  peekToken,
  revokeTokens,
  saveSignInEmail,
} from "../store.ts";
import { personActor } from "./sign-in.ts";
import { factsOf } from "./sign-up.ts";

const eyes = { kind: "system", reason: "an address is compared with those of every account" } as const;
const HOUR_MS = 3_600_000;
const LINK_MS = HOUR_MS / 2;
const OBJECTION_MS = 7 * 24 * HOUR_MS;

export type EmailChangeRefusal = { readonly code: "SAME_ADDRESS" };

/**
 * Sends a link to the new address, and a notice to the present one. An address that another account has receives
 * nothing, and the person learns nothing of it.
 */
export async function askSignInEmailChange(
  database: Database,
  input: { accountId: number; newEmail: EmailAddress },
  actor: Actor,
): Promise<Result<null, EmailChangeRefusal>> {
  const { accountId, newEmail } = input;
  return database.transaction(eyes, async (tx, now) => {
    const account = (await findAccount(tx, accountId))!;
    if (canonicalEmail(newEmail) === canonicalEmail(account.signInEmail))
      return refused({ code: "SAME_ADDRESS" } as const);
    if (
      (await hasSentEnough(tx, accountId, "signInEmailChange", now)) ||
      (await findAccountByEmail(tx, newEmail))
    )
      return accepted(null);
    const secret = await issueToken(tx, {
      purpose: "signInEmailChange",
      accountId,
      email: newEmail,
      now,
      lifeMs: LINK_MS,
    });
    const facts = { ...factsOf(account), newEmail };
    await publish(
      tx,
      accountEvent("SignInEmailChangeAsked", facts, actor, {
        transient: {
          path: `/mon-compte/adresse/confirmer?lien=${secret}`,
          objectionPath: await objectionPath(tx, account, now),
        },
      }),
    );
    return accepted(null);
  });
}

/** The new address behind a link that still works; looking changes nothing. */
export function findEmailChange(database: Database, secret: string): Promise<string | null> {
  return database.transaction(
    eyes,
    async (tx, now) => (await peekToken(tx, secret, "signInEmailChange", now))?.email ?? null,
  );
}

/**
 * Takes the new address behind a link: the link is consumed, those to choose a password die, every session ends but the
 * one that confirms, if it is hers, which goes on under a new token. Both addresses are told.
 * @returns the token of the session that goes on
 */
export async function confirmSignInEmailChange(
  database: Database,
  input: { secret: string; session: { accountId: number; sessionId: number } | null },
  ip: string,
): Promise<Result<{ token: string | null }, { readonly code: "LINK_EXPIRED" }>> {
  try {
    return await database.transaction(eyes, async (tx, now) => {
      const link = await consumeToken(tx, input.secret, "signInEmailChange", now);
      const account = link && (await findAccount(tx, link.accountId));
      if (account?.state !== "active") return refused({ code: "LINK_EXPIRED" } as const);
      await keepFormerMailbox(tx, { accountId: account.id, address: account.signInEmail }, now);
      await saveSignInEmail(tx, account.id, link!.email);
      await revokeTokens(tx, account.id, ["passwordReset"], now);
      const own = input.session?.accountId === account.id ? input.session : null;
      await endSessionsOf(tx, account.id, "signInEmailChanged", now, own?.sessionId);
      const actor = personActor(account, { ip });
      const facts = { ...factsOf(account), newEmail: link!.email };
      const transient = { objectionPath: await objectionPath(tx, account, now) };
      await publish(tx, accountEvent("SignInEmailChanged", facts, actor, { transient }));
      await tellOfNewAddress(tx, { accountId: account.id, before: account.signInEmail }, actor);
      await acceptInvitationsOf(tx, { accountId: account.id, email: link!.email }, actor, now);
      return accepted({ token: own && (await renewSession(tx, own.sessionId, { now })) });
    });
  } catch (error) {
    // somebody took the address since the link was sent
    if (brokenConstraint(error) !== "account_sign_in_email_is_unique") throw error;
    return refused({ code: "LINK_EXPIRED" });
  }
}

/** « Ce n'est pas moi »: a link for the address that leaves, good for seven days, before the change and after it. */
async function objectionPath(tx: Tx, account: AccountRow, now: Date): Promise<string> {
  const secret = await issueToken(tx, {
    purpose: "signInEmailChangeObjection",
    accountId: account.id,
    email: account.signInEmail,
    now,
    lifeMs: OBJECTION_MS,
  });
  return `/mon-compte/adresse/ce-n-est-pas-moi?lien=${secret}`;
}
