export type { ClaimEvent, ProposalEvent, SecondManagerAdvised } from "./domain/events.ts";
export { listProposalsTo, type OwnProposal } from "./store.ts";

import type { Module } from "../index.ts";
import { adviseSecondManager, settleProposals } from "./jobs.ts";
import { claimPages } from "./web/claim.pages.tsx";
import { managerPages } from "./web/manager.pages.tsx";
import { operatorClaimPages } from "./web/operator-claims.pages.tsx";
import { ownProposalPages } from "./web/own-proposal.pages.tsx";

export const managers: Module = {
  routes: (portal) => {
    managerPages(portal);
    ownProposalPages(portal);
    claimPages(portal);
    operatorClaimPages(portal);
  },
  jobs: [settleProposals, adviseSecondManager],
};
