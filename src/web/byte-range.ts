/** Bytes of a file, both ends included. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * The part of a file of `size` bytes that a `Range` asks for (RFC 9110, 14.1.2). Null: the whole, which is also the answer
 * to what is not understood and to several parts at once.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec((header ?? "").replaceAll(/\s/g, ""));
  if (!asked || (asked[1] === "" && asked[2] === "")) return null;
  const [, from = "", to = ""] = asked;
  if (from === "") {
    const length = Math.min(Number(to), size);
    return length === 0 ? "unsatisfiable" : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return null;
  if (first >= size) return "unsatisfiable";
  return { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

/** Whether the part may be added to what the client holds, by its `If-Range` (RFC 9110, 13.1.5). */
export function isSameContent(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}
