import { describe, expect, test } from "vitest";
import { needsSecondFactor } from "./obligation.ts";

const none = { managersNeedIt: false, roles: [], isOperator: false, aStructureNeedsIt: false } as const;

describe("SIG-03 La double authentification, quand le portail l'exige", () => {
  for (const [who, roles, isOperator, needs] of [
    ["une gestionnaire principale", ["member", "mainManager"], false, true],
    ["un opérateur", [], true, true],
    ["un utilisateur", ["member"], false, false],
    ["une personne sans rattachement", [], false, false],
  ] as const) {
    test(`${who} ${needs ? "doit" : "peut"} l'avoir`, () =>
      expect(needsSecondFactor({ ...none, managersNeedIt: true, roles, isOperator })).toBe(needs));
    test(`${who} : libre, quand le portail ne l'exige pas`, () =>
      expect(needsSecondFactor({ ...none, roles, isOperator })).toBe(false));
  }
});

test("SIG-03 Une structure qui l'exige l'exige de toutes ses personnes", () =>
  expect(needsSecondFactor({ ...none, roles: ["member"], aStructureNeedsIt: true })).toBe(true));
