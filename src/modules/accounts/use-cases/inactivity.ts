import type { Database, Tx } from "../../../platform/database/index.ts";
import { publish, theClock } from "../../../platform/events.ts";
import { tellOfAbsence } from "../../memberships/index.ts";
import { accountEvent } from "../domain/events.ts";
import { inactivityStep } from "../domain/inactivity.ts";
import { findUnusedAccount, markInactivityNoticed } from "../store.ts";
import { closeAccount } from "./departure.ts";
import { factsOf } from "./sign-up.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

/**
 * ACC-11. Takes the next step with an account that nobody uses. The last main manager of an active structure keeps hers,
 * as when she leaves by herself (MGR-03): the structure would be nobody's.
 */
export async function tendUnusedAccount(
  database: Database,
  accountId: number,
): Promise<"waiting" | "noticed" | "closed" | "kept"> {
  const dueNow = async (tx: Tx, now: Date) => {
    const account = await findUnusedAccount(tx, accountId);
    return { account, due: account ? inactivityStep(account, now) : ({ kind: "wait" } as const) };
  };
  const step = await database.transaction(eyes, async (tx, now) => {
    const { account, due } = await dueNow(tx, now);
    if (account && (due.kind === "notice" || due.kind === "lastNotice")) {
      await markInactivityNoticed(tx, accountId, due.kind, now);
      await publish(
        tx,
        accountEvent("AccountInactivityNoticed", factsOf(account), theClock, {
          after: { closesAt: due.closesAt.toISOString() },
        }),
      );
      if (due.kind === "notice") await tellOfAbsence(tx, accountId, theClock);
    }
    return due.kind;
  });
  if (step === "wait") return "waiting";
  if (step !== "close") return "noticed";
  const closed = await closeAccount(
    database,
    accountId,
    theClock,
    async (tx, now) => (await dueNow(tx, now)).due.kind === "close",
  );
  return closed.ok ? "closed" : "kept";
}
