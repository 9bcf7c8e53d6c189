import { createGunzip } from "node:zlib";
import { type ArchiveItem, isClutter, isPlainPath } from "./entry.ts";
import { archiveFinding } from "./findings.ts";
import { type ArchiveBudget, ArchiveStopped } from "./limits.ts";

const block = 512;

/** Longest extended header (of a long name) that is read. */
const longestHeader = 65_536;

/** The entries of a tar.gz (POSIX.1-1988 ustar, pax, GNU long names), unpacked as they come. */
export async function* tarGzEntries(bytes: Uint8Array, budget: ArchiveBudget): AsyncGenerator<ArchiveItem> {
  const reader = new BlockReader(inflated(bytes, budget));
  let extended: { name?: string; size?: number } = {};
  for (let first = true; ; first = false) {
    const header = await reader.take(block);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    if (!hasItsChecksum(header)) throw new ArchiveStopped(first ? "NOT-A-TAR" : "BROKEN");
    budget.entry();
    const type = String.fromCharCode(header[156] ?? 0);
    const size = extended.size ?? sizeIn(header);
    const name = extended.name ?? nameIn(header);
    budget.size(size);
    if ((type === "x" || type === "L") && size > longestHeader) throw new ArchiveStopped("BROKEN");
    const content = (await reader.take(size)) ?? new Uint8Array();
    await reader.take((block - (size % block)) % block);
    if (content.length < size) throw new ArchiveStopped("BROKEN");
    if (type === "x") extended = paxRecords(content);
    else if (type === "L") extended = { ...extended, name: text(content) };
    else {
      extended = {};
      const item = itemOf(type, name, content);
      if (item) yield item;
    }
  }
}

function itemOf(type: string, name: string, bytes: Uint8Array): ArchiveItem | undefined {
  if ("5gK".includes(type) || isClutter(name) || name.endsWith("/")) return undefined;
  if (type !== "0" && type !== "\0" && type !== "7")
    return { kind: "finding", finding: archiveFinding("LINK", name) };
  if (!isPlainPath(name)) return { kind: "finding", finding: archiveFinding("PATH", name) };
  return { kind: "file", name, bytes };
}

async function* inflated(bytes: Uint8Array, budget: ArchiveBudget): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  gunzip.end(bytes);
  let given = 0;
  try {
    for await (const chunk of gunzip) {
      given += chunk.length;
      budget.bytes(chunk.length, given, gunzip.bytesWritten);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ArchiveStopped ? error : new ArchiveStopped("BROKEN");
  } finally {
    gunzip.destroy();
  }
}

/** Cuts what comes into pieces of the lengths asked for. */
class BlockReader {
  private readonly source: AsyncGenerator<Uint8Array>;
  private pending: Uint8Array = new Uint8Array();

  constructor(source: AsyncGenerator<Uint8Array>) {
    this.source = source;
  }

  /** That many bytes, fewer at the end of the source; undefined when nothing is left. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const chunks = [this.pending];
    let held = this.pending.length;
    while (held < length) {
      const next = await this.source.next();
      if (next.done) break;
      chunks.push(next.value);
      held += next.value.length;
    }
    const all = chunks.length === 1 ? this.pending : Buffer.concat(chunks);
    this.pending = all.subarray(length);
    return all.length === 0 && length > 0 ? undefined : all.subarray(0, length);
  }
}

/** The sum of the header's bytes, its own field counting as spaces. */
function hasItsChecksum(header: Uint8Array): boolean {
  if (header.length < block) return false;
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return sum === octal(header.subarray(148, 156));
}

function sizeIn(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  // GNU writes sizes over 8 GB in base 256: none is ever accepted.
  return (field[0] ?? 0) >= 0x80 ? Number.MAX_SAFE_INTEGER : octal(field);
}

function nameIn(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 262)) === "ustar";
  const prefix = isUstar && header[262] === 0 ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records such as `30 path=…`, each with its own length. */
function paxRecords(content: Uint8Array): { name?: string; size?: number } {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const length = Number.parseInt(text(content.subarray(at, at + 10)), 10);
    if (!(length > 4)) throw new ArchiveStopped("BROKEN");
    const record = text(content.subarray(at, at + length))
      .replace(/^\d+ /, "")
      .replace(/\n$/, "");
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  const [name, size] = [records.get("path"), records.get("size")];
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new ArchiveStopped("BROKEN");
  return { ...(name === undefined ? {} : { name }), ...(size === undefined ? {} : { size: Number(size) }) };
}

function octal(field: Uint8Array): number {
  const digits = text(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === "" ? 0 : Number.MAX_SAFE_INTEGER;
}

/** The characters up to the first NUL. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
