import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { saveContactEmail } from "../contact-email.store.ts";
import { accountEvent } from "../domain/events.ts";
import {
  type AccountRow,
  consumeToken,
  findAccount,
  hasSentEnough,
  issueToken,
  peekToken,
  revokeTokens,
} from "../store.ts";
import { personActor } from "./sign-in.ts";
import { factsOf } from "./sign-up.ts";

const eyes = { kind: "system", reason: "whoever proves a contact address may not be signed in" } as const;
const HOUR_MS = 3_600_000;
/** A mailbox read once a day is enough. */
const LINK_HOURS = 72;

export type ContactEmailAnswer = "asked" | "backToSignInEmail" | "tooManyLinks";

/**
 * Asks that news go to another address: it receives a link, and nothing else before the link is used. The sign-in
 * address, or none, undoes the choice at once.
 */
export async function askContactEmail(
  tx: Tx,
  account: Pick<AccountRow, "id" | "signInEmail" | "firstName" | "contactEmail">,
  contactEmail: string | null,
  actor: Actor,
  now: Date,
): Promise<ContactEmailAnswer> {
  if (contactEmail === null || canonicalEmail(contactEmail) === canonicalEmail(account.signInEmail)) {
    await revokeTokens(tx, account.id, ["contactEmail"], now);
    if (account.contactEmail !== null) {
      await saveContactEmail(tx, account.id, null, now);
      await publish(tx, accountEvent("ContactEmailChanged", factsOf(account), actor));
    }
    return "backToSignInEmail";
  }
  if (await hasSentEnough(tx, account.id, "contactEmail", now)) return "tooManyLinks";
  const secret = await issueToken(tx, {
    purpose: "contactEmail",
    accountId: account.id,
    email: contactEmail,
    now,
    lifeMs: LINK_HOURS * HOUR_MS,
  });
  const facts = { ...factsOf(account), newEmail: contactEmail };
  await publish(
    tx,
    accountEvent("ContactEmailAsked", facts, actor, {
      transient: { path: `/mon-compte/contact/confirmer?lien=${secret}`, hours: LINK_HOURS },
    }),
  );
  return "asked";
}

/** The address behind a link that still works; looking changes nothing. */
export function findContactEmailLink(database: Database, secret: string): Promise<string | null> {
  return database.transaction(
    eyes,
    async (tx, now) => (await peekToken(tx, secret, "contactEmail", now))?.email ?? null,
  );
}

/** Takes the contact address behind a link, which is consumed; answers whether it still worked. */
export function confirmContactEmail(database: Database, secret: string, ip: string): Promise<boolean> {
  return database.transaction(eyes, async (tx, now) => {
    const link = await consumeToken(tx, secret, "contactEmail", now);
    const account = link && (await findAccount(tx, link.accountId));
    if (account?.state !== "active") return false;
    await saveContactEmail(tx, account.id, link!.email, now);
    await publish(tx, accountEvent("ContactEmailChanged", factsOf(account), personActor(account, { ip })));
    return true;
  });
}
