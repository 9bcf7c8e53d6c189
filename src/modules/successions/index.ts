export type { FollowedEvent, SuccessionEvent } from "./domain/events.ts";
export { codesOf } from "./domain/events.ts";
export { awaitedAt, refuseSuccession } from "./domain/succession.ts";
export { replaceServices } from "./use-cases/replace-services.ts";
export { successionTexts } from "./web/texts.ts";

import type { Module } from "../index.ts";
import { carryOutSuccessions } from "./jobs.ts";
import { settleSuccessions } from "./use-cases/settle.ts";
import { replaceServicePages } from "./web/replace-services.pages.tsx";
import { successionPages } from "./web/succession.pages.tsx";

export const successions: Module = {
  routes: (portal) => {
    portal.settle = async (structureIds) => {
      // a page is served all the same; the job tries again
      await settleSuccessions(portal.database, structureIds).catch((error: unknown) =>
        portal.fastify.log.error({ err: error }, "a succession could not be carried out"),
      );
    };
    replaceServicePages(portal);
    successionPages(portal);
  },
  jobs: [carryOutSuccessions],
};
