import { createHash } from "node:crypto";

/** The validator of what `parts` determine to the byte: the same parts, the same bytes (RFC 9110, 8.8.3). */
export function strongEtag(...parts: readonly string[]): string {
  return `"${createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 27)}"`;
}

/** Whether what the client holds, by its `If-None-Match`, is still what it would get (RFC 9110, 13.1.2). */
export function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((one) => opaque(one) === opaque(etag));
}
