export type { GrantRequestEvent } from "./domain/events.ts";
export { listOwnGrantRequests, listPendingGrantRequests, saveGrantRequest } from "./store.ts";
export { mayAnswerGrant } from "./use-cases/grant-requests.ts";
export { OwnGrantRequests } from "./web/ask-grant.pages.tsx";

import { job } from "../../platform/jobs.ts";
import type { Module } from "../index.ts";
import { expireGrantRequests } from "./use-cases/grant-requests.ts";
import { answerGrantPages } from "./web/answer-grant.pages.tsx";
import { askGrantPages } from "./web/ask-grant.pages.tsx";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

const expire = job({
  name: "expire-grant-requests",
  schedule: "25 2 * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => ({ expired: await expireGrantRequests(tx, now) })),
});

export const grantRequests: Module = {
  routes: (portal) => {
    askGrantPages(portal);
    answerGrantPages(portal);
  },
  jobs: [expire],
};
