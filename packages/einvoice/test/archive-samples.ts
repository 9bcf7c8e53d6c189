import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** One entry of a sample archive. */
export interface SampleEntry {
  name: string;
  data?: Uint8Array | string;
  /** Unix mode, a plain file unless said otherwise. */
  mode?: number;
  /** Bits of the zip's general purpose flag. */
  flags?: number;
  /** Zip method, Deflate unless said otherwise. */
  method?: number;
  /** A checksum other than the right one. */
  checksum?: number;
  /** Tar type, a plain file unless said otherwise. */
  type?: string;
}

const bytesOf = (data: Uint8Array | string = "") => (typeof data === "string" ? Buffer.from(data) : data);

/** A zip of these entries. */
export function zip(entries: readonly SampleEntry[]): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = bytesOf(entry.data);
    const name = Buffer.from(entry.name);
    const method = entry.method ?? 8;
    const stored = method === 8 ? deflateRawSync(data) : data;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((entry.flags ?? 0) | 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.checksum ?? crc32(data), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = [Buffer.from("PK\x03\x04", "latin1"), common, name, stored];
    const record = Buffer.alloc(14);
    record.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    record.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, record, name);
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The blocks of a tar of these entries. */
export function tar(entries: readonly SampleEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const data = bytesOf(entry.data);
    const header = Buffer.alloc(512);
    header.write(entry.name, 0, 100);
    header.write("0000644\0", 100);
    header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(entry.type ?? "0", 156);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGz = (entries: readonly SampleEntry[]): Buffer => gzipSync(tar(entries));
