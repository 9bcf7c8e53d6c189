import { describe, expect, test } from "vitest";
import type { RightLine } from "./rights-changes.ts";
import { rightsOfGrid } from "./rights-grid.ts";

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
