export { exportEvent } from "./domain/export-event.ts";
export { type FamilyOfWeek, familiesOfWeek } from "./domain/families.ts";
export { countJournal, type JournalRow, listJournalOf } from "./store.ts";
export { journalFile } from "./web/journal.pages.tsx";

import type { Module } from "../index.ts";
import { sealJournal } from "./jobs.ts";
import { journalPages } from "./web/journal.pages.tsx";
import { ownHistoryPages } from "./web/own-history.pages.tsx";

export const audit: Module = {
  routes: (portal) => {
    journalPages(portal);
    ownHistoryPages(portal);
  },
  jobs: [sealJournal],
};
