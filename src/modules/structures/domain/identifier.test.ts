import { describe, expect, test } from "vitest";
import { isEuropeanVatNumber, vatCountries, vatNumberExample } from "./european-vat.ts";
import {
  drawnIdentifier,
  farCountries,
  farIdentifier,
  identifierText,
  registrationReminderDue,
  structureIdentifier,
} from "./identifier.ts";

test.each([
  ["SIRET", "572 104 891 00013", "57210489100013"],
  ["SIRET", "57210489100010", "SIRET_KEY"],
  ["UE_HORS_FRANCE", "de 136 695 976", "DE136695976"],
  ["UE_HORS_FRANCE", "EL094259216", "EL094259216"],
  ["UE_HORS_FRANCE", "FR40303265045", "FR_VAT_USE_SIRET"],
  ["UE_HORS_FRANCE", "US123456789", "IDENTIFIER_TYPE_MISMATCH"],
  ["UE_HORS_FRANCE", "BE", "IDENTIFIER_TYPE_MISMATCH"],
  ["UE_HORS_FRANCE", "DE 12345678", "IDENTIFIER_TYPE_MISMATCH"],
  ["UE_HORS_FRANCE", "ATU12345678", "ATU12345678"],
  ["UE_HORS_FRANCE", "AT12345678", "IDENTIFIER_TYPE_MISMATCH"],
  ["UE_HORS_FRANCE", "nl 8228.03.251.B01", "NL822803251B01"],
  ["UE_HORS_FRANCE", "IE1234567FA", "IE1234567FA"],
  ["RIDET", "1 234 567.001", "1234567001"],
  ["RIDET", "12345", "IDENTIFIER_TYPE_MISMATCH"],
  ["TAHITI", "C12345-001", "C12345001"],
  ["TAHITI", "123 456", "123456"],
  ["TAHITI", "1234567", "IDENTIFIER_TYPE_MISMATCH"],
  ["TAHITI", "CC2345001", "IDENTIFIER_TYPE_MISMATCH"],
] as const)("IDN %s « %s »", (type, typed, expected) => {
  const answer = structureIdentifier(type, typed);
  expect(answer.ok ? answer.value.value : answer.refusal.code).toBe(expected);
});

describe("IDN-04 Un numéro de TVA se lit comme l'écrit son pays", () => {
  for (const country of vatCountries) {
    const example = vatNumberExample(country)!;
    test(`${country} : ${example}, et rien de plus court ni de plus long`, () => {
      expect(isEuropeanVatNumber(example)).toBe(true);
      expect(isEuropeanVatNumber(`${example}0000000`)).toBe(false);
      expect(isEuropeanVatNumber(example.slice(0, 3))).toBe(false);
      const refused = structureIdentifier("UE_HORS_FRANCE", example.slice(0, 3));
      expect(refused.ok ? "" : identifierText(refused.refusal)).toContain(example);
    });
  }
});

describe("Les identifiants que fait le portail", () => {
  test("hors de l'Union : le pays, puis 16 caractères de la raison sociale", () => {
    expect(farIdentifier("US", "Acme Widgets International")).toBe("USACME WIDGETS INT");
    expect(farIdentifier("CH", "Uhr")).toBe("CHUHR");
  });
  test("Wallis-et-Futuna : FRWF, puis 14", () =>
    expect(farIdentifier("WF", "Comptoir de Mata-Utu")).toBe("FRWFCOMPTOIR DE MA"));
  test("jamais plus de 18 caractères", () => {
    for (const country of farCountries) expect(farIdentifier(country, "X".repeat(80))).toHaveLength(18);
  });
  test("ni l'Union, ni la France, ni les territoires qui ont leur répertoire", () => {
    for (const code of ["DE", "FR", "RE", "NC", "PF", "GR"]) expect(farCountries).not.toContain(code);
    for (const code of ["US", "GB", "CH", "WF"]) expect(farCountries).toContain(code);
  });
  test("tirés au sort : P ou EC, et dix chiffres", () => {
    expect(drawnIdentifier("PARTICULIER", 42)).toBe("P0000000042");
    expect(drawnIdentifier("EN_COURS_D_IMMATRICULATION", 9_999_999_999)).toBe("EC9999999999");
  });
});

test("Une entreprise en cours d'immatriculation est relancée à 30 et 75 jours, une fois chacun", () => {
  const created = new Date("2026-01-01T00:00:00Z");
  const after = (days: number) => new Date(created.getTime() + days * 24 * 3_600_000);
  expect(
    (
      [
        [29, null],
        [30, null],
        [31, 30],
        [75, 30],
        [75, null],
        [90, 75],
      ] as const
    ).map(([days, reminded]) => registrationReminderDue(created, reminded, after(days))),
  ).toEqual([null, 30, null, 75, 75, null]);
});
