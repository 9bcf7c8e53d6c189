/** What decides whether a person may work without a second factor. */
export type ObligationFacts = {
  /** MANAGERS_NEED_SECOND_FACTOR */
  readonly managersNeedIt: boolean;
  readonly roles: readonly ("mainManager" | "member")[];
  readonly isOperator: boolean;
};

/** SIG-03. Where the portal requires it, main managers and operators must have a second factor; others may. */
export function needsSecondFactor({ managersNeedIt, roles, isOperator }: ObligationFacts): boolean {
  return managersNeedIt && (isOperator || roles.includes("mainManager"));
}
