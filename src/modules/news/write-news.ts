import type { Tx } from "../../platform/database/index.ts";
import { type Actor, type DomainEvent, publish } from "../../platform/events.ts";
import { insertNews, updateNews } from "./store.ts";

const sentences = {
  NewsPublished: "a publié l'actualité",
  NewsChanged: "a modifié l'actualité",
  NewsWithdrawn: "a retiré l'actualité",
  NewsShownAgain: "a remis l'actualité",
} as const;

function newsEvent(
  type: keyof typeof sentences,
  news: { readonly id: number; readonly title: string },
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    type,
    structureId: null,
    actor,
    sentence: `${sentences[type]} « ${news.title} »`,
    object: { kind: "news", id: news.id, label: news.title },
    ...more,
  };
}

/** Publishes a news at once. */
export async function publishNews(
  tx: Tx,
  news: { readonly title: string; readonly body: string; readonly writtenBy: number },
  actor: Actor,
  now: Date,
): Promise<number> {
  const id = await insertNews(tx, news, now);
  await publish(
    tx,
    newsEvent("NewsPublished", { id, title: news.title }, actor, { after: { body: news.body } }),
  );
  return id;
}

/** Changes the words of a news; its date of publication stays. Answers whether there is one. */
export async function changeNews(
  tx: Tx,
  news: { readonly id: number; readonly title: string; readonly body: string },
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const { id, title, body } = news;
  const before = await updateNews(tx, id, { title, body }, now);
  if (!before) return false;
  const told = { before: { title: before.title, body: before.body }, after: { title, body } };
  await publish(tx, newsEvent("NewsChanged", news, actor, told));
  return true;
}

/** Withdraws a news from everybody's eyes, or shows it again. Answers whether there is one. */
export async function showNews(
  tx: Tx,
  id: number,
  isShown: boolean,
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const before = await updateNews(tx, id, { withdrawnAt: isShown ? null : now }, now);
  if (!before) return false;
  await publish(tx, newsEvent(isShown ? "NewsShownAgain" : "NewsWithdrawn", before, actor));
  return true;
}
