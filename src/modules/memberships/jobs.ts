import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { membershipEvent } from "./domain/events.ts";
import { listEndedByDate, listExpiring, listToFollowServices } from "./expiry-store.ts";
import { expireInvitations } from "./invitations-store.ts";
import { closeRequest, listRequestsToRemind, listStaleRequests, markReminded } from "./requests-store.ts";
import { endByDate, warnOfEnd } from "./use-cases/expiry.ts";
import { followServices } from "./use-cases/follow-services.ts";
import { factsOf } from "./use-cases/requests.ts";

const DAY_MS = 24 * 3_600_000;
const REQUEST_REMINDER_DAYS = 14;
const REQUEST_EXPIRY_DAYS = 30;
const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

/**
 * What the clock ends: invitations and attachments past their date, each attachment in its own transaction.
 */
export const endByClock = job({
  name: "end-by-clock",
  schedule: "*/10 * * * *",
  run: async ({ database }) => {
    const { invitations, due } = await database.transaction(eyes, async (tx, now) => ({
      invitations: await expireInvitations(tx, now),
      due: await listEndedByDate(tx, now),
    }));
    let memberships = 0;
    for (const membership of due)
      if (await database.transaction(eyes, (tx, now) => endByDate(tx, membership, now))) memberships++;
    return { invitations, memberships };
  },
});

/** MEM-14. Suspends those whose services have all closed, and restores them when one opens again. */
export const followServicesByClock = job({
  name: "follow-services",
  schedule: "*/10 * * * *",
  run: async ({ database }) => {
    const concerned = await database.transaction(eyes, (tx) => listToFollowServices(tx, null));
    const report = { suspended: 0, resumed: 0 };
    for (const structureId of new Set(concerned.map((one) => one.structureId))) {
      const done = await database.transaction(eyes, (tx, now) => followServices(tx, structureId, now));
      report.suspended += done.suspended;
      report.resumed += done.resumed;
    }
    return report;
  },
});

/** N-20. Announces the attachments about to end, thirty then seven days before. */
export const warnOfEnds = job({
  name: "warn-of-ends",
  schedule: "10 5 * * *",
  run: async ({ database }) => {
    const expiring = await database.transaction(eyes, (tx, now) => listExpiring(tx, now));
    let warned = 0;
    for (const membership of expiring)
      if (await database.transaction(eyes, (tx, now) => warnOfEnd(tx, membership, now))) warned++;
    return { warned };
  },
});

/** MEM-09. A request without an answer for fourteen days is reminded once, to those who may answer and to its author. */
export const remindRequests = job({
  name: "remind-requests",
  schedule: "30 5 * * *",
  run: async ({ database }) => {
    const waiting = await database.transaction(eyes, (tx, now) =>
      listRequestsToRemind(tx, new Date(now.getTime() - REQUEST_REMINDER_DAYS * DAY_MS)),
    );
    let reminded = 0;
    for (const request of waiting)
      await database.transaction(eyes, async (tx, now) => {
        if (!(await markReminded(tx, request.id, now))) return;
        reminded++;
        const facts = await factsOf(tx, request);
        await publish(tx, membershipEvent("MembershipRequestReminded", request.structureId, facts, theClock));
      });
    return { reminded };
  },
});

/** MEM-09. A request that nobody answers expires after 30 days; both sides are told. */
export const expireRequests = job({
  name: "expire-requests",
  schedule: "20 2 * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const stale = await listStaleRequests(tx, new Date(now.getTime() - REQUEST_EXPIRY_DAYS * DAY_MS));
      for (const request of stale) {
        if (!(await closeRequest(tx, request.id, { state: "expired", answeredBy: null, now }))) continue;
        const facts = await factsOf(tx, request);
        await publish(tx, membershipEvent("MembershipRequestExpired", request.structureId, facts, theClock));
      }
      return { expired: stale.length };
    }),
});
