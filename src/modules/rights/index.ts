export { applications } from "./domain/applications.ts";
export {
  actsOfRole,
  type ExplainedRight,
  explainRights,
  type RightStanding,
} from "./domain/explanation.ts";
export { type Action, beyondWhatIsHeld, isAllowed, type Member } from "./domain/permission-table.ts";
export { findProfile, grantsOf, linesOf, type ReadyProfile, readyProfiles } from "./domain/profiles.ts";
