import { describe, expect, test } from "vitest";
import { frenchVatNumber, vatNumber } from "./vat-number.ts";

describe("Le numéro de TVA intracommunautaire", () => {
  test("se propose pour une entreprise française, avec sa clé", () => {
    expect(frenchVatNumber("732829320")).toBe("FR44732829320");
    expect(frenchVatNumber("404833048")).toBe("FR83404833048");
    expect(frenchVatNumber("356000000")).toBe("FR39356000000");
  });

  for (const [typed, expected] of [
    ["fr 44 732.829.320", "FR44732829320"],
    ["FR45732829320", "VAT_NUMBER_KEY"],
    ["FR44732829321", "VAT_NUMBER_KEY"],
    // a key with letters is not computed from the SIREN, which must still be one
    ["FRK7732829320", "FRK7732829320"],
    ["FRK7732829321", "VAT_NUMBER_KEY"],
    ["FR447328293", "VAT_NUMBER_FORM"],
    ["DE 123456789", "DE123456789"],
    ["EL123456789", "EL123456789"],
    ["US123456789", "VAT_NUMBER_FORM"],
    ["732829320", "VAT_NUMBER_FORM"],
    ["", "VAT_NUMBER_FORM"],
  ] as const)
    test(`« ${typed} » : ${expected}`, () => {
      const read = vatNumber(typed);
      expect(read.ok ? read.value : read.refusal.code).toBe(expected);
    });
});
