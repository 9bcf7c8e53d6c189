import { decode } from "../reading/decode.ts";
import { parseXml, type XmlElement } from "../xml/tree.ts";
import type { PdfDocument } from "./document.ts";
import { isKind } from "./objects.ts";

/** What the XMP metadata of a hybrid PDF say (Factur-X 1.0, § 6.3). */
export interface PdfMetadata {
  /** Namespace of the properties, which tells the generation: Factur-X, ZUGFeRD 2.0 or ZUGFeRD 1. */
  readonly namespace?: string;
  /** `INVOICE` for an invoice. */
  readonly documentType?: string;
  /** Name of the embedded invoice. */
  readonly documentFileName?: string;
  readonly version?: string;
  /** Profile, such as `EN 16931`. */
  readonly conformanceLevel?: string;
  /** Whether the extension schema describes these properties, as PDF/A asks. */
  readonly schemaIsDescribed: boolean;
  /** `3` for PDF/A-3. */
  readonly pdfaPart?: string;
  /** `A`, `B` or `U`. */
  readonly pdfaConformance?: string;
}

export const facturxNamespace = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

const namespaces = [
  facturxNamespace,
  "urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
  "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#",
];

/** The metadata of the document; undefined when there are none, or none that can be read. */
export function metadataOf(document: PdfDocument): PdfMetadata | undefined {
  const stream = document.resolve(document.catalog.get("Metadata"));
  if (!isKind(stream, "stream")) return undefined;
  const decoded = decode(document.decode(stream));
  const parsed = decoded.ok ? parseXml(decoded.text.replace(/^\uFEFF/, "").trim()) : undefined;
  return parsed?.ok ? metadataIn(withAllBelow(parsed.root)) : undefined;
}

function withAllBelow(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(withAllBelow)];
}

function metadataIn(elements: readonly XmlElement[]): PdfMetadata {
  const namespace = namespaces.find((each) =>
    elements.some((element) => element.name.startsWith(`{${each}}`)),
  );
  const property = (uri: string | undefined, name: string): string | undefined =>
    elements.find((element) => element.name === `{${uri}}${name}`)?.text.trim() ?? attribute(elements, name);
  const described = "{http://www.aiim.org/pdfa/ns/schema#}namespaceURI";
  return withoutAbsent({
    namespace,
    documentType: property(namespace, "DocumentType"),
    documentFileName: property(namespace, "DocumentFileName"),
    version: property(namespace, "Version"),
    conformanceLevel: property(namespace, "ConformanceLevel"),
    schemaIsDescribed: elements.some(
      ({ name, text }) => name === described && namespaces.includes(text.trim()),
    ),
    pdfaPart: property("http://www.aiim.org/pdfa/ns/id/", "part"),
    pdfaConformance: property("http://www.aiim.org/pdfa/ns/id/", "conformance"),
  });
}

/** A property written as an attribute of its `rdf:Description`, under whatever prefix. */
function attribute(elements: readonly XmlElement[], name: string): string | undefined {
  for (const { name: element, attributes } of elements) {
    if (!element.endsWith("}Description")) continue;
    const key = Object.keys(attributes).find((each) => each.endsWith(`:${name}`));
    if (key !== undefined) return attributes[key];
  }
  return undefined;
}

function withoutAbsent<Group extends object>(group: Group): Group {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined)) as Group;
}
