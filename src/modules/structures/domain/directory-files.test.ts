import { expect, test } from "vitest";
import { leavesFilesIfClosedBefore } from "./directory-files.ts";

test("DIR-03 Une structure fermée quitte les fichiers vingt-quatre mois plus tard", () =>
  expect(leavesFilesIfClosedBefore(new Date("2026-11-24T10:00:00Z"))).toEqual(
    new Date("2024-11-24T10:00:00Z"),
  ));
