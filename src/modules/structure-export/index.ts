import type { Module } from "../index.ts";
import { structureExportPages } from "./web/structure-export.pages.tsx";

export const structureExport: Module = { routes: structureExportPages, jobs: [] };
