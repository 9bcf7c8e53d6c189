import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { CsvColumn } from "./csv.ts";

/** A sheet of a workbook of at most 26 columns, its rows read one after the other. */
export type Sheet = {
  readonly name: string;
  readonly titles: readonly string[];
  readonly rows: () => AsyncIterable<readonly string[]>;
};

/** A sheet of rows under columns. */
export function sheet<R>(
  name: string,
  columns: readonly CsvColumn<R>[],
  rows: () => AsyncIterable<R>,
): Sheet {
  return {
    name,
    titles: columns.map(([title]) => title),
    rows: async function* () {
      for await (const row of rows()) yield columns.map(([, value]) => value(row));
    },
  };
}

/** No file of the archive has a date of its own: the same rows give the same bytes. */
const SAME_DATE = new Date("2000-01-01T00:00:00Z");
const entry = { mtime: SAME_DATE, forceDosTimestamp: true, compressionLevel: 4 };

/**
 * An .xlsx workbook made row by row, its first row frozen: it is never all in memory (docs/decisions/0011). Every cell is
 * a text, so an identifier keeps its zeros and nothing is taken for a formula.
 */
export function workbook(sheets: readonly Sheet[]): Readable {
  const zip = new ZipFile();
  // a row that cannot be read must end the file, not leave it waiting
  const fail = (error: Error) => zip.emit("error", error);
  for (const [path, xml] of Object.entries(partsOf(sheets))) zip.addBuffer(Buffer.from(xml), path, entry);
  for (const [index, one] of sheets.entries())
    zip.addReadStreamLazy(`xl/worksheets/sheet${index + 1}.xml`, entry, (give) =>
      give(null, Readable.from(sheetXml(one), { highWaterMark: 2 }).on("error", fail)),
    );
  zip.end();
  const output = zip.outputStream as Readable;
  zip.on("error", (error: Error) => output.destroy(error));
  return output;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** What a workbook holds besides its sheets (ECMA-376, part 1, 12.2). */
function partsOf(sheets: readonly Sheet[]): Record<string, string> {
  const each = (write: (number: number, one: Sheet) => string) =>
    sheets.map((one, index) => write(index + 1, one)).join("");
  const relations = (inner: string) =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`;
  return {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`)}</Types>`,
    "_rels/.rels": relations(
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>`,
    ),
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((number, { name }) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      each(
        (number) =>
          `<Relationship Id="rId${number}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
      ),
    ),
  };
}

/** Characters of a sheet written at once. */
const AT_ONCE = 65_536;

async function* sheetXml({ titles, rows }: Sheet): AsyncGenerator<string> {
  let text = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${titles.length}" width="20" customWidth="1"/></cols><sheetData>${rowXml(titles, 1)}`;
  let number = 1;
  for await (const row of rows()) {
    text += rowXml(row, ++number);
    if (text.length < AT_ONCE) continue;
    yield text;
    text = "";
  }
  yield `${text}</sheetData></worksheet>`;
}

/** Some readers want the address of each cell; the one of an empty cell says nothing. */
function rowXml(cells: readonly string[], number: number): string {
  let xml = `<row r="${number}">`;
  for (const [at, cell] of cells.entries())
    if (cell !== "")
      xml += `<c r="${String.fromCharCode(65 + at)}${number}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
  return `${xml}</row>`;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as XML holds it: what XML 1.0 has no way to write is left out. */
function escaped(text: string): string {
  return text.replace(
    /[&<>"]|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
    (found) => escapes[found] ?? "",
  );
}
