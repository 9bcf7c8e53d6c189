import { describe, expect, test } from "vitest";
import { check, type RuleSetName } from "../src/index.ts";
import { brokenBy, fixtures, type Syntax, spoiled } from "./spoiled.ts";

/** The findings of our own on a document, as `id term`. */
function unreadable(xml: string, rules: readonly RuleSetName[] = ["en16931"]): string[] {
  const found = check(xml, { rules }).filter(({ rule }) => rule.startsWith("READ-"));
  return [...new Set(found.map(({ rule, term }) => `${rule} ${term}`))];
}

/** The first element of that name, below that parent when one is named, whatever stands between their tags. */
const element = (name: string, parent?: string): RegExp =>
  new RegExp(`${parent ? `(?<=<${parent}>(?:(?!</${parent}>)[^])*?)` : ""}<${name}[ >][^]*?</${name}>`);

/** Elements that may stand once, each with its term. */
const singles: readonly (readonly [syntax: Syntax, term: string, name: string, parent?: string])[] = [
  ["ubl", "BT-24", "cbc:CustomizationID"],
  ["ubl", "BT-1", "cbc:ID"],
  ["ubl", "BT-2", "cbc:IssueDate"],
  ["ubl", "BT-3", "cbc:InvoiceTypeCode"],
  ["ubl", "BT-5", "cbc:DocumentCurrencyCode"],
  ["ubl", "BT-40", "cac:Country", "cac:AccountingSupplierParty"],
  ["ubl", "BT-55", "cbc:IdentificationCode", "cac:AccountingCustomerParty"],
  ["ubl", "BT-31", "cbc:ID", "cac:TaxScheme"],
  ["ubl", "BT-73", "cbc:StartDate", "cac:InvoicePeriod"],
  ["ubl", "BT-74", "cbc:EndDate", "cac:InvoicePeriod"],
  ["ubl", "BT-92", "cbc:Amount", "cac:AllowanceCharge"],
  ["ubl", "BT-95", "cbc:ID", "cac:TaxCategory"],
  ["ubl", "BT-96", "cbc:Percent", "cac:TaxCategory"],
  ["ubl", "BG-22", "cac:LegalMonetaryTotal"],
  ["ubl", "BT-112", "cbc:TaxInclusiveAmount"],
  ["ubl", "BT-110", "cbc:TaxAmount", "cac:TaxTotal"],
  ["ubl", "BT-116", "cbc:TaxableAmount"],
  ["ubl", "BT-118", "cac:TaxCategory", "cac:TaxSubtotal"],
  ["ubl", "BT-119", "cbc:Percent", "cac:TaxSubtotal"],
  ["ubl", "BT-126", "cbc:ID", "cac:InvoiceLine"],
  ["ubl", "BT-131", "cbc:LineExtensionAmount", "cac:InvoiceLine"],
  ["ubl", "BT-136", "cbc:Amount", "cac:InvoiceLine"],
  ["ubl", "BT-151", "cbc:ID", "cac:ClassifiedTaxCategory"],
  ["ubl", "BT-151", "cac:TaxScheme", "cac:ClassifiedTaxCategory"],
  ["ubl", "BT-152", "cbc:Percent", "cac:ClassifiedTaxCategory"],
  ["ubl", "BT-153", "cbc:Name", "cac:Item"],
  ["cii", "BT-1", "ram:ID", "rsm:ExchangedDocument"],
  ["cii", "BT-2", "ram:IssueDateTime"],
  ["cii", "BT-5", "ram:InvoiceCurrencyCode"],
  ["cii", "BT-27", "ram:Name", "ram:SellerTradeParty"],
  ["cii", "BT-34", "ram:URIID", "ram:URIUniversalCommunication"],
  ["cii", "BT-40", "ram:CountryID", "ram:SellerTradeParty"],
  ["cii", "BT-55", "ram:PostalTradeAddress", "ram:BuyerTradeParty"],
  ["cii", "BT-81", "ram:TypeCode", "ram:SpecifiedTradeSettlementPaymentMeans"],
  ["cii", "BT-84", "ram:IBANID", "ram:PayeePartyCreditorFinancialAccount"],
  ["cii", "BT-112", "ram:GrandTotalAmount"],
  ["cii", "BT-116", "ram:BasisAmount", "ram:ApplicableHeaderTradeSettlement"],
  ["cii", "BT-117", "ram:CalculatedAmount"],
  ["cii", "BT-95", "ram:TypeCode", "ram:CategoryTradeTax"],
  ["cii", "BT-96", "ram:RateApplicablePercent", "ram:CategoryTradeTax"],
  ["cii", "BT-122", "ram:IssuerAssignedID", "ram:AdditionalReferencedDocument"],
  ["cii", "BT-126", "ram:LineID"],
  ["cii", "BT-131", "ram:LineTotalAmount"],
  ["cii", "BT-151", "ram:TypeCode", "ram:ApplicableTradeTax"],
  ["cii", "BT-152", "ram:RateApplicablePercent", "ram:ApplicableTradeTax"],
  ["cii", "BT-153", "ram:Name", "ram:SpecifiedTradeProduct"],
];

/** Elements whose text is read as a number, a date or a truth; texts that are none, and others that are. */
const values: readonly (readonly [
  syntax: Syntax,
  finding: string,
  text: RegExp,
  wrong: readonly string[],
  right: readonly string[],
])[] = [
  [
    "ubl",
    "READ-NOT-A-NUMBER BT-115",
    /(?<=<cbc:PayableAmount [^>]*>)[^<]*/,
    ["", "mille", "1e2", "INF", "1 234", "1234,50", "."],
    [" 5 ", "+5", ".5", "5.", "-0", "99999999999999999999.99"],
  ],
  ["ubl", "READ-NOT-A-NUMBER BT-110", /(?<=<cac:TaxTotal>\s*<cbc:TaxAmount [^>]*>)[^<]*/, ["x"], ["5"]],
  ["ubl", "READ-NOT-A-NUMBER BT-116", /(?<=<cbc:TaxableAmount [^>]*>)[^<]*/, ["1e2"], ["5"]],
  [
    "ubl",
    "READ-NOT-A-NUMBER BT-92",
    /(?<=<cac:AllowanceCharge>[\s\S]*?<cbc:Amount [^>]*>)[^<]*/,
    ["1e2"],
    ["5"],
  ],
  [
    "ubl",
    "READ-NOT-A-NUMBER BT-119",
    /(?<=<cac:TaxSubtotal>[\s\S]*?<cbc:Percent>)[^<]*/,
    ["", "20 %"],
    ["19"],
  ],
  ["ubl", "READ-NOT-A-NUMBER BT-152", /(?<=<cac:Item>[\s\S]*?<cbc:Percent>)[^<]*/, ["x", "1e2"], ["19"]],
  [
    "ubl",
    "READ-NOT-A-NUMBER BT-131",
    /(?<=<cac:InvoiceLine>[\s\S]*?<cbc:LineExtensionAmount [^>]*>)[^<]*/,
    ["x"],
    ["5"],
  ],
  ["ubl", "READ-NOT-A-NUMBER BT-146", /(?<=<cbc:PriceAmount [^>]*>)[^<]*/, ["", "x"], ["1e2", "INF", "NaN"]],
  [
    "ubl",
    "READ-NOT-A-BOOLEAN BG-20",
    /(?<=<cbc:ChargeIndicator>)[^<]*/,
    ["", "TRUE", "oui"],
    [" false ", "1"],
  ],
  [
    "ubl",
    "READ-NOT-A-DATE BT-73",
    /(?<=<cbc:StartDate>)[^<]*/,
    ["", "20260901", "2026-02-29", "2026-13-01", "2026-09-01T00:00:00"],
    ["2024-02-29", " 2026-09-01Z ", "2026-09-01+02:00"],
  ],
  ["cii", "READ-NOT-A-NUMBER BT-115", /(?<=<ram:DuePayableAmount>)[^<]*/, ["x", "1e2"], ["5", " 5 "]],
  ["cii", "READ-NOT-A-NUMBER BT-110", /(?<=<ram:TaxTotalAmount [^>]*>)[^<]*/, ["x", ""], ["5"]],
  ["cii", "READ-NOT-A-NUMBER BT-117", /(?<=<ram:CalculatedAmount>)[^<]*/, ["x", "1e2"], ["5"]],
  ["cii", "READ-NOT-A-NUMBER BT-131", /(?<=<ram:LineTotalAmount>)[^<]*/, ["x", "1e2"], ["5"]],
  ["cii", "READ-NOT-A-NUMBER BT-152", /(?<=<ram:RateApplicablePercent>)[^<]*/, ["x", "1e2"], ["5"]],
  ["cii", "READ-NOT-A-NUMBER BT-148", /(?<=<ram:ChargeAmount>)[^<]*/, ["x"], ["1e2"]],
  ["cii", "READ-NOT-A-BOOLEAN BT-147", /(?<=<udt:Indicator>)[^<]*/, ["FALSE"], ["0"]],
];

describe("Les valeurs sur lesquelles les règles publiées s'arrêtent", () => {
  for (const [syntax, term, name, parent] of singles)
    test(`${syntax} : ${name} écrit deux fois (${term})`, () => {
      expect(unreadable(spoiled(syntax, element(name, parent), "$&$&"))).toEqual([`READ-REPEATED ${term}`]);
    });

  for (const [syntax, finding, text, wrong, right] of values) {
    test.each(wrong)(`${syntax} : ${finding} sur « %s »`, (by) => {
      expect(unreadable(spoiled(syntax, text, by))).toEqual([finding]);
    });
    test.each(right)(`${syntax} : pas de ${finding} sur « %s »`, (by) => {
      expect(unreadable(spoiled(syntax, text, by))).toEqual([]);
    });
  }

  test("le constat dit quel élément retirer, où il est et ce qu'il porte", () => {
    const xml = spoiled("ubl", "<cbc:ID>F-2026-0042</cbc:ID>", "$&\n  <cbc:ID>F-2026-0043</cbc:ID>");
    expect(check(xml)).toMatchObject([
      {
        rule: "READ-REPEATED",
        severity: "fatal",
        term: "BT-1",
        value: "F-2026-0043",
        place: { xpath: "/ubl:Invoice/cbc:ID[2]", line: 8, column: 3 },
      },
    ]);
  });

  test.each([
    ["ubl", element("cac:InvoiceLine")],
    ["ubl", element("cac:AllowanceCharge")],
    ["ubl", element("cac:TaxSubtotal")],
    ["ubl", element("cac:AdditionalDocumentReference")],
    ["cii", element("ram:IncludedSupplyChainTradeLineItem")],
    ["cii", element("ram:AdditionalReferencedDocument", "ram:ApplicableHeaderTradeAgreement")],
    ["cii", element("ram:SpecifiedTradeAllowanceCharge", "ram:ApplicableHeaderTradeSettlement")],
  ] as const)("%s : ce que la syntaxe laisse répéter n'est pas signalé (%s)", (syntax, piece) => {
    expect(unreadable(spoiled(syntax, piece, "$&$&"))).toEqual([]);
  });

  test("une date seule n'est comparée à rien", () => {
    const alone = spoiled(
      "ubl",
      /<cbc:StartDate>2026-09-01<\/cbc:StartDate>\s*<cbc:EndDate>2026-09-30/,
      "<cbc:EndDate>x",
    );
    expect(brokenBy(alone)).toEqual([]);
  });
});

/** Elements of which the French rules take one. */
const frenchSingles: typeof singles = [
  ["ubl", "BT-23", "cbc:ProfileID"],
  ["ubl", "BT-34", "cbc:EndpointID", "cac:AccountingSupplierParty"],
  ["ubl", "BT-49", "cbc:EndpointID", "cac:AccountingCustomerParty"],
  ["ubl", "BT-30", "cbc:CompanyID", "cac:PartyLegalEntity"],
  ["ubl", "BT-95", "cbc:ID", "cac:TaxCategory"],
  ["ubl", "BT-96", "cbc:Percent", "cac:TaxCategory"],
  ["ubl", "BT-118", "cbc:ID", "cac:TaxSubtotal"],
  ["ubl", "BT-119", "cbc:Percent", "cac:TaxSubtotal"],
  ["ubl", "BT-123", "cbc:DocumentDescription"],
  ["ubl", "BT-146", "cbc:PriceAmount"],
  ["ubl", "BT-151", "cbc:ID", "cac:ClassifiedTaxCategory"],
  ["ubl", "BT-152", "cbc:Percent", "cac:ClassifiedTaxCategory"],
  ["cii", "BT-23", "ram:ID", "rsm:ExchangedDocumentContext"],
  ["cii", "BT-30", "ram:SpecifiedLegalOrganization", "ram:SellerTradeParty"],
  ["cii", "BT-34", "ram:URIUniversalCommunication", "ram:SellerTradeParty"],
  ["cii", "BT-49", "ram:URIID", "ram:BuyerTradeParty"],
  ["cii", "BT-95", "ram:CategoryCode", "ram:CategoryTradeTax"],
  ["cii", "BT-96", "ram:RateApplicablePercent", "ram:CategoryTradeTax"],
  ["cii", "BT-151", "ram:CategoryCode", "ram:IncludedSupplyChainTradeLineItem"],
  ["cii", "BT-152", "ram:RateApplicablePercent", "ram:IncludedSupplyChainTradeLineItem"],
];

describe("Les éléments répétés sur lesquels les règles françaises publiées s'arrêtent", () => {
  for (const [syntax, term, name, parent] of frenchSingles)
    test(`${syntax} : ${name} écrit deux fois (${term})`, () => {
      expect(unreadable(spoiled(syntax, element(name, parent), "$&$&"), ["fr-ctc"])).toEqual([
        `READ-REPEATED ${term}`,
      ]);
    });

  test.each(["ubl", "cii"] as const)("%s : une facture juste n'en a aucun", (syntax) => {
    expect(unreadable(fixtures[syntax], ["fr-ctc"])).toEqual([]);
  });

  test.each([
    ["ubl", element("cac:AllowanceCharge")],
    ["ubl", element("cac:TaxSubtotal")],
    ["ubl", element("cac:InvoiceLine")],
    ["ubl", element("cac:AdditionalDocumentReference")],
    ["cii", element("ram:SpecifiedTradeAllowanceCharge", "ram:ApplicableHeaderTradeSettlement")],
    ["cii", element("ram:IncludedSupplyChainTradeLineItem")],
    ["cii", element("ram:IncludedNote")],
    ["cii", element("ram:Content", "ram:IncludedNote")],
  ] as const)("%s : ce qui peut se répéter n'est pas signalé (%s)", (syntax, piece) => {
    expect(unreadable(spoiled(syntax, piece, "$&$&"), ["fr-ctc"])).toEqual([]);
  });

  test("cii : le traitement d'une facture (BAR) ne se dit qu'une fois", () => {
    const note = "<ram:Content>B2B</ram:Content>";
    const xml = spoiled(
      "cii",
      "<ram:IncludedNote>",
      `<ram:IncludedNote>${note}${note}<ram:SubjectCode>BAR</ram:SubjectCode></ram:IncludedNote>$&`,
    );
    expect(unreadable(xml, ["fr-ctc"])).toEqual(["READ-REPEATED BT-22"]);
  });

  test("ubl : le taux d'une ligne d'avoir n'est lu par aucune règle", () => {
    const credit = spoiled("ubl", element("cbc:Percent", "cac:ClassifiedTaxCategory"), "$&$&")
      .replace(/InvoiceLine>/g, "CreditNoteLine>")
      .replace(/(<\/?)(ubl:)?Invoice([ >])/g, "$1$2CreditNote$3")
      .replaceAll("schema:xsd:Invoice-2", "schema:xsd:CreditNote-2");
    expect(credit).toMatch(/<\w*:?CreditNote /);
    expect(unreadable(credit, ["fr-ctc"])).toEqual([]);
  });

  test("ce que deux jeux de règles ne peuvent lire est dit une fois", () => {
    const xml = spoiled("ubl", element("cbc:ID", "cac:ClassifiedTaxCategory"), "$&$&");
    const found = check(xml, { rules: ["en16931", "fr-ctc"] }).filter(({ rule }) => rule.startsWith("READ-"));
    expect(found.map(({ rule, term }) => `${rule} ${term}`)).toEqual(["READ-REPEATED BT-151"]);
  });
});
