/** Life-cycle messages (CDAR D22B, XP Z12-012): read, checked, written. */

export { checkLifeCycle, checkLifeCycleReading } from "./check.ts";
export {
  type InvoiceStatus,
  type LifeCycleMessage,
  type LifeCycleParty,
  type StatusCharacteristic,
  type StatusDetail,
  statusNames,
} from "./message.ts";
export { type LifeCycleOutcome, type LifeCycleReading, readLifeCycle } from "./read.ts";
export { writeLifeCycle } from "./write.ts";
