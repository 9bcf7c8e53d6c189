import type { Tx } from "../../platform/database/index.ts";

export type BuiltInMail = {
  readonly id: number;
  readonly toAddress: string;
  readonly subject: string;
  readonly createdAt: Date;
};

const columns = ["id", "toAddress", "subject", "createdAt"] as const;

/** The mails of the built-in mailbox, newest first. */
export function listMails(tx: Tx, to: string): Promise<BuiltInMail[]> {
  return tx
    .selectFrom("mail")
    .select(columns)
    .$if(to !== "", (query) => query.where("toAddress", "ilike", `%${to.replace(/[%_\\]/g, "\\$&")}%`))
    .orderBy("id", "desc")
    .limit(50)
    .execute();
}

export function findMail(
  tx: Tx,
  id: number,
): Promise<(BuiltInMail & { readonly text: string | null }) | undefined> {
  return tx
    .selectFrom("mail")
    .select([...columns, "text"])
    .where("id", "=", id)
    .executeTakeFirst();
}
