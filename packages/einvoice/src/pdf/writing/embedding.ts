import { createHash } from "node:crypto";
import type { ProfileName } from "../../model/profiles.ts";
import { asciiString, dateString, type ObjectSink, textString } from "./objects.ts";
import { srgbProfile } from "./srgb-profile.ts";

/** How the invoice is told apart and tied to the pages (`AFRelationship`). */
export type Relationship = "Data" | "Source" | "Alternative";

/** The invoice to embed. */
export interface EmbeddedInvoice {
  readonly fileName: string;
  readonly xml: Uint8Array;
  readonly relationship: Relationship;
  readonly createdAt: Date;
}

/** The name that each profile gives to the file (Factur-X 1.0, § 6.2; ZUGFeRD 2.1 for XRechnung). */
export function fileNameFor(profile: ProfileName): string {
  return profile === "XRECHNUNG" ? "xrechnung.xml" : "factur-x.xml";
}

/** Profiles without lines cannot stand for the pages: they are data only (Factur-X 1.0, § 6.2.2). */
export function relationshipFor(profile: ProfileName): Relationship {
  return profile === "MINIMUM" || profile === "BASIC WL" ? "Data" : "Alternative";
}

/** Adds the file and its specification; answers the number of the latter. */
export function addInvoiceFile(sink: ObjectSink, invoice: EmbeddedInvoice): number {
  const { fileName, xml, relationship, createdAt } = invoice;
  const sum = createHash("md5").update(xml).digest("hex").toUpperCase();
  const file = sink.addStream(
    `/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /ModDate ${dateString(createdAt)} /Size ${xml.length} /CheckSum <${sum}> >>`,
    xml,
  );
  return sink.add(
    `<< /Type /Filespec /F ${asciiString(fileName)} /UF ${textString(fileName)} /Desc ${textString("Facture électronique")} /AFRelationship /${relationship} /EF << /F ${file} 0 R /UF ${file} 0 R >> >>`,
  );
}

/** Adds what tells which colours are meant (sRGB); answers its number. */
export function addOutputIntent(sink: ObjectSink): number {
  const profile = sink.addStream("/N 3", srgbProfile());
  return sink.add(
    `<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile ${profile} 0 R >>`,
  );
}
