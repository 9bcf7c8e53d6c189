import type { Finding } from "../model/finding.ts";
import type { Reading } from "../reading/binding.ts";
import { ciiCodeRules } from "./cii/code-lists.ts";
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
  cii: syntaxChecker([...ciiCodeRules]),
};

/** Every finding of the EN 16931 rules on an invoice read, those of its syntax included. */
export function checkEn16931(reading: Reading): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const facts = factsOf(reading);
  for (const rules of modelRules) rules.run(facts, report);
  syntaxRules[reading.syntax](reading.root, report);
  return findings;
}
