import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check, readXml } from "../src/index.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const facture = readFileSync(join(import.meta.dirname, "fixtures/facture.ubl.xml"));

test("L'exemple du README donne ce que le README annonce", () => {
  const wrong = facture
    .toString()
    .replace('<cbc:PayableAmount currencyID="EUR">600.00', '<cbc:PayableAmount currencyID="EUR">599.00');
  const [finding] = check(new TextEncoder().encode(wrong), { rules: ["en16931"] });
  const { rule, term, value, place, message } = finding ?? { place: undefined, message: { fr: "", en: "" } };
  for (const said of [rule, term, value, place?.xpath, message.fr.slice(0, 30), message.en.slice(0, 30)])
    expect(readme).toContain(said);
  expect(readme).toContain(`line: ${place?.line}, column: ${place?.column}`);
});

test("Le vendeur se lit comme le README le dit", () => {
  const outcome = readXml(facture);
  expect(outcome.ok && outcome.reading.invoice.seller?.name).toBe("Ateliers Vauquelin SAS");
});
