/** The profiles of Factur-X and ZUGFeRD 2, from the barest to the richest, as their PDF metadata name them. */
export const profileNames = ["MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED", "XRECHNUNG"] as const;

/** One of the profiles of Factur-X and ZUGFeRD 2. */
export type ProfileName = (typeof profileNames)[number];

const core = "urn:cen.eu:en16931:2017";

/** Specification identifiers (BT-24) of Factur-X 1.0, of ZUGFeRD 2.0 and of the French extension. */
const identifiers: ReadonlyMap<string, ProfileName> = new Map([
  ["urn:factur-x.eu:1p0:minimum", "MINIMUM"],
  ["urn:zugferd.de:2p0:minimum", "MINIMUM"],
  ["urn:factur-x.eu:1p0:basicwl", "BASIC WL"],
  ["urn:zugferd.de:2p0:basicwl", "BASIC WL"],
  [`${core}#compliant#urn:factur-x.eu:1p0:basic`, "BASIC"],
  [`${core}#compliant#urn:zugferd.de:2p0:basic`, "BASIC"],
  [core, "EN 16931"],
  [`${core}#conformant#urn:factur-x.eu:1p0:extended`, "EXTENDED"],
  [`${core}#conformant#urn:zugferd.de:2p0:extended`, "EXTENDED"],
  [`${core}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr`, "EXTENDED"],
]);

/** XRechnung, whose identifier carries its version (`…#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0`). */
const xrechnung =
  /^urn:cen\.eu:en16931:2017#compliant#urn:x(?:oev-de|einkauf\.de):kosit:(standard:)?xrechnung_\d/;

/** Any other specification that complies with the core, such as Peppol BIS Billing. */
const compliant = /^urn:cen\.eu:en16931:2017#compliant#.+/;

/** The profile that a specification identifier (BT-24) stands for; undefined when it is none of Factur-X. */
export function profileOf(specification: string | undefined): ProfileName | undefined {
  const identifier = specification?.trim() ?? "";
  const named = identifiers.get(identifier);
  if (named) return named;
  if (xrechnung.test(identifier)) return "XRECHNUNG";
  return compliant.test(identifier) ? "EN 16931" : undefined;
}

/** The specification identifier (BT-24) that an invoice written in a profile bears. */
export function specificationOf(profile: ProfileName): string {
  for (const [identifier, name] of identifiers) if (name === profile) return identifier;
  return `${core}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0`;
}
