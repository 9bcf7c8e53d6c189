import type { PdfDocument } from "./document.ts";
import { quietly } from "./document.ts";
import { isKind, nameOf, type PdfObject, type PdfStream, textOf } from "./objects.ts";

/** A file inside a PDF (ISO 32000-1, § 7.11.4; ISO 19005-3, annex E). */
export interface EmbeddedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly description?: string;
  /** As declared, such as `text/xml`. */
  readonly mediaType?: string;
  /** `AFRelationship`: `Data`, `Source`, `Alternative`, `Supplement` or `Unspecified`. */
  readonly relationship?: string;
  /** Whether the document's `AF` array names it, as PDF/A-3 asks. */
  readonly associated: boolean;
}

const limits = { files: 1_000, treeDepth: 32, pages: 20_000 };

/** Every file inside the document, each once, wherever it is declared: `AF`, the name tree, annotations of pages. */
export function embeddedFiles(document: PdfDocument): EmbeddedFile[] {
  const { catalog } = document;
  const associated = document.array(catalog.get("AF"));
  const specifications = [
    ...associated,
    ...namedFiles(document).map(({ specification }) => specification),
    ...annotated(document, catalog.get("Pages")),
  ];
  const files = new Map<PdfStream, EmbeddedFile>();
  for (const [index, specification] of specifications.entries()) {
    const stream = streamOf(document, specification);
    if (!stream || files.has(stream) || files.size >= limits.files) continue;
    files.set(stream, fileOf(document, specification, stream, index < associated.length));
  }
  return [...files.values()];
}

function streamOf(document: PdfDocument, specification: PdfObject): PdfStream | undefined {
  const embedded = document.dictionary(document.dictionary(specification).get("EF"));
  for (const key of ["UF", "F", "Unix", "DOS", "Mac"]) {
    const stream = document.resolve(embedded.get(key));
    if (isKind(stream, "stream")) return stream;
  }
  return undefined;
}

function fileOf(
  document: PdfDocument,
  specification: PdfObject,
  stream: PdfStream,
  associated: boolean,
): EmbeddedFile {
  const dictionary = document.dictionary(specification);
  const description = textOf(document.resolve(dictionary.get("Desc")));
  const relationship = nameOf(document.resolve(dictionary.get("AFRelationship")));
  const mediaType = nameOf(document.resolve(stream.dictionary.get("Subtype")));
  return {
    name: fileNameOf(document, specification),
    bytes: Uint8Array.from(document.decode(stream)),
    associated,
    ...(description === undefined ? {} : { description }),
    ...(relationship === undefined ? {} : { relationship }),
    ...(mediaType === undefined ? {} : { mediaType }),
  };
}

/** The file specifications of the document's name tree, through all its `Kids`, with their keys (§ 7.9.6). */
export function namedFiles(document: PdfDocument): { key: PdfObject; specification: PdfObject }[] {
  const root = document.dictionary(document.catalog.get("Names")).get("EmbeddedFiles");
  return leaves(document, root, limits.files).flatMap((node) => {
    const items = document.array(document.dictionary(node).get("Names"));
    return items.flatMap((key, index) => (index % 2 === 0 ? [{ key, specification: items[index + 1] }] : []));
  });
}

/** The name that a file specification gives, the Unicode one first. */
export function fileNameOf(document: PdfDocument, specification: PdfObject): string {
  const dictionary = document.dictionary(specification);
  const names = ["UF", "F", "Unix", "DOS"].map((key) => textOf(document.resolve(dictionary.get(key))));
  return names.find((name) => name !== undefined) ?? "";
}

/** The file specifications of the pages' `FileAttachment` annotations, and of the pages' own `AF`. */
function annotated(document: PdfDocument, root: PdfObject): PdfObject[] {
  return leaves(document, root, limits.pages).flatMap((leaf) => {
    const page = document.dictionary(leaf);
    const annotations = document
      .array(page.get("Annots"))
      .map((annotation) => quietly(() => document.dictionary(annotation)));
    const attached = annotations.filter(
      (each) => nameOf(document.resolve(each?.get("Subtype"))) === "FileAttachment",
    );
    return [...document.array(page.get("AF")), ...attached.map((each) => each?.get("FS"))];
  });
}

/** The nodes of a tree that have no `Kids`, each visited once, so that a loop ends. */
function leaves(document: PdfDocument, root: PdfObject, most: number): PdfObject[] {
  const found: PdfObject[] = [];
  const seen = new Set<number>();
  const visit = (node: PdfObject, depth: number): void => {
    if (depth > limits.treeDepth || found.length >= most) return;
    if (isKind(node, "reference")) {
      if (seen.has(node.number)) return;
      seen.add(node.number);
    }
    const kids = quietly(() => document.dictionary(node).get("Kids"));
    if (kids === undefined) found.push(node);
    else for (const kid of document.array(kids)) visit(kid, depth + 1);
  };
  if (root !== undefined) visit(root, 0);
  return found;
}
