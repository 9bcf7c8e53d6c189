import { describe, expect, test } from "vitest";
import { brokenBy, type SpoiledCase, spoiled } from "./spoiled.ts";

const rouenCii = "<ram:CityName>Rouen</ram:CityName>\n          <ram:CountryID>";
const sellerVat = /<cac:PartyTaxScheme>[\s\S]*?<\/cac:PartyTaxScheme>/;
const partyTax = (id: string) =>
  `<cac:PartyTaxScheme><cbc:CompanyID>${id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`;
const lineUnder = (category: string) =>
  `<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cac:Item><cac:ClassifiedTaxCategory><cbc:ID>${category}</cbc:ID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item></cac:SubInvoiceLine></cac:InvoiceLine>`;
const representative = (taxSchemes: string) =>
  `<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Relais fiscal</cbc:Name></cac:PartyName><cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>${taxSchemes}</cac:TaxRepresentativeParty><cac:Delivery>`;
const representativeCii = (name: string, country: string) =>
  `</ram:BuyerTradeParty><ram:SellerTaxRepresentativeTradeParty><ram:Name>${name}</ram:Name><ram:PostalTradeAddress><ram:CountryID>${country}</ram:CountryID></ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR32702042755</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTaxRepresentativeTradeParty>`;
const card =
  "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID><cbc:NetworkID>NA</cbc:NetworkID></cac:CardAccount></cac:PaymentMeans>";
const pointDate =
  '<ram:TaxPointDate><udt:DateString format="102">20261005</udt:DateString></ram:TaxPointDate><ram:DueDateTypeCode>5</ram:DueDateTypeCode>';

const monetaryOfLine = "<ram:SpecifiedTradeSettlementLineMonetarySummation>";
const withoutIdentifier = (type: string) =>
  `<ram:AdditionalReferencedDocument><ram:TypeCode>${type}</ram:TypeCode></ram:AdditionalReferencedDocument>`;

/** What the published rules say where a reader would guess otherwise: each syntax has lists and ways of its own. */
const edges: readonly SpoiledCase[] = [
  ["cii", `${rouenCii}FR`, `${rouenCii}SS`, ["BR-CL-14"]],
  ["cii", `${rouenCii}FR`, `${rouenCii}AN`, []],
  ["ubl", "<cbc:IdentificationCode>FR", "<cbc:IdentificationCode>SS", []],
  ["ubl", "<cbc:IdentificationCode>FR", "<cbc:IdentificationCode>AN", ["BR-CL-14"]],
  ["ubl", "<cbc:CompanyID>FR32", "<cbc:CompanyID>AN32", ["BR-CO-09"]],
  ["cii", '<ram:ID schemeID="VA">FR32', '<ram:ID schemeID="VA">AN32', []],
  ["ubl", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>BGN", ["BR-CL-04", "BR-CO-15"]],
  ["ubl", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>XCG", ["BR-CO-15"]],
  ["ubl", "<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>503", ["BR-CL-01"]],
  ["cii", "<ram:TypeCode>380", "<ram:TypeCode>503", []],
  ["ubl", "<cbc:Note>#PMD#", "<cbc:Note>#BAT#", ["BR-CL-08"]],
  ["cii", "<ram:SubjectCode>PMD", "<ram:SubjectCode>BAT", []],
  ["ubl", 'EndpointID schemeID="0225"', 'EndpointID schemeID="0248"', []],
  ["ubl", 'EndpointID schemeID="0225"', 'EndpointID schemeID="0247"', ["BR-CL-25"]],
  ["cii", '<ram:GlobalID schemeID="0009"', '<ram:GlobalID schemeID="0248"', []],
  ["cii", monetaryOfLine, withoutIdentifier("130") + monetaryOfLine, ["BR-52"]],
  [
    "cii",
    /<ram:SpecifiedTradeSettlementPaymentMeans>[\s\S]*<\/ram:SpecifiedTradeSettlementPaymentMeans>/,
    "",
    [],
  ],
  ["ubl", /<cbc:PaymentMeansCode[\s\S]*?<\/cbc:PaymentMeansCode>/, "", ["BR-49"]],
  [
    "cii",
    "<ram:SpecifiedProcuringProject>",
    `${withoutIdentifier("50")}<ram:SpecifiedProcuringProject>`,
    ["BR-52"],
  ],
  // 1.005 is less than half a cent over 1 as a double, and exactly half a cent over as written.
  [
    "cii",
    /(?<=<ram:ActualAmount>)50\.00(?<rest>[\s\S]*<ram:AllowanceTotalAmount>)50\.00/,
    "1.005$<rest>1.00",
    ["BR-CO-13", "BR-DEC-01", "BR-S-08"],
  ],
  ["cii", /<udt:Indicator>true<([\s\S]*?)<ram:Reason>Transport<\/ram:Reason>/, "<udt:Indicator>1<$1", []],
  ["cii", "<ram:ChargeAmount>25<", "<ram:ChargeAmount>INF<", []],
  ["cii", "<ram:ChargeAmount>25<", "<ram:ChargeAmount>-INF<", ["BR-27"]],
  ["cii", ">20260930<", "> 20260930 <", ["BR-29"]],
  ["ubl", sellerVat, partyTax("FR32702042755") + partyTax("32702042755"), ["BR-CO-09", "UBL-SR-12"]],
  ["ubl", "</cac:InvoiceLine>", lineUnder("Z"), ["BR-Z-01"]],
  ["ubl", "</cac:InvoiceLine>", lineUnder("S"), []],
  [
    "cii",
    /<ram:SpecifiedTradeSettlementHeaderMonetarySummation>[\s\S]*<\/ram:SpecifiedTradeSettlementHeaderMonetarySummation>/,
    "$&$&",
    ["BR-CO-15"],
  ],
  ["ubl", "<cac:Delivery>", representative(partyTax("FR32702042755")), []],
  [
    "ubl",
    "<cac:Delivery>",
    representative(partyTax("FR32702042755") + partyTax("FR32702042755")),
    ["UBL-SR-23"],
  ],
  ["cii", "</ram:BuyerTradeParty>", representativeCii("Relais fiscal", "FR"), []],
  ["cii", "</ram:BuyerTradeParty>", representativeCii(" ", "FR"), ["BR-18"]],
  ["cii", "</ram:BuyerTradeParty>", representativeCii("Relais fiscal", " "), ["BR-20", "BR-CL-14"]],
  ["ubl", "<cac:PaymentTerms>", `${card}${card}<cac:PaymentTerms>`, ["UBL-SR-47", "UBL-SR-54"]],
  [
    "cii",
    "<ram:RateApplicablePercent>20</ram:RateApplicablePercent>\n      </ram:ApplicableTradeTax>\n      <ram:Appl",
    `${pointDate}<ram:RateApplicablePercent>20</ram:RateApplicablePercent>\n      </ram:ApplicableTradeTax>\n      <ram:Appl`,
    ["BR-CO-03"],
  ],
  [
    "cii",
    "<ram:InvoiceCurrencyCode>",
    "<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>",
    ["BR-53", "BR-DEC-15"],
  ],
];

const objectOfLine =
  "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>A</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode></ram:AdditionalReferencedDocument>";
const attached = /<ram:AttachmentBinaryObject.*<\/ram:AttachmentBinaryObject>/;

/** The same for warnings. */
const warned: readonly SpoiledCase[] = [
  ["cii", monetaryOfLine, objectOfLine + monetaryOfLine, []],
  ["cii", monetaryOfLine, objectOfLine + objectOfLine + monetaryOfLine, ["CII-SR-474"]],
  ["cii", attached, "$&$&", ["CII-SR-476"]],
  [
    "cii",
    "</ram:SpecifiedTradeSettlementPaymentMeans>",
    "<ram:PayerSpecifiedDebtorFinancialInstitution/></ram:SpecifiedTradeSettlementPaymentMeans>",
    ["CII-SR-464"],
  ],
  [
    "cii",
    "<ram:SpecifiedTradeProduct>",
    "<ram:LineStatusCode>1</ram:LineStatusCode><ram:SpecifiedTradeProduct>",
    ["CII-SR-037"],
  ],
  [
    "cii",
    "<ram:LineID>1</ram:LineID>",
    "<ram:LineID>1</ram:LineID><ram:LineStatusCode>1</ram:LineStatusCode>",
    [],
  ],
];

describe("Les règles EN 16931, là où les textes publiés surprennent", () => {
  test.each(edges)("%s : %s remplacé par « %s » enfreint %j", (syntax, piece, by, broken) => {
    expect(brokenBy(spoiled(syntax, piece, by))).toEqual(broken);
  });

  test.each(warned)("%s : %s remplacé par « %s » est signalé par %j", (syntax, piece, by, broken) => {
    expect(brokenBy(spoiled(syntax, piece, by), "warning")).toEqual(broken);
  });
});
