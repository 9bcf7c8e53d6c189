import { publish, theClock } from "../../platform/events.ts";
import { job } from "../../platform/jobs.ts";
import { managersUnreachable, secondManagerAdvised } from "./domain/events.ts";
import { REMINDER_DAYS } from "./domain/proposal.ts";
import { listDueProposals, listProposalsToRemind, takeStructuresToAdvise, takeUnreachable } from "./store.ts";
import { remindProposal, settleDueProposal } from "./use-cases/proposals.ts";

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

/** Reminds those who were proposed the role and have not answered, three days before it is too late. */
export const remindProposals = job({
  name: "remind-manager-proposals",
  schedule: "50 5 * * *",
  run: async ({ database }) => {
    const due = await database.transaction(eyes, (tx, now) =>
      listProposalsToRemind(tx, new Date(now.getTime() + REMINDER_DAYS * 24 * 3_600_000)),
    );
    let reminded = 0;
    for (const one of due)
      if (await database.transaction(eyes, (tx, now) => remindProposal(tx, one, now))) reminded++;
    return { reminded };
  },
});

/** MGR-08. Tells the people of a structure that its managers do not come any longer, and what they may do. */
export const watchManagers = job({
  name: "unreachable-managers",
  schedule: "0 6 * * 1-5",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const unreachable = await takeUnreachable(tx, now);
      for (const { structureId, ...facts } of unreachable)
        await publish(tx, managersUnreachable(structureId, facts, theClock));
      return { unreachable: unreachable.length };
    }),
});
