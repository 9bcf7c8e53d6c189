import { deflateSync } from "node:zlib";
import { isDictionary, type PdfObject } from "../objects.ts";

/** Takes the objects of a PDF being written and gives each its number. */
export interface ObjectSink {
  /** Adds an object, from its source. */
  add(source: string): number;
  /** Adds a stream; compressed unless it must stay readable, as metadata must. */
  addStream(entries: string, data: Uint8Array, isPlain?: "plain"): number;
  /** A number for an object that is set later. */
  reserve(): number;
  set(number: number, source: string): void;
}

/** The objects of a PDF, by number. */
export class ObjectList implements ObjectSink {
  /** Those that are no streams, as they are written between `obj` and `endobj`. */
  readonly sources = new Map<number, string>();
  /** The streams, whole. */
  readonly streams = new Map<number, Uint8Array>();
  private next: number;

  constructor(first: number) {
    this.next = first;
  }

  /** The number after the last one given. */
  get size(): number {
    return this.next;
  }

  reserve(): number {
    this.next += 1;
    return this.next - 1;
  }

  set(number: number, source: string): void {
    this.sources.set(number, source);
  }

  add(source: string): number {
    const number = this.reserve();
    this.set(number, source);
    return number;
  }

  addStream(entries: string, data: Uint8Array, isPlain?: "plain"): number {
    const number = this.reserve();
    this.setStream(number, entries, data, isPlain);
    return number;
  }

  setStream(number: number, entries: string, data: Uint8Array, isPlain?: "plain"): void {
    const stored = isPlain ? data : deflateSync(data);
    const filter = isPlain ? "" : " /Filter /FlateDecode";
    const head = `<< ${entries}${filter} /Length ${stored.length} >>\nstream\n`;
    this.streams.set(
      number,
      wrapped(number, Buffer.concat([Buffer.from(head, "latin1"), stored, Buffer.from("\nendstream")])),
    );
  }

  /** Every object as it stands in a file, by number. */
  get objects(): [number: number, bytes: Uint8Array][] {
    const plain = [...this.sources].map(([number, source]): [number, Uint8Array] => [
      number,
      wrapped(number, Buffer.from(source, "latin1")),
    ]);
    return [...plain, ...this.streams].sort(([a], [b]) => a - b);
  }
}

const wrapped = (number: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${number} 0 obj\n`), content, Buffer.from("\nendobj\n")]);

/** A text string: UTF-16 behind its mark, in hexadecimal. */
export function textString(text: string): string {
  return `<FEFF${Buffer.from(text, "utf16le").swap16().toString("hex").toUpperCase()}>`;
}

/** A string of plain ASCII, such as a file name. */
export function asciiString(text: string): string {
  return `(${text.replace(/[\\()]/g, "\\$&")})`;
}

/** A moment as PDF writes it, in UTC. */
export function dateString(moment: Date): string {
  return `(D:${moment.toISOString().slice(0, 19).replace(/[-T:]/g, "")}Z)`;
}

/** The source of an object that was read, to write it again. */
export function sourceOf(object: PdfObject): string {
  if (object === undefined) return "null";
  if (typeof object === "boolean" || typeof object === "number") return plainNumber(object);
  if (Array.isArray(object)) return `[ ${object.map(sourceOf).join(" ")} ]`;
  if (isDictionary(object)) {
    const entries = [...object].map(([key, value]) => `${nameSource(key)} ${sourceOf(value)}`);
    return `<< ${entries.join(" ")} >>`;
  }
  if (object.kind === "name") return nameSource(object.text);
  if (object.kind === "string") return `<${Buffer.from(object.bytes).toString("hex")}>`;
  if (object.kind === "reference") return `${object.number} ${object.generation} R`;
  return "null";
}

/** PDF knows no exponent. */
function plainNumber(value: number | boolean): string {
  return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(6) : String(value);
}

function nameSource(name: string): string {
  const escaped = name.replace(
    /[^A-Za-z0-9_.+*:@-]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `/${escaped}`;
}
