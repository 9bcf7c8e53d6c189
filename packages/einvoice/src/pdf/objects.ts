import { type Budget, broken, PdfRefused } from "./bounds.ts";

/** An object of a PDF (ISO 32000-1, § 7.3); `undefined` stands for null and for what is not there. */
export type PdfObject =
  | undefined
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | PdfKeyword
  | PdfObject[]
  | PdfDictionary
  | PdfStream;

export interface PdfName {
  readonly kind: "name";
  readonly text: string;
}

export interface PdfString {
  readonly kind: "string";
  readonly bytes: Uint8Array;
}

export interface PdfReference {
  readonly kind: "reference";
  readonly number: number;
  readonly generation: number;
}

/** A bare word, such as `obj`, `endobj` or `trailer`. */
export interface PdfKeyword {
  readonly kind: "keyword";
  readonly text: string;
}

export type PdfDictionary = ReadonlyMap<string, PdfObject>;

export interface PdfStream {
  readonly kind: "stream";
  readonly dictionary: PdfDictionary;
  /** As stored, before its filters. */
  readonly encoded: Uint8Array;
}

export function isKind<Kind extends "name" | "string" | "reference" | "keyword" | "stream">(
  object: PdfObject,
  kind: Kind,
): object is Extract<PdfObject, { kind: Kind }> {
  return typeof object === "object" && "kind" in object && object.kind === kind;
}

export function isDictionary(object: PdfObject): object is PdfDictionary {
  return object instanceof Map;
}

export function isKeyword(object: PdfObject, text: string): boolean {
  return isKind(object, "keyword") && object.text === text;
}

/** The text of a name; undefined for any other object. */
export function nameOf(object: PdfObject): string | undefined {
  return isKind(object, "name") ? object.text : undefined;
}

const deepest = 64;

/** Longest string kept, in bytes: a signature stays below. */
const longestString = 1_000_000;

const whitespace = new Set([0, 9, 10, 12, 13, 32]);
const delimiters = new Set([..."()<>[]{}/%"].map((each) => each.charCodeAt(0)));
const isRegular = (byte: number) => !whitespace.has(byte) && !delimiters.has(byte);

const code = (character: string) => character.charCodeAt(0);
const [openParenthesis, closeParenthesis, backslash] = [code("("), code(")"), code("\\")];
const [less, greater, openBracket, closeBracket] = [code("<"), code(">"), code("["), code("]")];
const [slash, percent, hash] = [code("/"), code("%"), code("#")];
const [lineFeed, carriageReturn] = [10, 13];

const escapes = new Map([..."nrtbf"].map((letter, index) => [code(letter), [10, 13, 9, 8, 12][index] ?? 0]));

/** Reads objects one after the other. */
export class PdfParser {
  readonly bytes: Uint8Array;
  position: number;
  private readonly budget: Budget;

  constructor(bytes: Uint8Array, position: number, budget: Budget) {
    this.bytes = bytes;
    this.position = position;
    this.budget = budget;
  }

  /** The next object; a keyword where no object starts. */
  object(depth = 0): PdfObject {
    this.budget.object();
    if (depth > deepest) throw new PdfRefused("TOO_DEEP", "nested objects");
    this.skipSpace();
    const byte = this.bytes[this.position];
    if (byte === undefined) broken("end of file inside an object");
    if (byte === slash) return this.name();
    if (byte === openParenthesis) return this.literalString();
    if (byte === openBracket) return this.array(depth);
    if (byte === less)
      return this.bytes[this.position + 1] === less ? this.dictionary(depth) : this.hexString();
    if (!isRegular(byte)) {
      this.position += 1;
      return { kind: "keyword", text: String.fromCharCode(byte) };
    }
    return this.numberOrWord();
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === percent) this.skipLine();
      else if (byte !== undefined && whitespace.has(byte)) this.position += 1;
      else return;
    }
  }

  private skipLine(): void {
    let byte = this.bytes[this.position];
    while (byte !== undefined && byte !== lineFeed && byte !== carriageReturn) {
      this.position += 1;
      byte = this.bytes[this.position];
    }
  }

  private word(): string {
    const start = this.position;
    while (this.position < this.bytes.length && isRegular(this.bytes[this.position] ?? 0)) this.position += 1;
    return latin1(this.bytes.subarray(start, Math.min(this.position, start + 200)));
  }

  private numberOrWord(): PdfObject {
    const word = this.word();
    if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(word)) {
      const value = Number(word);
      return /^\d+$/.test(word) ? (this.referenceFrom(value) ?? value) : value;
    }
    if (word === "true" || word === "false") return word === "true";
    return word === "null" ? undefined : { kind: "keyword", text: word };
  }

  /** `12 0 R`, once its first number is read; the position does not move when it is none. */
  private referenceFrom(number: number): PdfReference | undefined {
    const start = this.position;
    this.skipSpace();
    const generation = this.word();
    if (/^\d{1,5}$/.test(generation)) {
      this.skipSpace();
      if (this.word() === "R") return { kind: "reference", number, generation: Number(generation) };
    }
    this.position = start;
    return undefined;
  }

  private name(): PdfName {
    this.position += 1;
    const text = this.word();
    if (!text.includes(String.fromCharCode(hash))) return { kind: "name", text };
    const plain = text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return { kind: "name", text: plain };
  }

  private literalString(): PdfString {
    const bytes: number[] = [];
    let open = 1;
    this.position += 1;
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined) broken("end of file inside a string");
      this.position += 1;
      if (byte === backslash) {
        this.escaped(bytes);
        continue;
      }
      if (byte === openParenthesis) open += 1;
      if (byte === closeParenthesis) open -= 1;
      if (open === 0) return { kind: "string", bytes: Uint8Array.from(bytes) };
      if (bytes.length >= longestString) broken("a string too long");
      bytes.push(byte);
    }
  }

  private escaped(bytes: number[]): void {
    const octal = /^[0-7]{1,3}/.exec(latin1(this.bytes.subarray(this.position, this.position + 3)))?.[0];
    if (octal) {
      bytes.push(Number.parseInt(octal, 8) & 0xff);
      this.position += octal.length;
      return;
    }
    const byte = this.bytes[this.position] ?? 0;
    this.position += byte === carriageReturn && this.bytes[this.position + 1] === lineFeed ? 2 : 1;
    if (byte !== carriageReturn && byte !== lineFeed) bytes.push(escapes.get(byte) ?? byte);
  }

  private hexString(): PdfString {
    const end = this.bytes.indexOf(greater, this.position);
    if (end < 0 || end - this.position > 2 * longestString) broken("a string without end");
    const digits = latin1(this.bytes.subarray(this.position + 1, end)).replace(/[^0-9A-Fa-f]/g, "");
    this.position = end + 1;
    return { kind: "string", bytes: bytesOfHex(digits) };
  }

  private array(depth: number): PdfObject[] {
    const items: PdfObject[] = [];
    this.position += 1;
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.position] === closeBracket) break;
      const item = this.object(depth + 1);
      if (isKind(item, "keyword")) broken(`unexpected ${item.text} in an array`);
      items.push(item);
    }
    this.position += 1;
    return items;
  }

  private dictionary(depth: number): PdfDictionary {
    const entries = new Map<string, PdfObject>();
    this.position += 2;
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.position] === greater) break;
      const key = this.object(depth + 1);
      const value = this.object(depth + 1);
      if (!isKind(key, "name") || isKind(value, "keyword")) broken("a dictionary without key or value");
      entries.set(key.text, value);
    }
    this.position += 2;
    return entries;
  }
}

/** The characters of bytes, one each. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The bytes of hexadecimal digits; a last lone one counts as if a zero followed (§ 7.3.4.3). */
export function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.length % 2 ? `${digits}0` : digits, "hex"));
}

/** The words of a text string: UTF-16 or UTF-8 by its byte order mark, else one byte a character (§ 7.9.2.2). */
export function textOf(object: PdfObject): string | undefined {
  if (!isKind(object, "string")) return undefined;
  const { bytes } = object;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes);
  return latin1(bytes);
}
