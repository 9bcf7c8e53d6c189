export type { ImportEvent } from "./domain/events.ts";
export { importPath } from "./domain/import.ts";
export { listUndecidedImports } from "./store.ts";

import type { Module } from "../index.ts";
import { applyOneImport, importDirectory, judgeOneImport, resumeImports } from "./jobs.ts";
import { importPages } from "./web/import.pages.tsx";

export const imports: Module = {
  routes: importPages,
  jobs: [judgeOneImport, applyOneImport, resumeImports, importDirectory],
};
