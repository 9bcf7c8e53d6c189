import { expect, test } from "vitest";
import { closesSuspiciouslyMany } from "./directory-limits.ts";

test.each([
  [0, 0, false],
  [5, 100, false],
  [6, 100, true],
  [1, 4, true],
  [1, 0, true],
  [10_000, 200_000, false],
  [10_001, 200_000, true],
])("§ 15.4 fermer %i sur %i actives demande une confirmation : %s", (closed, active, asks) =>
  expect(closesSuspiciouslyMany(closed, active)).toBe(asks),
);
