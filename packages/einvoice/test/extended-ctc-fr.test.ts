import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extendedRuleDescriptions, relaxedRules } from "../src/checking/fr-ctc/extended.ts";
import { check, type RuleSetName } from "../src/index.ts";

type Syntax = "ubl" | "cii";

const fixtures = {
  ubl: readFileSync(join(import.meta.dirname, "fixtures/facture.ubl.xml"), "utf8"),
  cii: readFileSync(join(import.meta.dirname, "fixtures/facture.cii.xml"), "utf8"),
};

/** A line that groups the others: an amount and a name, no quantity, price or VAT. */
const group = {
  ubl: '<cac:InvoiceLine><cbc:ID>G</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">600.00</cbc:LineExtensionAmount><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026-0042</cbc:ID><cbc:DocumentStatusCode>GROUP</cbc:DocumentStatusCode></cac:InvoiceDocumentReference></cac:BillingReference><cac:Item><cbc:Name>Chantier</cbc:Name></cac:Item></cac:InvoiceLine>',
  cii: "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>G</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Chantier</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>600.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>",
};

/** Marks every line of an invoice as a detail of the group. */
const detailed = {
  ubl: (xml: string) =>
    xml.replaceAll(
      /(?=<cac:(?:AllowanceCharge|Item)>)(?<=<cac:InvoiceLine>(?:(?!<\/?cac:(?:InvoiceLine|AllowanceCharge|Item)>)[\s\S])*)/g,
      "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026-0042</cbc:ID><cbc:DocumentStatusCode>DETAIL</cbc:DocumentStatusCode></cac:InvoiceDocumentReference><cac:BillingReferenceLine><cbc:ID>G</cbc:ID></cac:BillingReferenceLine></cac:BillingReference>",
    ),
  cii: (xml: string) =>
    xml.replaceAll(
      /(<ram:LineID>[12]<\/ram:LineID>)(?=\s*(?:<ram:IncludedNote>|<\/ram:AssociatedDocumentLineDocument>))/g,
      "$1<ram:ParentLineID>G</ram:ParentLineID><ram:LineStatusReasonCode>DETAIL</ram:LineStatusReasonCode>",
    ),
};

const grouped: Record<Syntax, string> = {
  ubl: detailed.ubl(fixtures.ubl).replace("<cac:InvoiceLine>", `${group.ubl}$&`),
  cii: detailed.cii(fixtures.cii).replace("<ram:IncludedSupplyChainTradeLineItem>", `${group.cii}$&`),
};

function fatal(xml: string, rules: RuleSetName): string[] {
  const found = check(xml, { rules: [rules] }).filter((finding) => finding.severity === "fatal");
  return [...new Set(found.map((finding) => finding.rule))].sort();
}

/** Each piece of an invoice replaced in turn; the piece must be there. */
function changed(text: string, changes: readonly (readonly [piece: string | RegExp, by: string])[]): string {
  return changes.reduce((before, [piece, by]) => {
    const after = before.replace(piece, by);
    expect(after, `the invoice has ${piece}`).not.toBe(before);
    return after;
  }, text);
}

const subgroup =
  "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>g</ram:LineID><ram:ParentLineID>G</ram:ParentLineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Lot</ram:Name></ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>";

type Case = readonly [
  title: string,
  syntax: Syntax,
  changes: readonly (readonly [string | RegExp, string])[],
  broken: string[],
];

const rate20 = "<ram:RateApplicablePercent>20</ram:RateApplicablePercent>";

const cases: readonly Case[] = [
  [
    "une somme de lignes à deux centimes, pour deux lignes",
    "ubl",
    [
      [
        /(<cbc:LineExtensionAmount currencyID="EUR">)600\.00(<\/cbc:LineExtensionAmount>\s*<cbc:TaxEx)/,
        "$1600.02$2",
      ],
    ],
    [],
  ],
  [
    "une somme de lignes à trois centimes, pour deux lignes",
    "ubl",
    [
      [
        /(<cbc:LineExtensionAmount currencyID="EUR">)600\.00(<\/cbc:LineExtensionAmount>\s*<cbc:TaxEx)/,
        "$1600.03$2",
      ],
    ],
    ["BR-FREXT-CO-10"],
  ],
  [
    "une somme de remises à un centime",
    "cii",
    [["<ram:AllowanceTotalAmount>50.00", "<ram:AllowanceTotalAmount>50.01"]],
    [],
  ],
  [
    "une somme de remises à deux centimes",
    "cii",
    [["<ram:AllowanceTotalAmount>50.00", "<ram:AllowanceTotalAmount>50.02"]],
    ["BR-FREXT-CO-11"],
  ],
  [
    "une somme de frais à deux centimes",
    "ubl",
    [['<cbc:ChargeTotalAmount currencyID="EUR">30.00', '<cbc:ChargeTotalAmount currencyID="EUR">30.02']],
    ["BR-FREXT-CO-12"],
  ],
  [
    "des frais de logistique comptés parmi les frais",
    "cii",
    [
      [/<ram:ChargeTotalAmount>30\.00/, "<ram:ChargeTotalAmount>35.00"],
      [
        /<ram:SpecifiedTradePaymentTerms>/,
        "<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>5.00</ram:AppliedAmount><ram:AppliedTradeTax><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>$&",
      ],
    ],
    ["BR-FREXT-CO-13", "BR-FXEXT-S-08"],
  ],
  [
    "un total hors TVA à cinq centimes, pour quatre éléments",
    "ubl",
    [['<cbc:TaxExclusiveAmount currencyID="EUR">580.00', '<cbc:TaxExclusiveAmount currencyID="EUR">580.05']],
    ["BR-FREXT-CO-13", "BR-FREXT-CO-15"],
  ],
  [
    "un total hors TVA à quatre centimes, pour quatre éléments",
    "ubl",
    [['<cbc:TaxExclusiveAmount currencyID="EUR">580.00', '<cbc:TaxExclusiveAmount currencyID="EUR">580.04']],
    [],
  ],
  [
    "une TVA ventilée sans ligne qui la porte",
    "cii",
    [["<ram:CategoryCode>S", "<ram:CategoryCode>Z"]],
    ["BR-FREXT-Z-01", "BR-FXEXT-S-08", "BR-Z-05"],
  ],
  [
    "une base ventilée à cinq centimes",
    "ubl",
    [['<cbc:TaxableAmount currencyID="EUR">480.00', '<cbc:TaxableAmount currencyID="EUR">480.05']],
    ["BR-FREXT-S-08"],
  ],
  [
    "une base ventilée à deux centimes",
    "ubl",
    [['<cbc:TaxableAmount currencyID="EUR">480.00', '<cbc:TaxableAmount currencyID="EUR">480.02']],
    [],
  ],
  [
    "une TVA ventilée à cinq centimes",
    "cii",
    [
      ["<ram:CalculatedAmount>96.00", "<ram:CalculatedAmount>96.05"],
      ["<ram:CalculatedAmount>5.50", "<ram:CalculatedAmount>5.45"],
    ],
    ["BR-FXEXT-S-09"],
  ],
  [
    "une ligne sans quantité, unité ni prix",
    "ubl",
    [
      [/<cbc:InvoicedQuantity unitCode="C62">4<\/cbc:InvoicedQuantity>/, ""],
      [/<cac:Price>\s*<cbc:PriceAmount currencyID="EUR">25<\/cbc:PriceAmount>\s*<\/cac:Price>/, ""],
    ],
    ["BR-FREXT-22", "BR-FREXT-23", "BR-FREXT-26"],
  ],
  [
    "une ligne sans quantité ni unité",
    "cii",
    [[/<ram:BilledQuantity unitCode="C62">4<\/ram:BilledQuantity>/, ""]],
    ["BR-FREXT-BR-22", "BR-FREXT-BR-23"],
  ],
  [
    "un prix négatif",
    "ubl",
    [['<cbc:PriceAmount currencyID="EUR">25<', '<cbc:PriceAmount currencyID="EUR">-25<']],
    [],
  ],
  [
    "un attribut avec un code et une mesure",
    "ubl",
    [
      ["<cbc:Name>Qualification</cbc:Name>", "<cbc:NameCode>Q</cbc:NameCode>"],
      ["<cbc:Value>Serrurier</cbc:Value>", '<cbc:ValueQuantity unitCode="KGM">9</cbc:ValueQuantity>'],
    ],
    [],
  ],
  [
    "un attribut sans nom ni code",
    "cii",
    [["<ram:Description>Qualification</ram:Description>", ""]],
    ["BR-FREXT-54-1", "CII-SR-069"],
  ],
  [
    "un attribut avec une valeur et une mesure",
    "cii",
    [
      [
        "<ram:Value>Serrurier</ram:Value>",
        '<ram:Value>9</ram:Value><ram:ValueMeasure unitCode="KGM">9</ram:ValueMeasure>',
      ],
    ],
    ["BR-FREXT-54-2"],
  ],
  ["des frais sans motif", "cii", [["<ram:Reason>Transport</ram:Reason>", ""]], ["BR-FREXT-BR-38"]],
  [
    "une taxe normale avec une raison",
    "cii",
    [["<ram:BasisAmount>480.00", "<ram:ExemptionReason>#F-1#</ram:ExemptionReason><ram:BasisAmount>480.00"]],
    [],
  ],
  [
    "un reste à payer sans échéance ni conditions",
    "ubl",
    [
      ["<cbc:DueDate>2026-11-04</cbc:DueDate>", ""],
      [/<cac:PaymentTerms>[\s\S]*?<\/cac:PaymentTerms>/, ""],
    ],
    ["BR-CO-25"],
  ],
  [
    "une ligne sans catégorie de TVA",
    "cii",
    [[`<ram:CategoryCode>S</ram:CategoryCode>\n          ${rate20}`, rate20]],
    ["BR-FREXT-CO-04", "BR-FXEXT-S-08"],
  ],
];

const described: readonly Case[] = [
  [
    "un sous-type inconnu",
    "ubl",
    [["<cbc:DocumentStatusCode>GROUP", "<cbc:DocumentStatusCode>TITRE"]],
    ["BR-FREXT-05"],
  ],
  [
    "un sous-type inconnu",
    "cii",
    [["<ram:LineStatusReasonCode>GROUP", "<ram:LineStatusReasonCode>group"]],
    ["BR-FREXT-05"],
  ],
  [
    "une ligne d'information",
    "cii",
    [["<ram:LineStatusReasonCode>GROUP", "<ram:LineStatusReasonCode>INFORMATION"]],
    [],
  ],
  [
    "une ligne au-dessus, sans sous-type",
    "cii",
    [["<ram:LineStatusReasonCode>DETAIL</ram:LineStatusReasonCode>", ""]],
    ["BR-FREXT-06", "BR-FREXT-08"],
  ],
  [
    "un groupe à un centime de ses lignes",
    "ubl",
    [
      [
        "600.00</cbc:LineExtensionAmount><cac:BillingReference>",
        "600.01</cbc:LineExtensionAmount><cac:BillingReference>",
      ],
    ],
    ["BR-FREXT-08"],
  ],
  ["un groupe sans montant", "cii", [["<ram:LineTotalAmount>600.00</ram:LineTotalAmount>", ""]], []],
  [
    "une ligne au-dessus qui n'existe pas",
    "cii",
    [["<ram:ParentLineID>G", "<ram:ParentLineID>H"]],
    ["BR-FREXT-08", "BR-FREXT-11"],
  ],
  [
    "une ligne au-dessus d'elle-même",
    "ubl",
    [["<cac:BillingReferenceLine><cbc:ID>G", "<cac:BillingReferenceLine><cbc:ID>1"]],
    ["BR-FREXT-08", "BR-FREXT-11"],
  ],
  [
    "un groupe sans montant dans un groupe qui en a un",
    "cii",
    [["<ram:ApplicableHeaderTradeAgreement>", `${subgroup}$&`]],
    ["BR-FREXT-12"],
  ],
  [
    "une ligne sans montant net",
    "ubl",
    [['<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>', ""]],
    ["BR-FREXT-08", "BR-FREXT-24", "BR-FREXT-CO-10", "BR-FREXT-CO-13", "BR-FREXT-S-08"],
  ],
  [
    "une ligne sans montant net ni prix",
    "cii",
    [
      ["<ram:LineTotalAmount>100.00</ram:LineTotalAmount>", ""],
      ["<ram:ChargeAmount>25</ram:ChargeAmount>", ""],
    ],
    ["BR-FREXT-08", "BR-FREXT-BR-24", "BR-FREXT-BR-26", "BR-FREXT-CO-10", "BR-FREXT-CO-13", "BR-FXEXT-S-08"],
  ],
  [
    "une remise de ligne devenue frais, sans motif",
    "cii",
    [
      [
        /<udt:Indicator>false(?=<\/udt:Indicator>\s*<\/ram:ChargeIndicator>\s*<ram:BasisAmount>520)/,
        "<udt:Indicator>true",
      ],
      ["<ram:Reason>Fidélité</ram:Reason>", ""],
    ],
    ["BR-FREXT-BR-44"],
  ],
  [
    "une TVA ventilée à cinq centimes",
    "ubl",
    [
      ['<cbc:TaxAmount currencyID="EUR">96.00', '<cbc:TaxAmount currencyID="EUR">96.05'],
      ['<cbc:TaxAmount currencyID="EUR">5.50', '<cbc:TaxAmount currencyID="EUR">5.45'],
    ],
    ["BR-FREXT-S-09"],
  ],
  ["une pièce jointe en XML", "ubl", [[/mimeCode="[^"]*"/, 'mimeCode="text/xml"']], []],
  ["une pièce jointe en texte", "ubl", [[/mimeCode="[^"]*"/, 'mimeCode="text/plain"']], ["BR-FREXT-CL-24"]],
];

const families = [
  ["Z", "Z"],
  ["E", "E"],
  ["AE", "AE"],
  ["K", "IC"],
  ["G", "G"],
  ["O", "O"],
  ["L", "AF"],
  ["M", "AG"],
] as const;

describe("Le profil EXTENDED-CTC-FR", () => {
  test.each(["ubl", "cii"] as const)("La facture de référence %s y est conforme", (syntax) => {
    expect(fatal(fixtures[syntax], "extended-ctc-fr")).toEqual([]);
  });

  test.each(["ubl", "cii"] as const)("Une ligne qui groupe les autres (%s) n'y compte pas", (syntax) => {
    expect(fatal(grouped[syntax], "extended-ctc-fr")).toEqual([]);
    expect(fatal(grouped[syntax], "en16931")).toEqual(
      expect.arrayContaining(["BR-22", "BR-23", "BR-26", "BR-CO-04", "BR-CO-10"]),
    );
  });

  test.each([...cases, ...described])("%s (%s)", (_, syntax, changes, broken) => {
    expect(fatal(changed(grouped[syntax], changes), "extended-ctc-fr")).toEqual(broken);
  });

  const breakdown = {
    ubl: /(?<=<cac:TaxCategory>\s*<cbc:ID>)S(?=<)(?=[\s\S]*<cac:LegalMonetaryTotal>)(?<=<cac:TaxSubtotal>[\s\S]*)/g,
    cii: /(?<=<ram:CalculatedAmount>[^<]*<\/ram:CalculatedAmount>(?:(?!<\/ram:ApplicableTradeTax>)[\s\S])*<ram:CategoryCode>)S/g,
  };

  test.each([
    ...families.flatMap(([code, family]) => [
      ["ubl", code, [`BR-FREXT-${family}-01`, `BR-FREXT-${family}-08`]] as const,
      ["cii", code, [`BR-FREXT-${family}-01`, `BR-FXEXT-${family}-08`]] as const,
    ]),
  ])("Dans une ventilation %s, une catégorie %s que rien ne porte", (syntax, code, broken) => {
    const found = fatal(changed(fixtures[syntax], [[breakdown[syntax], code]]), "extended-ctc-fr");
    expect(found).toEqual(expect.arrayContaining(["BR-FREXT-S-01", ...broken]));
  });

  test("Chaque règle du profil est essayée", () => {
    const tried = new Set([
      "BR-FREXT-S-01",
      ...families.flatMap(([, family]) => [
        `BR-FREXT-${family}-01`,
        `BR-FREXT-${family}-08`,
        `BR-FXEXT-${family}-08`,
      ]),
      ...[...cases, ...described].flatMap(([, , , broken]) => broken),
    ]);
    const untried = extendedRuleDescriptions.map((rule) => rule.id).filter((id) => !tried.has(id));
    expect(untried).toEqual([]);
  });

  test("Chaque règle écartée l'est pour une règle du profil, ou pour permettre ce que la réforme demande", () => {
    const added = new Set(extendedRuleDescriptions.map((rule) => rule.id));
    for (const number of ["10", "11", "12", "13", "15"]) {
      expect(relaxedRules.ubl).toContain(`BR-CO-${number}`);
      expect(added).toContain(`BR-FREXT-CO-${number}`);
    }
    expect(relaxedRules.ubl.has("BR-AE-01")).toBe(false);
    expect(relaxedRules.cii.has("BR-AE-01")).toBe(true);
  });
});
