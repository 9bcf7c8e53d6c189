import { type Config, isOperatorAddress } from "../../../config.ts";
import type { Tx } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import type { EmailAddress } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { acceptInvitationsOf } from "../../memberships/index.ts";
import { accountEvent } from "../domain/events.ts";
import { type PasswordRefusal, type PasswordRule, passwordRuleFor } from "../domain/password-policy.ts";
import { type StoredPassword, storedPassword } from "../password-hash.ts";
import {
  type AccountRow,
  findAccount,
  findAccountByEmail,
  insertPendingAccount,
  markActivated,
  replacePendingAccount,
} from "../store.ts";
import { weighPassword } from "./password-rule.ts";
import { type Browser, personActor } from "./sign-in.ts";
import { factsOf, TERMS_VERSION } from "./sign-up.ts";

/** A person whose address somebody trusted has proved, and what she typed about herself. */
export type FirstEntry = {
  readonly email: EmailAddress;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
};

/** The rule of the password of a first entry: nobody enters so as a main manager. */
export const firstEntryRule = (config: Config, email: string): PasswordRule =>
  passwordRuleFor({ isOperator: isOperatorAddress(config, email), isMainManager: false });

/** The password of a first entry, weighed and hashed before any transaction. */
export async function readyPassword(
  config: Config,
  { email, password, ...names }: FirstEntry,
): Promise<Result<StoredPassword, PasswordRefusal>> {
  const chosen = weighPassword(password, firstEntryRule(config, email), { ...names, signInEmail: email });
  return chosen.ok ? accepted(await storedPassword(chosen.value)) : chosen;
}

/**
 * Opens an account for a proven address: an account that waited there (signed up, or invited) is the person's, an active
 * one is not touched.
 */
export async function enterForTheFirstTime(
  tx: Tx,
  entry: Omit<FirstEntry, "password"> & { readonly password: StoredPassword },
  browser: Pick<Browser, "ip">,
  now: Date,
): Promise<Result<AccountRow, { readonly code: "ADDRESS_HAS_ACCOUNT" }>> {
  const { email, firstName, lastName, password } = entry;
  const known = await findAccountByEmail(tx, email);
  if (known && known.state !== "pending") return refused({ code: "ADDRESS_HAS_ACCOUNT" });
  const person = { firstName, lastName, phone: null, contactEmail: null, intent: null };
  const id =
    known?.id ??
    (await insertPendingAccount(tx, {
      ...person,
      email,
      termsVersion: TERMS_VERSION,
      now,
      origin: "federation",
    }));
  if (known) await replacePendingAccount(tx, id, person);
  if (!(await markActivated(tx, id, password, now))) return refused({ code: "ADDRESS_HAS_ACCOUNT" });
  const account = (await findAccount(tx, id))!;
  const self = personActor(account, browser);
  await publish(tx, accountEvent("AccountActivated", factsOf(account), self));
  await acceptInvitationsOf(tx, { accountId: id, email: account.signInEmail }, self, now);
  return accepted(account);
}
