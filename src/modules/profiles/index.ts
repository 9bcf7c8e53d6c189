export { listKeptProfiles } from "./store.ts";
export { defaultProfile, offeredProfiles, offerWithDefault } from "./use-cases/profiles.ts";
export { levelOptions } from "./web/rights-fields.tsx";

import type { Module } from "../index.ts";
import { profilePages } from "./web/profile.pages.tsx";

export const profiles: Module = { routes: profilePages, jobs: [] };
