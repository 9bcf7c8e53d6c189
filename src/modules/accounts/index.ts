import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { monthsLater } from "../../shared/french-date-time.ts";
import type { Module } from "../index.ts";
import { accountEvent } from "./domain/events.ts";
import { NOTICED_AFTER_MONTHS } from "./domain/inactivity.ts";
import {
  listUnusedAccounts,
  removeOldChallenges,
  removeOldThrottles,
  removePendingAccounts,
  takeLockedAccounts,
} from "./store.ts";
import { tendUnusedAccount } from "./use-cases/inactivity.ts";
import { factsOf } from "./use-cases/sign-up.ts";
import { accountPages } from "./web/account.pages.tsx";
import { activationPages } from "./web/activation.pages.tsx";
import { contactPages } from "./web/contact.pages.tsx";
import { departurePages } from "./web/departure.pages.tsx";
import { identityPages } from "./web/identity.pages.tsx";
import { mailboxPages } from "./web/mailbox.pages.tsx";
import { operatorAccountPages } from "./web/operator-accounts.page.tsx";
import { passwordPages } from "./web/password.pages.tsx";
import { signInPages } from "./web/sign-in.pages.tsx";
import { signInEmailPages } from "./web/sign-in-email.pages.tsx";
import { signUpPages } from "./web/sign-up.pages.tsx";

export { contactEmailsOf } from "./contact-email.store.ts";
export { browserName } from "./domain/browser-name.ts";
export type {
  AccountActivated,
  AccountClosed,
  AccountDeactivated,
  AccountInactivityNoticed,
  AccountLocked,
  AccountReactivated,
  ActivationLinkIssued,
  BrowserTrusted,
  ContactEmailAsked,
  ContactEmailChanged,
  ContactEmailRefused,
  IdentityLinked,
  IdentityUnlinked,
  PasswordChanged,
  PasswordResetAsked,
  ReactivationLinkIssued,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorAdded,
  SecondFactorRemoved,
  SessionsEnded,
  SignedInUnusually,
  SignInEmailChangeAsked,
  SignInEmailChanged,
  SignInEmailChangeObjected,
  SignUpOnExistingAccount,
} from "./domain/events.ts";
export { accountEvent } from "./domain/events.ts";
export { ARRIVAL_PATH, pathAfterSignIn, safePath } from "./domain/safe-path.ts";
export { decideTry, decideTryOfAddress } from "./domain/sign-in-throttle.ts";
export { hashPassword, type StoredPassword, storedPassword } from "./password-hash.ts";
export {
  type AccountRow,
  findAccount,
  forgetFailures,
  giveBackTry,
  spendChallenge,
} from "./store.ts";
export { noteDeadAddress, receivesNothing, trustAddressAgain } from "./use-cases/dead-address.ts";
export {
  enterForTheFirstTime,
  type FirstEntry,
  firstEntryRule,
  readyPassword,
} from "./use-cases/first-entry.ts";
export { type Browser, completeSignIn, countTry, personActor } from "./use-cases/sign-in.ts";
export { factsOf } from "./use-cases/sign-up.ts";
export { NameFields, readNames } from "./web/name-fields.tsx";
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

/** ACC-11. Tells the holders of accounts that nobody uses, then closes those accounts. */
const tendUnused = job({
  name: "tend-unused-accounts",
  schedule: "40 2 * * *",
  run: async ({ database }) => {
    const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;
    const unused = await database.transaction(eyes, (tx, now) =>
      listUnusedAccounts(tx, monthsLater(now, -NOTICED_AFTER_MONTHS)),
    );
    const report = { waiting: 0, noticed: 0, closed: 0, kept: 0 };
    for (const id of unused) report[await tendUnusedAccount(database, id)]++;
    return report;
  },
});

/** N-07. Tells the holders of accounts where sign-ins fail: later, so that a page that refuses takes as long for all. */
const tellOfFailures = job({
  name: "tell-of-failed-sign-ins",
  schedule: "*/5 * * * *",
  run: ({ database }) =>
    database.transaction({ kind: "system", reason: "the clock acts for nobody" }, async (tx, now) => {
      const locked = await takeLockedAccounts(tx, now);
      for (const account of locked)
        await publish(tx, accountEvent("AccountLocked", factsOf(account), theClock));
      return { told: locked.length };
    }),
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
    activationPages(portal);
    signInPages(portal);
    accountPages(portal);
    identityPages(portal);
    contactPages(portal);
    passwordPages(portal);
    signInEmailPages(portal);
    departurePages(portal);
    operatorAccountPages(portal);
    mailboxPages(portal);
  },
  jobs: [removePending, tendUnused, tellOfFailures, forgetThrottles],
};
