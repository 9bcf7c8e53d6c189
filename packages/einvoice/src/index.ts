export { add, compare, type Decimal, decimal, multiply } from "./model/decimal.ts";
export type { Finding, Place } from "./model/finding.ts";
export type * from "./model/invoice.ts";
export { type Decoded, decode } from "./reading/decode.ts";
