import { treatments } from "../checking/fr-ctc/facts.ts";
import {
  attachmentKinds,
  businessProcesses,
  vatCategories as frenchVatCategories,
  typeCodes,
  vatRates,
} from "../checking/fr-ctc/formats.ts";
import * as lifeCycle from "../lifecycle/codes.ts";
import { allowanceReasons } from "./allowance-reasons.ts";
import { chargeReasons } from "./charge-reasons.ts";
import type { CodeList } from "./code-list.ts";
import { countries, countriesCii } from "./countries.ts";
import { currencies } from "./currencies.ts";
import { electronicAddressSchemes } from "./electronic-address-schemes.ts";
import { identifierSchemes } from "./identifier-schemes.ts";
import { itemClassifications } from "./item-classifications.ts";
import { noteSubjects, noteSubjectsUbl } from "./note-subjects.ts";
import { paymentMeans } from "./payment-means.ts";
import { referenceQualifiers } from "./reference-qualifiers.ts";
import {
  creditNoteTypes,
  documentTypes,
  invoiceTypes,
  mediaTypes,
  taxPointDateCodesCii,
  taxPointDateCodesUbl,
  vatCategories,
} from "./short-lists.ts";
import { units } from "./units.ts";
import { vatExemptionReasons } from "./vat-exemption-reasons.ts";

/** Every list of codes that rules hold an invoice or a life-cycle message to. */
export const codeLists: readonly CodeList[] = [
  currencies,
  countries,
  countriesCii,
  invoiceTypes,
  creditNoteTypes,
  documentTypes,
  referenceQualifiers,
  taxPointDateCodesUbl,
  taxPointDateCodesCii,
  noteSubjects,
  noteSubjectsUbl,
  paymentMeans,
  allowanceReasons,
  vatCategories,
  itemClassifications,
  chargeReasons,
  units,
  electronicAddressSchemes,
  identifierSchemes,
  vatExemptionReasons,
  mediaTypes,
  typeCodes,
  businessProcesses,
  attachmentKinds,
  frenchVatCategories,
  vatRates,
  treatments,
  lifeCycle.businessProcesses,
  lifeCycle.partyRoles,
  ...Object.values(lifeCycle.documentStatusCodes),
  lifeCycle.statusCodes,
  lifeCycle.reasonedStatuses,
  ...Object.values(lifeCycle.reasonsByStatus),
  lifeCycle.publicRefusals,
  lifeCycle.actionCodes,
  lifeCycle.characteristicCodes,
];
