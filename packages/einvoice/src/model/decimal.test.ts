import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, compare, decimal, multiply } from "./decimal.ts";

const d = (text: string) => decimal(text)!;

describe("Exact decimals", () => {
  test("0.1 + 0.2 is 0.3", () => expect(compare(add(d("0.1"), d("0.2")), d("0.30"))).toBe(0));
  test("−1.5 × 0.02 is −0.03", () => expect(compare(multiply(d("-1.5"), d(".02")), d("-0.03"))).toBe(0));
  for (const text of ["", ".", "1e3", "1,5", "NaN", "+-1", "9".repeat(101)])
    test(`“${text.slice(0, 8)}” is no number`, () => expect(decimal(text)).toBeUndefined());
  test("a sum of cents never drifts", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (cents) => {
        const sum = cents.map((n) => ({ units: BigInt(n), scale: 2 })).reduce(add, d("0"));
        const expected = { units: BigInt(cents.reduce((a, b) => a + b, 0)), scale: 2 };
        expect(compare(sum, expected)).toBe(0);
      }),
      { numRuns: 10_000 },
    ));
});
