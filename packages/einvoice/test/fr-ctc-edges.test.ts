import { describe, expect, test } from "vitest";
import { check } from "../src/index.ts";
import { fixtures, type Syntax, spoiled } from "./spoiled.ts";

function broken(xml: string): Set<string> {
  return new Set(check(xml, { rules: ["fr-ctc"] }).map((finding) => finding.rule));
}

const lineUnder = (category: string, rate: string) =>
  `<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cac:Item><cac:ClassifiedTaxCategory><cbc:ID>${category}</cbc:ID><cbc:Percent>${rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item></cac:SubInvoiceLine></cac:InvoiceLine>`;
const due = (date: string) => `<cbc:DueDate>${date}</cbc:DueDate>`;
const treated =
  "<ram:IncludedNote><ram:Content>B2B</ram:Content><ram:SubjectCode>BAR</ram:SubjectCode></ram:IncludedNote>";
const siren = (text: string) => `${treated}$<rest><ram:ID schemeID="0002">${text}</ram:ID>`;
const fromNotesToBuyer =
  /(?<rest><ram:IncludedNote>[\s\S]*<ram:BuyerTradeParty>[\s\S]*?)<ram:ID schemeID="0002">217600000<\/ram:ID>/;

/** How the fixture is spoiled, and what that breaks or mends. */
const cases: readonly [syntax: Syntax, piece: string | RegExp, by: string, more: string[], less: string[]][] =
  [
    ["ubl", /<cbc:DueDate>.*<\/cbc:DueDate>/, due(""), ["BR-FR-03_BT-9", "BR-FR-CO-07_BT-9"], []],
    [
      "ubl",
      "</cac:InvoiceLine>",
      '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.001</cbc:TaxAmount></cac:TaxTotal></cac:InvoiceLine>',
      ["BR-FR-DEC-01_BT-110"],
      [],
    ],
    ["ubl", "</cac:InvoiceLine>", lineUnder("S", "20"), [], []],
    ["ubl", "</cac:InvoiceLine>", lineUnder("L", "18"), ["BR-FR-08_BT-151-2", "BR-FR-15_BT-151-1"], []],
    ["ubl", "</cac:InvoiceLine>", lineUnder("S", "20.000"), ["BR-FR-DEC-04_BT-152"], []],
    [
      "ubl",
      /<cbc:ChargeIndicator>false(<[\s\S]*?<cbc:Percent>)20</,
      "<cbc:ChargeIndicator>$118<",
      ["BR-FR-16_BT-96"],
      [],
    ],
    [
      "cii",
      /<udt:Indicator>true(?<rest><[\s\S]*?ActualAmount>)30.00(?<tax><[\s\S]*?RateApplicablePercent>)20</,
      "<udt:Indicator>$<rest>30.001$<tax>18<",
      ["BR-FR-16_BT-96_BT-103", "BR-FR-DEC-01_BT-92_BT-99"],
      [],
    ],
    ["cii", /<rsm:ExchangedDocumentContext>[\s\S]*<\/rsm:ExchangedDocumentContext>/, "", [], []],
    [
      "cii",
      /<rsm:ExchangedDocument>[\s\S]*<\/rsm:ExchangedDocument>/,
      "",
      ["BR-FR-CO-07_BT-9"],
      ["BR-FR-05_BT-22_AAB", "BR-FR-05_BT-22_PMT"],
    ],
    ["cii", '<ram:URIID schemeID="0225">217600000', '<ram:URIID schemeID="0225"> ', ["BR-FR-23_BT-49"], []],
    [
      "ubl",
      '<cbc:EndpointID schemeID="0225">217600000',
      '<cbc:EndpointID schemeID="0225"> ',
      ["BR-FR-12_BT-49", "BR-FR-23_BT-49"],
      [],
    ],
    ["cii", fromNotesToBuyer, siren("217600000"), [], []],
    ["cii", fromNotesToBuyer, siren("217600000 "), ["BR-FR-11_BT-47", "BR-FR-21_BT-49"], []],
    [
      "ubl",
      /<cac:PartyLegalEntity>[\s\S]*?<\/cac:PartyLegalEntity>/,
      "<cac:PartyLegalEntity/>",
      ["BR-FR-09_BT-29", "BR-FR-10_BT-30"],
      [],
    ],
  ];

describe("Les règles françaises, là où les textes publiés surprennent", () => {
  test.each(cases)(
    "%s : %s remplacé par « %s » enfreint de plus %j, de moins %j",
    (syntax, piece, by, more, less) => {
      const before = broken(fixtures[syntax]);
      const after = broken(spoiled(syntax, piece, by));
      expect([...after].filter((rule) => !before.has(rule)).sort()).toEqual(more);
      expect([...before].filter((rule) => !after.has(rule)).sort()).toEqual(less);
    },
  );
});
