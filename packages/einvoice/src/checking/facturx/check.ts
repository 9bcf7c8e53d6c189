import type { Checkable } from "../../check.ts";
import type { Finding } from "../../model/finding.ts";
import { type ProfileName, profileOf } from "../../model/profiles.ts";
import { at, type XmlElement } from "../../xml/tree.ts";
import { placeOf } from "../rule.ts";
import { childrenOfType, rootType } from "./structure.ts";

/**
 * Every finding of Factur-X on an invoice read from CII: the profile named by BT-24 exists, and the document holds what
 * that profile requires, nothing that it leaves out, as often and in the order that it says (schemas of Factur-X).
 */
export function checkFacturX({ invoice, root }: Checkable): Finding[] {
  if (root?.name !== "rsm:CrossIndustryInvoice") return [onlyCii(root)];
  const profile = profileOf(invoice.specification);
  if (!profile) return [unknownProfile(root, invoice.specification)];
  const findings: Finding[] = [];
  checkChildren(root, rootType, profile, findings);
  return findings;
}

function checkChildren(element: XmlElement, type: string, profile: ProfileName, findings: Finding[]): void {
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

const forbidden = (element: XmlElement, profile: ProfileName): Finding =>
  finding(
    "FX-03",
    element,
    `Le profil ${profile} ne prévoit pas l'élément ${localName(element.name)} ici : retirez-le, ou choisissez un profil plus riche.`,
    `The profile ${profile} has no element ${localName(element.name)} here: leave it out, or choose a richer profile.`,
    element.children.length === 0 ? element.text : undefined,
  );

const missing = (element: XmlElement, name: string, profile: ProfileName): Finding =>
  finding(
    "FX-04",
    element,
    `Le profil ${profile} demande l'élément ${localName(name)} dans ${localName(element.name)} : ajoutez-le.`,
    `The profile ${profile} asks for the element ${localName(name)} in ${localName(element.name)}: add it.`,
  );

const repeated = (element: XmlElement, most: number, profile: ProfileName): Finding =>
  finding(
    "FX-05",
    element,
    `Le profil ${profile} n'admet l'élément ${localName(element.name)} que ${most} fois ici : retirez ceux qui sont en trop.`,
    `The profile ${profile} takes the element ${localName(element.name)} ${most} times at most here: leave the others out.`,
  );

const misplaced = (element: XmlElement, after: string): Finding =>
  finding(
    "FX-06",
    element,
    `L'élément ${localName(element.name)} doit précéder ${localName(after)} : remettez-les dans l'ordre du schéma.`,
    `The element ${localName(element.name)} shall come before ${localName(after)}: put them in the order of the schema.`,
  );
