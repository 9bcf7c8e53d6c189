import { truth } from "../reading/ubl.ts";
import { at, countAt, type XmlElement } from "../xml/tree.ts";
import { approximate, describe, type RuleDescription } from "./rule.ts";
import type { SyntaxRule } from "./syntax-rule.ts";

/*
 * Values on which the published rules stop with an error instead of a verdict: text where they want a number, a date or
 * a truth, several elements where they take one. Each has a finding here, under an id of our own.
 */

/** How the published rules read a number: as an `xs:decimal`, or as an `xs:double`, which may have an exponent. */
export type NumberType = "decimal" | "double";

/** A term, or which one the element that a rule is on bears. */
type Term = string | ((element: XmlElement) => string | undefined);

const named = (term: Term): Pick<SyntaxRule, "term" | "termOf"> =>
  typeof term === "string" ? { term } : { termOf: term };

/** READ-NOT-A-NUMBER: an element whose text is read as a number, of that type; undefined where nothing reads it. */
export function aNumber(
  elements: readonly string[],
  term: Term,
  type: (element: XmlElement) => NumberType | undefined,
): SyntaxRule {
  return {
    id: "READ-NOT-A-NUMBER",
    elements,
    ...named(term),
    holds: (element) => {
      if (isDecimal(element.text)) return true;
      const wanted = type(element);
      return wanted === undefined || (wanted === "double" && isDouble(element.text));
    },
    fr: "Écrivez ici un nombre, comme 1234.50 : des chiffres et un point, sans espace au milieu, virgule, ni exposant.",
    en: "Write a number here, such as 1234.50: digits and a point, without inner space, comma or exponent.",
  };
}

/** READ-NOT-A-DATE: an element whose text is read as a date, where `when` says so. */
export function aDate(
  elements: readonly string[],
  term: Term,
  when: (element: XmlElement) => boolean,
): SyntaxRule {
  return {
    id: "READ-NOT-A-DATE",
    elements,
    ...named(term),
    holds: (element) => isDate(element.text) || !when(element),
    fr: "Écrivez ici une date qui existe, comme 2026-11-28.",
    en: "Write a date that exists here, such as 2026-11-28.",
  };
}

/** READ-NOT-A-BOOLEAN: an element that says whether a charge or an allowance is meant, where `when` says so. */
export function aTruth(
  elements: readonly string[],
  term: Term,
  when: (element: XmlElement) => boolean,
): SyntaxRule {
  return {
    id: "READ-NOT-A-BOOLEAN",
    elements,
    ...named(term),
    holds: (element) => truth(element.text) !== undefined || !when(element),
    fr: "Écrivez ici true pour des frais, ou false pour une remise.",
    en: "Write true here for a charge, or false for an allowance.",
  };
}

/**
 * READ-REPEATED: what the path leads to from an element may stand once, where `when` says so of the element, or where it
 * bears a term; only those that `counts` accepts are counted.
 */
export function aSingle(
  elements: readonly string[],
  path: string,
  term: Term,
  {
    when = (element) => typeof term === "string" || term(element) !== undefined,
    counts = () => true,
  }: { when?: (element: XmlElement) => boolean; counts?: (found: XmlElement) => boolean } = {},
): SyntaxRule {
  const steps = path.split("/");
  const isSingle =
    steps.length === 1
      ? (element: XmlElement) => !hasTwo(element, path)
      : (element: XmlElement) => countAt(element, steps) < 2;
  const second = (element: XmlElement) => at(element, ...steps).filter(counts)[1];
  return {
    id: "READ-REPEATED",
    elements,
    ...named(term),
    holds: (element) => isSingle(element) || second(element) === undefined || !when(element),
    culprit: second,
    fr: "N'écrivez cet élément qu'une fois : gardez le bon et retirez les autres, entre lesquels rien ne permet de choisir.",
    en: "Write this element once only: keep the right one and leave the others out, as nothing tells which one counts.",
  };
}

/** The description of a rule that many terms share: once for all of them, without any. */
export function describeShared(
  { term, ...rule }: SyntaxRule,
  scope: RuleDescription["scope"],
): RuleDescription {
  return describe(rule, scope);
}

/** What a document says, for any of its elements; worked out once. */
export function ofDocument<Known>(read: (root: XmlElement) => Known): (element: XmlElement) => Known {
  const seen = new WeakMap<XmlElement, { known: Known }>();
  return (element) => {
    let root = element;
    while (root.parent) root = root.parent;
    const last = seen.get(root) ?? { known: read(root) };
    seen.set(root, last);
    return last.known;
  };
}

/** Whether an element has two children of that name; most are asked, so it is made to be fast. */
function hasTwo({ children }: XmlElement, name: string): boolean {
  let count = 0;
  for (let index = 0; index < children.length; index++) if (children[index]?.name === name) count++;
  return count > 1;
}

function isDecimal(text: string): boolean {
  return isPlain(text) || /^[ \t\r\n]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)[ \t\r\n]*$/.test(text);
}

/** Whether a text is digits, with a point and two more at most, as nearly all are. */
function isPlain(text: string): boolean {
  const point = text.length - 3;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 48 || code > 57) && !(code === 46 && at === point && at > 0)) return false;
  }
  return text !== "";
}

function isDouble(text: string): boolean {
  return text.trim() === "NaN" || !Number.isNaN(approximate(text));
}

/** Whether a text is an `xs:date`, with or without a time zone. */
function isDate(text: string): boolean {
  const day = /^\s*(-?\d{4,}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?\s*$/.exec(text)?.[1];
  if (day === undefined) return false;
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}
