/** Reading, checking and writing invoices in XML; all of it works in browsers too. */

export { type Checkable, check, checkReading, type RuleSetName, ruleSets } from "./check.ts";
export { add, compare, type Decimal, decimal, multiply } from "./model/decimal.ts";
export type { Finding, Place } from "./model/finding.ts";
export type * from "./model/invoice.ts";
export { type ProfileName, profileNames, profileOf, specificationOf } from "./model/profiles.ts";
export { type ReadOutcome, readXml } from "./read.ts";
export type { Origins, Reading } from "./reading/binding.ts";
export { type Decoded, decode } from "./reading/decode.ts";
export type { LostTerm } from "./writing/losses.ts";
export { type WriteOptions, type Written, write } from "./writing/write.ts";
export type { XmlElement } from "./xml/tree.ts";
