import { type ObjectSink, textString } from "./objects.ts";
import { type Typeface, typefaceFor, type Weight } from "./typeface.ts";

/** Characters of one typeface in a row, ready to be shown. */
export interface Run {
  readonly font: UsedFont;
  readonly glyphs: readonly number[];
  /** In thousandths of the size. */
  readonly width: number;
}

/** A typeface with what the document shows of it. */
export interface UsedFont {
  /** Resource name in the pages. */
  readonly name: string;
  readonly typeface: Typeface;
  /** Each glyph shown, with the character that it stands for. */
  readonly shown: Map<number, number>;
}

/** A character as it is shown. */
interface Glyph {
  readonly font: UsedFont;
  readonly glyph: number;
  readonly codePoint: number;
  /** In thousandths of the size. */
  readonly advance: number;
}

const replacement = "\uFFFD".codePointAt(0) ?? 0;

/** The fonts of one document: each is embedded once, when something is shown in it. */
export class Fonts {
  /** Characters that no font has, shown as `\uFFFD`. */
  readonly missing = new Set<string>();
  private readonly used = new Map<Typeface, UsedFont>();
  private readonly known = { 400: new Map<string, Glyph>(), 600: new Map<string, Glyph>() };

  /** The runs that show a text. */
  runs(text: string, weight: Weight): Run[] {
    const runs: { font: UsedFont; glyphs: number[]; width: number }[] = [];
    for (const character of plain(text)) {
      const { font, glyph, codePoint, advance } = this.glyph(character, weight);
      if (!font.shown.has(glyph)) font.shown.set(glyph, codePoint);
      let run = runs.at(-1);
      if (run?.font !== font) {
        run = { font, glyphs: [], width: 0 };
        runs.push(run);
      }
      run.glyphs.push(glyph);
      run.width += advance;
    }
    return runs;
  }

  /** The width of a text, in thousandths of the size. */
  width(text: string, weight: Weight): number {
    let width = 0;
    for (const character of plain(text)) width += this.glyph(character, weight).advance;
    return width;
  }

  private glyph(character: string, weight: Weight): Glyph {
    const known = this.known[weight].get(character);
    if (known) return known;
    const found = this.find(character, weight);
    this.known[weight].set(character, found);
    return found;
  }

  private find(character: string, weight: Weight): Glyph {
    let codePoint = character.codePointAt(0) ?? replacement;
    let typeface = typefaceFor(codePoint, weight);
    if (!typeface) {
      this.missing.add(character);
      codePoint = replacement;
      typeface = typefaceFor(codePoint, weight);
    }
    const glyph = typeface?.glyphOf(codePoint);
    if (!typeface || glyph === undefined) throw new Error("The fonts have no replacement character");
    return { font: this.use(typeface), glyph, codePoint, advance: typeface.widthOf(glyph) };
  }

  private use(typeface: Typeface): UsedFont {
    const known = this.used.get(typeface);
    if (known) return known;
    const font = { name: `F${this.used.size + 1}`, typeface, shown: new Map() };
    this.used.set(typeface, font);
    return font;
  }

  /** Writes the fonts shown; answers the resource dictionary that names them. */
  write(sink: ObjectSink): string {
    const fonts = [...this.used.values()].filter(({ shown }) => shown.size > 0);
    return `<< ${fonts.map((font, index) => `/${font.name} ${writeFont(font, index, sink)} 0 R`).join(" ")} >>`;
  }
}

/** Composed characters, and no control, tabulation or other character that stands for no sign. */
function plain(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\t\u2000-\u200a\u202f]/g, "\u00a0")
    .replace(/\p{Cc}|\p{Cf}/gu, "");
}

/** A composite font whose codes are glyph numbers (ISO 32000-1, § 9.7), the whole TrueType file embedded. */
function writeFont({ typeface, shown }: UsedFont, index: number, sink: ObjectSink): number {
  const { box, ascent, descent, capHeight, file } = typeface;
  const name = `${String.fromCharCode(65 + index).repeat(6)}+${typeface.postScriptName}`;
  const embedded = sink.addStream(`/Length1 ${file.length}`, file);
  const descriptor = sink.add(
    `<< /Type /FontDescriptor /FontName /${name} /Flags 32 /FontBBox [${box.join(" ")}] /ItalicAngle 0 /Ascent ${ascent} /Descent ${descent} /CapHeight ${capHeight} /StemV 80 /FontFile2 ${embedded} 0 R >>`,
  );
  const widths = [...shown.keys()]
    .sort((a, b) => a - b)
    .map((glyph) => `${glyph} [${typeface.widthOf(glyph)}]`);
  const descendant = sink.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /CIDToGIDMap /Identity /W [${widths.join(" ")}] >>`,
  );
  const unicode = sink.addStream("", Buffer.from(unicodeMap(shown), "latin1"));
  return sink.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
  );
}

/** What each code stands for, so that text can be searched and copied (§ 9.10.3). */
function unicodeMap(shown: ReadonlyMap<number, number>): string {
  const lines = [...shown].map(
    ([glyph, codePoint]) =>
      `<${hex(glyph)}> ${textString(String.fromCodePoint(codePoint)).replace("FEFF", "")}`,
  );
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join("\n")}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join("\n")}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}

/** A glyph number as the two bytes that show it. */
export function hex(glyph: number): string {
  return glyph.toString(16).padStart(4, "0").toUpperCase();
}
