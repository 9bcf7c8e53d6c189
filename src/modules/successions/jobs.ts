import { job } from "../../platform/jobs.ts";
import { settleSuccessions } from "./use-cases/settle.ts";

/** Carries out the successions whose date has come: asked at that instant, and looked for in case it was missed. */
export const carryOutSuccessions = job({
  name: "carry-out-successions",
  schedule: "*/10 * * * *",
  run: ({ database }) => settleSuccessions(database, null),
});
