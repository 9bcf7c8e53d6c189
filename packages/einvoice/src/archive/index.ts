/** The files of zip and tar.gz archives, within bounds. */

export { type ArchiveItem, archiveKind } from "./entry.ts";
export { type ArchiveLimits, archiveLimits } from "./limits.ts";
export { readArchive } from "./read-archive.ts";
