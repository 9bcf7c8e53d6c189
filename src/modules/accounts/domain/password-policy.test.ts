import { describe, expect, test } from "vitest";
import {
  choosePassword,
  type PasswordRule,
  passwordBits,
  passwordDuty,
  passwordRuleFor,
  passwordStrength,
  strictestRuleMet,
} from "./password-policy.ts";

const facts = {
  common: new Set(["correcthorsebatterystaple", "motdepassemotdepasse"]),
  personal: ["Marie", "Lefebvre", "marie.lefebvre"],
};
const verdict = (typed: string, rule: PasswordRule = "ordinary") => {
  const answer = choosePassword(typed, { ...facts, rule });
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
    ["abcdefghijklmnopqrstuvwxyz", "PASSWORD_COMMON"],
    ["012345678901234567", "PASSWORD_COMMON"],
    ["Azertyuiopqsdfgh", "PASSWORD_COMMON"],
    ["qwertyuiopasdfghjkl", "PASSWORD_COMMON"],
    ["azertyuiop-kfzqwmtr", "accepté"], // a run and something else
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
    expect(choosePassword("e\u0301te\u0301-kfzqwmtr", { ...facts, rule: "ordinary" })).toEqual(
      choosePassword("\u00e9t\u00e9-kfzqwmtr", { ...facts, rule: "ordinary" }),
    ));
});

describe("Un gestionnaire principal choisit un mot de passe de 80 bits, un opérateur de 16 caractères en plus", () => {
  for (const [typed, asManager, asOperator, strictest] of [
    ["kfzqwmtrbvxl", "PASSWORD_TOO_WEAK", "PASSWORD_TOO_SHORT", "ordinary"], // twelve letters: 56.4 bits
    ["4029173856120475", "PASSWORD_TOO_WEAK", "PASSWORD_TOO_WEAK", "ordinary"], // sixteen digits: 53.2 bits
    ["kfzqwmtrbvxlqsnp", "PASSWORD_TOO_WEAK", "PASSWORD_TOO_WEAK", "ordinary"], // sixteen letters: 75.2 bits
    ["Kf4-wmtrbv9l", "accepté", "PASSWORD_TOO_SHORT", "strong"], // twelve of four classes: 79.6 bits, CNIL's « 80 »
    ["Kf4wmtrbv9lq", "PASSWORD_TOO_WEAK", "PASSWORD_TOO_SHORT", "ordinary"], // twelve of three classes: 71.5 bits
    ["Kf4wmtrbv9lqsn", "accepté", "PASSWORD_TOO_SHORT", "strong"], // fourteen of three classes: 83.4 bits
    ["kf4wmtrbv9lqsnpd", "accepté", "accepté", "operator"], // sixteen of two classes: 82.7 bits
    ["le chat dort sur un grand lit", "accepté", "accepté", "operator"], // seven words
    ["motdepassemotdepasse2026!", "PASSWORD_COMMON", "PASSWORD_COMMON", "operator"],
    ["Kf4-wmtrbv9", "PASSWORD_TOO_SHORT", "PASSWORD_TOO_SHORT", "ordinary"], // eleven, whatever the rule
  ] as const)
    test(typed, () => {
      expect(verdict(typed, "strong")).toBe(asManager);
      expect(verdict(typed, "operator")).toBe(asOperator);
      expect(strictestRuleMet(typed)).toBe(strictest);
    });

  for (const [isOperator, isMainManager, rule] of [
    [false, false, "ordinary"],
    [false, true, "strong"],
    [true, false, "operator"],
    [true, true, "operator"],
  ] as const)
    test(`opérateur ${isOperator}, gestionnaire ${isMainManager} : ${rule}`, () =>
      expect(passwordRuleFor({ isOperator, isMainManager })).toBe(rule));

  for (const [needed, met, duty] of [
    ["ordinary", null, "none"],
    ["ordinary", "ordinary", "none"],
    ["strong", null, "tellAgain"],
    ["strong", "ordinary", "chooseStronger"],
    ["strong", "strong", "none"],
    ["strong", "operator", "none"],
    ["operator", null, "tellAgain"],
    ["operator", "strong", "chooseStronger"],
    ["operator", "operator", "none"],
  ] as const)
    test(`il en faut un « ${needed} », le sien est « ${met ?? "inconnu"} » : ${duty}`, () =>
      expect(passwordDuty(needed, met)).toBe(duty));
});

describe("La force montrée pendant la saisie", () => {
  for (const [rule, typed, expected] of [
    ["ordinary", "", "tooShort"],
    ["ordinary", "Aa1!Aa1!Aa1", "tooShort"],
    ["ordinary", "402917385612", "tooWeak"],
    ["ordinary", "kfzqwmtrbvxl", "enough"], // 56.4 bits
    ["ordinary", "Kf4wmtrbv9lq", "enough"], // 71.5 bits
    ["ordinary", "Kf4-wmtrbv9l", "strong"], // 79.6 bits
    ["strong", "kfzqwmtrbvxl", "tooWeak"],
    ["strong", "Kf4-wmtrbv9l", "strong"],
    ["operator", "Kf4-wmtrbv9l", "tooShort"],
    ["operator", "Kf4-wmtrbv9lqsnp", "strong"],
  ] as const)
    test(`${rule}, ${typed || "rien"} : ${expected}`, () =>
      expect(passwordStrength(typed, rule)).toBe(expected));
});
