import { expect, test } from "vitest";
import { isFresh, weakEtag } from "./etag.ts";

const etag = weakEtag("structures", "1.2.3");

test("d'autres parts, un autre validateur, même quand leurs textes mis bout à bout se ressemblent", () => {
  expect(weakEtag("structures", "1.2.3")).toBe(etag);
  expect(weakEtag("structures1", ".2.3")).not.toBe(etag);
  expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
});

for (const [name, header, fresh] of [
  ["absent", undefined, false],
  ["le même", etag, true],
  ["le même, fort", etag.slice(2), true],
  ["parmi d'autres", `"a", ${etag}`, true],
  ["n'importe lequel", "*", true],
  ["un autre", `W/"a"`, false],
  ["vide", "", false],
] as const)
  test(`If-None-Match ${name}`, () => expect(isFresh(header, etag)).toBe(fresh));
