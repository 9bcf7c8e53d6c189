import { describe, expect, test } from "vitest";
import { siret } from "./siret.ts";

const verdict = (typed: string) => {
  const answer = siret(typed);
  return answer.ok ? answer.value : answer.refusal;
};

describe("Un SIRET a quatorze chiffres et une clé", () => {
  for (const [typed, expected] of [
    ["57210489100013", "57210489100013"],
    ["11000201100044", "11000201100044"],
    ["73282932000074", "73282932000074"],
    ["35600000049837", "35600000049837"],
    ["572 104 891 00013", "57210489100013"],
    ["FR 57210489100013", "57210489100013"],
    ["572.104.891-00013", "57210489100013"],
    ["57210489100014", { code: "SIRET_KEY" }],
    ["5721048910001", { code: "SIRET_LENGTH", length: 13 }],
    ["5721048910OO13", { code: "SIRET_LETTER", position: 11 }],
    ["", { code: "SIRET_LENGTH", length: 0 }],
  ] as const)
    test(`« ${typed} »`, () => expect(verdict(typed)).toEqual(expected));
});
