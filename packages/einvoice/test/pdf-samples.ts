import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

export const invoiceXml = readFileSync(join(import.meta.dirname, "fixtures/facture.cii.xml"), "utf8");

/** An object of a PDF under construction: its source, or a stream with the entries of its dictionary. */
export type Piece = string | { entries: string; data: Uint8Array };

export const stream = (entries: string, data: Uint8Array | string): Piece => ({
  entries,
  data: typeof data === "string" ? Buffer.from(data, "utf8") : data,
});

export const deflated = (entries: string, data: Uint8Array | string): Piece =>
  stream(`${entries} /Filter /FlateDecode`, deflateSync(data));

function source(number: number, piece: Piece): Uint8Array {
  if (typeof piece === "string") return Buffer.from(`${number} 0 obj\n${piece}\nendobj\n`, "latin1");
  const head = `${number} 0 obj\n<< ${piece.entries} /Length ${piece.data.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), piece.data, Buffer.from("\nendstream\nendobj\n")]);
}

/** The bytes of a PDF whose objects are numbered from 1, the first being its catalogue. */
export function pdf(pieces: readonly Piece[], trailer = ""): Buffer {
  const parts: Uint8Array[] = [Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, piece] of pieces.entries()) {
    const part = source(index + 1, piece);
    offsets.push(length);
    parts.push(part);
    length += part.length;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = pieces.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries}`;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(table + end, "latin1")]);
}

/** The same objects packed in an object stream, under a cross-reference stream with a predictor. */
export function packedPdf(pieces: readonly Piece[]): Buffer {
  const header = Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1");
  const parts: Uint8Array[] = [header];
  const rows: number[][] = [[0, 0, 0, 0, 0]];
  const packNumber = pieces.length + 1;
  let length = header.length;
  const packed: string[] = [];
  const places: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const number = index + 1;
    if (typeof piece === "string") {
      rows.push([2, 0, packNumber >> 8, packNumber & 255, packed.length]);
      places.push(`${number} ${packed.join(" ").length + (packed.length > 0 ? 1 : 0)}`);
      packed.push(piece);
    } else {
      rows.push([1, (length >> 16) & 255, (length >> 8) & 255, length & 255, 0]);
      const part = source(number, piece);
      parts.push(part);
      length += part.length;
    }
  }
  const first = `${places.join(" ")} `;
  const entries = `/Type /ObjStm /N ${packed.length} /First ${first.length}`;
  const pack = source(packNumber, deflated(entries, Buffer.from(first + packed.join(" "), "latin1")));
  rows.push([1, (length >> 16) & 255, (length >> 8) & 255, length & 255, 0]);
  const tableAt = length + pack.length;
  rows.push([1, (tableAt >> 16) & 255, (tableAt >> 8) & 255, tableAt & 255, 0]);
  const above = [[0, 0, 0, 0, 0], ...rows];
  const predicted = rows.flatMap((row, y) => [
    2,
    ...row.map((byte, x) => (byte - (above[y]?.[x] ?? 0)) & 255),
  ]);
  const columns = "/DecodeParms << /Predictor 12 /Columns 5 >>";
  const table = `/Type /XRef /W [1 3 1] /Size ${rows.length} /Root 1 0 R ${columns}`;
  const end = Buffer.from(`startxref\n${tableAt}\n%%EOF\n`);
  return Buffer.concat([
    ...parts,
    pack,
    source(packNumber + 1, deflated(table, Uint8Array.from(predicted))),
    end,
  ]);
}

/** The XMP metadata of a Factur-X invoice of that profile. */
export function xmp({
  fileName = "factur-x.xml",
  level = "EN 16931",
  type = "INVOICE",
  part = "3",
} = {}): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>${part}</pdfaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:s="http://www.aiim.org/pdfa/ns/schema#">
<s:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</s:namespaceURI></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
 fx:DocumentType="${type}" fx:DocumentFileName="${fileName}" fx:Version="1.0" fx:ConformanceLevel="${level}"/>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** What a sample hybrid PDF is made of; each part may be replaced. */
export interface HybridParts {
  catalog: string;
  specification: string;
  file: Piece;
  metadata: Piece;
  /** Objects from number 7 on. */
  more: Piece[];
}

/** The objects of a conforming hybrid PDF of one blank page, but for the parts replaced. */
export function hybrid(replaced: Partial<HybridParts> = {}): Piece[] {
  const parts: HybridParts = {
    catalog: "/AF [4 0 R] /Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >> /Metadata 6 0 R",
    specification: "/F (factur-x.xml) /UF (factur-x.xml) /AFRelationship /Data /EF << /F 5 0 R /UF 5 0 R >>",
    file: deflated("/Type /EmbeddedFile /Subtype /text#2Fxml", invoiceXml),
    metadata: stream("/Type /Metadata /Subtype /XML", xmp()),
    more: [],
    ...replaced,
  };
  return [
    `<< /Type /Catalog /Pages 2 0 R ${parts.catalog} >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [ 7 0 R ] >>",
    `<< /Type /Filespec ${parts.specification} >>`,
    parts.file,
    parts.metadata,
    ...parts.more,
  ];
}
