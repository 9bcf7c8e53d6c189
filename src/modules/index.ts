import type { Job } from "../platform/jobs.ts";
import type { Portal } from "../web/portal.ts";
import { accounts } from "./accounts/index.ts";
import { audit } from "./audit/index.tsx";
import { bankAccounts } from "./bank-accounts/index.ts";
import { federation } from "./federation/index.ts";
import { grantRequests } from "./grant-requests/index.ts";
import { home } from "./home/index.tsx";
import { imports } from "./imports/index.ts";
import { managers } from "./managers/index.ts";
import { memberships } from "./memberships/index.ts";
import { news } from "./news/index.ts";
import { notifications } from "./notifications/index.ts";
import { personalData } from "./personal-data/index.ts";
import { profiles } from "./profiles/index.ts";
import { reviews } from "./reviews/index.ts";
import { secondFactor } from "./second-factor/index.ts";
import { structureExport } from "./structure-export/index.ts";
import { structures } from "./structures/index.ts";
import { successions } from "./successions/index.ts";

/** What a module adds to the portal: its routes and its jobs. */
export type Module = {
  readonly routes: (portal: Portal) => void;
  readonly jobs: readonly Job[];
};

/** Every module, in the order of the menus. Asked for when the server is built: modules know each other. */
export const allModules = (): readonly Module[] => [
  home,
  news,
  notifications,
  accounts,
  secondFactor,
  federation,
  structures,
  successions,
  imports,
  bankAccounts,
  memberships,
  grantRequests,
  profiles,
  reviews,
  managers,
  audit,
  structureExport,
  personalData,
];
