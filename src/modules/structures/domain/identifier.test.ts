import { expect, test } from "vitest";
import { structureIdentifier } from "./identifier.ts";

test.each([
  ["SIRET", "572 104 891 00013", "57210489100013"],
  ["SIRET", "57210489100010", "SIRET_KEY"],
  ["UE_HORS_FRANCE", "de 136 695 976", "DE136695976"],
  ["UE_HORS_FRANCE", "EL094259216", "EL094259216"],
  ["UE_HORS_FRANCE", "FR40303265045", "FR_VAT_USE_SIRET"],
  ["UE_HORS_FRANCE", "US123456789", "IDENTIFIER_TYPE_MISMATCH"],
  ["UE_HORS_FRANCE", "BE", "IDENTIFIER_TYPE_MISMATCH"],
  ["RIDET", "1 234 567.001", "1234567001"],
  ["RIDET", "12345", "IDENTIFIER_TYPE_MISMATCH"],
  ["TAHITI", "C12345-001", "C12345001"],
  ["TAHITI", "CC2345001", "IDENTIFIER_TYPE_MISMATCH"],
] as const)("IDN %s « %s »", (type, typed, expected) => {
  const answer = structureIdentifier(type, typed);
  expect(answer.ok ? answer.value.value : answer.refusal.code).toBe(expected);
});
