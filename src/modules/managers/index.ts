export type { ClaimEvent } from "./domain/events.ts";

import type { Module } from "../index.ts";
import { claimPages } from "./web/claim.pages.tsx";
import { operatorClaimPages } from "./web/operator-claims.pages.tsx";

export const managers: Module = {
  routes: (portal) => {
    claimPages(portal);
    operatorClaimPages(portal);
  },
  jobs: [],
};
