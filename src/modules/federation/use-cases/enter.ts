import { randomUUID } from "node:crypto";
import type { Config } from "../../../config.ts";
import { brokenConstraint, type Database } from "../../../platform/database/index.ts";
import { type EmailAddress, emailAddress } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  type Browser,
  enterForTheFirstTime,
  type FirstEntry,
  type NewPasswordRefusal,
  readyPassword,
  spendChallenge,
} from "../../accounts/index.ts";
import { seal, unseal } from "../../second-factor/index.ts";
import type { ProvenIdentity } from "../provider.ts";
import { link, open } from "./journey.ts";

const LIFE_MS = 20 * 60_000;
const eyes = { kind: "system", reason: "whoever enters for the first time has no account yet" } as const;
const context = (browserKey: string) => `first entry of browser ${browserKey}`;

/** An identity whose address its provider has verified, waiting for its holder to finish her account. */
export type Entrant = {
  readonly identity: ProvenIdentity & { readonly email: EmailAddress };
  readonly nonce: string;
  readonly expiresAt: string;
};
export type EntryRefusal =
  | { readonly code: "ENTRY_SPENT" | "ADDRESS_HAS_ACCOUNT" }
  | { readonly code: NewPasswordRefusal };

/** What the page of a first entry carries: the identity, sealed for this browser; null when its address is not proven. */
export function sealEntry(
  secret: string,
  identity: ProvenIdentity,
  browserKey: string,
  now: Date,
): string | null {
  const email = emailAddress(identity.email ?? "");
  if (!identity.isEmailVerified || !email.ok) return null;
  const expiresAt = new Date(now.getTime() + LIFE_MS).toISOString();
  const entrant: Entrant = { identity: { ...identity, email: email.value }, nonce: randomUUID(), expiresAt };
  return seal(secret, JSON.stringify(entrant), context(browserKey)).toString("base64url");
}

/** The identity that a page carries; null when it is another browser's, changed, or too old. */
export function readEntry(secret: string, sealed: string, browserKey: string, now: Date): Entrant | null {
  const text = unseal(secret, Buffer.from(sealed, "base64url"), context(browserKey));
  if (text === null) return null;
  const entrant = JSON.parse(text) as Entrant; // sealed by us
  return new Date(entrant.expiresAt) > now ? entrant : null;
}

/** Opens an account for a proven identity, linked to it, with a password of its own; an entry serves once. */
export async function enter(
  { database, config }: { readonly database: Database; readonly config: Config },
  { identity, nonce, expiresAt }: Entrant,
  typed: Pick<FirstEntry, "firstName" | "lastName" | "password">,
  browser: Browser,
): Promise<Result<{ token: string }, EntryRefusal>> {
  const entry = { ...typed, email: identity.email };
  const password = await readyPassword(config, entry);
  if (!password.ok) return refused({ code: password.refusal.code });
  try {
    return await database.transaction(eyes, async (tx, now) => {
      if (!(await spendChallenge(tx, { nonce, expiresAt: new Date(expiresAt) })))
        return refused({ code: "ENTRY_SPENT" } as const);
      const entered = await enterForTheFirstTime(tx, { ...entry, password: password.value }, browser, now);
      if (!entered.ok) return entered;
      await link(tx, entered.value, identity, browser, now);
      return accepted({ token: (await open(tx, entered.value, identity, browser, now)).token });
    });
  } catch (error) {
    // somebody took the address, or linked the identity, at the same instant
    if (
      !["account_sign_in_email_is_unique", "federated_identity_is_unique"].includes(
        brokenConstraint(error) ?? "",
      )
    )
      throw error;
    return refused({ code: "ADDRESS_HAS_ACCOUNT" });
  }
}
