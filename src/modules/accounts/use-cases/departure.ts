import type { Config } from "../../../config.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  keepFormerMailbox,
  leaveEverything,
  type ManagedStructure,
  structuresHeldAlone,
} from "../../memberships/index.ts";
import { forgetLater } from "../../personal-data/index.ts";
import { endSessionsOf } from "../../sessions/index.ts";
import { accountEvent } from "../domain/events.ts";
import {
  type AccountRow,
  consumeToken,
  eraseAccount,
  findAccount,
  hasSentEnough,
  issueToken,
  markDeactivated,
  markReactivated,
  peekToken,
} from "../store.ts";
import { personActor } from "./sign-in.ts";
import { factsOf } from "./sign-up.ts";

const eyes = {
  kind: "system",
  reason: "whether a structure keeps a manager is not for one person to see",
} as const;
const HOUR_MS = 3_600_000;

export type DepartureRefusal = {
  readonly code: "LAST_MAIN_MANAGER";
  /** The structures that would be left without a manager. */
  readonly structures: readonly ManagedStructure[];
};

/**
 * ACC-09, ACC-10. Closes the access of one who may come back: her attachments stay, without effect while the account is
 * inactive, and her sessions end.
 */
export function deactivateAccount(
  database: Database,
  accountId: number,
  actor: Actor,
): Promise<Result<null, DepartureRefusal>> {
  return depart(database, accountId, ["active"], async (tx, account, now) => {
    await markDeactivated(tx, account.id, now);
    await endSessionsOf(tx, account.id, "accountDeactivated", now);
    await publish(tx, accountEvent("AccountDeactivated", factsOf(account), actor));
  });
}

/**
 * Closes the account for good: attachments and requests end, and what names the person is erased, here at once, elsewhere
 * within the day: those whom she leaves are told first.
 * @param isStillDue asked in the transaction that closes, by the clock: the person may just have come back
 */
export function closeAccount(
  database: Database,
  accountId: number,
  actor: Actor,
  isStillDue: (tx: Tx, now: Date) => Promise<boolean> = async () => true,
): Promise<Result<null, DepartureRefusal>> {
  return depart(database, accountId, ["active", "inactive"], async (tx, account, now) => {
    if (!(await isStillDue(tx, now))) return;
    await leaveEverything(tx, account.id, actor, now);
    await publish(tx, accountEvent("AccountClosed", factsOf(account), actor));
    await keepFormerMailbox(tx, { accountId: account.id, address: account.signInEmail }, now);
    await eraseAccount(tx, account.id);
    await forgetLater(tx, account, now);
  });
}

function depart(
  database: Database,
  accountId: number,
  states: readonly string[],
  go: (tx: Tx, account: AccountRow, now: Date) => Promise<void>,
): Promise<Result<null, DepartureRefusal>> {
  return database.transaction(eyes, async (tx, now) => {
    const structures = await structuresHeldAlone(tx, accountId);
    if (structures.length > 0) return refused({ code: "LAST_MAIN_MANAGER", structures } as const);
    const account = await findAccount(tx, accountId);
    if (account && states.includes(account.state)) await go(tx, account, now);
    return accepted(null);
  });
}

/** Sends an inactive account the link that opens it again. */
export async function sendReactivationLink(
  tx: Tx,
  config: Config,
  account: AccountRow,
  actor: Actor,
  now: Date,
): Promise<void> {
  if (await hasSentEnough(tx, account.id, "reactivation", now)) return;
  const hours = config.ACTIVATION_LINK_HOURS;
  const secret = await issueToken(tx, {
    purpose: "reactivation",
    accountId: account.id,
    email: account.signInEmail,
    now,
    lifeMs: hours * HOUR_MS,
  });
  await publish(
    tx,
    accountEvent("ReactivationLinkIssued", factsOf(account), actor, {
      transient: { path: `/compte/reactiver?lien=${secret}`, hours },
    }),
  );
}

/** Whether a reactivation link still works; looking changes nothing. */
export function isReactivationLinkAlive(database: Database, secret: string): Promise<boolean> {
  return database.transaction(
    eyes,
    async (tx, now) => (await peekToken(tx, secret, "reactivation", now)) !== undefined,
  );
}

/** Opens an inactive account again; its holder still has to sign in. */
export function reactivateAccount(
  database: Database,
  secret: string,
  ip: string,
): Promise<Result<null, { readonly code: "LINK_EXPIRED" }>> {
  return database.transaction(eyes, async (tx, now) => {
    const link = await consumeToken(tx, secret, "reactivation", now);
    const account = link && (await findAccount(tx, link.accountId));
    if (!account || !(await markReactivated(tx, account.id)))
      return refused({ code: "LINK_EXPIRED" } as const);
    await publish(tx, accountEvent("AccountReactivated", factsOf(account), personActor(account, { ip })));
    return accepted(null);
  });
}
