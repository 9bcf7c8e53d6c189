import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../check.ts";
import { profileOf } from "../../model/profiles.ts";

const full = readFileSync(join(import.meta.dirname, "../../../test/fixtures/facture.cii.xml"), "utf8");
const specification = "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>";

/** The reference invoice under another profile. */
const under = (identifier: string): string => full.replace(specification, `<ram:ID>${identifier}</ram:ID>`);

const constats = (xml: string) => check(xml, { rules: ["facturx"] });
const elementsOf = (xml: string, rule: string) =>
  constats(xml)
    .filter((finding) => finding.rule === rule)
    .map((finding) => finding.place?.xpath.split("/").at(-1));

const minimum = `<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261005</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Ateliers Vauquelin SAS</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Commune de Beauvoir</ram:Name></ram:BuyerTradeParty>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>120.00</ram:GrandTotalAmount>
        <ram:DuePayableAmount>120.00</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>`;

describe("Les profils Factur-X", () => {
  test.each([
    ["urn:factur-x.eu:1p0:minimum", "MINIMUM"],
    ["urn:zugferd.de:2p0:basicwl", "BASIC WL"],
    ["urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "BASIC"],
    [" urn:cen.eu:en16931:2017\n", "EN 16931"],
    ["urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRECHNUNG"],
    ["urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "EN 16931"],
    ["urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "EXTENDED"],
    ["urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", "EXTENDED"],
    ["urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", undefined],
    [undefined, undefined],
  ])("%s nomme le profil %s", (identifier, profile) => {
    expect(profileOf(identifier)).toBe(profile);
  });

  test("Une facture complète tient dans EN 16931 et dans EXTENDED", () => {
    expect(constats(full)).toEqual([]);
    expect(constats(under("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"))).toEqual([]);
  });

  test("Une facture MINIMUM se contente de l'en-tête et des totaux", () => {
    expect(constats(minimum)).toEqual([]);
  });

  test("FX-01 et FX-02 : du CII, sous un profil connu", () => {
    const ubl = readFileSync(join(import.meta.dirname, "../../../test/fixtures/facture.ubl.xml"));
    expect(check(ubl, { rules: ["facturx"] }).map((finding) => finding.rule)).toEqual(["FX-01"]);
    expect(constats(under("urn:inconnu"))).toMatchObject([
      { rule: "FX-02", term: "BT-24", value: "urn:inconnu" },
    ]);
  });

  test("FX-03 : ce que le profil ne prévoit pas", () => {
    const forbidden = elementsOf(under("urn:factur-x.eu:1p0:basicwl"), "FX-03");
    expect(forbidden).toContain("ram:IncludedSupplyChainTradeLineItem[1]");
    expect(forbidden).toContain("ram:DefinedTradeContact");
    const basic = elementsOf(under("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"), "FX-03");
    expect(basic).not.toContain("ram:IncludedSupplyChainTradeLineItem[1]");
    expect(basic).toContain("ram:ApplicableProductCharacteristic");
  });

  test("FX-04 : ce que le profil demande", () => {
    const without = minimum.replace(/<ram:GrandTotalAmount>.*/, "");
    expect(constats(without)).toMatchObject([
      { rule: "FX-04", place: { xpath: expect.stringContaining("MonetarySummation") } },
    ]);
  });

  test("FX-05 : pas plus souvent que le profil ne l'admet", () => {
    const twice = minimum.replace(
      "<ram:TypeCode>380</ram:TypeCode>",
      "<ram:TypeCode>380</ram:TypeCode>".repeat(2),
    );
    expect(elementsOf(twice, "FX-05")).toEqual(["ram:TypeCode[2]"]);
  });

  test("FX-06 : dans l'ordre du schéma", () => {
    const swapped = minimum.replace(
      "<ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode>",
      "<ram:TypeCode>380</ram:TypeCode><ram:ID>F-1</ram:ID>",
    );
    expect(elementsOf(swapped, "FX-06")).toEqual(["ram:ID"]);
  });
});
