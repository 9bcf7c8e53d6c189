import { describe, expect, test } from "vitest";
import { phoneNumber, showPhone } from "./phone.ts";

describe("Un téléphone se saisit comme en France et se garde en forme internationale", () => {
  for (const [typed, kept] of [
    ["01 23 45 67 89", "+33123456789"],
    ["06.12.34.56.78", "+33612345678"],
    ["+33 (0)1 23 45 67 89", "+33123456789"],
    ["0033123456789", "+33123456789"],
    ["+32 2 555 12 12", "+3225551212"],
  ] as const)
    test(typed, () => expect(phoneNumber(typed)).toEqual({ ok: true, value: kept }));
  for (const typed of ["12", "abc", "01 23 45 67 89 ou 90", "9".repeat(100_000)])
    test(`refuse ${typed.slice(0, 30)}`, () => expect(phoneNumber(typed).ok).toBe(false));
  test("se relit comme en France", () => {
    expect(showPhone("+33123456789")).toBe("01 23 45 67 89");
    expect(showPhone("+3225551212")).toBe("+32 2 555 12 12");
  });
});
