import { describe, expect, test } from "vitest";
import { byteRange, isSameContent } from "./byte-range.ts";

describe("DIR-01 La partie d'un fichier qu'un programme demande", () => {
  test.each([
    [undefined, null],
    ["bytes=0-99", { first: 0, last: 99 }],
    ["bytes=900-", { first: 900, last: 999 }],
    ["bytes=900-5000", { first: 900, last: 999 }],
    ["bytes=-100", { first: 900, last: 999 }],
    ["bytes=-5000", { first: 0, last: 999 }],
    ["bytes=1000-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    // not understood, or several: the whole file
    ["bytes=9-2", null],
    ["bytes=-", null],
    ["bytes=0-1,5-6", null],
    ["lignes=0-1", null],
    ["bytes=a-b", null],
  ])("%s sur mille octets", (header, range) => expect(byteRange(header, 1000)).toEqual(range));

  test("d'un fichier vide, rien", () => expect(byteRange("bytes=-5", 0)).toBe("unsatisfiable"));

  test("If-Range : la partie du seul contenu que le programme tient", () => {
    expect(isSameContent(undefined, '"a"')).toBe(true);
    expect(isSameContent('"a"', '"a"')).toBe(true);
    expect(isSameContent('"b"', '"a"')).toBe(false);
    expect(isSameContent('W/"a"', '"a"')).toBe(false);
    expect(isSameContent("Wed, 21 Oct 2026 07:28:00 GMT", '"a"')).toBe(false);
  });
});
