import type { Finding } from "../model/finding.ts";

/** One file of an archive, or what is wrong with an entry or with the whole. */
export type ArchiveItem =
  | { readonly kind: "file"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "finding"; readonly finding: Finding };

/** Whether a name is a plain path inside the archive: relative, never upwards, without what a system reads apart. */
export function isPlainPath(name: string): boolean {
  if (name === "" || name.length > 1_000 || /[\0-\x1f\x7f\\:]/.test(name) || name.startsWith("/"))
    return false;
  return !name.split("/").includes("..");
}

/** Whether a file is one that systems add on their own, of no interest to anybody. */
export function isClutter(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/.test(name);
}

/** Whether a file is itself an archive; office documents are zips too, and none. */
export function isArchive(name: string, bytes: Uint8Array): boolean {
  if (/\.(zip|gz|tgz|tar|bz2|xz|7z|rar)$/i.test(name)) return true;
  return archiveKind(bytes) !== undefined && !/\.(xlsx|ods|docx|odt|pptx|odp)$/i.test(name);
}

/** The kind of archive that bytes start, decided from the bytes alone. */
export function archiveKind(bytes: Uint8Array): "zip" | "gzip" | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0x1f && b === 0x8b) return "gzip";
  return a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6)) ? "zip" : undefined;
}
