import { describe, expect, test } from "vitest";
import { dayOfFiles, leavesFilesIfClosedBefore, movementSince } from "./directory-files.ts";

test("DIR-03 Une structure fermée quitte les fichiers vingt-quatre mois plus tard", () =>
  expect(leavesFilesIfClosedBefore(new Date("2026-11-24T10:00:00Z"))).toEqual(
    new Date("2024-11-24T10:00:00Z"),
  ));

describe("Ce qui a changé depuis un jour", () => {
  const since = new Date("2026-11-20T23:00:00Z");
  const [before, after] = [new Date("2026-11-01T10:00:00Z"), new Date("2026-11-22T10:00:00Z")];
  test.each([
    [{ createdAt: after, endedAt: null }, "ajout"],
    [{ createdAt: before, endedAt: null }, "modification"],
    [{ createdAt: before, endedAt: after }, "fin"],
    // created and closed since: whoever took it meanwhile must learn of its end
    [{ createdAt: after, endedAt: after }, "fin"],
    // closed before, and changed since all the same
    [{ createdAt: before, endedAt: before }, "modification"],
  ] as const)("%j : %s", (dates, movement) => expect(movementSince(since, dates)).toBe(movement));
});

describe("Le jour depuis lequel on demande ce qui a changé", () => {
  const now = new Date("2026-11-24T10:00:00Z");
  test.each([
    ["2026-11-20", new Date("2026-11-19T23:00:00Z")],
    ["2026-07-14", new Date("2026-07-13T22:00:00Z")],
    ["2026-11-24", new Date("2026-11-23T23:00:00Z")],
    ["2026-11-25", null],
    ["2024-11-24", null],
    ["2024-11-25", new Date("2024-11-24T23:00:00Z")],
    ["2026-02-30", null],
    ["20/11/2026", null],
  ])("%s", (written, day) => expect(dayOfFiles(written, now)).toEqual(day));
});
