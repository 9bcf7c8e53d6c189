import { expect, test } from "vitest";
import { frenchDateTime, toFrenchDateTime } from "./french-date-time.ts";

test.each([
  ["10/03/2022 15:01:32", "2022-03-10T14:01:32.000Z"],
  ["10/3/2022 15:01", "2022-03-10T14:01:00.000Z"],
  ["10/3/22", "2022-03-09T23:00:00.000Z"],
  ["10-07-2022 08h30", "2022-07-10T06:30:00.000Z"],
  ["29/02/2024", "2024-02-28T23:00:00.000Z"],
  ["29/02/2023", null],
  ["31/04/2022", null],
  ["2022-03-10", null],
  ["10/03/2022 25:00", null],
  ["bientôt", null],
  ["", null],
])("« %s »", (typed, expected) =>
  expect(frenchDateTime(typed, "start")?.toISOString() ?? null).toBe(expected),
);

test("une date seule finit avec son jour", () =>
  expect(frenchDateTime("10/03/2022", "end")?.toISOString()).toBe("2022-03-10T22:59:59.000Z"));

test("ce qu'un champ montre se relit", () => {
  const instant = new Date("2022-03-10T14:01:32Z");
  expect(frenchDateTime(toFrenchDateTime(instant), "start")).toEqual(instant);
});
