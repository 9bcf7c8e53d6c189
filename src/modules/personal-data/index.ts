import type { Module } from "../index.ts";
import { forgetPersonJob, purgeTraces } from "./jobs.ts";
import { processingRegisterPages } from "./web/processing-register.page.tsx";

export { erasedAddress } from "./domain/retention.ts";
export { forgetLater } from "./jobs.ts";

/** How long what names people is kept, and the register of what is done with it. */
export const personalData: Module = {
  routes: processingRegisterPages,
  jobs: [purgeTraces, forgetPersonJob],
};
