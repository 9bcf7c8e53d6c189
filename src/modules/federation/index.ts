import { job } from "../../platform/jobs.ts";
import type { Module } from "../index.ts";
import { removeOldTraces } from "./store.ts";
import { federationPages } from "./web/federation.pages.tsx";

export { findIdentity, type Identity } from "./store.ts";
export { FEDERATION_SETTINGS_PATH, FederationButton } from "./web/federation-button.tsx";

const forgetTraces = job({
  name: "forget-federation-traces",
  schedule: "25 * * * *",
  run: ({ database }) =>
    database.transaction({ kind: "system", reason: "journeys of nobody in particular" }, async (tx, now) => ({
      removed: await removeOldTraces(tx, now),
    })),
});

/** Sign-in by an identity provider, where the settings name one. */
export const federation: Module = {
  routes: (portal) => {
    if (portal.config.OIDC_ISSUER) federationPages(portal, portal.config.OIDC_ISSUER);
  },
  jobs: [forgetTraces],
};
