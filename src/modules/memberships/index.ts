export { type MembershipRefusal, refusalTexts } from "./domain/decisions.ts";
export type { ManagedStructure } from "./domain/departure.ts";
export type { MembershipEvent } from "./domain/events.ts";
export { type ExportedMember, listMembersToExport } from "./exports-store.ts";
export { type GrantRow, listGrants } from "./grants-store.ts";
export {
  findInvitationTo,
  type InvitationRow,
  listInvitations,
  saveInvitation,
} from "./invitations-store.ts";
export {
  othersToTell,
  peopleOfAddresses,
  peopleOfService,
  peopleToTell,
  personFacts,
} from "./people-store.ts";
export { insertRequest, keepFormerMailbox, listOwnRequests, listRequests } from "./requests-store.ts";
export {
  endMemberships,
  everybody,
  findLivingMembership,
  findMemberByAddress,
  findMembership,
  insertMembership,
  isMainManager,
  listMembers,
  lockManagers,
  type MembershipRow,
  updateMembership,
} from "./store.ts";
export { mayAnswer } from "./use-cases/answers.ts";
export { acceptInvitationsOf, addCreator, attachUser } from "./use-cases/attach.ts";
export { type BulkAct, changeMany, type RowOutcome } from "./use-cases/bulk.ts";
export {
  addGrants,
  changeGrants,
  detachUser,
  makeMainManager,
  makeUser,
  mayActOn,
  suspendByClock,
  suspendMembership,
} from "./use-cases/changes.ts";
export { countWaiting, endWhatWaits } from "./use-cases/close-structure.ts";
export { leaveEverything, structuresHeldAlone, tellOfAbsence } from "./use-cases/departure.ts";
export { followServices } from "./use-cases/follow-services.ts";
export { type Gift, type Givable, loadGivable, readGift } from "./use-cases/gift.ts";
export { answerInTurn, type InTransaction } from "./use-cases/many-answers.ts";
export { tellOfNewAddress } from "./use-cases/new-address.ts";
export { requestMembership } from "./use-cases/requests.ts";
export { membersFile } from "./web/export.pages.ts";
export {
  answererOf,
  manyAnswersPages,
  TickBox,
  TickedRequests,
} from "./web/many-answers.pages.tsx";
export { OwnRequests } from "./web/own-requests.pages.tsx";
export { RequestTabs } from "./web/request-tabs.tsx";

import type { Module } from "../index.ts";
import { endByClock, expireRequests, followServicesByClock, remindRequests, warnOfEnds } from "./jobs.ts";
import { askPages } from "./web/ask.pages.tsx";
import { attachPages } from "./web/attach.pages.tsx";
import { copyAcrossPages } from "./web/copy-across.pages.tsx";
import { disownPages } from "./web/disown.pages.tsx";
import { exportPages } from "./web/export.pages.ts";
import { memberPages } from "./web/member.pages.tsx";
import { memberListPages } from "./web/members.pages.tsx";
import { ownMembershipPages } from "./web/own-memberships.pages.tsx";
import { ownRequestPages } from "./web/own-requests.pages.tsx";
import { ownRightsPages } from "./web/own-rights.pages.tsx";
import { requestPages } from "./web/request.pages.tsx";
import { requestListPages } from "./web/request-list.pages.tsx";
import { rightsEditorPages } from "./web/rights-editor.pages.tsx";
import { rightsViewPages } from "./web/rights-views.pages.tsx";
import { selectionPages } from "./web/selection.pages.tsx";

export const memberships: Module = {
  routes: (portal) => {
    attachPages(portal);
    copyAcrossPages(portal);
    disownPages(portal);
    memberListPages(portal);
    memberPages(portal);
    requestListPages(portal);
    requestPages(portal);
    rightsEditorPages(portal);
    rightsViewPages(portal);
    selectionPages(portal);
    ownMembershipPages(portal);
    askPages(portal);
    ownRequestPages(portal);
    ownRightsPages(portal);
    exportPages(portal);
  },
  jobs: [endByClock, followServicesByClock, warnOfEnds, remindRequests, expireRequests],
};
