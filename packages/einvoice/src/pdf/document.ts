import { Budget, broken, type PdfLimits, PdfRefused } from "./bounds.ts";
import { decodeStream } from "./filters.ts";
import {
  isDictionary,
  isKeyword,
  isKind,
  latin1,
  nameOf,
  type PdfDictionary,
  type PdfObject,
  PdfParser,
  type PdfReference,
  type PdfStream,
} from "./objects.ts";

/** Where an object stands: at an offset of the file, or in an object stream. */
type Location = { offset: number } | { stream: number; index: number };

/** Deepest chain of references followed to reach one object. */
const longestChain = 32;

/**
 * A PDF read object by object, on demand, within limits (ISO 32000-1, § 7.5). A file whose cross-reference table is
 * missing or wrong is read by looking for its objects. Every method may throw a `PdfRefused`, nothing else.
 */
export class PdfDocument {
  readonly bytes: Buffer;
  readonly budget: Budget;
  /** Entries of the newest trailer, completed by those of the older ones. */
  readonly trailer = new Map<string, PdfObject>();
  /** Offset of the newest cross-reference section; 0 where it had to be rebuilt. */
  lastSection = 0;
  /** Whether that section is a stream, as an update of the file must then be. */
  sectionIsStream = false;
  private readonly locations = new Map<number, Location>();
  private readonly loaded = new Map<number, PdfObject>();
  private readonly packs = new Map<number, { bytes: Uint8Array; offsets: number[] }>();
  private chain = 0;
  /** Whether the file's own table was missing or wrong. */
  rebuilt = false;

  constructor(bytes: Uint8Array, limits: PdfLimits) {
    if (bytes.length > limits.bytes) throw new PdfRefused("TOO_LARGE", `${bytes.length} bytes`);
    this.budget = new Budget(limits);
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = whole.subarray(0, 1024).indexOf("%PDF-");
    if (header < 0) throw new PdfRefused("NOT_A_PDF", "no %PDF- header");
    this.bytes = whole.subarray(header);
    if (quietly(() => this.readSections()) !== "read") this.rebuild();
  }

  /** The root of the document. */
  get catalog(): PdfDictionary {
    return this.orRebuild(() => {
      const root = this.resolve(this.trailer.get("Root"));
      return isDictionary(root) ? root : broken("no catalogue");
    });
  }

  /** Numbers of the objects that the file has, in no order. */
  get objectNumbers(): Iterable<number> {
    return this.locations.keys();
  }

  /** The object itself, behind any reference; undefined when there is none. */
  resolve(object: PdfObject): PdfObject {
    let found = object;
    for (let step = 0; isKind(found, "reference"); step += 1) {
      if (step > longestChain) throw new PdfRefused("TOO_DEEP", "references");
      found = this.load(found);
    }
    return found;
  }

  /** The dictionary behind an object, that of a stream included; an empty one when it is something else. */
  dictionary(object: PdfObject): PdfDictionary {
    const found = this.resolve(object);
    if (isDictionary(found)) return found;
    return isKind(found, "stream") ? found.dictionary : new Map();
  }

  /** The items of an array; of none when it is something else. */
  array(object: PdfObject): readonly PdfObject[] {
    const found = this.resolve(object);
    return Array.isArray(found) ? found : [];
  }

  /** The bytes of a stream after its filters. */
  decode(stream: PdfStream): Uint8Array {
    const listOf = (key: string, short: string): readonly PdfObject[] => {
      const value = this.resolve(stream.dictionary.get(key) ?? stream.dictionary.get(short));
      const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
      return items.map((item) => this.resolve(item));
    };
    return decodeStream(stream.encoded, listOf("Filter", "F"), listOf("DecodeParms", "DP"), this.budget);
  }

  /** Does it with the file's own table and, when that turns out wrong, once more with a rebuilt one. */
  private orRebuild<Value>(attempt: () => Value): Value {
    if (this.rebuilt) return attempt();
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof PdfRefused) || error.refusal !== "BROKEN") throw error;
      this.rebuild();
      return attempt();
    }
  }

  private load({ number }: PdfReference): PdfObject {
    if (this.loaded.has(number)) return this.loaded.get(number);
    this.chain += 1;
    try {
      if (this.chain > longestChain) throw new PdfRefused("TOO_DEEP", "references");
      const object = this.orRebuild(() => this.readObject(number));
      this.loaded.set(number, object);
      return object;
    } finally {
      this.chain -= 1;
    }
  }

  private readObject(number: number): PdfObject {
    const location = this.locations.get(number);
    if (!location) return undefined;
    return "offset" in location ? this.objectAt(location.offset, number) : this.packedObject(location);
  }

  /** The object that starts at an offset with `12 0 obj`. */
  private objectAt(offset: number, number: number | undefined): PdfObject {
    const parser = new PdfParser(this.bytes, offset, this.budget);
    const [found, , keyword] = [parser.object(), parser.object(), parser.object()];
    if (!isKeyword(keyword, "obj") || (number !== undefined && found !== number))
      broken(`no object ${number} at ${offset}`);
    const object = parser.object();
    if (!isDictionary(object)) return isKind(object, "keyword") ? undefined : object;
    parser.skipSpace();
    return latin1(this.bytes.subarray(parser.position, parser.position + 6)) === "stream"
      ? this.streamAt(parser.position + 6, object)
      : object;
  }

  private streamAt(position: number, dictionary: PdfDictionary): PdfStream {
    let start = position;
    if (this.bytes[start] === 13) start += 1;
    if (this.bytes[start] === 10) start += 1;
    const length = this.resolve(dictionary.get("Length"));
    if (typeof length === "number" && length >= 0 && this.endsAt(start + length))
      return { kind: "stream", dictionary, encoded: this.bytes.subarray(start, start + length) };
    this.budget.time();
    const end = this.bytes.indexOf("endstream", start, "latin1");
    if (end < 0) broken("a stream without end");
    return { kind: "stream", dictionary, encoded: this.bytes.subarray(start, end) };
  }

  private endsAt(position: number): boolean {
    return /^\s{0,2}endstream/.test(latin1(this.bytes.subarray(position, position + 11)));
  }

  private packedObject(location: { stream: number; index: number }): PdfObject {
    const { bytes, offsets } = this.pack(location.stream);
    const offset = offsets[location.index];
    if (offset === undefined) broken("an object missing from its stream");
    const object = new PdfParser(bytes, offset, this.budget).object();
    return isKind(object, "keyword") ? undefined : object;
  }

  /** An object stream with the place of each of its objects (§ 7.5.7). */
  private pack(number: number): { bytes: Uint8Array; offsets: number[] } {
    const known = this.packs.get(number);
    if (known) return known;
    const location = this.locations.get(number);
    const stream = location && "offset" in location ? this.objectAt(location.offset, number) : undefined;
    if (!isKind(stream, "stream")) broken("no object stream");
    const pack = this.unpack(stream);
    this.packs.set(number, pack);
    return pack;
  }

  private unpack(stream: PdfStream): { bytes: Uint8Array; offsets: number[]; numbers: number[] } {
    const bytes = this.decode(stream);
    const count = this.resolve(stream.dictionary.get("N"));
    const first = this.resolve(stream.dictionary.get("First"));
    if (typeof count !== "number" || typeof first !== "number") broken("an object stream without count");
    const parser = new PdfParser(bytes, 0, this.budget);
    const [numbers, offsets]: [number[], number[]] = [[], []];
    for (let index = 0; index < count; index += 1) {
      const [number, offset] = [parser.object(), parser.object()];
      if (typeof number !== "number" || typeof offset !== "number")
        broken("an object stream without offsets");
      numbers.push(number);
      offsets.push(first + offset);
    }
    return { bytes, offsets, numbers };
  }

  private readSections(): "read" {
    const mark = this.bytes.lastIndexOf("startxref");
    if (mark < 0) broken("no startxref");
    const offset = new PdfParser(this.bytes, mark + 9, this.budget).object();
    if (typeof offset !== "number") broken("no offset after startxref");
    const seen = new Set<number>();
    const pending = [offset];
    this.lastSection = offset;
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const trailer = this.readSection(next);
      this.adopt(trailer);
      for (const key of ["XRefStm", "Prev"]) {
        const older = trailer.get(key);
        if (typeof older === "number") pending.push(older);
      }
    }
    return this.trailer.has("Root") ? "read" : broken("no trailer");
  }

  /** Reads one cross-reference table or stream; answers its trailer. */
  private readSection(offset: number): PdfDictionary {
    const parser = new PdfParser(this.bytes, offset, this.budget);
    if (isKeyword(parser.object(), "xref")) return this.readTable(parser);
    const stream = this.objectAt(offset, undefined);
    if (!isKind(stream, "stream") || nameOf(stream.dictionary.get("Type")) !== "XRef")
      broken("no cross-reference section");
    if (offset === this.lastSection) this.sectionIsStream = true;
    this.readSectionStream(stream);
    return stream.dictionary;
  }

  private readTable(parser: PdfParser): PdfDictionary {
    for (;;) {
      const first = parser.object();
      if (isKeyword(first, "trailer")) break;
      const count = parser.object();
      if (typeof first !== "number" || typeof count !== "number") broken("a wrong cross-reference table");
      for (let index = 0; index < count; index += 1) {
        const [offset, , use] = [parser.object(), parser.object(), parser.object()];
        if (typeof offset !== "number") broken("a wrong cross-reference table");
        if (isKeyword(use, "n")) this.locate(first + index, { offset });
      }
    }
    const trailer = parser.object();
    return isDictionary(trailer) ? trailer : broken("a wrong trailer");
  }

  /** Entries in columns of fixed widths: kind, then offset, or stream and index (§ 7.5.8.3). */
  private readSectionStream(stream: PdfStream): void {
    const bytes = this.decode(stream);
    const numbers = (key: string) => this.array(stream.dictionary.get(key)).map(Number);
    const widths = numbers("W");
    const size = Number(stream.dictionary.get("Size"));
    const ranges = stream.dictionary.has("Index") ? numbers("Index") : [0, size];
    if (widths.length !== 3 || ![...widths, ...ranges].every((each) => Number.isInteger(each) && each >= 0))
      broken("a wrong cross-reference stream");
    let at = 0;
    const column = (width: number, otherwise: number): number => {
      if (width === 0) return otherwise;
      let value = 0;
      for (let read = 0; read < width; read += 1) value = value * 256 + (bytes[at++] ?? 0);
      return value;
    };
    const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
    for (let range = 0; range < ranges.length; range += 2)
      for (let index = 0; index < (ranges[range + 1] ?? 0) && at < bytes.length; index += 1) {
        this.budget.object();
        const [kind, second, third] = [column(kindWidth, 1), column(secondWidth, 0), column(thirdWidth, 0)];
        const number = (ranges[range] ?? 0) + index;
        if (kind === 1) this.locate(number, { offset: second });
        if (kind === 2) this.locate(number, { stream: second, index: third });
      }
  }

  private locate(number: number, location: Location): void {
    if (!this.locations.has(number)) this.locations.set(number, location);
  }

  /** Finds every object by its `12 0 obj`, the last of each number winning, and a trailer among them. */
  private rebuild(): void {
    this.rebuilt = true;
    this.lastSection = 0;
    for (const known of [this.locations, this.loaded, this.packs]) known.clear();
    for (let at = this.bytes.indexOf("obj"); at >= 0; at = this.bytes.indexOf("obj", at + 3)) {
      this.budget.object();
      const before = Math.max(0, at - 24);
      const start = /(?:^|[^\d])((\d{1,10})\s+\d{1,5}\s+)$/.exec(latin1(this.bytes.subarray(before, at)));
      if (start?.[1] && start[2]) this.locations.set(Number(start[2]), { offset: at - start[1].length });
    }
    this.rebuildTrailer();
  }

  private rebuildTrailer(): void {
    for (let at = this.bytes.lastIndexOf("trailer"); at >= 0; ) {
      this.adopt(quietly(() => new PdfParser(this.bytes, at + 7, this.budget).object()));
      at = at === 0 ? -1 : this.bytes.lastIndexOf("trailer", at - 1);
    }
    for (const [number, location] of [...this.locations]) {
      if (!("offset" in location)) continue;
      const object = quietly(() => this.objectAt(location.offset, number));
      if (isDictionary(object) && nameOf(object.get("Type")) === "Catalog")
        this.adopt(new Map([["Root", { kind: "reference", number, generation: 0 }]]));
      if (isKind(object, "stream")) this.adoptStream(object, number);
    }
  }

  private adoptStream(stream: PdfStream, number: number): void {
    const type = nameOf(stream.dictionary.get("Type"));
    if (type === "XRef") this.adopt(stream.dictionary);
    if (type !== "ObjStm") return;
    for (const [index, packed] of (quietly(() => this.unpack(stream))?.numbers ?? []).entries()) {
      this.locate(packed, { stream: number, index });
      const object = quietly(() => this.packedObject({ stream: number, index }));
      if (isDictionary(object) && nameOf(object.get("Type")) === "Catalog")
        this.adopt(new Map([["Root", { kind: "reference", number: packed, generation: 0 }]]));
    }
  }

  private adopt(trailer: PdfObject): void {
    if (!isDictionary(trailer)) return;
    if (trailer.get("Encrypt") !== undefined) throw new PdfRefused("ENCRYPTED", "Encrypt");
    for (const [key, value] of trailer) if (!this.trailer.has(key)) this.trailer.set(key, value);
  }
}

/** The value, or undefined where that piece of the file is broken: another one may do. */
export function quietly<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PdfRefused && error.refusal === "BROKEN") return undefined;
    throw error;
  }
}
