import { brokenConstraint, type Database } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { keepFormerMailbox, tellOfNewAddress } from "../../memberships/index.ts";
import { endSessionsOf, forgetBrowsersOf } from "../../sessions/index.ts";
import { accountEvent } from "../domain/events.ts";
import {
  consumeToken,
  findAccount,
  peekToken,
  removePendingAccountOf,
  removeWaysInSince,
  revokeTokens,
  savePassword,
  saveSignInEmail,
} from "../store.ts";
import { issueResetLink, personActor } from "./sign-in.ts";
import { factsOf } from "./sign-up.ts";

const eyes = {
  kind: "system",
  reason: "whoever objects is not signed in, and may no longer be able to",
} as const;

export type ObjectionRefusal = { readonly code: "LINK_EXPIRED" | "ADDRESS_TAKEN" };

/** The address that an objection would bring back, if its link still works; looking changes nothing. */
export function findObjection(database: Database, secret: string): Promise<string | null> {
  return database.transaction(
    eyes,
    async (tx, now) => (await peekToken(tx, secret, "signInEmailChangeObjection", now))?.email ?? null,
  );
}

/**
 * « Ce n'est pas moi »: whoever asked for the change knows the password. The address comes back, the password dies,
 * every session ends, and what was added to the account since goes. A second factor older than the change stays: a
 * mailbox alone does not lift it.
 * @returns the way to a new password, for the person who holds the mailbox
 */
export async function objectToEmailChange(
  database: Database,
  secret: string,
  ip: string,
): Promise<Result<{ resetPath: string }, ObjectionRefusal>> {
  try {
    return await database.transaction(eyes, async (tx, now) => {
      const link = await consumeToken(tx, secret, "signInEmailChangeObjection", now);
      const account = link && (await findAccount(tx, link.accountId));
      if (!account || account.state === "closed") return refused({ code: "LINK_EXPIRED" } as const);
      const { email, issuedAt } = link!;
      if (account.signInEmail !== email) {
        await removePendingAccountOf(tx, email);
        await keepFormerMailbox(tx, { accountId: account.id, address: account.signInEmail }, now);
        await saveSignInEmail(tx, account.id, email);
      }
      await savePassword(tx, account.id, null, now);
      await removeWaysInSince(tx, account.id, issuedAt);
      // earlier objections stay: the oldest address is the surest
      await revokeTokens(tx, account.id, ["signInEmailChangeObjection"], now, issuedAt);
      await revokeTokens(tx, account.id, ["signInEmailChange", "contactEmail"], now);
      await endSessionsOf(tx, account.id, "signInEmailChangeObjected", now);
      await forgetBrowsersOf(tx, account.id);
      const restored = { ...account, signInEmail: email };
      const actor = personActor(account, { ip });
      await publish(tx, accountEvent("SignInEmailChangeObjected", factsOf(restored), actor));
      await tellOfNewAddress(tx, { accountId: account.id, before: account.signInEmail }, actor);
      return accepted({ resetPath: await issueResetLink(tx, restored, now) });
    });
  } catch (error) {
    // somebody proved since that the address is hers
    if (brokenConstraint(error) !== "account_sign_in_email_is_unique") throw error;
    return refused({ code: "ADDRESS_TAKEN" });
  }
}
