import type { Module } from "../index.ts";
import { needsSecondFactor } from "./domain/obligation.ts";
import { passkeySignInPages } from "./web/passkey-sign-in.pages.tsx";
import { secondFactorPages } from "./web/second-factor.pages.tsx";
import { secondStepPages } from "./web/second-step.pages.tsx";

export { seal, unseal } from "./secret-box.ts";
export type { PasskeyOptions } from "./use-cases/passkeys.ts";
export { offerPasskeySignIn, PasskeySignIn } from "./web/passkey-sign-in.pages.tsx";

const SETTINGS_PATH = "/mon-compte/double-authentification";

export const secondFactor: Module = {
  routes: (portal) => {
    secondStepPages(portal);
    passkeySignInPages(portal);
    secondFactorPages(portal);
    portal.gates.push(({ who, config }) => {
      if (who.hasSecondFactor) return null;
      const facts = {
        managersNeedIt: config.MANAGERS_NEED_SECOND_FACTOR === "on",
        roles: who.memberships.map((one) => one.role),
        isOperator: who.isOperator,
        aStructureNeedsIt: who.memberships.some(
          ({ structure }) => structure.requiresSecondFactor && structure.state === "active",
        ),
      };
      return needsSecondFactor(facts) ? SETTINGS_PATH : null;
    });
  },
  jobs: [],
};
