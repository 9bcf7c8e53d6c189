import type { Database } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accountEvent, factsOf, findAccount } from "../../accounts/index.ts";
import { removeIdentity } from "../store.ts";

/** Unlinks the identity of an issuer: it no longer opens the account, which keeps its password. */
export async function unlinkIdentity(
  database: Database,
  { accountId, issuer }: { accountId: number; issuer: string },
  actor: Actor,
): Promise<boolean> {
  return database.transaction({ kind: "caller", accountId, structureIds: [] }, async (tx) => {
    const account = await findAccount(tx, accountId);
    if (!account || !(await removeIdentity(tx, accountId, issuer))) return false;
    await publish(tx, accountEvent("IdentityUnlinked", factsOf(account), actor, { before: { issuer } }));
    return true;
  });
}
