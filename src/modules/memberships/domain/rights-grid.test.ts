import { describe, expect, test } from "vitest";
import type { RightLine } from "./rights-changes.ts";
import { areSameEverywhere, levelInGrid, rightsOfGrid } from "./rights-grid.ts";

const right = (level: "read" | "write", serviceId: number | null, application = "users"): RightLine => ({
  application,
  level,
  serviceId,
});

describe("La grille des habilitations, service par service", () => {
  test("ce que ses colonnes montrent devient ce qui est choisi", () =>
    expect(rightsOfGrid([right("write", null)], [null, 2], [right("read", null), right("write", 2)])).toEqual(
      [right("read", null), right("write", 2)],
    ));
  test("ce qu'elle ne montre pas reste : un service fermé garde ses droits (RIG-08)", () =>
    expect(rightsOfGrid([right("write", 9)], [null, 2], [])).toEqual([right("write", 9)]));
  test("un choix hors de ses colonnes est sans effet", () =>
    expect(rightsOfGrid([], [2], [right("write", null), right("write", 3)])).toEqual([]));
  test("un service n'ajoute rien à un droit sur toute la structure, ou l'élève", () => {
    expect(rightsOfGrid([], [null, 2], [right("write", null), right("read", 2)])).toEqual([
      right("write", null),
    ]);
    expect(rightsOfGrid([], [null, 2], [right("read", null), right("write", 2)])).toHaveLength(2);
  });
  test("une autre application n'y change rien", () =>
    expect(rightsOfGrid([], [null, 2], [right("write", null), right("read", 2, "commitments")])).toHaveLength(
      2,
    ));
});

describe("Des droits égaux sur chaque service", () => {
  test("sur toute la structure : aucun service n'est à part", () => {
    expect(areSameEverywhere([right("write", null), right("read", null, "commitments")], null)).toBe(true);
    expect(areSameEverywhere([right("read", null), right("write", 2)], null)).toBe(false);
  });
  test("à la maille service : chaque service a les mêmes, dans n'importe quel ordre", () => {
    const both = [right("read", 1), right("write", 1, "commitments"), right("write", 2, "commitments")];
    expect(areSameEverywhere([...both, right("read", 2)], [1, 2])).toBe(true);
    expect(areSameEverywhere(both, [1, 2])).toBe(false);
    expect(areSameEverywhere([right("read", 1), right("write", 2)], [1, 2])).toBe(false);
    expect(areSameEverywhere([], [1, 2])).toBe(true);
  });
});

describe("Ce que montre une case avant tout choix", () => {
  const attached = { scope: "service" as const, serviceIds: [1], grants: [right("write", 1)] };
  const everywhere = { scope: "structure" as const, serviceIds: [], grants: [right("write", null)] };
  test("le droit qui y est ; rien où elle est sans droit", () => {
    expect(levelInGrid(attached, "users", 1, "service")).toBe("write");
    expect(levelInGrid(attached, "commitments", 1, "service")).toBe("none");
    expect(levelInGrid({ ...attached, serviceIds: [1, 2] }, "users", 2, "service")).toBe("none");
  });
  test("un service de plus : ce que partagent les siens", () =>
    expect(levelInGrid(attached, "users", 2, "service")).toBe("write"));
  test("de toute la structure à un service : ce qu'elle avait partout ; un service à part n'ajoute rien", () => {
    expect(levelInGrid(everywhere, "users", 2, "service")).toBe("write");
    expect(levelInGrid(everywhere, "users", 2, "structure")).toBe("none");
  });
  test("de ses services à toute la structure : ce qu'ils partagent, sinon rien", () => {
    expect(levelInGrid(attached, "users", null, "structure")).toBe("write");
    const apart = { ...attached, serviceIds: [1, 2], grants: [right("write", 1), right("read", 2)] };
    expect(levelInGrid(apart, "users", null, "structure")).toBe("none");
  });
});
