import { z } from "zod";
import { job } from "../../platform/jobs.ts";
import { kindOf } from "./kinds/index.ts";
import { enqueueApplication, listStandingStill } from "./store.ts";
import { applyImport } from "./use-cases/apply.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;
const STANDS_STILL_MS = 5 * 60_000;
const payload = z.object({ importId: z.number().int() });

/** Applies one import. */
export const applyOneImport = job({
  name: "apply-import",
  run: ({ database, config }, given) =>
    applyImport(database, kindOf, payload.parse(given).importId, {
      invitationDays: config.INVITATION_DAYS,
      operators: config.UNISSON_OPERATORS,
    }),
});

/** Takes up the imports whose process is gone before their end. */
export const resumeImports = job({
  name: "resume-imports",
  schedule: "*/5 * * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const ids = await listStandingStill(tx, new Date(now.getTime() - STANDS_STILL_MS));
      for (const id of ids) await enqueueApplication(tx, id);
      return { resumed: ids.length };
    }),
});
