import { describe, expect, test } from "vitest";
import { copyRights, differences, isNarrower, type RightLine, type RightsOf } from "./rights-changes.ts";

const line = (application: string, level: "read" | "write", serviceId: number | null = null): RightLine => ({
  application,
  level,
  serviceId,
});
const whole = (...grants: RightLine[]): RightsOf => ({ scope: "structure", serviceIds: [], grants });
const inService = (serviceId: number, ...grants: RightLine[]): RightsOf => ({
  scope: "service",
  serviceIds: [serviceId],
  grants,
});

describe("Copier les droits d'une personne à une autre", () => {
  const source = inService(4, line("receivedInvoices", "write", 4), line("structures", "read", 4));

  test("remplacer : elle a exactement les mêmes", () =>
    expect(copyRights(source, whole(line("users", "write")), "replace")).toEqual(source));

  test("ajouter d'un service à un autre : les deux services, les droits de chacun", () =>
    expect(copyRights(source, inService(5, line("commitments", "read", 5)), "add")).toEqual({
      scope: "service",
      serviceIds: [5, 4],
      grants: [line("commitments", "read", 5), ...source.grants],
    }));

  test("ajouter ne retire rien et garde le niveau le plus haut", () => {
    const target = inService(4, line("receivedInvoices", "read", 4), line("structures", "write", 4));
    expect(copyRights(source, target, "add").grants).toEqual([
      line("receivedInvoices", "write", 4),
      line("structures", "write", 4),
    ]);
  });

  test("ajouter à qui est rattaché à toute la structure : les droits copiés restent limités à leur service", () =>
    expect(copyRights(source, whole(line("users", "read")), "add")).toEqual(
      whole(line("users", "read"), ...source.grants),
    ));
});

test("Les différences disent ce qui est gagné, perdu, relevé et abaissé", () => {
  const before = [line("users", "read"), line("structures", "write"), line("commitments", "read", 4)];
  const after = [line("users", "write"), line("structures", "read"), line("commitments", "read", 5)];
  expect(differences(before, after)).toEqual([
    { application: "users", serviceId: null, from: "read", to: "write" },
    { application: "structures", serviceId: null, from: "write", to: "read" },
    { application: "commitments", serviceId: 5, from: "none", to: "read" },
    { application: "commitments", serviceId: 4, from: "read", to: "none" },
  ]);
  expect(differences(after, after)).toEqual([]);
});

describe("Restreindre ne donne rien de nouveau", () => {
  const before = [line("receivedInvoices", "write"), line("users", "read", 4)];
  test.each([
    ["moins d'applications", [line("users", "read", 4)], true],
    ["un niveau plus bas", [line("receivedInvoices", "read")], true],
    ["un seul service au lieu de tous", [line("receivedInvoices", "write", 5)], true],
    ["rien du tout", [], true],
    ["un niveau plus haut", [line("users", "write", 4)], false],
    ["toute la structure au lieu d'un service", [line("users", "read")], false],
    ["une autre application", [line("commitments", "read")], false],
  ] as [string, RightLine[], boolean][])("%s : %o → %s", (_title, after, expected) =>
    expect(isNarrower(after, before)).toBe(expected),
  );
});
