export { applications } from "./domain/applications.ts";
export { type Action, beyondWhatIsHeld, isAllowed, type Member } from "./domain/permission-table.ts";
export { findProfile, grantsOf, readyProfiles, withAcceptance } from "./domain/profiles.ts";
