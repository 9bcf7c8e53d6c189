import type { Finding } from "../model/finding.ts";
import type { Origins } from "../reading/binding.ts";
import { type XmlElement, xpath } from "../xml/tree.ts";
import type { Facts } from "./facts.ts";

/** A rule of the model, on one kind of group: written once, for every syntax. */
export interface Rule<Group, Known = Facts> {
  /** As published, such as `BR-CO-10`. */
  readonly id: string;
  readonly severity?: "warning";
  /** Business term that the rule is about, such as `BT-112`. */
  readonly term: string;
  /** The group's property that carries the term, for the place and the value of a finding. */
  readonly field?: keyof Group & string;
  readonly holds: (group: Group, facts: Known) => boolean;
  readonly fr: string;
  readonly en: string;
}

/** Rules on every group of one kind. */
export interface RuleSet<Group extends object, Known = Facts> {
  readonly groups: (facts: Known) => readonly Group[];
  readonly rules: readonly Rule<Group, Known>[];
}

/** What can be said of a rule without running it. */
export interface RuleDescription {
  id: string;
  severity: Finding["severity"];
  /** Business term that the rule is about, where it is about one. */
  term?: string;
  /** Where the rule applies: everywhere, or in one syntax. */
  scope: "model" | "ubl" | "cii";
  /** What to change when it is broken. */
  message: Finding["message"];
}

/** A kind of group with its rules, ready to be run. */
export interface RunnableRules<Known = Facts> {
  readonly descriptions: readonly RuleDescription[];
  run(facts: Known, report: (finding: Finding) => void): void;
}

/** Makes a rule set runnable: one finding for each group that breaks a rule. */
export function runnable<Group extends object, Known extends Sourced = Facts>(
  set: RuleSet<Group, Known>,
): RunnableRules<Known> {
  return {
    descriptions: set.rules.map((rule) => describe(rule, "model")),
    run(facts, report) {
      for (const group of set.groups(facts))
        for (const rule of set.rules)
          if (!rule.holds(group, facts)) report(findingOf(rule, group, facts.origins));
    },
  };
}

/** The description of a rule, of the model or of a syntax. */
export function describe(
  rule: { id: string; severity?: "warning"; term?: string; fr: string; en: string },
  scope: RuleDescription["scope"],
): RuleDescription {
  const { id, severity = "fatal", term, fr, en } = rule;
  return { id, severity, ...(term === undefined ? {} : { term }), scope, message: { fr, en } };
}

/** Facts that say where each group and term stands. */
interface Sourced {
  readonly origins: Pick<Origins, "of"> | undefined;
}

function findingOf<Group extends object, Known>(
  rule: Rule<Group, Known>,
  group: Group,
  origins: Sourced["origins"],
): Finding {
  const value = rule.field === undefined ? undefined : textOf(group[rule.field]);
  const element = origins?.of(group, rule.field);
  return {
    rule: rule.id,
    severity: rule.severity ?? "fatal",
    term: rule.term,
    ...(value === undefined ? {} : { value }),
    ...(element ? { place: placeOf(element) } : {}),
    message: { fr: rule.fr, en: rule.en },
  };
}

/** Where an element stands in its source. */
export function placeOf(element: XmlElement): NonNullable<Finding["place"]> {
  return { xpath: xpath(element), line: element.line, column: element.column };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value !== null && typeof value === "object" && "value" in value && typeof value.value === "string"
    ? value.value
    : undefined;
}

/** Whether a term holds more than space. */
export function filled(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "";
}

/**
 * The number of a text as XPath compares it with another: a double, exponent and `INF` allowed; NaN, which compares
 * false with everything, when the text is absent or no number.
 */
export function approximate(text: string | undefined): number {
  const plain = text?.trim() ?? "";
  if (plain === "INF" || plain === "-INF") return Number(plain.replace("INF", "Infinity"));
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

/** The sum of the texts that are there, added up as doubles; NaN when one is no number. */
export function approximateSum(texts: readonly (string | undefined)[]): number {
  return texts.reduce((total, text) => (text === undefined ? total : total + approximate(text)), 0);
}

/** Whether a text has at most so many characters after its decimal point, as the published rules count them. */
export function hasAtMostDecimals(text: string | undefined, most: number): boolean {
  if (text === undefined) return true;
  const point = text.indexOf(".");
  return point < 0 || text.length - point - 1 <= most;
}
