import { type ArchiveItem, archiveKind, isArchive } from "./entry.ts";
import { archiveFinding } from "./findings.ts";
import { ArchiveBudget, type ArchiveLimits, ArchiveStopped, archiveLimits } from "./limits.ts";
import { tarGzEntries } from "./tar.ts";
import { zipEntries } from "./zip.ts";

/**
 * The files of a zip or tar.gz, one at a time, in memory only: nothing is ever written. An entry that is a link, has a
 * path that leaves the archive, is encrypted, damaged or itself an archive gives a finding in place of its bytes; an
 * archive that is damaged or passes the limits ends with one. Never throws, whatever the bytes.
 */
export async function* readArchive(
  bytes: Uint8Array,
  limits: Partial<ArchiveLimits> = {},
): AsyncGenerator<ArchiveItem> {
  const budget = new ArchiveBudget({ ...archiveLimits, ...limits });
  const entries = archiveKind(bytes) === "gzip" ? tarGzEntries : zipEntries;
  const names = new Set<string>();
  let isEmpty = true;
  try {
    for await (const item of entries(bytes, budget)) {
      isEmpty = false;
      yield item.kind === "file" ? kept(item, names) : item;
    }
    if (isEmpty) yield { kind: "finding", finding: archiveFinding("EMPTY") };
  } catch (error) {
    if (!(error instanceof ArchiveStopped)) throw error;
    yield { kind: "finding", finding: archiveFinding(error.reason) };
  }
}

/** The file; a finding in its place when its name was seen before or it is an archive. */
function kept(file: Extract<ArchiveItem, { kind: "file" }>, names: Set<string>): ArchiveItem {
  const key = file.name.normalize("NFC").toLowerCase();
  if (names.has(key)) return { kind: "finding", finding: archiveFinding("DUPLICATE", file.name) };
  names.add(key);
  return isArchive(file.name, file.bytes)
    ? { kind: "finding", finding: archiveFinding("NESTED", file.name) }
    : file;
}
