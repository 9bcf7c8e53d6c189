import { describe, expect, test } from "vitest";
import { check, type Invoice, readXml } from "../src/index.ts";
import { agreementOnEn16931, failuresOfUnitTests, readSamples, samplesFolder } from "./conformance.ts";
import { brokenBy, fixtures, type SpoiledCase, type Syntax, spoiled } from "./spoiled.ts";

/** A group of UBL whose one element bears an identifier of scheme. */
const schemeOn = (group: string, name: string): string =>
  `<${group}><cbc:${name} schemeID="1">1234</cbc:${name}></${group}>`;

const lineTax = /(?<=<ram:SpecifiedLineTradeSettlement>\s*<ram:ApplicableTradeTax>)/;

function invoiceOf(syntax: Syntax): Invoice {
  const outcome = readXml(fixtures[syntax]);
  if (!outcome.ok) throw new Error(outcome.findings[0]?.message.en);
  expect(outcome.reading.unread, "the fixture holds nothing that the model has no term for").toEqual([]);
  return outcome.reading.invoice;
}

const cases: readonly SpoiledCase[] = [
  ["ubl", "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", "", ["BR-01"]],
  ["cii", /<ram:Guideline[\s\S]*<\/ram:Guideline.*/, "", ["BR-01", "CII-SR-009", "CII-SR-010"]],
  ["ubl", "<cbc:ID>F-2026-0042</cbc:ID>", "", ["BR-02"]],
  ["cii", "<ram:ID>F-2026-0042</ram:ID>", "<ram:ID> </ram:ID>", ["BR-02"]],
  ["ubl", "<cbc:IssueDate>2026-10-05</cbc:IssueDate>", "", ["BR-03"]],
  ["cii", '<udt:DateTimeString format="102">20261005', '<udt:DateTimeString format="610">202610', ["BR-03"]],
  ["ubl", "<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>999", ["BR-CL-01"]],
  ["cii", "<ram:TypeCode>380</ram:TypeCode>", "", ["BR-04", "CII-SR-014"]],
  ["ubl", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>EUX", ["BR-CL-04", "BR-CO-15"]],
  [
    "ubl",
    "<cbc:RegistrationName>Ateliers Vauquelin SAS</cbc:RegistrationName>",
    "",
    ["BR-06", "UBL-SR-19", "UBL-SR-20", "UBL-SR-21"],
  ],
  ["cii", "<ram:Name>Commune de Beauvoir</ram:Name>", "", ["BR-07"]],
  [
    "cii",
    "<ram:CityName>Rouen</ram:CityName>\n          <ram:CountryID>FR",
    "<ram:CityName>Rouen</ram:CityName>\n          <ram:CountryID>XX",
    ["BR-CL-14"],
  ],
  ["ubl", /<cbc:PayableAmount.*/, "", ["BR-15", "BR-CO-16"]],
  ["ubl", /<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, "", ["BR-16", "BR-CO-10", "BR-S-08"]],
  ["ubl", "<cbc:Name>Affacturage du Nord</cbc:Name>", "<cbc:Name>Ateliers Vauquelin</cbc:Name>", ["BR-17"]],
  ["ubl", "<cbc:ID>2</cbc:ID>", "<cbc:ID></cbc:ID>", ["BR-21"]],
  ["cii", ' unitCode="C62"', "", ["BR-23"]],
  ["cii", 'unitCode="C62"', 'unitCode="bidule"', ["BR-CL-23"]],
  ["ubl", '<cbc:PriceAmount currencyID="EUR">25<', '<cbc:PriceAmount currencyID="EUR">-25<', ["BR-27"]],
  ["ubl", "<cbc:EndDate>2026-09-30", "<cbc:EndDate>2026-08-31", ["BR-29"]],
  [
    "cii",
    '<udt:DateTimeString format="102">20260915',
    '<udt:DateTimeString format="102">20260815',
    ["BR-30"],
  ],
  [
    "cii",
    '<udt:DateTimeString format="102">20260915',
    '<udt:DateTimeString format="102">20261315',
    ["CII-DT-097"],
  ],
  ["cii", "<ram:Reason>Transport</ram:Reason>", "", ["BR-38", "BR-CO-22"]],
  ["ubl", "<cbc:AllowanceChargeReason>Fidélité</cbc:AllowanceChargeReason>", "", ["BR-42", "BR-CO-23"]],
  ["ubl", '<cbc:PaymentMeansCode name="Virement">30</cbc:PaymentMeansCode>', "", ["BR-49"]],
  ["ubl", /<cac:PayeeFinancialAccount>[\s\S]*<\/cac:PayeeFinancialAccount>/, "", ["BR-61"]],
  ["cii", /<ram:IBANID>.*<\/ram:IBANID>/, "", ["BR-50", "BR-61", "CII-SR-470"]],
  ["cii", "<ram:IssuerAssignedID>ATTACHEMENT-1</ram:IssuerAssignedID>", "", ["BR-52"]],
  ["ubl", '<cbc:EndpointID schemeID="0225">702042755', "<cbc:EndpointID>702042755", ["BR-62"]],
  ["cii", '<ram:GlobalID schemeID="0160">', "<ram:GlobalID>", ["BR-64", "CII-SR-046"]],
  ["ubl", "<cbc:CompanyID>FR32", "<cbc:CompanyID>32", ["BR-CO-09"]],
  ["cii", "<ram:LineTotalAmount>600.00", "<ram:LineTotalAmount>601.00", ["BR-CO-10", "BR-CO-13"]],
  [
    "ubl",
    '<cbc:AllowanceTotalAmount currencyID="EUR">50.00',
    '<cbc:AllowanceTotalAmount currencyID="EUR">50.01',
    ["BR-CO-11", "BR-CO-13"],
  ],
  [
    "cii",
    '<ram:TaxTotalAmount currencyID="EUR">101.50',
    '<ram:TaxTotalAmount currencyID="EUR">101.51',
    ["BR-CO-14", "BR-CO-15"],
  ],
  [
    "ubl",
    '<cbc:PrepaidAmount currencyID="EUR">81.50',
    '<cbc:PrepaidAmount currencyID="EUR">81.49',
    ["BR-CO-16"],
  ],
  [
    "ubl",
    '<cbc:TaxAmount currencyID="EUR">96.00',
    '<cbc:TaxAmount currencyID="EUR">99.00',
    ["BR-CO-14", "BR-CO-17", "BR-S-09"],
  ],
  ["cii", "<ram:BasisAmount>480.00", "<ram:BasisAmount>480.001", ["BR-DEC-19", "BR-S-08"]],
  [
    "ubl",
    '<cbc:LineExtensionAmount currencyID="EUR">100.00',
    '<cbc:LineExtensionAmount currencyID="EUR">100.000',
    ["BR-DEC-23", "UBL-DT-01"],
  ],
  ["ubl", /<cac:PartyTaxScheme>[\s\S]*?<\/cac:PartyTaxScheme>/, "", ["BR-S-02", "BR-S-03", "BR-S-04"]],
  [
    "cii",
    "<ram:RateApplicablePercent>5.5</ram:RateApplicablePercent>",
    "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>",
    ["BR-S-05", "BR-S-08"],
  ],
  [
    "ubl",
    "<cbc:Percent>5.5</cbc:Percent>\n        <cac:TaxScheme>",
    "<cbc:Percent>5.5</cbc:Percent><cbc:TaxExemptionReason>Aucun</cbc:TaxExemptionReason>\n        <cac:TaxScheme>",
    ["BR-S-10"],
  ],
  ["cii", "<ram:TypeCode>VAT", "<ram:TypeCode>vat", ["CII-DT-037"]],
  [
    "cii",
    "<ram:ChargeAmount>25</ram:ChargeAmount>",
    "<ram:ChargeAmount>25</ram:ChargeAmount><ram:ChargeAmount>25</ram:ChargeAmount>",
    ["CII-SR-439", "CII-SR-441"],
  ],
  [
    "cii",
    "<ram:CityName>Rouen</ram:CityName>",
    "<ram:CityName>Rouen</ram:CityName><ram:BuildingName>B</ram:BuildingName>",
    ["CII-DT-084"],
  ],
  ["cii", "<ram:DuePayableAmount>", '<ram:DuePayableAmount currencyID="EUR">', ["CII-DT-031"]],
  [
    "cii",
    "<ram:IssuerAssignedID>MARCHE-2025-17</ram:IssuerAssignedID>",
    "<ram:IssuerAssignedID>MARCHE-2025-17</ram:IssuerAssignedID><ram:Name>Marché</ram:Name>",
    ["CII-DT-021"],
  ],
  [
    "ubl",
    "<cbc:Note>Pose comprise</cbc:Note>",
    "<cbc:Note>Pose comprise</cbc:Note><cbc:Note>Dépose aussi</cbc:Note>",
    ["UBL-SR-34"],
  ],
  ["ubl", ' filename="heures.csv"', "", ["UBL-DT-07"]],
];

describe("Les règles EN 16931", () => {
  test.each(["ubl", "cii"] as const)("La facture de référence %s est conforme, sans réserve", (syntax) => {
    expect(check(fixtures[syntax])).toEqual([]);
  });

  test("UBL et CII donnent la même facture", () => {
    expect(invoiceOf("ubl")).toEqual(invoiceOf("cii"));
  });

  test.each(cases)("%s : %s remplacé par « %s » enfreint %j", (syntax, piece, by, broken) => {
    expect(brokenBy(spoiled(syntax, piece, by))).toEqual(broken);
  });

  test.each([
    [
      "<cbc:ID>F-2026-0042</cbc:ID>",
      "<cbc:ID>F-2026-0042</cbc:ID><cbc:UUID>1</cbc:UUID>",
      "UBL-CR-005",
      "Retirez UUID,",
    ],
    [
      "<cbc:ID>F-2026-0042</cbc:ID>",
      '<cbc:ID schemeID="A">F-2026-0042</cbc:ID>',
      "UBL-CR-650",
      "Retirez l'attribut schemeID de ID,",
    ],
    [
      "<cac:InvoiceLine>",
      "<cac:InvoiceLine><cbc:UUID>1</cbc:UUID>",
      "UBL-CR-515",
      "Retirez InvoiceLine/UUID,",
    ],
    [
      "<cac:PaymentMeans>",
      "<cac:PaymentMeans><cbc:InstructionNote>Merci</cbc:InstructionNote>",
      "UBL-CR-681",
      "Retirez PaymentMeans/InstructionNote,",
    ],
    [
      "</cac:TaxScheme>\n      </cac:ClassifiedTaxCategory>",
      "<cac:JurisdictionRegionAddress/></cac:TaxScheme></cac:ClassifiedTaxCategory>",
      "UBL-CR-607",
      "JurisdictionRegionAddress,",
    ],
    [
      "</cac:SellersItemIdentification>",
      "<cbc:BarcodeSymbologyID>1</cbc:BarcodeSymbologyID></cac:SellersItemIdentification>",
      "UBL-CR-577",
      "BarcodeSymbologyID,",
    ],
    [
      "<cbc:AllowanceChargeReasonCode>",
      '<cbc:AllowanceChargeReasonCode listID="5189">',
      "UBL-CR-662",
      "l'attribut listID,",
    ],
    [
      "<cac:PayeeFinancialAccount>",
      "<cac:PayeeFinancialAccount><cac:FinancialInstitution/>",
      "UBL-CR-664",
      "Retirez FinancialInstitution,",
    ],
    [
      "<cac:PaymentMeans>",
      "<cac:PaymentMeans><cac:PayerFinancialAccount/>",
      "UBL-CR-680",
      "PaymentMeans/PayerFinancialAccount,",
    ],
    ["</cac:Delivery>", "<cac:DeliveryAddress/></cac:Delivery>", "UBL-CR-682", "DeliveryAddress,"],
    ["</cac:Price>", "<cbc:PriceType>net</cbc:PriceType></cac:Price>", "UBL-CR-627", "Price/PriceType,"],
    [
      "<cac:PaymentMeans>",
      `<cac:PaymentMeans>${schemeOn("cac:CardAccount", "NetworkID")}`,
      "UBL-CR-675",
      "schemeID,",
    ],
    [
      "<cac:PaymentMeans>",
      `<cac:PaymentMeans>${schemeOn("cac:CardAccount", "PrimaryAccountNumberID")}`,
      "UBL-CR-674",
      "schemeID,",
    ],
    [
      "<cac:PaymentMeans>",
      `<cac:PaymentMeans>${schemeOn("cac:PaymentMandate", "ID")}`,
      "UBL-CR-676",
      "schemeID,",
    ],
    [
      "<cac:PaymentMeans>",
      `<cac:PaymentMeans><cac:PaymentMandate>${schemeOn("cac:PayerFinancialAccount", "ID")}</cac:PaymentMandate>`,
      "UBL-CR-677",
      "schemeID,",
    ],
    [/(?<=<cac:TaxCategory>\s*<cbc:ID)/, ' schemeID="UNCL5305"', "UBL-CR-678", "schemeID,"],
    [/(?<=<cac:ClassifiedTaxCategory>\s*<cbc:ID)/, ' schemeID="UNCL5305"', "UBL-CR-679", "schemeID,"],
    [
      "</cac:SellersItemIdentification>",
      '<cbc:ID schemeID="1">2</cbc:ID></cac:SellersItemIdentification>',
      "UBL-CR-668",
      "schemeID,",
    ],
    ["<cbc:CompanyID>FR", '<cbc:CompanyID schemeID="FR:TVA">FR', "UBL-CR-652", "l'attribut schemeID,"],
    ["<cbc:IdentificationCode", '<cbc:IdentificationCode listID="3166"', "UBL-CR-660", "l'attribut listID,"],
    [' unitCode="', ' unitCodeListID="rec20" unitCode="', "UBL-CR-663", "l'attribut unitCodeListID,"],
    ["<cbc:Note>", '<cbc:Note languageID="fr">', "UBL-DT-19", "l'attribut languageID,"],
    ["<cbc:EndpointID", '<cbc:EndpointID schemeAgencyID="6"', "UBL-DT-27", "l'attribut schemeAgencyID,"],
    ["<cbc:InvoiceTypeCode>", '<cbc:InvoiceTypeCode name="Facture">', "UBL-DT-18", "l'attribut name,"],
  ])("ubl : %s devenu %s est signalé par %s, en avertissement", (piece, by, rule, words) => {
    const findings = check(spoiled("ubl", piece, by));
    expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual([[rule, "warning"]]);
    expect(findings[0]?.message.fr).toContain(words);
    expect(findings[0]?.place?.line).toBeGreaterThan(1);
  });

  test.each([
    [
      "<ram:ID>F-2026-0042</ram:ID>",
      "<ram:ID>F-2026-0042</ram:ID><ram:Name>Facture</ram:Name>",
      "CII-SR-013",
    ],
    ["<ram:SpecifiedTradeProduct>", "<ram:SpecifiedTradeProduct><ram:ID>1</ram:ID>", "CII-SR-045"],
    ["<ram:BasisAmount>480", "<ram:CurrencyCode>EUR</ram:CurrencyCode><ram:BasisAmount>480", "CII-DT-049"],
    ...[
      ["listID", "CII-DT-045"],
      ["listAgencyID", "CII-DT-046"],
      ["listVersionID", "CII-DT-047"],
      ["listURI", "CII-DT-048"],
    ].map(([attribute = "", rule = ""]): [string | RegExp, string, string] => [
      "<ram:CategoryCode>",
      `<ram:CategoryCode ${attribute}="5305">`,
      rule,
    ]),
    [lineTax, "<ram:BasisAmount>480.00</ram:BasisAmount>", "CII-DT-041"],
    [lineTax, "<ram:DueDateTypeCode>5</ram:DueDateTypeCode>", "CII-DT-058"],
    [
      "<ram:CategoryTradeTax>",
      "<ram:CategoryTradeTax><ram:ExemptionReasonCode>VATEX-EU-O</ram:ExemptionReasonCode>",
      "CII-DT-052",
    ],
    [
      "<ram:CategoryTradeTax>",
      "<ram:CategoryTradeTax><ram:ExemptionReason>Exonéré</ram:ExemptionReason>",
      "CII-DT-098",
    ],
    [
      "</ram:SpecifiedLineTradeAgreement>",
      "<ram:AdditionalReferencedDocument/></ram:SpecifiedLineTradeAgreement>",
      "CII-SR-113",
    ],
    ["<ram:ActualAmount>3.125</ram:ActualAmount>", "", "CII-SR-119"],
    ["<ram:Name>Relevé", "<ram:Name>Heures</ram:Name><ram:Name>Relevé", "CII-SR-475"],
    ["<ram:RateApplicablePercent>", '<ram:RateApplicablePercent format="9">', "CII-DT-059"],
    ["<ram:PersonName>", "<ram:DepartmentName>Achats</ram:DepartmentName><ram:PersonName>", "CII-SR-465"],
  ])("cii : %s devenu %s est signalé par %s, en avertissement", (piece, by, rule) => {
    const findings = check(spoiled("cii", piece, by));
    expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual([[rule, "warning"]]);
  });

  test("Le motif et le taux d'un rabais sur le prix sont signalés sous leurs deux numéros", () => {
    const rules = (element: string) =>
      check(
        spoiled("ubl", /(?<=<cac:Price>[\s\S]*?<cac:AllowanceCharge>)/, `<cbc:${element}>1</cbc:${element}>`),
      ).map((finding) => finding.rule);
    expect(rules("AllowanceChargeReasonCode")).toEqual(expect.arrayContaining(["UBL-CR-633", "UBL-CR-669"]));
    expect(rules("AllowanceChargeReason").sort()).toEqual(["UBL-CR-634", "UBL-CR-670"]);
    expect(rules("MultiplierFactorNumeric").sort()).toEqual(["UBL-CR-635", "UBL-CR-671"]);
  });

  test("Une taxe sans nom compte parmi les autres que la TVA, un identifiant sans schéma parmi ceux du bénéficiaire", () => {
    const unnamed =
      "<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID><cac:TaxScheme/></cac:PartyTaxScheme>";
    const identifier = "<cac:PartyIdentification><cbc:ID>1</cbc:ID></cac:PartyIdentification>";
    const payee = `<cac:PayeeParty>${identifier}${identifier}<cac:PartyName><cbc:Name>Factor</cbc:Name></cac:PartyName></cac:PayeeParty>`;
    const seller = /(?=<cac:PartyLegalEntity>)/;
    const others = brokenBy(spoiled("ubl", seller, unnamed));
    const twice = brokenBy(spoiled("ubl", seller, unnamed + unnamed));
    expect(others).not.toContain("UBL-SR-13");
    expect(twice).toContain("UBL-SR-13");
    const found = check(
      fixtures.ubl.replace(
        /(<cac:PayeeParty>[\s\S]*?<\/cac:PayeeParty>)?\s*<cac:Delivery>/,
        `${payee}<cac:Delivery>`,
      ),
    );
    expect(found.map((finding) => finding.rule)).toContain("UBL-SR-20");
  });

  test.each([
    ["<cac:PaymentMeans><cac:CardAccount/></cac:PaymentMeans>", "UBL-SR-54"],
    ["<cac:PaymentMeans><cac:PaymentMandate/></cac:PaymentMeans>", "UBL-SR-55"],
    ["<cac:OriginatorDocumentReference><cbc:ID>1</cbc:ID></cac:OriginatorDocumentReference>", "UBL-SR-56"],
  ])("ubl : %s, en trop, est signalé par %s", (group, rule) => {
    const text = fixtures.ubl.replace(
      /\s*<cac:OriginatorDocumentReference>[\s\S]*?<\/cac:OriginatorDocumentReference>/,
      "",
    );
    const rules = (groups: string) => brokenBy(text.replace("<cac:TaxTotal>", `${groups}<cac:TaxTotal>`));
    expect(rules(group)).not.toContain(rule);
    expect(rules(group + group)).toContain(rule);
  });

  test("L'indicateur d'une remise se lit aussi 0, celui de frais 1", () => {
    const reasons = "<cbc:AllowanceChargeReason>a</cbc:AllowanceChargeReason>".repeat(2);
    const group = (indicator: string) =>
      `<cac:AllowanceCharge><cbc:ChargeIndicator>${indicator}</cbc:ChargeIndicator>${reasons}</cac:AllowanceCharge><cac:TaxTotal>`;
    expect(brokenBy(spoiled("ubl", "<cac:TaxTotal>", group("0")))).toEqual(
      expect.arrayContaining(["UBL-SR-30", "BR-31"]),
    );
    expect(brokenBy(spoiled("ubl", "<cac:TaxTotal>", group("1")))).toEqual(
      expect.arrayContaining(["UBL-SR-31", "BR-36"]),
    );
  });

  test("Un prix brut sans rabais ne demande pas de montant de rabais", () => {
    const discount = /<ram:AppliedTradeAllowanceCharge>[\s\S]*?<\/ram:AppliedTradeAllowanceCharge>/;
    expect(check(spoiled("cii", discount, "")).map((finding) => finding.rule)).not.toContain("CII-SR-119");
  });

  test("Le schéma d'une pièce qui n'est pas un objet facturé est signalé, avec l'erreur de syntaxe", () => {
    const rules = (type: string) =>
      check(
        spoiled(
          "ubl",
          "<cac:AccountingSupplierParty>",
          `<cac:AdditionalDocumentReference><cbc:ID schemeID="AAA">9</cbc:ID>${type}</cac:AdditionalDocumentReference><cac:AccountingSupplierParty>`,
        ),
      ).map((finding) => finding.rule);
    expect(rules("")).toEqual(expect.arrayContaining(["UBL-SR-43", "UBL-CR-665"]));
    expect(rules("<cbc:DocumentTypeCode>916</cbc:DocumentTypeCode>")).toContain("UBL-CR-665");
    expect(rules("<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>")).not.toContain("UBL-CR-665");
  });

  test("La version UBL 2.1, et l'échéance d'un avoir, sont à leur place", () => {
    const version = (text: string) =>
      check(
        spoiled(
          "ubl",
          "<cbc:CustomizationID>",
          `<cbc:UBLVersionID>${text}</cbc:UBLVersionID><cbc:CustomizationID>`,
        ),
      );
    expect(version("2.1")).toEqual([]);
    expect(version("2.3").map((finding) => finding.rule)).toEqual(["UBL-CR-002"]);
    const due = spoiled(
      "ubl",
      "<cac:PaymentMeans>",
      "<cac:PaymentMeans><cbc:PaymentDueDate>2026-11-04</cbc:PaymentDueDate>",
    );
    const creditNote = due
      .replaceAll("InvoiceLine", "CreditNoteLine")
      .replaceAll("InvoicedQuantity", "CreditedQuantity")
      .replace(/InvoiceTypeCode>380/, "CreditNoteTypeCode>381")
      .replace("/cbc:InvoiceTypeCode", "/cbc:CreditNoteTypeCode")
      .replaceAll(/(<\/?(?:ubl:)?)Invoice\b/g, "$1CreditNote")
      .replace("xsd:Invoice-2", "xsd:CreditNote-2");
    const outsideTheCore = (xml: string) => check(xml).filter((finding) => finding.rule.startsWith("UBL-CR"));
    expect(outsideTheCore(due).map((finding) => finding.rule)).toEqual(["UBL-CR-412"]);
    expect(readXml(creditNote).ok).toBe(true);
    expect(outsideTheCore(creditNote)).toEqual([]);
  });

  test("Un constat dit où, quoi et que faire", () => {
    const [finding] = check(
      spoiled(
        "ubl",
        '<cbc:PayableAmount currencyID="EUR">600.00',
        '<cbc:PayableAmount currencyID="EUR">600.001',
      ),
    ).filter((each) => each.rule === "BR-DEC-18");
    expect(finding).toMatchObject({
      severity: "fatal",
      term: "BT-115",
      value: "600.001",
      place: { xpath: "/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", column: 5 },
      message: { fr: "Arrondissez le montant à payer (BT-115) à deux décimales." },
    });
    expect(fixtures.ubl.split("\n")[(finding?.place?.line ?? 0) - 1]).toContain("PayableAmount");
  });

  test("Une facture composée par un programme se vérifie comme une facture lue", () => {
    const invoice = invoiceOf("cii");
    expect(check(invoice)).toEqual([]);
    const withoutSeller: Invoice = { ...invoice };
    delete withoutSeller.seller;
    expect(check(withoutSeller).map((finding) => finding.rule)).toContain("BR-06");
  });
});

describe("Des octets illisibles donnent un constat, jamais une exception", () => {
  test.each([
    ["", "READ-NOT-XML"],
    ["bonjour", "READ-NOT-XML"],
    ["<a><b></a>", "READ-NOT-XML"],
    ["<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "READ-DOCTYPE"],
    [`${"<a>".repeat(100)}${"</a>".repeat(100)}`, "READ-TOO-DEEP"],
    ["<cbc:a/>", "READ-UNDECLARED-PREFIX"],
    ["<Facture/>", "READ-NOT-AN-INVOICE"],
    ['<?xml version="1.0" encoding="ebcdic"?><a/>', "READ-UNKNOWN-ENCODING"],
  ])("%s", (text, rule) => {
    const findings = check(new TextEncoder().encode(text));
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(findings[0]?.message.fr).not.toBe("");
  });
});

const folder = samplesFolder();

describe.skipIf(!folder)(
  `Les verdicts officiels${folder ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    test("chaque échantillon reçoit exactement les constats attendus", () => {
      const agreement = agreementOnEn16931(readSamples(folder ?? ""));
      expect(agreement.samples).toBeGreaterThan(1000);
      expect(agreement.differences).toEqual([]);
    });

    test("chaque essai officiel d'une règle donne le résultat annoncé", () => {
      const { tests, failures } = failuresOfUnitTests(folder ?? "");
      expect(tests).toBeGreaterThan(700);
      expect(failures).toEqual([]);
    });
  },
);
