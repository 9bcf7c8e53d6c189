import { describe, expect, test } from "vitest";
import { frenchAmount, frenchPercent, frenchPrice, frenchQuantity } from "./french.ts";

describe("Les nombres d'une facture s'écrivent à la française", () => {
  for (const [written, quantity, price] of [
    ["16000.0000", "16 000", "16 000,00 €"],
    ["83.340000", "83,34", "83,34 €"],
    ["0.00880", "0,0088", "0,0088 €"],
    ["-5.0000", "−5", "−5,00 €"],
    ["441", "441", "441 €"],
    ["1.5", "1,5", "1,5 €"],
    ["illisible", "illisible", "illisible €"],
  ] as const)
    test(written, () => {
      expect(frenchQuantity(written).replaceAll("\u00a0", " ")).toBe(quantity);
      expect(frenchPrice(written, "EUR").replaceAll("\u00a0", " ")).toBe(price);
    });

  test("un montant garde ses décimales, un taux perd ses zéros", () => {
    expect(frenchAmount("600.00", "CHF")).toBe("600,00\u00a0CHF");
    expect(frenchPercent("19.00")).toBe("19\u00a0%");
  });
});
