import { notFound } from "../../../web/access.ts";
import type { Context } from "../../../web/portal.ts";
import { type AccountRow, findAccount } from "../store.ts";

export const ownCrumbs = [{ label: "Mon compte", href: "/mon-compte" }];

/** The account of the caller. */
export async function ownAccount(ctx: Context): Promise<AccountRow> {
  const account = await ctx.tx((tx) => findAccount(tx, ctx.who.accountId));
  if (!account) throw notFound();
  return account;
}
