import { expect, test } from "vitest";
import { readPlace, readSorting, writePlace, writeSorting } from "./sorting.ts";

const preset = { by: "code", descending: false } as const;
const keys = ["code", "debut"] as const;

test.each([
  ["debut", { by: "debut", descending: false }],
  ["-debut", { by: "debut", descending: true }],
  ["-code", { by: "code", descending: true }],
  ["", preset],
  ["mot-de-passe", preset],
  ["--debut", preset],
])("l'adresse « %s » trie ainsi : %o", (asked, sorting) => {
  expect(readSorting(asked, keys, preset)).toEqual(sorting);
});

test("un tri s'écrit comme il se lit", () => {
  for (const by of keys)
    for (const descending of [true, false])
      expect(readSorting(writeSorting({ by, descending }), keys, preset)).toEqual({ by, descending });
});

test("une place s'écrit comme elle se lit, tildes et retours compris ; toute autre écriture n'en est pas une", () => {
  for (const value of ["", "dupont jean", "a~b~c", "deux\nlignes"])
    expect(readPlace(writePlace({ value, id: 12 }))).toEqual({ value, id: 12 });
  for (const text of ["", "~a", "0~a", "x~a", "-1~a", "12", "9999999999999999~a"])
    expect(readPlace(text)).toBe(null);
});
