import { describe, expect, test } from "vitest";
import { heldAlone } from "./departure.ts";

describe("MGR-03 Une structure active garde un gestionnaire principal dont le compte est ouvert", () => {
  for (const [what, isActive, activeManagers, held] of [
    ["seule gestionnaire d'une structure active : retenue", true, 1, ["Commune"]],
    ["deux gestionnaires : libre", true, 2, []],
    ["seule gestionnaire d'une structure désactivée : libre", false, 1, []],
  ] as const)
    test(what, () => expect(heldAlone([{ name: "Commune", isActive, activeManagers }])).toEqual(held));

  test("toutes les structures qui retiennent sont nommées", () =>
    expect(
      heldAlone([
        { name: "Commune", isActive: true, activeManagers: 1 },
        { name: "Hôpital", isActive: true, activeManagers: 3 },
        { name: "École", isActive: true, activeManagers: 1 },
      ]),
    ).toEqual(["Commune", "École"]));
});
