import { job } from "../../platform/jobs.ts";
import type { Module } from "../index.ts";
import { removeOldChallenges, removeOldThrottles, removePendingAccounts } from "./store.ts";
import { accountPages, mailboxPages } from "./web/account.pages.tsx";
import { departurePages } from "./web/departure.pages.tsx";
import { signInPages } from "./web/sign-in.pages.tsx";
import { signInEmailPages } from "./web/sign-in-email.pages.tsx";
import { signUpPages } from "./web/sign-up.pages.tsx";

export type {
  AccountActivated,
  AccountClosed,
  AccountDeactivated,
  AccountReactivated,
  ActivationLinkIssued,
  BrowserTrusted,
  IdentityLinked,
  IdentityUnlinked,
  PasswordChanged,
  PasswordResetAsked,
  ReactivationLinkIssued,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorAdded,
  SecondFactorRemoved,
  SignInEmailChangeAsked,
  SignInEmailChanged,
  SignInEmailChangeObjected,
  SignUpOnExistingAccount,
} from "./domain/events.ts";
export { accountEvent } from "./domain/events.ts";
export { safePath } from "./domain/safe-path.ts";
export { decideTry, decideTryOfAddress } from "./domain/sign-in-throttle.ts";
export { hashPassword } from "./password-hash.ts";
export { type AccountRow, findAccount, forgetFailures, giveBackTry, spendChallenge } from "./store.ts";
export { enterForTheFirstTime, type FirstEntry, readyPassword } from "./use-cases/first-entry.ts";
export { type Browser, completeSignIn, countTry, personActor } from "./use-cases/sign-in.ts";
export { factsOf } from "./use-cases/sign-up.ts";
export { browserName } from "./web/browser-name.ts";
export {
  browserOf,
  NewPasswordFields,
  type NewPasswordRefusal,
  passwordText,
} from "./web/password-fields.tsx";

const PENDING_DAYS = 30;

/** ACC-07. An account never activated disappears after 30 days. */
const removePending = job({
  name: "remove-pending-accounts",
  schedule: "15 2 * * *",
  run: ({ database }) =>
    database.transaction({ kind: "system", reason: "accounts of nobody yet" }, async (tx, now) => ({
      removed: await removePendingAccounts(tx, new Date(now.getTime() - PENDING_DAYS * 24 * 3_600_000)),
    })),
});

/** The counters of failed sign-ins live a day, as SIG-02 counts them; a challenge, twenty minutes. */
const forgetThrottles = job({
  name: "forget-sign-in-throttles",
  schedule: "20 * * * *",
  run: ({ database }) =>
    database.transaction({ kind: "system", reason: "counters belong to nobody" }, async (tx, now) => ({
      removed: await removeOldThrottles(tx, new Date(now.getTime() - 24 * 3_600_000)),
      challenges: await removeOldChallenges(tx, now),
    })),
});

export const accounts: Module = {
  routes: (portal) => {
    signUpPages(portal);
    signInPages(portal);
    accountPages(portal);
    signInEmailPages(portal);
    departurePages(portal);
    mailboxPages(portal);
  },
  jobs: [removePending, forgetThrottles],
};
