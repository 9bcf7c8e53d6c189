import * as account from "./account.emails.ts";
import * as bankAccount from "./bank-account.emails.ts";
import * as directory from "./directory.emails.ts";
import type { Email } from "./email.tsx";
import * as grantRequest from "./grant-request.emails.ts";
import * as imported from "./import.emails.ts";
import * as manager from "./manager.emails.ts";
import * as membership from "./membership.emails.ts";
import * as review from "./review.emails.ts";
import * as structure from "./structure.emails.ts";
import * as succession from "./succession.emails.ts";

/** Every mail the portal sends. */
export const emails: readonly Email[] = [
  ...Object.values(account),
  ...Object.values(bankAccount),
  ...Object.values(directory),
  ...Object.values(grantRequest),
  ...Object.values(imported),
  ...Object.values(manager).flat(),
  ...Object.values(membership),
  ...Object.values(review),
  ...Object.values(structure),
  ...Object.values(succession),
];
