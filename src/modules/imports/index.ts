export type { ImportEvent } from "./domain/events.ts";

import type { Module } from "../index.ts";
import { applyOneImport, resumeImports } from "./jobs.ts";
import { importPages } from "./web/import.pages.tsx";

export const imports: Module = { routes: importPages, jobs: [applyOneImport, resumeImports] };
