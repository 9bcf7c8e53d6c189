import { type Config, isOperatorAddress } from "../../../config.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { Result } from "../../../shared/result.ts";
import { isMainManager } from "../../memberships/index.ts";
import { commonPasswords } from "../common-passwords.ts";
import {
  choosePassword,
  type PasswordRefusal,
  type PasswordRule,
  passwordRuleFor,
} from "../domain/password-policy.ts";
import type { SignUpIntent } from "../sign-up-intent.ts";
import type { AccountRow } from "../store.ts";

/** The rule for what an account is, or is about to be: whoever activates it to create a structure will manage it. */
export async function passwordRuleOf(
  tx: Tx,
  config: Config,
  account: Pick<AccountRow, "id" | "signInEmail" | "signUpIntent">,
): Promise<PasswordRule> {
  const intent = account.signUpIntent as SignUpIntent | null;
  return passwordRuleFor({
    isOperator: isOperatorAddress(config, account.signInEmail),
    isMainManager: intent?.kind === "create" || (await isMainManager(tx, account.id)),
  });
}

/** Whether a person may choose a password, under the rule for what she is. */
export function weighPassword(
  typed: string,
  rule: PasswordRule,
  person: Pick<AccountRow, "firstName" | "lastName" | "signInEmail">,
): Result<string, PasswordRefusal> {
  const personal = [person.firstName, person.lastName, person.signInEmail.split("@")[0]!];
  return choosePassword(typed, { rule, common: commonPasswords, personal });
}
