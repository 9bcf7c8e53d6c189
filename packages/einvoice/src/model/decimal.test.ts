import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, compare, decimal, multiply, Sum } from "./decimal.ts";

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
  test("Sum adds as one would by hand, whatever the texts", () => {
    const amounts = fc.oneof(
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => (n / 100).toFixed(2)),
      fc.constantFrom(
        "999999999999.99",
        "-999999999999.99",
        "12345678901234567890.5",
        "0.001",
        " 5 ",
        "-0",
        "abc",
      ),
    );
    fc.assert(
      fc.property(fc.array(amounts), (texts) => {
        const sum = new Sum();
        for (const text of texts) sum.add(text);
        const expected = texts.reduce((total, text) => add(total, decimal(text) ?? d("0")), d("0"));
        expect(compare(sum.total, expected)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
  test("Sum stays exact past what a double counts in cents", () => {
    const sum = new Sum();
    for (let n = 0; n < 200; n++) sum.add("999999999999.99");
    sum.add("0.01");
    expect(compare(sum.total, d("199999999999998.01"))).toBe(0);
  });
});
