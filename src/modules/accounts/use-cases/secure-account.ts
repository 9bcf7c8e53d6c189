import type { Database } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endSessionsOf, forgetBrowsersOf } from "../../sessions/index.ts";
import { accountEvent } from "../domain/events.ts";
import { findAccountByEmail } from "../store.ts";
import { issueResetLink } from "./sign-in.ts";
import { factsOf } from "./sign-up.ts";

const eyes = {
  kind: "system",
  reason: "the operator helps a person of whose structures she is no member",
} as const;

/**
 * An operator ends every session of an account, and trust in its browsers: its holder lost a device, or fears that
 * somebody else is in. She may have the person sent a link to a new password; nobody else ever sees or chooses one.
 */
export function secureAccount(
  database: Database,
  input: { readonly email: string; readonly sendsLink: boolean },
  actor: Actor,
): Promise<Result<null, { readonly code: "NO_ACTIVE_ACCOUNT" }>> {
  return database.transaction(eyes, async (tx, now) => {
    const account = await findAccountByEmail(tx, input.email);
    if (account?.state !== "active") return refused({ code: "NO_ACTIVE_ACCOUNT" } as const);
    await endSessionsOf(tx, account.id, "endedByOperator", now);
    await forgetBrowsersOf(tx, account.id);
    await publish(tx, accountEvent("SessionsEnded", factsOf(account), actor));
    if (input.sendsLink) {
      const path = await issueResetLink(tx, account, now);
      await publish(tx, accountEvent("PasswordResetAsked", factsOf(account), actor, { transient: { path } }));
    }
    return accepted(null);
  });
}
