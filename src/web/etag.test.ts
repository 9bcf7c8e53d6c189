import { expect, test } from "vitest";
import { isFresh, strongEtag } from "./etag.ts";

const etag = strongEtag("structures", "1.2.3");

test("d'autres parts, un autre validateur, même quand leurs textes mis bout à bout se ressemblent", () => {
  expect(strongEtag("structures", "1.2.3")).toBe(etag);
  expect(strongEtag("structures1", ".2.3")).not.toBe(etag);
  expect(etag).toMatch(/^"[\w-]{27}"$/);
});

for (const [name, header, fresh] of [
  ["absent", undefined, false],
  ["le même", etag, true],
  ["le même, faible", `W/${etag}`, true],
  ["parmi d'autres", `"a", ${etag}`, true],
  ["n'importe lequel", "*", true],
  ["un autre", `W/"a"`, false],
  ["vide", "", false],
] as const)
  test(`If-None-Match ${name}`, () => expect(isFresh(header, etag)).toBe(fresh));
