import { createHash } from "node:crypto";
import type { Invoice } from "../../model/invoice.ts";
import type { ProfileName } from "../../model/profiles.ts";
import { outlineOf } from "../../rendering/outline.ts";
import { addInvoiceFile, addOutputIntent, type EmbeddedInvoice } from "./embedding.ts";
import { Fonts } from "./fonts.ts";
import { layOut } from "./layout.ts";
import { asciiString, dateString, ObjectList, textString } from "./objects.ts";
import { Pages } from "./pages.ts";
import { producer, xmpPacket } from "./xmp.ts";

/**
 * A PDF/A-3b of an invoice laid out in French, the XML inside, tagged so that it can be read aloud; with the characters
 * that its fonts lack.
 */
export function newDocument(
  invoice: Invoice,
  profile: ProfileName,
  embedded: EmbeddedInvoice,
): { bytes: Uint8Array; missing: string[] } {
  const outline = outlineOf(invoice);
  const fonts = new Fonts();
  const pages = new Pages(fonts);
  layOut(outline, pages);

  const list = new ObjectList(1);
  const [catalog, tree] = [list.reserve(), list.reserve()];
  const numbers = pages.write(list, tree, outline.issuer);
  list.set(
    tree,
    `<< /Type /Pages /Kids [${numbers.map((each) => `${each} 0 R`).join(" ")}] /Count ${numbers.length} >>`,
  );
  const structure = pages.structure.write(list, numbers);
  const file = addInvoiceFile(list, embedded);
  const { fileName, createdAt } = embedded;
  const author = invoice.seller?.name?.trim() ?? "";
  const facts = { title: outline.title, author, createdAt, fileName, profile, pdfa: "B" as const };
  const metadata = list.addStream("/Type /Metadata /Subtype /XML", xmpPacket(facts), "plain");
  const names = `<< /EmbeddedFiles << /Names [${asciiString(fileName)} ${file} 0 R] >> >>`;
  list.set(
    catalog,
    `<< /Type /Catalog /Version /1.7 /Pages ${tree} 0 R /Lang (fr-FR) /MarkInfo << /Marked true >> /StructTreeRoot ${structure} 0 R /Metadata ${metadata} 0 R /OutputIntents [${addOutputIntent(list)} 0 R] /AF [${file} 0 R] /Names ${names} /PageMode /UseNone /ViewerPreferences << /DisplayDocTitle true >> >>`,
  );
  const date = dateString(createdAt);
  const info = list.add(
    `<< /Title ${textString(outline.title)} /Author ${textString(author)} /Producer (${producer}) /CreationDate ${date} /ModDate ${date} >>`,
  );
  return { bytes: assembled(list, catalog, info), missing: [...fonts.missing] };
}

/** Objects that one stream holds: few enough to be found quickly, many enough to be packed well. */
const packedTogether = 200;

/** The file: header, streams, the other objects packed (ISO 32000-1, § 7.5.7), and where each stands (§ 7.5.8). */
function assembled(list: ObjectList, catalog: number, info: number): Uint8Array {
  const places = new Map<number, readonly [type: 1 | 2, where: number, index: number]>();
  const plain = [...list.sources].sort(([a], [b]) => a - b);
  for (let at = 0; at < plain.length; at += packedTogether) {
    const packed = plain.slice(at, at + packedTogether);
    const holder = packedObjects(list, packed);
    for (const [index, [number]] of packed.entries()) places.set(number, [2, holder, index]);
  }
  const parts: Uint8Array[] = [Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let offset = parts[0]?.length ?? 0;
  for (const [number, stream] of list.streams) {
    places.set(number, [1, offset, 0]);
    parts.push(stream);
    offset += stream.length;
  }
  const id = createHash("md5");
  for (const part of parts) id.update(part);
  const identifier = `<${id.digest("hex").toUpperCase()}>`;
  const own = list.reserve();
  places.set(own, [1, offset, 0]);
  const rows = Buffer.alloc(list.size * 7);
  for (const [number, [type, where, index]] of places) {
    rows.writeUInt8(type, number * 7);
    rows.writeUInt32BE(where, number * 7 + 1);
    rows.writeUInt16BE(index, number * 7 + 5);
  }
  const entries = `/Type /XRef /W [1 4 2] /Size ${list.size} /Root ${catalog} 0 R /Info ${info} 0 R /ID [${identifier} ${identifier}]`;
  list.setStream(own, entries, rows);
  const end = `startxref\n${offset}\n%%EOF\n`;
  return Buffer.concat([...parts, list.streams.get(own) ?? new Uint8Array(), Buffer.from(end, "latin1")]);
}

/** Packs objects that are no streams into one; answers its number. */
function packedObjects(
  list: ObjectList,
  objects: readonly (readonly [number: number, source: string])[],
): number {
  const index: string[] = [];
  let offset = 0;
  for (const [number, source] of objects) {
    index.push(`${number} ${offset}`);
    offset += source.length + 1;
  }
  const head = `${index.join(" ")}\n`;
  const content = `${head}${objects.map(([, source]) => source).join("\n")}\n`;
  return list.addStream(
    `/Type /ObjStm /N ${objects.length} /First ${head.length}`,
    Buffer.from(content, "latin1"),
  );
}
