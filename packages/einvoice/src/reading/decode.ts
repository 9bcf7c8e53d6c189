/** Encodings accepted in an XML declaration, and how the platform's decoder calls them. */
const decoders = new Map([
  ["utf-8", "utf-8"],
  ["us-ascii", "utf-8"],
  ["iso-8859-15", "iso-8859-15"],
  ["windows-1252", "windows-1252"],
]);

/** The text of a file, or why its bytes give none. */
export type Decoded =
  | { ok: true; text: string }
  | { ok: false; refusal: "UNKNOWN_ENCODING" | "BYTES_DO_NOT_FIT_ENCODING"; encoding: string };

/** The text of an XML file, by its byte order mark, else by its declaration, else UTF-8 (XML 1.0, appendix F). */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs("utf-16le", bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs("utf-16be", bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeAs("utf-8", bytes);
  if (bytes[0] === 0x3c && bytes[1] === 0) return decodeAs("utf-16le", bytes);
  if (bytes[0] === 0 && bytes[1] === 0x3c) return decodeAs("utf-16be", bytes);
  const encoding = declaredEncoding(bytes);
  if (encoding === "iso-8859-1") return { ok: true, text: latin1(bytes) };
  const decoder = decoders.get(encoding);
  return decoder ? decodeAs(decoder, bytes) : { ok: false, refusal: "UNKNOWN_ENCODING", encoding };
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = latin1(bytes.subarray(0, 200));
  return /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1]?.toLowerCase() ?? "utf-8";
}

function decodeAs(encoding: string, bytes: Uint8Array): Decoded {
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, refusal: "BYTES_DO_NOT_FIT_ENCODING", encoding };
  }
}

/** TextDecoder reads “iso-8859-1” as windows-1252, so bytes 80 to 9F would change meaning. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
