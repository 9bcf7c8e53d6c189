import { describe, expect, test } from "vitest";
import { type Criterion, conformityOf, conformityRate } from "./accessibility.ts";

const grid = (conforming: number, failing: number, absent = 0): Criterion[] =>
  (
    [
      ["conforme", conforming],
      ["non conforme", failing],
      ["non applicable", absent],
    ] as const
  ).flatMap(([état, count]) =>
    Array.from({ length: count }, (_, index) => ({
      critère: `1.${index}`,
      thématique: "Images",
      état,
      comment: "",
      preuve: "",
    })),
  );

describe("La conformité se compte sur les critères applicables", () => {
  for (const [conforming, failing, state, rate] of [
    [10, 0, "totalement conforme", "100"],
    [999, 1, "partiellement conforme", "99,9"],
    [9999, 1, "partiellement conforme", "99,9"],
    [5, 5, "partiellement conforme", "50"],
    [499, 501, "non conforme", "49,9"],
    [0, 3, "non conforme", "0"],
  ] as const)
    test(`${conforming} conformes, ${failing} non conformes : ${state}, ${rate} %`, () => {
      const found = conformityOf(grid(conforming, failing, 40));
      expect(found.applicable).toBe(conforming + failing);
      expect(found.failing).toHaveLength(failing);
      expect(found.state).toBe(state);
      expect(conformityRate(found)).toBe(rate);
    });
});
