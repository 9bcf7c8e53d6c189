export {
  isFreshlyAuthenticated,
  isSessionAlive,
  sessionLife,
} from "./domain/session-life.ts";
export {
  chooseStructure,
  clearConfirmation,
  endSession,
  endSessionsOf,
  hashOf,
  leaveConfirmation,
  type MembershipRow,
  newToken,
  openSession,
  readSession,
  renewSession,
  type SessionRow,
  touchSession,
} from "./store.ts";
