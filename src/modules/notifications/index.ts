export { digestCutoffs, weekToTell } from "./domain/digest-times.ts";
export {
  defaultRhythm,
  goesToContactAddress,
  type MailFamily,
  type Rhythm,
  toldAtLeastOnce,
} from "./domain/preferences.ts";
export { type DigestItem, listDigestReaders, listWeekReaders, takeDigest, weekKey } from "./store.ts";

import type { Module } from "../index.ts";
import { notificationPages } from "./web/notifications.pages.tsx";

export const notifications: Module = { routes: notificationPages, jobs: [] };
