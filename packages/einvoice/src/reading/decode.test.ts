import { expect, test } from "vitest";
import { decode } from "./decode.ts";

const declared = (encoding: string, ...tail: number[]) =>
  Uint8Array.from([...Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>`), ...tail]);
const last = (bytes: Uint8Array) => {
  const decoded = decode(bytes);
  return decoded.ok ? decoded.text.at(-1) : decoded.refusal;
};

for (const [encoding, byte, letter] of [
  ["ISO-8859-1", 0xe9, "é"],
  ["ISO-8859-1", 0x80, "\u0080"],
  ["ISO-8859-15", 0xa4, "€"],
  ["windows-1252", 0x80, "€"],
  ["UTF-8", 0xe9, "BYTES_DO_NOT_FIT_ENCODING"],
  ["EBCDIC", 0xe9, "UNKNOWN_ENCODING"],
] as const)
  test(`${encoding}, byte ${byte}`, () => expect(last(declared(encoding, byte))).toBe(letter));

test("UTF-16, with a mark or not", () => {
  const plain = Buffer.from("<a>é", "utf16le");
  expect(last(plain)).toBe("é");
  expect(last(Buffer.from([0xff, 0xfe, ...plain]))).toBe("é");
  expect(last(Buffer.from(plain).swap16())).toBe("é");
});
