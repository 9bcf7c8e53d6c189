import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { secondManagerAdvised } from "./domain/events.ts";
import { listDueProposals, takeStructuresToAdvise } from "./store.ts";
import { settleDueProposal } from "./use-cases/proposals.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;

/** What becomes of the proposals that nobody answered in time, each in its own transaction. */
export const settleProposals = job({
  name: "settle-manager-proposals",
  schedule: "*/10 * * * *",
  run: async ({ database }) => {
    const due = await database.transaction(eyes, (tx, now) => listDueProposals(tx, now));
    let settled = 0;
    for (const one of due)
      if (await database.transaction(eyes, (tx, now) => settleDueProposal(tx, one, now))) settled++;
    return { settled };
  },
});

/** MGR-01. Advises the structures that one person alone manages, thirty days after their creation, then every year. */
export const adviseSecondManager = job({
  name: "advise-second-manager",
  schedule: "40 5 * * 1-5",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const alone = await takeStructuresToAdvise(tx, now);
      for (const { structureId, structureName } of alone)
        await publish(tx, secondManagerAdvised(structureId, structureName, theClock));
      return { advised: alone.length };
    }),
});
