import type { Database } from "../../../platform/database/index.ts";
import { publish, theClock } from "../../../platform/events.ts";
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
  const step = await database.transaction(eyes, async (tx, now) => {
    const account = await findUnusedAccount(tx, accountId);
    const due = account ? inactivityStep(account, now) : ({ kind: "wait" } as const);
    if (account && (due.kind === "notice" || due.kind === "lastNotice")) {
      await markInactivityNoticed(tx, accountId, due.kind, now);
      await publish(
        tx,
        accountEvent("AccountInactivityNoticed", factsOf(account), theClock, {
          after: { closesAt: due.closesAt.toISOString() },
        }),
      );
    }
    return due.kind;
  });
  if (step === "wait") return "waiting";
  if (step !== "close") return "noticed";
  return (await closeAccount(database, accountId, theClock)).ok ? "closed" : "kept";
}
