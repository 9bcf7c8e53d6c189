import { describe, expect, test } from "vitest";
import { needsSecondFactor } from "./obligation.ts";

describe("SIG-03 La double authentification, quand le portail l'exige", () => {
  for (const [who, roles, isOperator, needs] of [
    ["une gestionnaire principale", ["member", "mainManager"], false, true],
    ["un opérateur", [], true, true],
    ["un utilisateur", ["member"], false, false],
    ["une personne sans rattachement", [], false, false],
  ] as const) {
    test(`${who} ${needs ? "doit" : "peut"} l'avoir`, () =>
      expect(needsSecondFactor({ managersNeedIt: true, roles, isOperator })).toBe(needs));
    test(`${who} : libre, quand le portail ne l'exige pas`, () =>
      expect(needsSecondFactor({ managersNeedIt: false, roles, isOperator })).toBe(false));
  }
});
