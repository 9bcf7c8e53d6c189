import { type Fonts, hex } from "./fonts.ts";
import type { ObjectSink } from "./objects.ts";
import { Structure, type StructureElement } from "./structure.ts";
import type { Weight } from "./typeface.ts";

/** A4, in points. */
const sheet = { width: 595.28, height: 841.89 };
const margin = { left: 48, right: 48, top: 48, bottom: 56 };

/** How a text looks. */
export interface TextStyle {
  readonly size: number;
  readonly weight: Weight;
  /** From 0, black, to 1, white. */
  readonly grey: number;
}

/** Where a line of text stands. */
export interface TextPlace {
  readonly x: number;
  readonly style: TextStyle;
  /** The text ends where this width does; it starts at `x` without one. */
  readonly width?: number;
  /** The element that it belongs to; without one, assistive technologies pass over it. */
  readonly element?: StructureElement | undefined;
}

export const body: TextStyle = { size: 9, weight: 400, grey: 0 };
export const strong: TextStyle = { ...body, weight: 600 };
export const label: TextStyle = { ...body, grey: 0.35 };

/** Pages drawn from the top down; a new one begins where the last is full. */
export class Pages {
  readonly left = margin.left;
  readonly width = sheet.width - margin.left - margin.right;
  readonly structure = new Structure();
  /** Height of the line that comes next, from the foot of the sheet. */
  private y = sheet.height - margin.top;
  private readonly contents: string[][] = [[]];
  private readonly fonts: Fonts;

  constructor(fonts: Fonts) {
    this.fonts = fonts;
  }

  /** What is left of the page. */
  get room(): number {
    return this.y - margin.bottom;
  }

  /** Begins a new page, unless that height is left on this one. */
  need(height: number): void {
    if (this.room >= height) return;
    this.contents.push([]);
    this.y = sheet.height - margin.top;
  }

  down(height: number): void {
    this.y -= height;
  }

  /** Writes one line, its top that far below the present height. */
  text(words: string, { below = 0, ...place }: TextPlace & { readonly below?: number }): void {
    this.draw(this.contents.length - 1, words, this.y - below - place.style.size, place);
  }

  /** A thin line across, at the present height. */
  rule(grey: number, x = this.left, width = this.width): void {
    this.decorate(`${grey} G 0.6 w ${point(x)} ${point(this.y)} m ${point(x + width)} ${point(this.y)} l S`);
  }

  /** A pale ground from the present height down. */
  ground(height: number): void {
    const box = [this.left, this.y - height, this.width, height].map(point).join(" ");
    this.decorate(`0.94 g ${box} re f`);
  }

  private decorate(drawing: string): void {
    this.contents.at(-1)?.push(`/Artifact BMC ${drawing} EMC`);
  }

  /** The lines that a text takes in that width, broken at spaces, inside a word only where it must be. */
  broken(text: string, width: number, style: TextStyle): string[] {
    return text.split(/\r\n|\r|\n/).flatMap((line) => this.brokenLine(line, width, style));
  }

  private brokenLine(line: string, width: number, style: TextStyle): string[] {
    const space = this.measure(" ", style);
    const lines: string[] = [];
    let current: string[] = [];
    let taken = 0;
    for (const word of line.split(/[ \t]+/).flatMap((each) => this.pieces(each, width, style))) {
      const more = this.measure(word, style);
      if (current.length > 0 && taken + space + more > width) {
        lines.push(current.join(" "));
        [current, taken] = [[], 0];
      }
      taken += current.length === 0 ? more : space + more;
      current.push(word);
    }
    return [...lines, current.join(" ")];
  }

  /** A word, in pieces where it is wider than the line. */
  private pieces(word: string, width: number, style: TextStyle): string[] {
    if (this.measure(word, style) <= width) return [word];
    const pieces: string[] = [];
    let piece = "";
    let taken = 0;
    for (const character of word) {
      const more = this.measure(character, style);
      if (piece !== "" && taken + more > width) {
        pieces.push(piece);
        [piece, taken] = ["", 0];
      }
      piece += character;
      taken += more;
    }
    return [...pieces, piece];
  }

  measure(words: string, { size, weight }: TextStyle): number {
    return (this.fonts.width(words, weight) * size) / 1000;
  }

  private draw(page: number, words: string, y: number, { x, style, width, element }: TextPlace): void {
    const content = this.contents[page] ?? [];
    content.push(
      element ? `/${element.type} << /MCID ${this.structure.mark(element, page)} >> BDC` : "/Artifact BMC",
    );
    let at = width === undefined ? x : x + width - this.measure(words, style);
    for (const run of this.fonts.runs(words, style.weight)) {
      const codes = run.glyphs.map(hex).join("");
      content.push(
        `BT ${style.grey} g /${run.font.name} ${style.size} Tf ${point(at)} ${point(y)} Td <${codes}> Tj ET`,
      );
      at += (run.width * style.size) / 1000;
    }
    content.push("EMC");
  }

  /** Writes the pages under their foot lines; answers the numbers of the pages, whose parent is given. */
  write(sink: ObjectSink, parent: number, foot: string): number[] {
    const small: TextStyle = { ...label, size: 7.5 };
    const wide = this.width - 70;
    const [line = ""] = this.broken(foot, wide, small);
    for (const index of this.contents.keys()) {
      this.draw(index, line, 30, { x: this.left, style: small });
      const count = `Page ${index + 1} / ${this.contents.length}`;
      this.draw(index, count, 30, { x: this.left + wide, style: small, width: 70 });
    }
    const resources = sink.add(`<< /Font ${this.fonts.write(sink)} >>`);
    return this.contents.map((content, index) => {
      const stream = sink.addStream("", Buffer.from(content.join("\n"), "latin1"));
      return sink.add(
        `<< /Type /Page /Parent ${parent} 0 R /MediaBox [0 0 ${sheet.width} ${sheet.height}] /Resources ${resources} 0 R /Contents ${stream} 0 R /StructParents ${index} /Tabs /S >>`,
      );
    });
  }
}

function point(value: number): string {
  return String(Math.round(value * 100) / 100);
}
