import { checkEn16931 } from "./checking/check.ts";
import { checkFacturX } from "./checking/facturx/check.ts";
import { checkFrCtc } from "./checking/fr-ctc/check.ts";
import { checkExtendedCtcFr } from "./checking/fr-ctc/extended.ts";
import type { Finding } from "./model/finding.ts";
import type { Invoice } from "./model/invoice.ts";
import { readXml } from "./read.ts";
import type { Reading } from "./reading/binding.ts";

/** The rule sets, by the names that people give them. */
export const ruleSets = {
  en16931: checkEn16931,
  facturx: checkFacturX,
  "fr-ctc": checkFrCtc,
  "extended-ctc-fr": checkExtendedCtcFr,
} as const satisfies Record<string, (reading: Checkable) => Finding[]>;

/** The name of a rule set, as `check` and the command take it. */
export type RuleSetName = keyof typeof ruleSets;

/** What rules can be run on: an invoice read, or one made by a program, which has no source to point at. */
export type Checkable = Pick<Reading, "invoice" | "syntax"> & Partial<Reading>;

/**
 * Every finding of the rule sets asked for, those of EN 16931 unless said otherwise, in the order of the sets. An
 * invoice that cannot be read gives the findings that say why; nothing is thrown.
 */
export function check(
  source: Uint8Array | string | Invoice,
  { rules = ["en16931"] }: { rules?: readonly RuleSetName[] } = {},
): Finding[] {
  if (typeof source !== "string" && !(source instanceof Uint8Array))
    return checkReading({ invoice: source, syntax: "ubl" }, rules);
  const outcome = readXml(source);
  return outcome.ok ? checkReading(outcome.reading, rules) : outcome.findings;
}

/** Every finding of the rule sets on an invoice already read; what several of them cannot read is said once. */
export function checkReading(reading: Checkable, rules: readonly RuleSetName[]): Finding[] {
  const unreadable = new Set<string>();
  return rules
    .flatMap((name) => ruleSets[name](reading))
    .filter(({ rule, place }) => {
      if (!rule.startsWith("READ-")) return true;
      const said = `${rule} ${place?.xpath}`;
      if (unreadable.has(said)) return false;
      unreadable.add(said);
      return true;
    });
}
