import type { Database, Tx } from "../../../platform/database/index.ts";
import { publish, theClock } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { saveContactEmail } from "../contact-email.store.ts";
import { accountEvent } from "../domain/events.ts";
import { findAccount, findBouncedAt, saveBouncedAt } from "../store.ts";
import { factsOf } from "./sign-up.ts";

const eyes = { kind: "system", reason: "the account of the caller" } as const;

/**
 * ACC-14. What becomes of an account one of whose addresses is refused by its mail server: a contact address serves no
 * longer; a sign-in address is asked for again at the next sign-in.
 */
export async function noteDeadAddress(
  tx: Tx,
  mail: { readonly toAddress: string; readonly recipientAccountId: number | null },
  now: Date,
): Promise<void> {
  const account =
    mail.recipientAccountId === null ? undefined : await findAccount(tx, mail.recipientAccountId);
  if (account?.state !== "active") return;
  const address = canonicalEmail(mail.toAddress);
  if (address === canonicalEmail(account.signInEmail)) {
    if ((await findBouncedAt(tx, account.id)) !== null) return;
    await saveBouncedAt(tx, account.id, now);
    await publish(tx, accountEvent("SignInEmailRefused", factsOf(account), theClock));
  } else if (account.contactEmail !== null && address === canonicalEmail(account.contactEmail)) {
    await saveContactEmail(tx, account.id, null, now);
    await publish(tx, accountEvent("ContactEmailRefused", factsOf(account), theClock));
  }
}

/** Whether the sign-in address of an account is known to receive nothing. */
export const receivesNothing = async (tx: Tx, accountId: number): Promise<boolean> =>
  (await findBouncedAt(tx, accountId)) !== null;

/** The person says that her address receives mails again. */
export function trustAddressAgain(database: Database, accountId: number): Promise<void> {
  return database.transaction(eyes, (tx) => saveBouncedAt(tx, accountId, null));
}
