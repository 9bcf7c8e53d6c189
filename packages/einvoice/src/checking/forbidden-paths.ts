import type { Finding } from "../model/finding.ts";
import type { XmlElement } from "../xml/tree.ts";
import { placeOf, type RuleDescription } from "./rule.ts";

/**
 * Elements and attributes that a syntax has and EN 16931 has no term for: the number of the first, the path of the
 * element below the root that they stand under (`a|b` for one of both), their own paths under it, separated by space and
 * numbered in order, and which of them are concerned, all unless said otherwise. An attribute is written `path/@name`.
 */
export type ForbiddenPaths = readonly [
  first: number,
  under: string,
  paths: string,
  when?: (element: XmlElement) => boolean,
];

interface ForbiddenRule {
  readonly id: string;
  readonly attribute?: string;
  readonly when?: (element: XmlElement) => boolean;
  readonly message: Finding["message"];
}

/** What is forbidden from one element down. */
interface Step {
  readonly rules: ForbiddenRule[];
  readonly children: Map<string, Step>;
}

/** A table of forbidden paths, ready to be run over a document. */
export interface ForbiddenPathsChecker {
  readonly descriptions: readonly RuleDescription[];
  run(root: XmlElement, report: (finding: Finding) => void): void;
}

/** Makes a table of forbidden paths runnable: one walk that follows only the elements that some path goes through. */
export function forbiddenPathsChecker(
  table: readonly ForbiddenPaths[],
  family: string,
  scope: RuleDescription["scope"],
): ForbiddenPathsChecker {
  const start: Step = { rules: [], children: new Map() };
  const descriptions: RuleDescription[] = [];
  for (const [first, under, paths, when] of table)
    for (const [position, path] of paths.split(" ").entries()) {
      const id = `${family}-${String(first + position).padStart(3, "0")}`;
      const steps = [...under.split("/"), ...path.split("/")].filter((step) => step !== "");
      const attribute = steps.at(-1)?.startsWith("@") ? steps.pop()?.slice(1) : undefined;
      const message = messageOf(steps, attribute);
      const rule = { id, message, ...(attribute ? { attribute } : {}), ...(when ? { when } : {}) };
      for (const end of stepsAlong(start, steps)) end.rules.push(rule);
      descriptions.push({ id, severity: "warning", scope, message });
    }
  return {
    descriptions,
    run: (root, report) => walk(root, start, report),
  };
}

/** The steps at the end of a path, made where they are missing. */
function stepsAlong(start: Step, names: readonly string[]): Step[] {
  let ends = [start];
  for (const name of names)
    ends = ends.flatMap((step) =>
      name.split("|").map((each) => {
        const next = step.children.get(each) ?? { rules: [], children: new Map() };
        step.children.set(each, next);
        return next;
      }),
    );
  return ends;
}

function walk(element: XmlElement, step: Step, report: (finding: Finding) => void): void {
  for (const child of element.children) {
    const next = step.children.get(child.name);
    if (next === undefined) continue;
    for (const rule of next.rules) tell(child, rule, report);
    if (next.children.size > 0) walk(child, next, report);
  }
}

function tell(
  element: XmlElement,
  { id, attribute, when, message }: ForbiddenRule,
  report: (f: Finding) => void,
) {
  if (attribute !== undefined && element.attributes[attribute] === undefined) return;
  if (when && !when(element)) return;
  report({ rule: id, severity: "warning", place: placeOf(element), message });
}

function messageOf(steps: readonly string[], attribute: string | undefined): Finding["message"] {
  const path = steps.map((step) => step.split("|")[0]?.replace(/^\w+:/, "")).join("/");
  return attribute === undefined
    ? {
        fr: `Retirez ${path}, pour lequel EN 16931 n'a pas de terme.`,
        en: `Remove ${path}, for which EN 16931 has no term.`,
      }
    : {
        fr: `Retirez l'attribut ${attribute} de ${path}, pour lequel EN 16931 n'a pas de terme.`,
        en: `Remove the attribute ${attribute} of ${path}, for which EN 16931 has no term.`,
      };
}
