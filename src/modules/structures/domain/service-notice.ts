const DAY_MS = 24 * 3_600_000;

/** What is told of a service's life, in its order: that it starts, that it ends in so many days, that it has ended. */
export const serviceNotices = ["started", "endsIn30", "endsIn7", "endsIn1", "ended"] as const;
export type ServiceNotice = (typeof serviceNotices)[number];

/** What happened longer ago is no news any more. */
const NEWS_DAYS = 2;

export type NoticeFacts = {
  readonly createdAt: Date;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  /** The last notice given for these dates. */
  readonly told: ServiceNotice | null;
};

/** Whether dates are announced anew: they changed, but for what is under the second, which a form gives back without. */
export function areOtherDates(
  before: Pick<NoticeFacts, "startsAt" | "endsAt">,
  after: Pick<NoticeFacts, "startsAt" | "endsAt">,
): boolean {
  const second = (instant: Date | null) => instant && Math.floor(instant.getTime() / 1000);
  return second(before.startsAt) !== second(after.startsAt) || second(before.endsAt) !== second(after.endsAt);
}

/**
 * N-28. Which notice is due, if any. One that was missed is not caught up once the next is due; a service opened at once,
 * or made shorter than a notice, does not get it: who made it has just said so.
 */
export function noticeDue(
  { createdAt, startsAt, endsAt, told }: NoticeFacts,
  now: Date,
): ServiceNotice | null {
  const isNews = (instant: Date) => now >= instant && now.getTime() - instant.getTime() < NEWS_DAYS * DAY_MS;
  const isNear = (days: number) =>
    endsAt !== null &&
    now < endsAt &&
    now.getTime() >= endsAt.getTime() - days * DAY_MS &&
    startsAt.getTime() <= endsAt.getTime() - days * DAY_MS &&
    createdAt.getTime() <= endsAt.getTime() - days * DAY_MS;
  const due = (
    [
      ["ended", endsAt !== null && isNews(endsAt)],
      ["endsIn1", isNear(1)],
      ["endsIn7", isNear(7)],
      ["endsIn30", isNear(30)],
      ["started", startsAt > createdAt && isNews(startsAt)],
    ] as const
  ).find(([, isDue]) => isDue)?.[0];
  if (due === undefined) return null;
  const rank = (notice: ServiceNotice) => serviceNotices.indexOf(notice);
  return told === null || rank(told) < rank(due) ? due : null;
}
