import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { type ArchiveItem, isClutter, isPlainPath } from "./entry.ts";
import { type ArchiveFlaw, archiveFinding } from "./findings.ts";
import { type ArchiveBudget, ArchiveStopped } from "./limits.ts";

/** The entries of a zip, one after the other, each unpacked only when it is asked for. */
export async function* zipEntries(bytes: Uint8Array, budget: ArchiveBudget): AsyncGenerator<ArchiveItem> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await unlessBroken(() =>
    fromBufferPromise(buffer, { lazyEntries: true, decodeStrings: false }),
  );
  const entries = zip.eachEntry();
  for (;;) {
    const next = await unlessBroken(() => entries.next());
    if (next.done) return;
    budget.entry();
    const entry: Entry = next.value;
    const name = getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    );
    if (!name.endsWith("/") && !isClutter(name)) yield await itemOf(zip, entry, name, budget);
  }
}

async function itemOf(zip: ZipFile, entry: Entry, name: string, budget: ArchiveBudget): Promise<ArchiveItem> {
  const flaw = flawOf(entry, name);
  if (flaw) return { kind: "finding", finding: archiveFinding(flaw, name) };
  budget.size(entry.uncompressedSize);
  const bytes = await unlessBroken(async () =>
    unpacked(await zip.openReadStreamPromise(entry), entry.compressedSize, budget),
  );
  if (crc32(bytes) !== entry.crc32) return { kind: "finding", finding: archiveFinding("CHECKSUM", name) };
  return { kind: "file", name, bytes };
}

function flawOf(entry: Entry, name: string): ArchiveFlaw | undefined {
  if (!isPlainPath(name)) return "PATH";
  if (isSpecial(entry)) return "LINK";
  if (entry.isEncrypted()) return "ENCRYPTED";
  return entry.canDecodeFileData() ? undefined : "METHOD";
}

/** Whether the entry was made on Unix (3) as something else than a file, such as a symbolic link. */
function isSpecial(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  return entry.versionMadeBy >>> 8 === 3 && type !== 0 && type !== 0o100000;
}

async function unpacked(stream: Readable, taken: number, budget: ArchiveBudget): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let given = 0;
  for await (const chunk of stream) {
    given += chunk.length;
    budget.size(given);
    budget.bytes(chunk.length, given, taken);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the library answers; an archive that it cannot read stops here. */
async function unlessBroken<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof ArchiveStopped ? error : new ArchiveStopped("BROKEN");
  }
}
