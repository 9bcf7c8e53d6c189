import type { Tx } from "../../platform/database/index.ts";

export type BuiltInMail = {
  readonly id: number;
  readonly toAddress: string;
  readonly subject: string;
  readonly createdAt: Date;
  readonly text: string | null;
  readonly html: string | null;
};

/** The mails of the built-in mailbox, newest first. */
export function listMails(tx: Tx, to: string): Promise<BuiltInMail[]> {
  return tx
    .selectFrom("mail")
    .select(["id", "toAddress", "subject", "createdAt", "text", "html"])
    .$if(to !== "", (query) => query.where("toAddress", "ilike", `%${to.replace(/[%_\\]/g, "\\$&")}%`))
    .orderBy("id", "desc")
    .limit(50)
    .execute();
}

export function findMail(tx: Tx, id: number): Promise<BuiltInMail | undefined> {
  return tx
    .selectFrom("mail")
    .select(["id", "toAddress", "subject", "createdAt", "text", "html"])
    .where("id", "=", id)
    .executeTakeFirst();
}
