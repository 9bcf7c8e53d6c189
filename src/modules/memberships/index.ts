export { type MembershipRefusal, refusalTexts } from "./domain/decisions.ts";
export type { MembershipEvent } from "./domain/events.ts";
export {
  findLivingMembership,
  findMembership,
  insertMembership,
  insertRequest,
  listRequests,
  lockManagers,
  peopleToTell,
  personFacts,
  saveInvitation,
  setServices,
  updateMembership,
} from "./store.ts";
export { acceptInvitationsOf, addCreator } from "./use-cases/attach.ts";
export { type BulkAct, changeMany, type RowOutcome } from "./use-cases/bulk.ts";
export { addGrants, mayActOn, suspendByClock } from "./use-cases/changes.ts";
export { leaveEverything, structuresHeldAlone } from "./use-cases/departure.ts";
export { mayAnswer, requestMembership } from "./use-cases/requests.ts";
export { RequestTabs } from "./web/request-tabs.tsx";

import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import type { Module } from "../index.ts";
import { membershipEvent } from "./domain/events.ts";
import { closeRequest, expireByClock, listStaleRequests } from "./store.ts";
import { factsOf } from "./use-cases/requests.ts";
import { ownPages } from "./web/own.pages.tsx";
import { peoplePages } from "./web/people.pages.tsx";
import { selectionPages } from "./web/selection.pages.tsx";

const DAY_MS = 24 * 3_600_000;
const REQUEST_EXPIRY_DAYS = 30;
const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

/** What the clock ends: invitations and attachments past their date. */
const endByClock = job({
  name: "end-by-clock",
  schedule: "*/10 * * * *",
  run: ({ database }) => database.transaction(eyes, (tx, now) => expireByClock(tx, now)),
});

/** MEM-09. A request that nobody answers expires after 30 days; its author is told. */
const expireRequests = job({
  name: "expire-requests",
  schedule: "20 2 * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const stale = await listStaleRequests(tx, new Date(now.getTime() - REQUEST_EXPIRY_DAYS * DAY_MS));
      for (const request of stale) {
        if (!(await closeRequest(tx, request.id, { state: "expired", answeredBy: null, now }))) continue;
        await publish(
          tx,
          membershipEvent(
            "MembershipRequestExpired",
            request.structureId,
            await factsOf(tx, request),
            theClock,
          ),
        );
      }
      return { expired: stale.length };
    }),
});

export const memberships: Module = {
  routes: (portal) => {
    peoplePages(portal);
    selectionPages(portal);
    ownPages(portal);
  },
  jobs: [endByClock, expireRequests],
};
