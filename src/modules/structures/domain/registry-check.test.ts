import { describe, expect, test } from "vitest";
import { registryVerdict } from "./registry-check.ts";

const created = new Date("2026-01-01T00:00:00Z");
const days = (count: number) => new Date(created.getTime() + count * 24 * 3_600_000);
const found = {
  kind: "found",
  establishment: {
    siret: "99950010100012",
    legalName: "MENUISERIE",
    addressLine: "",
    addressExtra: "",
    postcode: "",
    town: "",
    activityCode: "43.32A",
    legalCategory: "",
    companyCategory: "",
    isOpen: true,
    closedOn: null,
    isConfidential: false,
  },
} as const;

describe("IDN-07 Le répertoire répond après coup", () => {
  test("ouvert : vérifiée, et complétée de ce qu'il dit", () =>
    expect(registryVerdict(found, created, days(1))).toEqual({
      kind: "confirmed",
      legalCategory: null,
      companyCategory: null,
      activityCode: "43.32A",
      registryConfidential: false,
    }));
  test("STR-02 ouvert, et non diffusible : dit tel, avec la taille de l'entreprise", () => {
    const establishment = { ...found.establishment, isConfidential: true, companyCategory: "PME" };
    expect(registryVerdict({ kind: "found", establishment }, created, days(1))).toEqual({
      kind: "confirmed",
      legalCategory: null,
      companyCategory: "PME",
      activityCode: "43.32A",
      registryConfidential: true,
    });
  });
  test("fermé : dit depuis quand", () => {
    const establishment = { ...found.establishment, isOpen: false, closedOn: "2025-12-31" };
    expect(registryVerdict({ kind: "found", establishment }, created, days(1))).toEqual({
      kind: "closed",
      closedOn: "2025-12-31",
      registryConfidential: false,
    });
  });
  for (const [kind, after, expected] of [
    ["unknown", 30, "later"],
    ["unknown", 31, "absent"],
    ["silent", 365, "later"],
  ] as const)
    test(`${kind} après ${after} jours : ${expected}`, () =>
      expect(registryVerdict({ kind }, created, days(after)).kind).toBe(expected));
});
