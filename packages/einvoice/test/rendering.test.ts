import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { HtmlValidate } from "html-validate";
import { describe, expect, test } from "vitest";
import { type Invoice, readXml } from "../src/index.ts";
import { emptyInvoice } from "../src/reading/binding.ts";
import { frenchAmount, frenchDate } from "../src/rendering/french.ts";
import { invoiceFragment, invoicePage, outlineOf } from "../src/rendering/index.ts";
import { readSamples, samplesFolder } from "./conformance.ts";

const outcome = readXml(readFileSync(join(import.meta.dirname, "fixtures/facture.cii.xml")));
if (!outcome.ok) throw new Error("the fixture cannot be read");
const { invoice } = outcome.reading;

const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: { "no-inline-style": "off", "no-trailing-whitespace": "off", "long-title": "off" },
});

/** The words of HTML, one space between. */
const words = (html: string) =>
  html
    .replace(/<style>[\s\S]*<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");

/** Every text that the invoice holds, as the page must show it where it needs no translation. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsOf) : [];
}

describe("Une facture se lit à l'écran, en français", () => {
  const page = invoicePage(invoice);

  test("la page est valide et accessible", async () => {
    const report = await validator.validateString(page);
    expect(
      report.results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      ),
    ).toEqual([]);
  });

  test.each([
    "Facture F-2026-0042",
    "Date d'émission 5 octobre 2026",
    "Vendeur Ateliers Vauquelin SAS",
    "Immatriculation SIREN 702042755",
    "4 unités 25 €",
    "Acheteur Commune de Beauvoir",
    "Pénalités de retard (code de commerce, art. L441-10) Pénalités de retard : trois fois",
    "Période : du 1er septembre 2026 au 15 septembre 2026",
    "10 h 52 € 20 % 500,00 €",
    "Taux normal ou réduit 20 %",
    "Remise (Fidélité) : 20,00 €",
  ])("elle dit « %s »", (expected) => expect(words(page)).toContain(expected));

  test("aucun terme de la facture n'y manque", () => {
    const shown = words(page);
    const { payments, seller, buyer, payee, lines, attachments, notes } = invoice;
    const free = textsOf([
      payments.map(({ meansCode, ...rest }) => rest),
      [seller, buyer, payee].map((party) => [
        party?.name,
        party?.tradingName,
        party?.contact,
        party?.address?.line1,
      ]),
      lines.map(({ itemName, itemDescription, note, classifications }) => [
        itemName,
        itemDescription,
        note,
        classifications.map((each) => each.value),
      ]),
      attachments.map(({ reference, description, fileName }) => [reference, description, fileName]),
      notes.map(({ text }) => text),
      invoice.buyerReference,
      invoice.contractReference,
      invoice.precedingInvoices.map(({ number }) => number),
    ]);
    expect(free.length).toBeGreaterThan(25);
    expect(free.filter((text) => !shown.includes(text.replace(/\s+/g, " ").trim()))).toEqual([]);
  });

  test("un fragment s'insère sous les titres de sa page, sans style", () => {
    const fragment = invoiceFragment(invoice, { headingLevel: 3 });
    expect(fragment).toContain("<h3>Facture F-2026-0042</h3>");
    expect(fragment).not.toMatch(/<style|<script|<h[12]|href=|src=/);
  });

  test("rien de ce que dit la facture ne devient du code", () => {
    const attack = `"><script>alert(1)</script><img src=x onerror='a'>\u202e`;
    const attacked: Invoice = JSON.parse(
      JSON.stringify(invoice, (_, value) => (typeof value === "string" ? attack : value)),
    );
    const html = invoicePage(attacked);
    expect(html).not.toMatch(/<script|<img|\u202e/);
    expect(html).toContain("&lt;script&gt;alert(1)");
  });

  test("une facture vide a un titre, et rien d'autre", () => {
    expect(outlineOf(emptyInvoice())).toEqual({ title: "Facture", issuer: "", blocks: [] });
  });

  test.each([
    ["1234567.5", "EUR", "1\u00a0234\u00a0567,5\u00a0€"],
    ["-0.10", "USD", "−0,10\u00a0USD"],
    [".5", undefined, "0,5"],
    ["douze", "EUR", "douze\u00a0€"],
  ])("montant %s %s : %s", (text, currency, expected) => {
    expect(frenchAmount(text, currency)).toBe(expected);
  });

  test.each([
    ["2026-01-01", "1er janvier 2026"],
    ["2026-13-01", "2026-13-01"],
    ["hier", "hier"],
  ])("date %s : %s", (text, expected) => expect(frenchDate(text)).toBe(expected));

  test("n'importe quels termes donnent une page, jamais une exception", () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (number, date, amount) => {
        const any: Invoice = { ...emptyInvoice(), number, issueDate: date, totals: { due: amount } };
        expect(invoicePage(any)).toContain("</html>");
      }),
      { numRuns: 1_000 },
    ));
});

const folder = samplesFolder();

test.skipIf(!folder)(
  `Chaque facture publiée se met en page${folder ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    const readings = readSamples(folder ?? "").map(({ xml }) => readXml(xml));
    const pages = readings.flatMap((each) => (each.ok ? [invoicePage(each.reading.invoice)] : []));
    expect(pages.length).toBeGreaterThan(1_000);
    expect(pages.filter((page) => !page.includes("Net à payer")).length).toBeLessThan(20);
  },
);
