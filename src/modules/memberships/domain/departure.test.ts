import { describe, expect, test } from "vitest";
import { heldAlone, type ManagedStructure } from "./departure.ts";

const namesHeld = (managed: readonly ManagedStructure[]) => heldAlone(managed).map((one) => one.name);

describe("MGR-03 Une structure active garde un gestionnaire principal dont le compte est ouvert", () => {
  for (const [what, isActive, activeManagers, held] of [
    ["seule gestionnaire d'une structure active : retenue", true, 1, ["Commune"]],
    ["deux gestionnaires : libre", true, 2, []],
    ["seule gestionnaire d'une structure désactivée : libre", false, 1, []],
  ] as const)
    test(what, () =>
      expect(namesHeld([{ structureId: 1, name: "Commune", isActive, activeManagers }])).toEqual(held),
    );

  test("toutes les structures qui retiennent sont nommées", () =>
    expect(
      namesHeld([
        { structureId: 1, name: "Commune", isActive: true, activeManagers: 1 },
        { structureId: 2, name: "Hôpital", isActive: true, activeManagers: 3 },
        { structureId: 3, name: "École", isActive: true, activeManagers: 1 },
      ]),
    ).toEqual(["Commune", "École"]));
});
