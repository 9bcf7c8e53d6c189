import { theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { isReminderDue, isYearlyReviewDue, yearlyDueAt } from "./domain/review.ts";
import { listOpenReviews, listYearlyReviewed } from "./store.ts";
import { closeDueReview, remindReview, startReview } from "./use-cases/reviews.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

/** Closes the reviews whose date has come, and reminds of those about to; each in its own transaction. */
export const followReviews = job({
  name: "follow-reviews",
  schedule: "*/15 * * * *",
  run: async ({ database }) => {
    const open = await database.transaction(eyes, async (tx, now) => ({
      now,
      reviews: await listOpenReviews(tx),
    }));
    const report = { closed: 0, reminded: 0, suspended: 0 };
    for (const review of open.reviews) {
      if (open.now >= review.dueAt) {
        report.closed++;
        report.suspended += await database.transaction(eyes, (tx, now) =>
          closeDueReview(tx, review.structureId, now),
        );
      } else if (isReminderDue(review, open.now)) {
        report.reminded++;
        await database.transaction(eyes, (tx, now) => remindReview(tx, review.structureId, now));
      }
    }
    return report;
  },
});

/** Starts the reviews of the structures that chose one each year. */
export const startYearlyReviews = job({
  name: "start-yearly-reviews",
  schedule: "40 3 * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      let started = 0;
      for (const { structureId, lastStartedAt } of await listYearlyReviewed(tx)) {
        if (!isYearlyReviewDue(lastStartedAt, now)) continue;
        const done = await startReview(tx, { structureId, dueAt: yearlyDueAt(now) }, theClock, now);
        if (done.ok) started++;
      }
      return { started };
    }),
});
