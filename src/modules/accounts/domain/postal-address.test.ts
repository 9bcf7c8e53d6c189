import { expect, test } from "vitest";
import { addressLines } from "./postal-address.ts";

test("une adresse postale : quatre lignes de 38 signes au plus, les lignes vides ne comptent pas", () => {
  expect(addressLines("")).toEqual({ ok: true, value: [] });
  expect(addressLines("  Service  achats \r\n\r\n1 rue de la Paix\n")).toEqual({
    ok: true,
    value: ["Service achats", "1 rue de la Paix"],
  });
  expect(addressLines("a\nb\nc\nd").ok).toBe(true);
  expect(addressLines("a\nb\nc\nd\ne")).toMatchObject({ refusal: { code: "TOO_MANY_LINES" } });
  expect(addressLines("x".repeat(38)).ok).toBe(true);
  expect(addressLines(`a\n${"x".repeat(39)}`)).toMatchObject({
    refusal: { code: "LINE_TOO_LONG", line: "x".repeat(39) },
  });
});
