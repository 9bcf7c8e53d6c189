export { listDeactivationsToAnswer } from "./deactivation-store.ts";
export { type DirectoryErrorReported, reportSubjects } from "./domain/directory-report.ts";
export { postmasterOf } from "./domain/email-domain.ts";
export type {
  DeactivationAsked,
  DomainCodeSent,
  EmailDomainEvent,
  ProofCodeSent,
  ServiceNoticed,
  StructureFacts,
} from "./domain/events.ts";
export {
  identifierText,
  identifierTypes,
  structureIdentifier,
} from "./domain/identifier.ts";
export { publicFace } from "./domain/public-face.ts";
export {
  openInPlaceOf,
  serviceChoices,
  serviceCode,
  serviceLabel,
  serviceState,
  serviceValidity,
} from "./domain/service.ts";
export { type DomainApproval, listEmailDomains } from "./email-domain-store.ts";
export {
  type EndingService,
  listAllServices,
  listEndingServices,
  listOpenServices,
  listServicesOf,
  lockServices,
  type ServiceRow,
  updateService,
} from "./service-store.ts";
export {
  countDirectory,
  findStructure,
  findStructureByIdentifier,
  listStructuresBySiret,
  listStructuresToVerify,
  type StructureChange,
  type StructureRow,
  searchDirectory,
} from "./store.ts";
export { deactivateStructure, reactivateStructure } from "./use-cases/deactivation.ts";
export { domainStanding } from "./use-cases/email-domains.ts";
export {
  addListedServices,
  changeService,
  createService,
  disableService,
  enableService,
  ServiceCodeTaken,
  type ServiceInput,
  serviceTexts,
} from "./use-cases/services.ts";
export {
  addPublicStructures,
  addReservedServices,
  changeStructure,
  createStructure,
  type NewStructure,
  type PublicStructure,
} from "./use-cases/structures.ts";
export {
  findKnown,
  NewStructureFields,
  type NewStructureStep,
  newStructureFields,
  newStructureShape,
  readNewStructure,
} from "./web/new-structure.tsx";
export { servicesFile } from "./web/service-list.pages.tsx";

import type { Module } from "../index.ts";
import {
  archiveStructures,
  changeIdentifiers,
  checkRegister,
  remindUnregistered,
  tellServices,
} from "./jobs.ts";
import { archivePages } from "./web/archive.pages.tsx";
import { billingRulesPage } from "./web/billing-rules.page.tsx";
import { createServicePage } from "./web/create-service.page.tsx";
import { createStructurePage } from "./web/create-structure.page.tsx";
import { directoryPages } from "./web/directory.pages.tsx";
import { directoryCheckPages } from "./web/directory-check.pages.tsx";
import { directoryFilePages } from "./web/directory-files.pages.tsx";
import { directoryReportPages } from "./web/directory-report.pages.tsx";
import { editServicePage } from "./web/edit-service.page.tsx";
import { editStructurePage } from "./web/edit-structure.page.tsx";
import { emailDomainPages } from "./web/email-domains.pages.tsx";
import { giveSiretPage } from "./web/give-siret.page.tsx";
import { officialAddressPages } from "./web/official-address.pages.tsx";
import { operatorDeactivationPages } from "./web/operator-deactivations.pages.tsx";
import { operatorStructurePages } from "./web/operator-structures.pages.tsx";
import { proofPages } from "./web/proof.pages.tsx";
import { registerUpdatePage } from "./web/register-update.page.tsx";
import { replacementPages } from "./web/replacement.pages.tsx";
import { replacementFollowUpPages } from "./web/replacement-follow-up.pages.tsx";
import { securityPage } from "./web/security.page.tsx";
import { serviceListPages } from "./web/service-list.pages.tsx";
import { serviceSheetPages } from "./web/service-sheet.pages.tsx";
import { structureListPage } from "./web/structure-list.page.tsx";
import { structureSheetPage } from "./web/structure-sheet.page.tsx";
import { structureStatePages } from "./web/structure-state.pages.tsx";

export const structures: Module = {
  routes: (portal) => {
    structureListPage(portal);
    createStructurePage(portal);
    structureSheetPage(portal);
    editStructurePage(portal);
    billingRulesPage(portal);
    registerUpdatePage(portal);
    securityPage(portal);
    emailDomainPages(portal);
    giveSiretPage(portal);
    structureStatePages(portal);
    replacementPages(portal);
    replacementFollowUpPages(portal);
    serviceListPages(portal);
    createServicePage(portal);
    editServicePage(portal);
    serviceSheetPages(portal);
    directoryPages(portal);
    directoryCheckPages(portal);
    directoryFilePages(portal);
    directoryReportPages(portal);
    operatorStructurePages(portal);
    operatorDeactivationPages(portal);
    archivePages(portal);
    officialAddressPages(portal);
    proofPages(portal);
  },
  jobs: [archiveStructures, changeIdentifiers, checkRegister, remindUnregistered, tellServices],
};
