import type { Finding } from "../model/finding.ts";
import { countAt, normalized, type XmlElement } from "../xml/tree.ts";
import { placeOf } from "./rule.ts";

/** A rule of one syntax, on elements of some names. */
export interface SyntaxRule {
  readonly id: string;
  readonly severity?: "warning";
  /** Full names, or with `*` in front the ending of any name. */
  readonly elements: readonly string[];
  readonly term?: string;
  /** The term, where it depends on the element. */
  readonly termOf?: (element: XmlElement) => string | undefined;
  readonly holds: (element: XmlElement) => boolean;
  /** The offending value; the element's text unless said otherwise. */
  readonly value?: (element: XmlElement) => string | undefined;
  /** The element to correct, where it is not the one that the rule is on. */
  readonly culprit?: (element: XmlElement) => XmlElement | undefined;
  readonly fr: string;
  readonly en: string;
}

/** Runs syntax rules over a whole document, in one walk; some are about an attribute, on whichever element it is. */
export function syntaxChecker(
  rules: readonly SyntaxRule[],
  attributes: readonly AttributeRule[],
): (root: XmlElement, report: (finding: Finding) => void) => void {
  const byName = new Map<string, readonly SyntaxRule[]>();
  const byAttribute = new Map(attributes.map((rule) => [rule.attribute, rule]));
  const rulesOf = (name: string): readonly SyntaxRule[] => {
    let known = byName.get(name);
    if (!known) {
      known = rules.filter((rule) => rule.elements.some((each) => isNamed(name, each)));
      if (byName.size < mostNames && name.length <= longestName) byName.set(name, known);
    }
    return known;
  };
  return (root, report) => {
    const walk = (element: XmlElement): void => {
      for (const rule of rulesOf(element.name)) if (!rule.holds(element)) report(findingOf(rule, element));
      if (byAttribute.size > 0)
        for (const attribute in element.attributes) {
          const rule = byAttribute.get(attribute);
          if (rule && !rule.holds(element)) report(findingOf(rule, element));
        }
      for (const child of element.children) walk(child);
    };
    walk(root);
  };
}

/** A rule about one attribute, wherever it stands. */
export interface AttributeRule extends SyntaxRule {
  readonly attribute: string;
}

/** A rule that forbids an attribute everywhere, but on elements of some names. */
export function forbiddenAttribute(id: string, attribute: string, ...allowedOn: string[]): AttributeRule {
  return {
    id,
    severity: "warning",
    elements: ["*"],
    attribute,
    value: (element) => element.attributes[attribute],
    holds: (element) => allowedOn.includes(element.name),
    fr: `Retirez l'attribut ${attribute}, pour lequel EN 16931 n'a pas de terme.`,
    en: `Remove the attribute ${attribute}, for which EN 16931 has no term.`,
  };
}

/** A rule that forbids an attribute on one element, wherever it stands under those parents, the nearest first. */
export function forbiddenOn(
  id: string,
  attribute: string,
  element: string,
  ...parents: string[]
): SyntaxRule {
  const { value, fr, en } = forbiddenAttribute(id, attribute);
  return {
    id,
    severity: "warning",
    elements: [element],
    ...(value ? { value } : {}),
    holds: (each) => each.attributes[attribute] === undefined || !standsUnder(each, parents),
    fr,
    en,
  };
}

/** A rule that forbids an element wherever it stands under those parents, the nearest first. */
export function forbiddenElement(id: string, element: string, ...parents: string[]): SyntaxRule {
  const path = [...parents.toReversed(), element].map((name) => name.replace(/^\w+:/, "")).join("/");
  return {
    id,
    severity: "warning",
    elements: [element],
    value: () => undefined,
    holds: (each) => !standsUnder(each, parents),
    fr: `Retirez ${path}, pour lequel EN 16931 n'a pas de terme.`,
    en: `Remove ${path}, for which EN 16931 has no term.`,
  };
}

/** Whether an element stands under those parents, the nearest first. */
export function standsUnder(element: XmlElement, parents: readonly string[]): boolean {
  let above = element.parent;
  for (const parent of parents) {
    if (above?.name !== parent) return false;
    above = above.parent;
  }
  return true;
}

/** Whether an element stands under those parents, for a rule to ask. */
export const under =
  (...parents: string[]) =>
  (element: XmlElement): boolean =>
    standsUnder(element, parents);

/** Whether the parent of an element has one of those names. */
export const isIn = (element: XmlElement, ...parents: string[]): boolean =>
  parents.includes(element.parent?.name ?? "");

/** Whether the parent of an element has one of those names, for a rule to ask. */
export const parentIs =
  (...names: string[]) =>
  (element: XmlElement): boolean =>
    isIn(element, ...names);

/** Whether an element stands, at any depth, inside one of those names. */
export function isWithin(element: XmlElement, ...names: string[]): boolean {
  for (let each = element.parent; each; each = each.parent) if (names.includes(each.name)) return true;
  return false;
}

/** More names than the standards have, and longer ones; a document of invented names shall not fill the memory. */
const mostNames = 5000;
const longestName = 200;

function isNamed(name: string, pattern: string): boolean {
  return pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern;
}

/** A rule that says that something occurs at most once below an element. */
export function once(
  id: string,
  elements: readonly string[],
  path: string[] | ((element: XmlElement) => number),
  term: string,
  fr: string,
  en: string,
): SyntaxRule {
  const count = typeof path === "function" ? path : (element: XmlElement) => countAt(element, path);
  return {
    id,
    elements,
    term,
    holds: (element) => count(element) <= 1,
    value: () => undefined,
    fr: `N'indiquez qu'une fois ${fr} (${term}).`,
    en: `Give ${en} (${term}) once only.`,
  };
}

function findingOf(rule: SyntaxRule, ruled: XmlElement): Finding {
  const element = rule.culprit?.(ruled) ?? ruled;
  const term = rule.termOf ? rule.termOf(ruled) : rule.term;
  const value = rule.value ? rule.value(element) : element.children.length === 0 ? element.text : undefined;
  return {
    rule: rule.id,
    severity: rule.severity ?? "fatal",
    place: placeOf(element),
    ...(term === undefined ? {} : { term }),
    ...(value === undefined ? {} : { value }),
    message: { fr: rule.fr, en: rule.en },
  };
}

interface CodeRule {
  id: string;
  elements: readonly string[];
  /** Which of these elements the rule is about; all of them unless said otherwise. */
  when?: (element: XmlElement) => boolean;
  /** The attribute that carries the code, where it is not the text; an element without it is not concerned. */
  attribute?: string;
  /** Also concerned when the attribute is missing. */
  isCompulsory?: boolean;
  codes: ReadonlySet<string> | ((element: XmlElement) => ReadonlySet<string>);
  term: string;
  /** What the code is, with its article. */
  fr: string;
  en: string;
  /** The name of the list. */
  list: string;
  isCaseIgnored?: boolean;
}

/** A BR-CL rule: a code belongs to its list. */
export function codeRule(rule: CodeRule): SyntaxRule {
  const { attribute } = rule;
  const codeOf = (element: XmlElement) => (attribute ? (element.attributes[attribute] ?? "") : element.text);
  return {
    id: rule.id,
    elements: rule.elements,
    term: rule.term,
    value: codeOf,
    holds: (element) => {
      if (attribute && !rule.isCompulsory && element.attributes[attribute] === undefined) return true;
      if (rule.when && !rule.when(element)) return true;
      const written = codeOf(element);
      const codes = typeof rule.codes === "function" ? rule.codes(element) : rule.codes;
      if (codes.has(written)) return true;
      const code = normalized(written);
      return codes.has(rule.isCaseIgnored ? code.toUpperCase() : code);
    },
    fr: `Choisissez ${rule.fr} (${rule.term}) dans la liste ${rule.list}.`,
    en: `Choose ${rule.en} (${rule.term}) from the list ${rule.list}.`,
  };
}
