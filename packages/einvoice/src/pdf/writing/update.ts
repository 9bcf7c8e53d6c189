import { createHash } from "node:crypto";
import type { ProfileName } from "../../model/profiles.ts";
import type { PdfDocument } from "../document.ts";
import { fileNameOf, namedFiles } from "../embedded-files.ts";
import { usualNames } from "../extract.ts";
import { metadataOf } from "../metadata.ts";
import { isKind, type PdfDictionary, type PdfObject, type PdfReference, textOf } from "../objects.ts";
import { addInvoiceFile, addOutputIntent, type EmbeddedInvoice } from "./embedding.ts";
import { ObjectList, sourceOf } from "./objects.ts";
import { xmpPacket } from "./xmp.ts";

/** What else the metadata of the updated document say. */
export interface UpdateFacts {
  readonly profile: ProfileName;
  /** Where the document has no title of its own. */
  readonly title: string;
  readonly author: string;
}

/** The level of PDF/A that a document declares; undefined when it declares none. */
export function pdfaLevelOf(document: PdfDocument): "A" | "B" | "U" | undefined {
  const metadata = metadataOf(document);
  if (!metadata?.pdfaPart || !/^[123]$/.test(metadata.pdfaPart)) return undefined;
  const level = metadata.pdfaConformance ?? "B";
  return level === "A" || level === "U" ? level : "B";
}

/**
 * The same document with the invoice inside, as an update written after its last byte (ISO 32000-1, § 7.5.6): pages,
 * annexes and any signature of the original stay as they were, byte for byte. An invoice that it already held gives
 * way to this one.
 */
export function updatedDocument(
  document: PdfDocument,
  embedded: EmbeddedInvoice,
  { profile, title, author }: UpdateFacts,
): Uint8Array {
  const list = new ObjectList(firstFreeNumber(document));
  const file: PdfReference = { kind: "reference", number: addInvoiceFile(list, embedded), generation: 0 };
  const { fileName, createdAt } = embedded;
  const pdfa = pdfaLevelOf(document);
  const ownTitle = textOf(document.resolve(document.dictionary(document.trailer.get("Info")).get("Title")));
  const facts = { title: ownTitle?.trim() || title, author, createdAt, fileName, profile };
  const packet = xmpPacket(pdfa ? { ...facts, pdfa } : facts);
  const metadata = list.addStream("/Type /Metadata /Subtype /XML", packet, "plain");

  const catalog = new Map(document.catalog);
  catalog.set("Version", { kind: "name", text: "1.7" });
  catalog.set("Metadata", { kind: "reference", number: metadata, generation: 0 });
  catalog.set("AF", [...keptFiles(document, document.array(catalog.get("AF"))), file]);
  catalog.set("Names", namesWith(document, fileName, file));
  if (document.array(catalog.get("OutputIntents")).length === 0)
    catalog.set("OutputIntents", [{ kind: "reference", number: addOutputIntent(list), generation: 0 }]);
  const root = document.trailer.get("Root");
  const number = isKind(root, "reference") ? root.number : list.reserve();
  list.set(number, sourceOf(catalog));
  return appended(document, list, number);
}

function firstFreeNumber(document: PdfDocument): number {
  const size = document.trailer.get("Size");
  let highest = typeof size === "number" ? size - 1 : 0;
  for (const number of document.objectNumbers) highest = Math.max(highest, number);
  return highest + 1;
}

/** The file specifications but those of an invoice. */
function keptFiles(document: PdfDocument, specifications: readonly PdfObject[]): PdfObject[] {
  return specifications.filter((each) => !isInvoiceName(fileNameOf(document, each)));
}

const isInvoiceName = (name: string) => usualNames.includes(name.toLowerCase());

/** The document's names, its embedded files in one list, in the order that readers search (§ 7.9.6). */
function namesWith(document: PdfDocument, fileName: string, file: PdfReference): PdfDictionary {
  const names = new Map(document.dictionary(document.catalog.get("Names")));
  const key: PdfObject = { kind: "string", bytes: Buffer.from(fileName, "latin1") };
  const kept = namedFiles(document).filter(
    ({ specification }) => !isInvoiceName(fileNameOf(document, specification)),
  );
  const entries = [...kept, { key, specification: file }].sort((a, b) =>
    Buffer.compare(bytesOf(a.key), bytesOf(b.key)),
  );
  const list = entries.flatMap((entry): PdfObject[] => [entry.key, entry.specification]);
  return names.set("EmbeddedFiles", new Map([["Names", list]]));
}

const bytesOf = (key: PdfObject) => (isKind(key, "string") ? key.bytes : new Uint8Array());

/** The original bytes, then the new objects and a cross-reference section of the kind that the file has. */
function appended(document: PdfDocument, list: ObjectList, root: number): Uint8Array {
  const parts: Uint8Array[] = [document.bytes, Buffer.from("\n")];
  let offset = document.bytes.length + 1;
  const places: [number: number, offset: number][] = [];
  for (const [number, source] of list.objects) {
    places.push([number, offset]);
    parts.push(source);
    offset += source.length;
  }
  const trailer = trailerEntries(document, parts, root);
  const section = document.sectionIsStream
    ? sectionStream(places, list.reserve(), offset, `${trailer} /Size ${list.size}`)
    : sectionTable(places, `${trailer} /Size ${list.size}`);
  return Buffer.concat([...parts, section, Buffer.from(`startxref\n${offset}\n%%EOF\n`)]);
}

function trailerEntries(document: PdfDocument, parts: readonly Uint8Array[], root: number): string {
  const id = createHash("md5");
  for (const part of parts) id.update(part);
  const now = `<${id.digest("hex").toUpperCase()}>`;
  const [first] = document.array(document.trailer.get("ID"));
  const info = document.trailer.get("Info");
  const kept = isKind(info, "reference") ? ` /Info ${sourceOf(info)}` : "";
  return `/Root ${root} 0 R /Prev ${document.lastSection}${kept} /ID [${first ? sourceOf(first) : now} ${now}]`;
}

function sectionTable(places: readonly [number, number][], trailer: string): Uint8Array {
  const entries = places.map(
    ([number, offset]) => `${number} 1\n${String(offset).padStart(10, "0")} 00000 n \n`,
  );
  return Buffer.from(`xref\n${entries.join("")}trailer\n<< ${trailer} >>\n`, "latin1");
}

function sectionStream(
  places: readonly [number, number][],
  own: number,
  ownOffset: number,
  trailer: string,
): Uint8Array {
  const all = [...places, [own, ownOffset] as const];
  const rows = Buffer.alloc(all.length * 7);
  for (const [index, [, offset]] of all.entries()) {
    rows.writeUInt8(1, index * 7);
    rows.writeUInt32BE(offset, index * 7 + 1);
  }
  const index = all.map(([number]) => `${number} 1`).join(" ");
  const head = `${own} 0 obj\n<< /Type /XRef /W [1 4 2] /Index [${index}] ${trailer} /Length ${rows.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), rows, Buffer.from("\nendstream\nendobj\n")]);
}
