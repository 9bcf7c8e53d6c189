import type { Checkable } from "../check.ts";
import type { Finding } from "../model/finding.ts";
import { ciiCodeRules } from "./cii/code-lists.ts";
import { ciiForbiddenPaths } from "./cii/outside-the-core.ts";
import { ciiReadableValues } from "./cii/readable-values.ts";
import { ciiSyntaxRules } from "./cii/syntax.ts";
import { arithmeticRules } from "./en16931/arithmetic.ts";
import { decimalRules } from "./en16931/decimals.ts";
import { presenceRules } from "./en16931/presence.ts";
import { vatCategoryRules } from "./en16931/vat-categories.ts";
import { factsOf } from "./facts.ts";
import { forbiddenPathsChecker } from "./forbidden-paths.ts";
import { describeShared } from "./readable-values.ts";
import { describe, type RuleDescription } from "./rule.ts";
import { syntaxChecker } from "./syntax-rule.ts";
import { ublCodeRules } from "./ubl/code-lists.ts";
import { ublForbiddenAttributes, ublOutsideAnywhere } from "./ubl/outside-anywhere.ts";
import { ublForbiddenPaths } from "./ubl/outside-the-core.ts";
import { ublReadableValues } from "./ubl/readable-values.ts";
import { ublSyntaxRules } from "./ubl/syntax.ts";

const modelRules = [...presenceRules, ...arithmeticRules, ...decimalRules, ...vatCategoryRules];

const ublRules = [...ublCodeRules, ...ublSyntaxRules, ...ublOutsideAnywhere];
const ciiRules = [...ciiCodeRules, ...ciiSyntaxRules];
const checkSyntax = {
  ubl: syntaxChecker([...ublReadableValues, ...ublRules], ublForbiddenAttributes),
  cii: syntaxChecker([...ciiReadableValues, ...ciiRules], []),
};

const outsideTheCore = {
  ubl: forbiddenPathsChecker(ublForbiddenPaths, "UBL-CR", "ubl"),
  cii: forbiddenPathsChecker(ciiForbiddenPaths, "CII-SR", "cii"),
};

/** Every rule of the set `en16931`, as its documentation lists them. */
export const en16931Rules: readonly RuleDescription[] = [
  ...modelRules.flatMap((rules) => rules.descriptions),
  ...ublReadableValues.map((rule) => describeShared(rule, "ubl")),
  ...[...ublRules, ...ublForbiddenAttributes].map((rule) => describe(rule, "ubl")),
  ...outsideTheCore.ubl.descriptions,
  ...ciiReadableValues.map((rule) => describeShared(rule, "cii")),
  ...ciiRules.map((rule) => describe(rule, "cii")),
  ...outsideTheCore.cii.descriptions,
];

/** Every finding of the EN 16931 rules on an invoice, those of its syntax included when it was read from a document. */
export function checkEn16931(reading: Checkable): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const facts = factsOf(reading);
  for (const rules of modelRules) rules.run(facts, report);
  if (reading.root) checkSyntax[reading.syntax](reading.root, report);
  if (reading.root) outsideTheCore[reading.syntax].run(reading.root, report);
  return findings;
}
