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

/** A PDF/A-3b of an invoice laid out in French, the XML inside; with the characters that its fonts lack. */
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
  const file = addInvoiceFile(list, embedded);
  const { fileName, createdAt } = embedded;
  const author = invoice.seller?.name?.trim() ?? "";
  const facts = { title: outline.title, author, createdAt, fileName, profile, pdfa: "B" as const };
  const metadata = list.addStream("/Type /Metadata /Subtype /XML", xmpPacket(facts), "plain");
  const names = `<< /EmbeddedFiles << /Names [${asciiString(fileName)} ${file} 0 R] >> >>`;
  list.set(
    catalog,
    `<< /Type /Catalog /Version /1.7 /Pages ${tree} 0 R /Lang (fr-FR) /Metadata ${metadata} 0 R /OutputIntents [${addOutputIntent(list)} 0 R] /AF [${file} 0 R] /Names ${names} /PageMode /UseNone /ViewerPreferences << /DisplayDocTitle true >> >>`,
  );
  const date = dateString(createdAt);
  const info = list.add(
    `<< /Title ${textString(outline.title)} /Author ${textString(author)} /Producer (${producer}) /CreationDate ${date} /ModDate ${date} >>`,
  );
  return { bytes: assembled(list, catalog, info), missing: [...fonts.missing] };
}

/** The file: header, objects, their table and the trailer. */
function assembled(list: ObjectList, catalog: number, info: number): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let offset = parts[0]?.length ?? 0;
  const entries = ["0000000000 65535 f \n"];
  for (const [number, source] of [...list.objects].sort(([a], [b]) => a - b)) {
    entries[number] = `${String(offset).padStart(10, "0")} 00000 n \n`;
    parts.push(source);
    offset += source.length;
  }
  const id = createHash("md5");
  for (const part of parts) id.update(part);
  const identifier = `<${id.digest("hex").toUpperCase()}>`;
  const end = `xref\n0 ${list.size}\n${entries.join("")}trailer\n<< /Size ${list.size} /Root ${catalog} 0 R /Info ${info} 0 R /ID [${identifier} ${identifier}] >>\nstartxref\n${offset}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end, "latin1")]);
}
