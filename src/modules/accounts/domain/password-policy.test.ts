import { describe, expect, test } from "vitest";
import { choosePassword, passwordBits, passwordStrength } from "./password-policy.ts";

const facts = {
  common: new Set(["correcthorsebatterystaple", "motdepassemotdepasse"]),
  personal: ["Marie", "Lefebvre", "marie.lefebvre"],
};
const verdict = (typed: string) => {
  const answer = choosePassword(typed, facts);
  return answer.ok ? "accepté" : answer.refusal.code;
};

describe("Un mot de passe est accepté selon sa force, sans classe imposée", () => {
  for (const [typed, expected] of [
    ["kfzqwmtrbvxl", "accepté"], // twelve lower-case letters: 56.4 bits
    ["402917385612", "PASSWORD_TOO_WEAK"], // twelve digits: 39.9 bits
    ["4029173856120475", "accepté"], // sixteen digits: 53.2 bits
    ["kfzqwmtrbvx", "PASSWORD_TOO_SHORT"],
    ["correcthorsebatterystaple", "PASSWORD_COMMON"],
    ["motdepassemotdepasse2026!", "PASSWORD_COMMON"],
    ["abcabcabcabcabc", "PASSWORD_COMMON"],
    ["Printemps-2026!!", "PASSWORD_COMMON"],
    ["marie.lefebvre", "PASSWORD_PERSONAL"],
    ["Unisson-2026", "PASSWORD_PERSONAL"],
    ["éàüœçñßøåîôû", "accepté"],
    ["a".repeat(1025), "PASSWORD_TOO_LONG"],
    [`${"kfzqwmtrbvxl".repeat(10)}123456789`, "accepté"], // 129 characters
  ] as const)
    test(`${typed.slice(0, 30)} : ${expected}`, () => expect(verdict(typed)).toBe(expected));

  test("les bits se comptent comme la CNIL les compte", () => {
    expect(passwordBits("kfzqwmtrbvxl")).toBeCloseTo(56.4, 1);
    expect(passwordBits("402917385612")).toBeCloseTo(39.9, 1);
  });

  test("la même suite de lettres, composée autrement, est le même mot de passe", () =>
    expect(choosePassword("e\u0301te\u0301-kfzqwmtr", facts)).toEqual(
      choosePassword("\u00e9t\u00e9-kfzqwmtr", facts),
    ));
});

describe("La force montrée pendant la saisie", () => {
  for (const [typed, expected] of [
    ["", "tooShort"],
    ["Aa1!Aa1!Aa1", "tooShort"],
    ["402917385612", "tooWeak"],
    ["kfzqwmtrbvxl", "enough"], // 56.4 bits
    ["Kf4-wmtrbv9l", "enough"], // 79.6 bits
    ["Kf4-wmtrbv9l%", "strong"], // 86.2 bits
  ] as const)
    test(`${typed || "rien"} : ${expected}`, () => expect(passwordStrength(typed)).toBe(expected));
});
