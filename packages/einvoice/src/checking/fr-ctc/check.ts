import type { Checkable } from "../../check.ts";
import type { Finding } from "../../model/finding.ts";
import { describeShared } from "../readable-values.ts";
import type { RuleDescription } from "../rule.ts";
import { syntaxChecker } from "../syntax-rule.ts";
import { consistencyRules } from "./consistency.ts";
import { decimalRules } from "./decimals.ts";
import { documentRules } from "./documents.ts";
import { frenchFactsOf } from "./facts.ts";
import { groupRules } from "./groups.ts";
import { identityRules } from "./identity.ts";
import { noteRules } from "./notes.ts";
import { partyRules } from "./parties.ts";
import { ciiFrenchReadableValues, ublFrenchReadableValues } from "./readable-values.ts";
import { vatRuleSets } from "./vat.ts";

/** The French rules (XP Z12-012, BR-FR, as published by the FNFE-MPE in version 1.4.0.03 of 2026-08-04). */
const frenchRuleSets = [
  ...identityRules,
  ...noteRules,
  ...partyRules,
  ...vatRuleSets,
  ...documentRules,
  ...consistencyRules,
  ...decimalRules,
  ...groupRules,
];

const readableValues = { ubl: ublFrenchReadableValues, cii: ciiFrenchReadableValues };

const checkReadable = {
  ubl: syntaxChecker(readableValues.ubl, []),
  cii: syntaxChecker(readableValues.cii, []),
};

/** Every rule of the set `fr-ctc`, as its documentation lists them. */
export const frenchRuleDescriptions: readonly RuleDescription[] = (["ubl", "cii"] as const).flatMap(
  (scope) => [
    ...frenchRuleSets.flatMap((rules) => rules[scope].descriptions.map((each) => ({ ...each, scope }))),
    ...readableValues[scope].map((rule) => describeShared(rule, scope)),
  ],
);

/** Every finding of the French rules on an invoice, under the ids that they have in its syntax. */
export function checkFrCtc(reading: Checkable): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const facts = frenchFactsOf(reading);
  for (const rules of frenchRuleSets) rules[reading.syntax].run(facts, report);
  if (reading.root) checkReadable[reading.syntax](reading.root, report);
  return findings;
}
