/** What decides whether a person may work without a second factor. */
export type ObligationFacts = {
  /** MANAGERS_NEED_SECOND_FACTOR */
  readonly managersNeedIt: boolean;
  readonly roles: readonly ("mainManager" | "member")[];
  /** Whether a structure that the person works for asks it of all. */
  readonly aStructureNeedsIt: boolean;
  readonly isOperator: boolean;
};

/**
 * SIG-03. Where the portal requires it, main managers and operators must have a second factor; where a structure does, all
 * who work for it; others may.
 */
export function needsSecondFactor(facts: ObligationFacts): boolean {
  const { managersNeedIt, roles, isOperator, aStructureNeedsIt } = facts;
  return aStructureNeedsIt || (managersNeedIt && (isOperator || roles.includes("mainManager")));
}
