export type {
  ClaimEvent,
  ManagersUnreachable,
  ProposalEvent,
  SecondManagerAdvised,
} from "./domain/events.ts";
export {
  type ClaimRow,
  listObjections,
  listOpenClaims,
  listOwnClaims,
  listProposalsTo,
  type OwnProposal,
} from "./store.ts";
export { endClaims, openClaim } from "./use-cases/claims.ts";
export { OwnClaims } from "./web/claim.pages.tsx";

import type { Module } from "../index.ts";
import { adviseSecondManager, remindProposals, settleProposals, watchManagers } from "./jobs.ts";
import { claimPages } from "./web/claim.pages.tsx";
import { managerPages } from "./web/manager.pages.tsx";
import { operatorClaimPages } from "./web/operator-claims.pages.tsx";
import { ownProposalPages } from "./web/own-proposal.pages.tsx";
import { proposingPages } from "./web/proposing.pages.tsx";

export const managers: Module = {
  routes: (portal) => {
    managerPages(portal);
    proposingPages(portal);
    ownProposalPages(portal);
    claimPages(portal);
    operatorClaimPages(portal);
  },
  jobs: [settleProposals, remindProposals, adviseSecondManager, watchManagers],
};
