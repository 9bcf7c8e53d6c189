import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";

/** Noto Sans (SIL Open Font License 1.1), in the pieces that its package cuts it into, the commonest first. */
const pieces = ["latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese"];

export type Weight = 400 | 600;

/** One font file, ready to be measured with and embedded. */
export interface Typeface {
  readonly postScriptName: string;
  /** The TrueType file. */
  readonly file: Uint8Array;
  /** Units of the four box sides, ascent, descent and capital height: thousandths of the size. */
  readonly box: readonly number[];
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  /** Number of the glyph of a code point; undefined when the font has none. */
  glyphOf(codePoint: number): number | undefined;
  /** Advance of a glyph, in thousandths of the size. */
  widthOf(glyph: number): number;
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, Typeface>();

/** The first piece of that weight with a glyph for the code point; undefined when none has. */
export function typefaceFor(codePoint: number, weight: Weight): Typeface | undefined {
  for (const piece of pieces) {
    const typeface = load(piece, weight);
    if (typeface.glyphOf(codePoint) !== undefined) return typeface;
  }
  return undefined;
}

function load(piece: string, weight: Weight): Typeface {
  const key = `noto-sans-${piece}-${weight}-normal.woff`;
  const known = loaded.get(key);
  if (known) return known;
  const typeface = openWoff(readFileSync(require.resolve(`@fontsource/noto-sans/files/${key}`)), weight);
  loaded.set(key, typeface);
  return typeface;
}

type Tables = ReadonlyMap<string, Buffer>;

/** Opens a WOFF 1.0 file: the tables of a TrueType font, each compressed on its own. */
function openWoff(woff: Buffer, weight: Weight): Typeface {
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < woff.readUInt16BE(12); index += 1) {
    const at = 44 + index * 20;
    const [offset, stored, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field));
    const data = woff.subarray(offset, (offset ?? 0) + (stored ?? 0));
    tables.set(woff.toString("latin1", at, at + 4), stored === length ? data : inflateSync(data));
  }
  const [head, hhea, hmtx, os2] = ["head", "hhea", "hmtx", "OS/2"].map((tag) => table(tables, tag));
  const thousandth = 1000 / (head?.readUInt16BE(18) ?? 1000);
  const scaled = (units: number | undefined) => Math.round((units ?? 0) * thousandth);
  const glyphs = charactersOf(table(tables, "cmap"));
  const measured = hhea?.readUInt16BE(34) ?? 1;
  return {
    postScriptName: weight === 400 ? "NotoSans-Regular" : "NotoSans-SemiBold",
    file: sfnt(tables),
    box: [36, 38, 40, 42].map((at) => scaled(head?.readInt16BE(at))),
    ascent: scaled(hhea?.readInt16BE(4)),
    descent: scaled(hhea?.readInt16BE(6)),
    capHeight: scaled(os2?.readInt16BE(88)),
    glyphOf: (codePoint) => glyphs.get(codePoint),
    widthOf: (glyph) => scaled(hmtx?.readUInt16BE(Math.min(glyph, measured - 1) * 4)),
  };
}

function table(tables: Tables, tag: string): Buffer {
  const found = tables.get(tag);
  if (!found) throw new Error(`The font has no ${tag} table`);
  return found;
}

/** The TrueType file made of these tables. */
function sfnt(tables: Tables): Uint8Array {
  const tags = [...tables.keys()].sort();
  const power = 2 ** Math.floor(Math.log2(tags.length));
  const header = Buffer.alloc(12 + tags.length * 16);
  header.writeUInt32BE(0x00010000, 0);
  header.writeUInt16BE(tags.length, 4);
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((tags.length - power) * 16, 10);
  const parts: Uint8Array[] = [header];
  let offset = header.length;
  for (const [index, tag] of tags.entries()) {
    const data = table(tables, tag);
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    header.write(tag, 12 + index * 16, "latin1");
    header.writeUInt32BE(checksum(padded), 16 + index * 16);
    header.writeUInt32BE(offset, 20 + index * 16);
    header.writeUInt32BE(data.length, 24 + index * 16);
    parts.push(padded);
    offset += padded.length;
  }
  return Buffer.concat(parts);
}

function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum = (sum + data.readUInt32BE(at)) >>> 0;
  return sum;
}

/** The glyph of each character, from the font's map of the basic plane (`cmap`, format 4). */
function charactersOf(cmap: Buffer): ReadonlyMap<number, number> {
  const glyphs = new Map<number, number>();
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const at = cmap.readUInt32BE(8 + index * 8);
    if (cmap.readUInt16BE(at) === 4) readSegments(cmap, at, glyphs);
  }
  return glyphs;
}

function readSegments(cmap: Buffer, at: number, glyphs: Map<number, number>): void {
  const double = cmap.readUInt16BE(at + 6);
  for (let segment = 0; segment < double; segment += 2) {
    const end = cmap.readUInt16BE(at + 14 + segment);
    const start = cmap.readUInt16BE(at + 16 + double + segment);
    const delta = cmap.readUInt16BE(at + 16 + 2 * double + segment);
    const rangeAt = at + 16 + 3 * double + segment;
    const range = cmap.readUInt16BE(rangeAt);
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const found = range === 0 ? code : cmap.readUInt16BE(rangeAt + range + 2 * (code - start));
      const glyph = range !== 0 && found === 0 ? 0 : (found + delta) & 0xffff;
      if (glyph !== 0) glyphs.set(code, glyph);
    }
  }
}
