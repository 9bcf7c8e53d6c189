import type { Checkable } from "../../check.ts";
import type { Finding } from "../../model/finding.ts";
import { at, normalized, type XmlElement } from "../../xml/tree.ts";
import { placeOf } from "../rule.ts";
import { structures } from "./structure.generated.ts";

/** The profiles of Factur-X and ZUGFeRD 2.x, from the poorest to the richest. */
export type Profile = "MINIMUM" | "BASICWL" | "BASIC" | "EN16931" | "EXTENDED";

/** The names under which people, and the metadata of hybrid PDFs, know the profiles. */
export const profileNames: Record<Profile, string> = {
  MINIMUM: "MINIMUM",
  BASICWL: "BASIC WL",
  BASIC: "BASIC",
  EN16931: "EN 16931",
  EXTENDED: "EXTENDED",
};

const identifiers: readonly [pattern: RegExp, profile: Profile][] = [
  [/^urn:(factur-x|zugferd)\.(eu|de):[12]p0:minimum$/, "MINIMUM"],
  [/^urn:(factur-x|zugferd)\.(eu|de):[12]p0:basicwl$/, "BASICWL"],
  [/#compliant#urn:(factur-x|zugferd)\.(eu|de):[12]p0:basic$/, "BASIC"],
  [/#conformant#urn:(factur-x|zugferd)\.(eu|de):[12]p0:extended$/, "EXTENDED"],
  [/#conformant#urn[:.]cpro\.gouv\.fr:1p0:extended-ctc-fr$/, "EXTENDED"],
  [/^urn:cen\.eu:en16931:2017(#compliant#.+)?$/, "EN16931"],
];

/** The profile that a specification identifier (BT-24) names; undefined when it names none. */
export function profileOf(specification: string | undefined): Profile | undefined {
  const identifier = normalized(specification ?? "").toLowerCase();
  return identifiers.find(([pattern]) => pattern.test(identifier))?.[1];
}

/**
 * Every finding of Factur-X on an invoice read from CII: the profile named by BT-24 exists, and the document holds what
 * that profile requires, nothing that it leaves out, as often and in the order that it says (schemas of Factur-X).
 */
export function checkFacturX({ invoice, root }: Checkable): Finding[] {
  if (root?.name !== "rsm:CrossIndustryInvoice") return [onlyCii(root)];
  const profile = profileOf(invoice.specification);
  if (!profile) return [unknownProfile(root, invoice.specification)];
  const findings: Finding[] = [];
  checkChildren(root, "CrossIndustryInvoice", profile, findings);
  return findings;
}

interface Child {
  name: string;
  type: string | undefined;
  least: number;
  most: number;
}

const occurrences: Record<string, [least: number, most: number]> = {
  "": [1, 1],
  "?": [0, 1],
  "*": [0, Number.POSITIVE_INFINITY],
  "+": [1, Number.POSITIVE_INFINITY],
};

const childrenByType = new Map<string, readonly Child[]>();

/** What may stand in an element of that type, in order. */
function childrenOfType(profile: Profile, type: string): readonly Child[] {
  const key = `${profile} ${type}`;
  const known = childrenByType.get(key);
  if (known) return known;
  const notation = structures[profile]?.[type] ?? "";
  const children = notation
    .split(" ")
    .filter((each) => each !== "")
    .map(childFrom);
  childrenByType.set(key, children);
  return children;
}

function childFrom(notation: string): Child {
  const parts = /^(?:(rsm|udt|qdt):)?(\w+)(?::(\w+))?([?*+]|\{(\d+),(\d+)\})?$/.exec(notation);
  if (!parts) throw new Error(`structure.generated.ts: ${notation}`);
  const [, prefix = "ram", local, type, occurs = "", least, most] = parts;
  const bounds = occurrences[occurs] ?? [Number(least), Number(most)];
  return { name: `${prefix}:${local}`, type, least: bounds[0], most: bounds[1] };
}

function checkChildren(element: XmlElement, type: string, profile: Profile, findings: Finding[]): void {
  const allowed = childrenOfType(profile, type);
  let reached = 0;
  const counts = new Map<string, number>();
  for (const each of element.children) {
    const position = allowed.findIndex((child) => child.name === each.name);
    const child = allowed[position];
    if (!child) {
      findings.push(forbidden(each, profile));
      continue;
    }
    if (position < reached) findings.push(misplaced(each, allowed[reached]?.name ?? ""));
    else reached = position;
    const count = (counts.get(each.name) ?? 0) + 1;
    counts.set(each.name, count);
    if (count === child.most + 1) findings.push(repeated(each, child.most, profile));
    if (child.type !== undefined) checkChildren(each, child.type, profile, findings);
  }
  for (const child of allowed)
    if ((counts.get(child.name) ?? 0) < child.least) findings.push(missing(element, child.name, profile));
}

const localName = (name: string): string => name.replace(/^\w+:/, "");

function finding(
  rule: string,
  element: XmlElement | undefined,
  fr: string,
  en: string,
  value?: string,
): Finding {
  return {
    rule,
    severity: "fatal",
    ...(element ? { place: placeOf(element) } : {}),
    ...(value === undefined ? {} : { value }),
    message: { fr, en },
  };
}

const onlyCii = (root: XmlElement | undefined): Finding =>
  finding(
    "FX-01",
    root,
    "Factur-X porte une facture CII (CrossIndustryInvoice) : convertissez celle-ci, ou vérifiez-la avec les règles en16931.",
    "Factur-X carries a CII invoice (CrossIndustryInvoice): convert this one, or check it with the rules en16931.",
  );

const unknownProfile = (root: XmlElement, specification: string | undefined): Finding => ({
  ...finding(
    "FX-02",
    at(root, "rsm:ExchangedDocumentContext", "ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID")[0] ??
      root,
    "Cet identifiant de spécification (BT-24) ne nomme aucun profil Factur-X : choisissez MINIMUM, BASIC WL, BASIC, EN 16931 ou EXTENDED.",
    "This specification identifier (BT-24) names no Factur-X profile: choose MINIMUM, BASIC WL, BASIC, EN 16931 or EXTENDED.",
    specification,
  ),
  term: "BT-24",
});

const forbidden = (element: XmlElement, profile: Profile): Finding =>
  finding(
    "FX-03",
    element,
    `Le profil ${profileNames[profile]} ne prévoit pas l'élément ${localName(element.name)} ici : retirez-le, ou choisissez un profil plus riche.`,
    `The profile ${profileNames[profile]} has no element ${localName(element.name)} here: leave it out, or choose a richer profile.`,
    element.children.length === 0 ? element.text : undefined,
  );

const missing = (element: XmlElement, name: string, profile: Profile): Finding =>
  finding(
    "FX-04",
    element,
    `Le profil ${profileNames[profile]} demande l'élément ${localName(name)} dans ${localName(element.name)} : ajoutez-le.`,
    `The profile ${profileNames[profile]} asks for the element ${localName(name)} in ${localName(element.name)}: add it.`,
  );

const repeated = (element: XmlElement, most: number, profile: Profile): Finding =>
  finding(
    "FX-05",
    element,
    `Le profil ${profileNames[profile]} n'admet l'élément ${localName(element.name)} que ${most} fois ici : retirez ceux qui sont en trop.`,
    `The profile ${profileNames[profile]} takes the element ${localName(element.name)} ${most} times at most here: leave the others out.`,
  );

const misplaced = (element: XmlElement, after: string): Finding =>
  finding(
    "FX-06",
    element,
    `L'élément ${localName(element.name)} doit précéder ${localName(after)} : remettez-les dans l'ordre du schéma.`,
    `The element ${localName(element.name)} shall come before ${localName(after)}: put them in the order of the schema.`,
  );
