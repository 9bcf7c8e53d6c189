import type { Tx } from "../../platform/database/index.ts";

export type NewsRow = {
  readonly id: number;
  readonly title: string;
  /** Paragraphs, separated by empty lines. */
  readonly body: string;
  readonly publishedAt: Date;
  readonly changedAt: Date;
  readonly withdrawnAt: Date | null;
};

const columns = ["id", "title", "body", "publishedAt", "changedAt", "withdrawnAt"] as const;

/** News shown to everybody, the newest first. */
export function listNews(tx: Tx, limit: number): Promise<NewsRow[]> {
  return tx
    .selectFrom("news")
    .select(columns)
    .where("withdrawnAt", "is", null)
    .orderBy("publishedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** News published from an instant to another and still shown, the newest first. */
export function listNewsOf(
  tx: Tx,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<NewsRow[]> {
  return tx
    .selectFrom("news")
    .select(columns)
    .where("withdrawnAt", "is", null)
    .where("publishedAt", ">=", from)
    .where("publishedAt", "<", until)
    .orderBy("publishedAt", "desc")
    .execute();
}

/** All news, withdrawn ones included, for the operator. */
export function listAllNews(tx: Tx): Promise<NewsRow[]> {
  return tx
    .selectFrom("news")
    .select(columns)
    .orderBy("publishedAt", "desc")
    .orderBy("id", "desc")
    .limit(200)
    .execute();
}

/** One news; a withdrawn one only with the eyes of the operator. */
export function findNews(tx: Tx, id: number): Promise<NewsRow | undefined> {
  return tx.selectFrom("news").select(columns).where("id", "=", id).executeTakeFirst();
}

export async function insertNews(
  tx: Tx,
  news: { readonly title: string; readonly body: string; readonly writtenBy: number },
  now: Date,
): Promise<number> {
  const { id } = await tx
    .insertInto("news")
    .values({ ...news, publishedAt: now, changedAt: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes a news, withdraws it or shows it again; answers what it was. */
export async function updateNews(
  tx: Tx,
  id: number,
  change: { readonly title?: string; readonly body?: string; readonly withdrawnAt?: Date | null },
  now: Date,
): Promise<NewsRow | undefined> {
  const before = await tx
    .selectFrom("news")
    .select(columns)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (before)
    await tx
      .updateTable("news")
      .set({ ...change, changedAt: now })
      .where("id", "=", id)
      .execute();
  return before;
}
