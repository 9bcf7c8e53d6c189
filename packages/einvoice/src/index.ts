export { type Checkable, check, checkReading, type RuleSetName, ruleSets } from "./check.ts";
export { type Profile, profileNames, profileOf } from "./checking/facturx/check.ts";
export { add, compare, type Decimal, decimal, multiply } from "./model/decimal.ts";
export type { Finding, Place } from "./model/finding.ts";
export type * from "./model/invoice.ts";
export { type ReadOutcome, readXml } from "./read.ts";
export type { Origins, Reading } from "./reading/binding.ts";
export { type Decoded, decode } from "./reading/decode.ts";
export type { XmlElement } from "./xml/tree.ts";
