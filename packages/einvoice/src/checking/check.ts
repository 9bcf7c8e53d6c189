import type { Checkable } from "../check.ts";
import type { Finding } from "../model/finding.ts";
import { ciiCodeRules } from "./cii/code-lists.ts";
import { ciiSyntaxRules } from "./cii/syntax.ts";
import { arithmeticRules } from "./en16931/arithmetic.ts";
import { decimalRules } from "./en16931/decimals.ts";
import { presenceRules } from "./en16931/presence.ts";
import { vatCategoryRules } from "./en16931/vat-categories.ts";
import { factsOf } from "./facts.ts";
import { syntaxChecker } from "./syntax-rule.ts";
import { ublCodeRules } from "./ubl/code-lists.ts";
import { ublSyntaxRules } from "./ubl/syntax.ts";

const modelRules = [...presenceRules, ...arithmeticRules, ...decimalRules, ...vatCategoryRules];

const syntaxRules = {
  ubl: syntaxChecker([...ublCodeRules, ...ublSyntaxRules]),
  cii: syntaxChecker([...ciiCodeRules, ...ciiSyntaxRules]),
};

/** Every finding of the EN 16931 rules on an invoice, those of its syntax included when it was read from a document. */
export function checkEn16931(reading: Checkable): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const facts = factsOf(reading);
  for (const rules of modelRules) rules.run(facts, report);
  if (reading.root) syntaxRules[reading.syntax](reading.root, report);
  return findings;
}
