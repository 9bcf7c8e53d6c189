export { type Application, applicationLabel, applications } from "./domain/applications.ts";
export {
  actsOfRole,
  actsText,
  applicationsOf,
  type ExplainedRight,
  explainRights,
  type RightStanding,
} from "./domain/explanation.ts";
export {
  type Action,
  beyondWhatIsHeld,
  holds,
  isAllowed,
  type Member,
  permissionTable,
} from "./domain/permission-table.ts";
export {
  type Adjustment,
  adjusted,
  findProfile,
  grantsOf,
  linesOf,
  type ProfileLine,
  type ReadyProfile,
  readyProfiles,
} from "./domain/profiles.ts";
