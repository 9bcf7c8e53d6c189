import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { frenchRuleDescriptions } from "../src/checking/fr-ctc/check.ts";
import { check, type Invoice, readXml } from "../src/index.ts";
import { agreementOnFrCtc, readSamples, samplesFolder } from "./conformance.ts";

type Syntax = "ubl" | "cii";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");

const ublNote = (code: string, text: string) => `<cbc:Note>#${code}#${text}</cbc:Note>`;
const ciiNote = (code: string, text: string) =>
  `<ram:IncludedNote><ram:Content>${text}</ram:Content><ram:SubjectCode>${code}</ram:SubjectCode></ram:IncludedNote>`;

const pmd = { ubl: "<cbc:Note>#PMD#", cii: "<ram:IncludedNote>\n      <ram:Content>Pénalités" };

/** The reference invoice with the notes and the attachment that France asks for. */
const french: Record<Syntax, string> = {
  ubl: fixture("facture.ubl.xml")
    .replace(pmd.ubl, `${ublNote("PMT", "40 EUR")}${ublNote("AAB", "Sans escompte")}${pmd.ubl}`)
    .replace("Relevé des heures", "DOCUMENT_ANNEXE"),
  cii: fixture("facture.cii.xml")
    .replace(pmd.cii, `${ciiNote("PMT", "40 EUR")}${ciiNote("AAB", "Sans escompte")}${pmd.cii}`)
    .replace("Relevé des heures", "DOCUMENT_ANNEXE"),
};

/** Each piece of an invoice replaced in turn, wherever it first stands; the piece must be there. */
function changed(text: string, ...changes: (readonly [piece: string | RegExp, by: string])[]): string {
  return changes.reduce((before, [piece, by]) => {
    const after = before.replace(piece, by);
    expect(after, `the invoice has ${piece}`).not.toBe(before);
    return after;
  }, text);
}

function rulesBroken(source: string | Invoice): string[] {
  return [...new Set(check(source, { rules: ["fr-ctc"] }).map((finding) => finding.rule))].sort();
}

const ublAddress = '<cbc:EndpointID schemeID="0225">702042755';
const ublSiret = '<cbc:ID schemeID="0009">70204275500240</cbc:ID>';
const ciiSiret = '<ram:GlobalID schemeID="0009">70204275500240</ram:GlobalID>';
const secondUblIdentifier = (scheme: string, value: string) =>
  [
    "<cac:PartyIdentification>",
    `<cac:PartyIdentification><cbc:ID schemeID="${scheme}">${value}</cbc:ID></cac:PartyIdentification><cac:PartyIdentification>`,
  ] as const;
const toUblBuyer = (element: string) =>
  [
    '<cbc:EndpointID schemeID="0225">217600000</cbc:EndpointID>',
    `<cbc:EndpointID schemeID="0225">217600000</cbc:EndpointID>${element}`,
  ] as const;
const addUblNote = (code: string, text: string) => [pmd.ubl, `${ublNote(code, text)}${pmd.ubl}`] as const;
const addCiiNote = (code: string, text: string) => [pmd.cii, `${ciiNote(code, text)}${pmd.cii}`] as const;
const ublType = (code: string) => ["<cbc:InvoiceTypeCode>380", `<cbc:InvoiceTypeCode>${code}`] as const;
const ciiType = (code: string) => ["<ram:TypeCode>380", `<ram:TypeCode>${code}`] as const;
const ublProcess = (code: string) => ["<cbc:ProfileID>B1", `<cbc:ProfileID>${code}`] as const;
const ciiProcess = (code: string) => ["<ram:ID>B1", `<ram:ID>${code}`] as const;
const withoutUblReference = [/<cac:BillingReference>[\s\S]*?<\/cac:BillingReference>/, ""] as const;
const withoutCiiReference = [
  /<ram:InvoiceReferencedDocument>[\s\S]*?<\/ram:InvoiceReferencedDocument>/,
  "",
] as const;
const creditNote = [
  [/<Invoice xmlns="[^"]*"/, '<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"'],
  ["</Invoice>", "</CreditNote>"],
  [/InvoiceTypeCode>380<\/cbc:InvoiceTypeCode/, "CreditNoteTypeCode>381</cbc:CreditNoteTypeCode"],
] as const;
const ublParty = (name: string, identifier: string, address: string) =>
  `<cac:${name}>${address === "" ? "" : `<cbc:EndpointID schemeID="0225">${address}</cbc:EndpointID>`}<cac:PartyIdentification>${identifier}</cac:PartyIdentification></cac:${name}>`;
const ciiParty = (name: string, identifier: string, address: string) =>
  `<ram:${name}>${identifier}<ram:URIUniversalCommunication><ram:URIID schemeID="0225">${address}</ram:URIID></ram:URIUniversalCommunication></ram:${name}>`;

type Case = readonly [
  title: string,
  syntax: Syntax,
  changes: readonly (readonly [string | RegExp, string])[],
  broken: string[],
];

/** What an invoice says, and exactly which French rules that breaks. */
const cases: readonly Case[] = [
  [
    "un numéro de 36 caractères",
    "ubl",
    [["<cbc:ID>F-2026-0042", `<cbc:ID>${"F".repeat(36)}`]],
    ["BR-FR-01_BT-1-1"],
  ],
  [
    "un numéro avec une espace",
    "ubl",
    [["<cbc:ID>F-2026-0042", "<cbc:ID>F 0042"]],
    ["BR-FR-01_BT-1-2", "BR-FR-02_BT-1"],
  ],
  ["un numéro avec un point", "cii", [["<ram:ID>F-2026-0042", "<ram:ID>F.0042"]], ["BR-FR-02_BT-1"]],
  [
    "une facture antérieure au numéro de 36 caractères",
    "cii",
    [["F-2026-0031", "F".repeat(36)]],
    ["BR-FR-01_BT-25"],
  ],
  [
    "une facture antérieure au numéro accentué",
    "ubl",
    [["F-2026-0031", "é"]],
    ["BR-FR-01_BT-25-2", "BR-FR-02_BT-25"],
  ],
  [
    "une ligne qui cite une facture au type inconnu, au numéro mal formé, d'un autre siècle",
    "ubl",
    [
      [
        "<cac:OrderLineReference>",
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>a b</cbc:ID><cbc:IssueDate>1999-01-01</cbc:IssueDate><cbc:DocumentTypeCode>999</cbc:DocumentTypeCode></cac:InvoiceDocumentReference></cac:BillingReference><cac:OrderLineReference>",
      ],
    ],
    [
      "BR-FR-01_EXT-FR-FE-136-2",
      "BR-FR-02_EXT-FR-FE-136",
      "BR-FR-03_EXT-FR-FE-138",
      "BR-FR-04_EXT-FR-FE-137",
    ],
  ],
  [
    "une date d'émission de 1999",
    "ubl",
    [["<cbc:IssueDate>2026-10-05", "<cbc:IssueDate>1999-10-05"]],
    ["BR-FR-03_BT-2"],
  ],
  ["une échéance le 31 novembre", "cii", [["20261104", "20261131"]], ["BR-FR-03_BT-9"]],
  [
    "une échéance le 29 février 2027",
    "ubl",
    [["<cbc:DueDate>2026-11-04", "<cbc:DueDate>2027-02-29"]],
    ["BR-FR-03_BT-9"],
  ],
  ["une échéance le 29 février 2028", "ubl", [["<cbc:DueDate>2026-11-04", "<cbc:DueDate>2028-02-29"]], []],
  ["une livraison en 2126", "ubl", [["2026-09-28", "2126-09-28"]], ["BR-FR-03_BT-72"]],
  ["une période qui finit en 2126", "cii", [["20260930", "21260930"]], ["BR-FR-03_BT-74"]],
  [
    "une ligne dont la période commence en 1926",
    "cii",
    [["20260901", "19260901"]],
    ["BR-FR-03_EXT-FR-FE-134"],
  ],
  ["un type 326", "ubl", [ublType("326")], ["BR-FR-04_BT-3"]],
  [
    "une facture antérieure de type 326",
    "ubl",
    [
      [
        "<cbc:IssueDate>2026-08-31</cbc:IssueDate>",
        "<cbc:IssueDate>2026-08-31</cbc:IssueDate><cbc:DocumentTypeCode>326</cbc:DocumentTypeCode>",
      ],
    ],
    ["BR-FR-04_EXT-FR-FE-02"],
  ],
  ["sans note PMT", "ubl", [[ublNote("PMT", "40 EUR"), ""]], ["BR-FR-05_BT-22-1"]],
  ["sans note AAB", "cii", [[ciiNote("AAB", "Sans escompte"), ""]], ["BR-FR-05_BT-22_AAB"]],
  ["deux notes PMD", "ubl", [addUblNote("PMD", "Encore")], ["BR-FR-06_BT-21-2"]],
  ["deux notes TXD", "cii", [addCiiNote("TXD", "A"), addCiiNote("TXD", "B")], ["BR-FR-06_BT-21_TXD"]],
  ["sans cadre de facturation", "ubl", [["<cbc:ProfileID>B1</cbc:ProfileID>", ""]], ["BR-FR-08_BT-23"]],
  ["un cadre de facturation inconnu", "cii", [ciiProcess("A1")], ["BR-FR-08_BT-23"]],
  ["un SIRET d'une autre entreprise", "ubl", [["70204275500240", "55210055400013"]], ["BR-FR-09_BT-29"]],
  ["un SIRET de 13 chiffres", "cii", [["70204275500240", "7020427550024"]], ["BR-FR-09_BT-29"]],
  [
    "un vendeur sans SIREN",
    "cii",
    [['<ram:ID schemeID="0002">702042755', '<ram:ID schemeID="0007">702042755']],
    ["BR-FR-09_BT-29", "BR-FR-10_BT-30"],
  ],
  [
    "un bénéficiaire dont le SIRET n'a pas 14 chiffres",
    "ubl",
    [
      [
        "<cac:PayeeParty>",
        '<cac:PayeeParty><cac:PartyIdentification><cbc:ID schemeID="0009">123</cbc:ID></cac:PartyIdentification>',
      ],
    ],
    ["BR-FR-09_BT-60"],
  ],
  [
    "une note BAR B2B, et un acheteur sans SIREN",
    "ubl",
    [
      addUblNote("BAR", "B2B"),
      ['<cbc:CompanyID schemeID="0002">217600000', '<cbc:CompanyID schemeID="0007">217600000'],
    ],
    ["BR-FR-11_BT-47"],
  ],
  ["une note BAR B2B, et un acheteur avec son SIREN", "cii", [addCiiNote("BAR", "B2B")], []],
  [
    "un acheteur sans adresse électronique",
    "ubl",
    [['<cbc:EndpointID schemeID="0225">217600000</cbc:EndpointID>', ""]],
    ["BR-FR-12_BT-49"],
  ],
  [
    "un vendeur sans adresse électronique",
    "ubl",
    [[`${ublAddress}</cbc:EndpointID>`, ""]],
    ["BR-FR-13_BT-34"],
  ],
  [
    "une remise de catégorie L",
    "ubl",
    [["<cac:TaxCategory>\n      <cbc:ID>S", "<cac:TaxCategory>\n      <cbc:ID>L"]],
    ["BR-FR-15_BT-95_BT-102-1", "BR-FR-15_BT-95_BT-102-2"],
  ],
  [
    "une ligne de catégorie B",
    "cii",
    [["<ram:CategoryCode>S", "<ram:CategoryCode>B"]],
    ["BR-FR-15_BT-95_BT-151"],
  ],
  [
    "une ligne de catégorie M",
    "ubl",
    [[/(<cac:ClassifiedTaxCategory>\s*<cbc:ID>)S/, "$1M"]],
    ["BR-FR-08_BT-151-2", "BR-FR-15_BT-151-1"],
  ],
  [
    "une ligne au taux de 19 %",
    "cii",
    [["<ram:RateApplicablePercent>20", "<ram:RateApplicablePercent>19"]],
    ["BR-FR-16_BT-152"],
  ],
  [
    "une remise au taux de 20,000 %",
    "ubl",
    [["<cbc:Percent>20<", "<cbc:Percent>20.000<"]],
    ["BR-FR-16_BT-96", "BR-FR-DEC-04_BT-96_BT-103"],
  ],
  ["une pièce jointe sans qualification connue", "cii", [["DOCUMENT_ANNEXE", "Photo"]], ["BR-FR-17_BT-123"]],
  [
    "deux pièces LISIBLE",
    "ubl",
    [
      ["DOCUMENT_ANNEXE", "LISIBLE"],
      [
        "<cac:ProjectReference>",
        "<cac:AdditionalDocumentReference><cbc:ID>2</cbc:ID><cbc:DocumentDescription>LISIBLE</cbc:DocumentDescription></cac:AdditionalDocumentReference><cac:ProjectReference>",
      ],
    ],
    ["BR-FR-18_BT-123"],
  ],
  ["une note BAR sans traitement connu", "cii", [addCiiNote("BAR", "B2X")], ["BR-FR-20_BT-21"]],
  ["deux notes BAR", "ubl", [addUblNote("BAR", "B2C"), addUblNote("BAR", "B2CINT")], ["BR-FR-30_BT-21"]],
  ["deux notes BAR", "cii", [addCiiNote("BAR", "B2C"), addCiiNote("BAR", "B2C")], ["BR-FR-31_BT-21"]],
  [
    "une note BAR B2B, et un acheteur joint par courriel",
    "ubl",
    [
      addUblNote("BAR", "B2B"),
      ['<cbc:EndpointID schemeID="0225">217600000', '<cbc:EndpointID schemeID="EM">a@b.example'],
    ],
    ["BR-FR-21_BT-49"],
  ],
  [
    "une autofacture B2B, et un vendeur joint par courriel",
    "ubl",
    [addUblNote("BAR", "B2B"), ublType("389"), [ublAddress, '<cbc:EndpointID schemeID="EM">a@b.example']],
    ["BR-FR-22_BT-34"],
  ],
  ["une adresse 0225 avec une barre", "ubl", [[ublAddress, `${ublAddress}/A`]], ["BR-FR-23_BT-34"]],
  ["une adresse 0225 avec un suffixe", "ubl", [[ublAddress, `${ublAddress}_SERVICE`]], []],
  [
    "une adresse de 126 caractères",
    "ubl",
    [[ublAddress, `${ublAddress}${"A".repeat(117)}`]],
    ["BR-FR-25_BT-34"],
  ],
  ["un identifiant privé avec une espace", "ubl", [secondUblIdentifier("0224", "a b")], ["BR-FR-24_BT-29"]],
  [
    "un identifiant privé de 101 caractères",
    "ubl",
    [secondUblIdentifier("0224", "A".repeat(101))],
    ["BR-FR-26_BT-29"],
  ],
  [
    "un attribut sans nom ni code",
    "cii",
    [["<ram:Description>Qualification</ram:Description>", ""]],
    ["BR-FR-27_BG-32"],
  ],
  [
    "un attribut au nom vide",
    "cii",
    [["<ram:Description>Qualification", "<ram:Description> "]],
    ["BR-FR-27_BT-160"],
  ],
  [
    "un attribut au code vide",
    "cii",
    [["<ram:Description>Qualification", "<ram:TypeCode></ram:TypeCode><ram:Description>Qualification"]],
    ["BR-FR-27_EXT-FR-FE-159"],
  ],
  [
    "un attribut avec une valeur et une mesure",
    "ubl",
    [
      [
        "<cbc:Value>Serrurier</cbc:Value>",
        '<cbc:Value>9</cbc:Value><cbc:ValueQuantity unitCode="KGM">9</cbc:ValueQuantity>',
      ],
    ],
    ["BR-FR-28-Value"],
  ],
  [
    "un attribut avec une mesure",
    "cii",
    [["<ram:Value>Serrurier</ram:Value>", '<ram:ValueMeasure unitCode="KGM">9</ram:ValueMeasure>']],
    [],
  ],
  [
    "deux objets facturés AFL",
    "cii",
    [
      [
        "<ram:AdditionalReferencedDocument>",
        "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>A</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AFL</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>"
          .repeat(2)
          .concat("<ram:AdditionalReferencedDocument>"),
      ],
    ],
    ["BR-FR-29_BT-18"],
  ],
  [
    "un objet facturé AVV vide",
    "ubl",
    [['<cbc:ID schemeID="AWV">COMPTEUR-5', '<cbc:ID schemeID="AVV">']],
    ["BR-FR-29_AVV"],
  ],
  [
    "un objet facturé AFL vide sur une ligne",
    "ubl",
    [
      [
        "<cac:OrderLineReference>\n      <cbc:LineID>3</cbc:LineID>\n    </cac:OrderLineReference>",
        '<cac:DocumentReference><cbc:ID schemeID="AFL"></cbc:ID></cac:DocumentReference>',
      ],
    ],
    ["BR-FR-30_AFL"],
  ],
  [
    "un SIREN d'acheteur de 8 chiffres",
    "cii",
    [['<ram:ID schemeID="0002">217600000', '<ram:ID schemeID="0002">21760000']],
    ["BR-FR-32-LEGALID"],
  ],
  ["un identifiant 0002 de 8 chiffres", "ubl", [secondUblIdentifier("0002", "12345678")], ["BR-FR-32-ID"]],
  [
    "une remise globale sans contrat",
    "cii",
    [ciiType("262"), [/<ram:ContractReferencedDocument>[\s\S]*?<\/ram:ContractReferencedDocument>/, ""]],
    ["BR-FR-CO-03_BT-3"],
  ],
  ["une remise globale avec contrat et période", "cii", [ciiType("262")], []],
  ["une rectificative qui ne cite rien", "ubl", [ublType("384"), withoutUblReference], ["BR-FR-CO-04_BT-3"]],
  ["une rectificative qui ne cite rien", "cii", [ciiType("384"), withoutCiiReference], ["BR-FR-CO-04_BT-4"]],
  ["une rectificative qui cite une facture", "ubl", [ublType("384")], []],
  ["un avoir qui ne cite rien", "cii", [ciiType("381"), withoutCiiReference], ["BR-FR-CO-05_BT-3"]],
  ["un avoir UBL qui ne cite rien", "ubl", [...creditNote, withoutUblReference], ["BR-FR-CO-05_BT-3"]],
  ["un avoir UBL qui cite une facture datée", "ubl", creditNote, []],
  [
    "une échéance avant l'émission",
    "ubl",
    [["<cbc:DueDate>2026-11-04", "<cbc:DueDate>2026-10-04"]],
    ["BR-FR-CO-07_BT-9"],
  ],
  ["une échéance avant l'émission d'un acompte", "cii", [["20261104", "20261004"], ciiType("386")], []],
  ["un acompte au cadre S4", "cii", [ciiProcess("S4"), ciiType("386")], ["BR-FR-CO-08_BT-23"]],
  [
    "une facture déjà payée dont il reste à payer, sans date",
    "ubl",
    [ublProcess("B2"), ["<cbc:DueDate>2026-11-04</cbc:DueDate>", ""]],
    ["BR-FR-CO-09_BT-23-1", "BR-FR-CO-09_BT-23-2", "BR-FR-CO-09_BT-23-3"],
  ],
  [
    "une facture entièrement payée",
    "cii",
    [
      ciiProcess("S2"),
      ["<ram:TotalPrepaidAmount>81.50", "<ram:TotalPrepaidAmount>681.50"],
      ["<ram:DuePayableAmount>600.00", "<ram:DuePayableAmount>0.00"],
    ],
    [],
  ],
  [
    "un identifiant de vendeur sans schéma",
    "ubl",
    [[ublSiret, "<cbc:ID>12</cbc:ID>"]],
    ["BR-FR-CO-10_BT-29-1"],
  ],
  ["deux SIRET du vendeur", "cii", [[ciiSiret, ciiSiret.repeat(2)]], ["BR-FR-CO-10_BT-29-2"]],
  [
    "un identifiant d'acheteur sans schéma",
    "ubl",
    [toUblBuyer("<cac:PartyIdentification><cbc:ID>12</cbc:ID></cac:PartyIdentification>")],
    ["BR-FR-CO-10_BT-46-1"],
  ],
  [
    "un lieu de livraison sans schéma",
    "ubl",
    [["<cac:DeliveryLocation>", "<cac:DeliveryLocation><cbc:ID>12</cbc:ID>"]],
    ["BR-FR-CO-10_BT-71-1"],
  ],
  [
    "l'agent de l'acheteur, aux identifiants faux",
    "ubl",
    [
      [
        "</cac:Party>\n  </cac:AccountingCustomerParty>",
        `${ublParty("AgentParty", '<cbc:ID schemeID="0009">1</cbc:ID>', "a/b")}</cac:Party>\n  </cac:AccountingCustomerParty>`,
      ],
    ],
    ["BR-FR-09_EXT-FR-FE-06", "BR-FR-23_EXT-FR-FE-12"],
  ],
  [
    "le facturant, à l'adresse trop longue et sans schéma",
    "cii",
    [
      [
        "<ram:SpecifiedTradeSettlementPaymentMeans>",
        `${ciiParty("InvoicerTradeParty", "<ram:GlobalID>1</ram:GlobalID>", "A".repeat(126))}<ram:SpecifiedTradeSettlementPaymentMeans>`,
      ],
    ],
    ["BR-FR-25_EXT-FR-FE-121", "BR-FR-CO-10_EXT-FR-FE-115-1"],
  ],
  [
    "une facture en dollars sans TVA en euros",
    "ubl",
    [["<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>USD"]],
    ["BR-FR-CO-12_BT-5"],
  ],
  [
    "une facture en dollars avec la TVA en euros",
    "ubl",
    [
      [
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
        "<cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>",
      ],
    ],
    [],
  ],
  [
    "un membre d'assujetti unique sans note ni représentant",
    "ubl",
    [secondUblIdentifier("0231", "123456789")],
    ["BR-FR-CO-14_BT-29-1", "BR-FR-CO-15_BT-29-1"],
  ],
  [
    "un membre d'assujetti unique avec note et représentant",
    "ubl",
    [
      secondUblIdentifier("0231", "123456789"),
      addUblNote("TXD", "MEMBRE_ASSUJETTI_UNIQUE"),
      [
        "<cac:Delivery>",
        "<cac:TaxRepresentativeParty><cac:PartyTaxScheme><cbc:CompanyID>FR11123456789</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty><cac:Delivery>",
      ],
    ],
    [],
  ],
  [
    "un total à trois décimales",
    "cii",
    [["<ram:DuePayableAmount>600.00", "<ram:DuePayableAmount>600.001"]],
    ["BR-FR-DEC-01_BT-115"],
  ],
  [
    "une remise à trois décimales",
    "ubl",
    [['<cbc:Amount currencyID="EUR">50.00', '<cbc:Amount currencyID="EUR">50.001']],
    ["BR-FR-DEC-01_BT-92_BT-99"],
  ],
  [
    "une quantité à cinq décimales",
    "ubl",
    [['unitCode="HUR">10<', 'unitCode="HUR">10.00001<']],
    ["BR-FR-DEC-02_BT-129"],
  ],
  [
    "une quantité de base à cinq décimales",
    "cii",
    [['<ram:BasisQuantity unitCode="HUR">1<', '<ram:BasisQuantity unitCode="HUR">1.00001<']],
    ["BR-FR-DEC-02_BT-149"],
  ],
  [
    "un prix négatif",
    "ubl",
    [['<cbc:PriceAmount currencyID="EUR">25<', '<cbc:PriceAmount currencyID="EUR">-25<']],
    ["BR-FR-DEC-03_BT-146"],
  ],
  [
    "un taux de cinq chiffres",
    "cii",
    [["<ram:RateApplicablePercent>20<", "<ram:RateApplicablePercent>020.00<"]],
    ["BR-FR-16_BT-152", "BR-FR-DEC-04_BT-152"],
  ],
];

/** The parties and the places where they stand, each with the terms of its identifiers and address. */
const parties: readonly [
  identifiers: string,
  address: string,
  ubl: (party: string) => readonly [RegExp, string],
  cii: (party: string) => readonly [RegExp, string],
][] = [
  [
    "BT-60",
    "EXT-FR-FE-29",
    (party) => [/<cac:PayeeParty>/, `$&${party}`],
    (party) => [/<ram:PayeeTradeParty>/, `$&${party}`],
  ],
  [
    "EXT-FR-FE-06",
    "EXT-FR-FE-12",
    (party) => [
      /<\/cac:Party>\s*<\/cac:AccountingCustomerParty>/,
      `<cac:AgentParty>${party}</cac:AgentParty>$&`,
    ],
    (party) => [
      /<\/ram:ApplicableHeaderTradeAgreement>/,
      `<ram:BuyerAgentTradeParty>${party}</ram:BuyerAgentTradeParty>$&`,
    ],
  ],
  [
    "EXT-FR-FE-46",
    "EXT-FR-FE-52",
    (party) => [
      /<\/cac:PaymentMeans>/,
      `<cac:PaymentMandate><cac:PayerParty>${party}</cac:PayerParty></cac:PaymentMandate>$&`,
    ],
    (party) => [
      /<\/ram:ApplicableHeaderTradeSettlement>/,
      `<ram:PayerTradeParty>${party}</ram:PayerTradeParty>$&`,
    ],
  ],
  [
    "EXT-FR-FE-69",
    "EXT-FR-FE-75",
    (party) => [
      /<\/cac:Party>\s*<\/cac:AccountingSupplierParty>/,
      `<cac:AgentParty>${party}</cac:AgentParty>$&`,
    ],
    (party) => [
      /<\/ram:ApplicableHeaderTradeAgreement>/,
      `<ram:SalesAgentTradeParty>${party}</ram:SalesAgentTradeParty>$&`,
    ],
  ],
  [
    "EXT-FR-FE-92",
    "EXT-FR-FE-98",
    (party) => [
      /<\/cac:Party>\s*<\/cac:AccountingCustomerParty>/,
      `<cac:ServiceProviderParty><cac:Party>${party}</cac:Party></cac:ServiceProviderParty>$&`,
    ],
    (party) => [
      /<\/ram:ApplicableHeaderTradeSettlement>/,
      `<ram:InvoiceeTradeParty>${party}</ram:InvoiceeTradeParty>$&`,
    ],
  ],
  [
    "EXT-FR-FE-115",
    "EXT-FR-FE-121",
    (party) => [
      /<\/cac:Party>\s*<\/cac:AccountingSupplierParty>/,
      `<cac:ServiceProviderParty><cac:Party>${party}</cac:Party></cac:ServiceProviderParty>$&`,
    ],
    (party) => [
      /<\/ram:ApplicableHeaderTradeSettlement>/,
      `<ram:InvoicerTradeParty>${party}</ram:InvoicerTradeParty>$&`,
    ],
  ],
];

/** A party with a false SIRET twice, an identifier without scheme and an address too long with a sign too many. */
const wrongParty = {
  ubl: `<cbc:EndpointID schemeID="0225">/${"A".repeat(125)}</cbc:EndpointID><cac:PartyIdentification><cbc:ID schemeID="0009">1</cbc:ID></cac:PartyIdentification><cac:PartyIdentification><cbc:ID schemeID="0009">1</cbc:ID></cac:PartyIdentification><cac:PartyIdentification><cbc:ID>1</cbc:ID></cac:PartyIdentification>`,
  cii: `<ram:GlobalID schemeID="0009">1</ram:GlobalID><ram:GlobalID schemeID="0009">1</ram:GlobalID><ram:GlobalID>1</ram:GlobalID><ram:URIUniversalCommunication><ram:URIID schemeID="0225">/${"A".repeat(125)}</ram:URIID></ram:URIUniversalCommunication>`,
};

const wrongPlace = {
  ubl: '<cbc:ID schemeID="0009">1</cbc:ID><cbc:ID schemeID="0009">1</cbc:ID><cbc:ID>1</cbc:ID>',
  cii: '<ram:GlobalID schemeID="0009">1</ram:GlobalID><ram:GlobalID schemeID="0009">1</ram:GlobalID><ram:GlobalID>1</ram:GlobalID>',
};

const placeRules = (term: string) => [`BR-FR-09_${term}`, `BR-FR-CO-10_${term}-1`, `BR-FR-CO-10_${term}-2`];

const partyCases = (["ubl", "cii"] as const).flatMap((syntax): Case[] => [
  ...parties.map(
    ([identifiers, address, ubl, cii]): Case => [
      `une partie (${identifiers}) aux identifiants et à l'adresse faux`,
      syntax,
      [syntax === "ubl" ? ubl(wrongParty.ubl) : cii(wrongParty.cii)],
      [...placeRules(identifiers), `BR-FR-23_${address}`, `BR-FR-25_${address}`],
    ],
  ),
  [
    "un acheteur aux identifiants et à l'adresse faux",
    syntax,
    syntax === "ubl"
      ? [
          [
            /<cbc:EndpointID schemeID="0225">217600000<\/cbc:EndpointID>/,
            `${wrongParty.ubl}<cac:PartyIdentification><cbc:ID schemeID="0224">/${"A".repeat(100)}</cbc:ID></cac:PartyIdentification>`,
          ],
        ]
      : [
          [
            /(<ram:BuyerTradeParty>)([\s\S]*?)<ram:URIUniversalCommunication>[\s\S]*?<\/ram:URIUniversalCommunication>/,
            `$1<ram:GlobalID schemeID="0224">/${"A".repeat(100)}</ram:GlobalID>${wrongParty.cii}$2`,
          ],
        ],
    [...placeRules("BT-46"), "BR-FR-23_BT-49", "BR-FR-24_BT-46", "BR-FR-25_BT-49", "BR-FR-26_BT-46"],
  ],
  [
    "un vendeur aux identifiants et à l'adresse faux",
    syntax,
    syntax === "ubl"
      ? [
          [
            /<cbc:EndpointID schemeID="0225">702042755<\/cbc:EndpointID>/,
            `${wrongParty.ubl}<cac:PartyIdentification><cbc:ID schemeID="0224">/${"A".repeat(100)}</cbc:ID></cac:PartyIdentification>`,
          ],
        ]
      : [
          [
            /(<ram:SellerTradeParty>)([\s\S]*?)<ram:URIUniversalCommunication>[\s\S]*?<\/ram:URIUniversalCommunication>/,
            `$1<ram:GlobalID schemeID="0224">/${"A".repeat(100)}</ram:GlobalID>${wrongParty.cii}$2`,
          ],
        ],
    [...placeRules("BT-29"), "BR-FR-23_BT-34", "BR-FR-24_BT-29", "BR-FR-25_BT-34", "BR-FR-26_BT-29"],
  ],
]);

const placeCases: Case[] = [
  [
    "un lieu de livraison au faux SIRET",
    "ubl",
    [[/<cac:DeliveryLocation>/, `$&${wrongPlace.ubl}`]],
    placeRules("BT-71"),
  ],
  [
    "un lieu de livraison au faux SIRET",
    "cii",
    [[/<ram:ShipToTradeParty>/, `$&${wrongPlace.cii}`]],
    placeRules("BT-71"),
  ],
  [
    "une ligne livrée à un faux SIRET, en 1999",
    "ubl",
    [
      [
        /<cac:OrderLineReference>/,
        `<cac:Delivery><cbc:ActualDeliveryDate>1999-01-01</cbc:ActualDeliveryDate><cac:DeliveryLocation>${wrongPlace.ubl}</cac:DeliveryLocation></cac:Delivery>$&`,
      ],
    ],
    ["BR-FR-03_EXT-FR-FE-158", "BR-FR-CO-10_EXT-FR-FE-146-1", "BR-FR-CO-10_EXT-FR-FE-146-2"],
  ],
  [
    "une ligne livrée à un faux SIRET, en 1999",
    "cii",
    [
      [
        /<\/ram:SpecifiedLineTradeDelivery>/,
        `<ram:ShipToTradeParty>${wrongPlace.cii}</ram:ShipToTradeParty><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTimeString format="102">19990101</udt:DateTimeString></ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>$&`,
      ],
    ],
    ["BR-FR-03_EXT-FR-FE-158", ...placeRules("EXT-FR-FE-146")],
  ],
  [
    "un vendeur à l'identifiant 0002 de 8 chiffres",
    "cii",
    [[ciiSiret, `${ciiSiret}<ram:GlobalID schemeID="0002">12345678</ram:GlobalID>`]],
    ["BR-FR-32-GLOBALID"],
  ],
];

const amountRules = [
  "BT-92_BT-99",
  "BT-93_BT-100",
  "BT-106",
  "BT-107",
  "BT-108",
  "BT-109",
  "BT-110",
  "BT-112",
  "BT-113",
  "BT-114",
  "BT-115",
  "BT-116",
  "BT-117",
  "BT-131",
  "BT-136_BT-141",
  "BT-137_BT-142",
].map((terms) => `BR-FR-DEC-01_${terms}`);

const mentionRules = {
  ubl: ["BR-FR-05_BT-22-1", "BR-FR-05_BT-22-2", "BR-FR-05_BT-22-3"],
  cii: ["BR-FR-05_BT-22_AAB", "BR-FR-05_BT-22_PMD", "BR-FR-05_BT-22_PMT"],
};
const repeatedMentionRules = {
  ubl: ["BR-FR-06_BT-21-1", "BR-FR-06_BT-21-2", "BR-FR-06_BT-21-3", "BR-FR-06_BT-21-4"],
  cii: ["BR-FR-06_BT-21_AAB", "BR-FR-06_BT-21_PMD", "BR-FR-06_BT-21_PMT", "BR-FR-06_BT-21_TXD"],
};

/** A whole kind of terms spoiled at once. */
const everywhere: readonly Case[] = [
  [
    "chaque montant à trois décimales, chaque prix à sept",
    "ubl",
    [
      [/currencyID="EUR">(\d+\.\d\d)</g, 'currencyID="EUR">$11<'],
      [
        /currencyID="EUR">(\d+\.\d{3})<\/cbc:PrepaidAmount>/,
        '$&<cbc:PayableRoundingAmount currencyID="EUR">0.001</cbc:PayableRoundingAmount>',
      ],
      [/3\.125</, "3.1250001<"],
      [/55\.125</, "55.1250001<"],
      [/"EUR">25</, '"EUR">25.0000001<'],
    ],
    [...amountRules, "BR-FR-DEC-03_BT-146", "BR-FR-DEC-03_BT-147", "BR-FR-DEC-03_BT-148"],
  ],
  [
    "chaque montant à trois décimales, chaque prix à sept",
    "cii",
    [
      [/>(\d+\.\d\d)<\/ram:(\w+Amount)>/g, ">$11</ram:$2>"],
      [/<ram:GrandTotalAmount>/, "<ram:RoundingAmount>0.001</ram:RoundingAmount>$&"],
      [/<ram:ActualAmount>3\.125</, "<ram:ActualAmount>3.1250001<"],
      [/55\.125</, "55.1250001<"],
      [/<ram:ChargeAmount>25</, "<ram:ChargeAmount>25.0000001<"],
    ],
    [...amountRules, "BR-FR-DEC-03_BT-146", "BR-FR-DEC-03_BT-147", "BR-FR-DEC-03_BT-148"],
  ],
  [
    "chaque date au siècle dernier",
    "ubl",
    [
      [/<cbc:DueDate>/, "<cbc:TaxPointDate>2026-10-05</cbc:TaxPointDate>$&"],
      [/>20(2\d-\d\d-\d\d)</g, ">19$1<"],
    ],
    ["2", "26", "7", "72", "73", "74", "9", "134", "135"].map((term) => `BR-FR-03_BT-${term}`),
  ],
  [
    "chaque date au siècle dernier",
    "cii",
    [
      [
        /<\/ram:CategoryCode>\s*<ram:RateApplicablePercent>5\.5<\/ram:RateApplicablePercent>\s*<\/ram:ApplicableTradeTax>\s*<ram:BillingSpecifiedPeriod>/,
        '</ram:CategoryCode><ram:TaxPointDate><udt:DateString format="102">20261005</udt:DateString></ram:TaxPointDate></ram:ApplicableTradeTax><ram:BillingSpecifiedPeriod>',
      ],
      [/>20(2\d{5})</g, ">19$1<"],
    ],
    [
      ...["2", "26", "7", "72", "73", "74", "9"].map((term) => `BR-FR-03_BT-${term}`),
      "BR-FR-03_EXT-FR-FE-134",
      "BR-FR-03_EXT-FR-FE-135",
    ],
  ],
  [
    "chaque TVA de catégorie L au taux de 19,999 %",
    "ubl",
    [
      [/(Category>\s*<cbc:ID>)S/g, "$1L"],
      [/<cbc:Percent>[\d.]+/g, "<cbc:Percent>19.999"],
    ],
    [
      "BR-FR-08_BT-151-2",
      "BR-FR-15_BT-118-1",
      "BR-FR-15_BT-118-2",
      "BR-FR-15_BT-151-1",
      "BR-FR-15_BT-95_BT-102-1",
      "BR-FR-15_BT-95_BT-102-2",
      "BR-FR-16_BT-119",
      "BR-FR-16_BT-152",
      "BR-FR-16_BT-96",
      "BR-FR-DEC-04_BT-119",
      "BR-FR-DEC-04_BT-152",
      "BR-FR-DEC-04_BT-96_BT-103",
    ],
  ],
  [
    "chaque TVA de catégorie L au taux de 19,999 %",
    "cii",
    [
      [/<ram:CategoryCode>S/g, "<ram:CategoryCode>L"],
      [/<ram:RateApplicablePercent>[\d.]+/g, "<ram:RateApplicablePercent>19.999"],
    ],
    [
      "BR-FR-15_BT-95_BT-102",
      "BR-FR-15_BT-95_BT-102_LM",
      "BR-FR-15_BT-95_BT-118",
      "BR-FR-15_BT-95_BT-118_LM",
      "BR-FR-15_BT-95_BT-151",
      "BR-FR-15_BT-95_BT-151_LM",
      "BR-FR-16_BT-119",
      "BR-FR-16_BT-152",
      "BR-FR-16_BT-96_BT-103",
      "BR-FR-DEC-04_BT-119",
      "BR-FR-DEC-04_BT-152",
      "BR-FR-DEC-04_BT-96_BT-103",
    ],
  ],
  ["sans aucune note", "ubl", [[/<cbc:Note>#[\s\S]*?<\/cbc:Note>(?=\s*<cbc:Doc)/, ""]], mentionRules.ubl],
  [
    "sans aucune note",
    "cii",
    [[/<ram:IncludedNote>[\s\S]*<\/ram:IncludedNote>(?=\s*<\/rsm:ExchangedDocument>)/, ""]],
    mentionRules.cii,
  ],
  [
    "chaque note deux fois",
    "ubl",
    ["PMT", "PMD", "AAB", "TXD", "TXD"].map((code) => addUblNote(code, "Bis")),
    repeatedMentionRules.ubl,
  ],
  [
    "chaque note deux fois",
    "cii",
    ["PMT", "PMD", "AAB", "TXD", "TXD"].map((code) => addCiiNote(code, "Bis")),
    repeatedMentionRules.cii,
  ],
  [
    "chaque numéro de 36 caractères",
    "ubl",
    [
      [/F-2026-0031/, "F".repeat(36)],
      [
        /<cac:OrderLineReference>/,
        `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>${"F".repeat(36)}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>$&`,
      ],
    ],
    ["BR-FR-01_BT-25-1", "BR-FR-01_EXT-FR-FE-136-1"],
  ],
  [
    "chaque numéro de 36 caractères, et une espace à celui de la ligne",
    "cii",
    [
      [/<ram:ID>F-2026-0042/, `<ram:ID>${"F".repeat(36)}`],
      [/F-2026-0031/, "é"],
      [
        /<\/ram:SpecifiedTradeSettlementLineMonetarySummation>/,
        `$&<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F ${"F".repeat(36)}</ram:IssuerAssignedID><ram:TypeCode>326</ram:TypeCode><ram:FormattedIssueDateTime><qdt:DateTimeString format="102">19990101</qdt:DateTimeString></ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>`,
      ],
    ],
    [
      "BR-FR-01_BT-1",
      "BR-FR-01_EXT-FR-FE-136",
      "BR-FR-02_BT-25",
      "BR-FR-02_EXT-FR-FE-136",
      "BR-FR-03_EXT-FR-FE-138",
      "BR-FR-04_EXT-FR-FE-137",
    ],
  ],
  [
    "des objets facturés vides",
    "ubl",
    [
      [/<cbc:ID schemeID="AWV">COMPTEUR-5/, '<cbc:ID schemeID="AFL">'],
      [
        /<cac:OrderLineReference>/,
        '<cac:DocumentReference><cbc:ID schemeID="AVV"/></cac:DocumentReference>$&',
      ],
    ],
    ["BR-FR-29_AFL", "BR-FR-30_AVV"],
  ],
];

const allCases = [...cases, ...partyCases, ...placeCases, ...everywhere];

describe("Les règles françaises", () => {
  test.each(["ubl", "cii"] as const)("La facture française de référence %s est conforme", (syntax) => {
    expect(check(french[syntax], { rules: ["fr-ctc"] })).toEqual([]);
  });

  test.each(allCases)("%s (%s)", (_, syntax, changes, broken) => {
    expect(rulesBroken(changed(french[syntax], ...changes))).toEqual([...broken].sort());
  });

  test("Un constat dit où, quoi et que faire", () => {
    const [finding] = check(changed(french.cii, ["DOCUMENT_ANNEXE", "Photo"]), { rules: ["fr-ctc"] });
    expect(finding).toMatchObject({
      rule: "BR-FR-17_BT-123",
      severity: "fatal",
      term: "BT-123",
      value: "Photo",
      message: { fr: expect.stringMatching(/^Choisissez la qualification de la pièce jointe \(BT-123\)/) },
    });
    expect(finding?.place?.xpath).toMatch(/ram:AdditionalReferencedDocument\[2\]\/ram:Name$/);
  });

  test("Une facture composée par un programme se vérifie comme une facture lue", () => {
    const outcome = readXml(french.cii);
    if (!outcome.ok) throw new Error(outcome.findings[0]?.message.en);
    expect(rulesBroken(outcome.reading.invoice)).toEqual([]);
    expect(rulesBroken({ ...outcome.reading.invoice, businessProcess: "X1" })).toEqual(["BR-FR-08_BT-23"]);
  });
});

/** A line of an invoice of several sellers, or both ways. */
interface GroupLine {
  id: string;
  subtype?: string;
  parent?: string;
  seller?: string;
  part?: string;
  process?: string;
  net?: string;
  vat?: string;
  total?: string;
  reason?: string;
  cited?: string;
}

/** Two sellers, each with one group of one line; the first is the seller of the invoice. */
const sellers: readonly GroupLine[] = [
  {
    id: "1",
    subtype: "GROUP",
    seller: "702042755",
    part: "M-1",
    process: "S1",
    net: "100.00",
    vat: "20.00",
    total: "120.00",
  },
  {
    id: "2",
    subtype: "DETAIL",
    parent: "1",
    seller: "702042755",
    part: "M-1",
    net: "100.00",
    reason: "#M-1#",
  },
  {
    id: "3",
    subtype: "GROUP",
    seller: "217600000",
    part: "M-2",
    process: "S1",
    net: "50.00",
    vat: "10.00",
    total: "60.00",
  },
  {
    id: "4",
    subtype: "DETAIL",
    parent: "3",
    seller: "217600000",
    part: "M-2",
    net: "50.00",
    reason: "#M-2#",
  },
];

const tag = (name: string, text: string | undefined, attributes = "") =>
  text === undefined ? "" : `<${name}${attributes}>${text}</${name}>`;

const ublGroupLine = (line: GroupLine) =>
  `<cac:InvoiceLine>${tag("cbc:ID", line.id)}${tag("cbc:LineExtensionAmount", line.net)}${tag("cbc:TaxInclusiveLineExtensionAmount", line.total)}` +
  (line.cited === undefined
    ? ""
    : `<cac:BillingReference><cac:InvoiceDocumentReference>${tag("cbc:ID", line.cited)}<cbc:IssueDate>2026-01-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>`) +
  (line.subtype === undefined
    ? ""
    : `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>M-1</cbc:ID>${tag("cbc:DocumentStatusCode", line.subtype)}</cac:InvoiceDocumentReference>${
        line.parent === undefined
          ? ""
          : `<cac:BillingReferenceLine>${tag("cbc:ID", line.parent)}</cac:BillingReferenceLine>`
      }</cac:BillingReference>`) +
  ublObject("AFL", line.part) +
  ublObject("AVV", line.process) +
  (line.vat === undefined
    ? ""
    : `<cac:TaxTotal>${tag("cbc:TaxAmount", line.vat, ' currencyID="EUR"')}</cac:TaxTotal>`) +
  `<cac:Item><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>${tag("cbc:TaxExemptionReason", line.reason)}</cac:ClassifiedTaxCategory>` +
  (line.seller === undefined
    ? ""
    : `<cac:ManufacturerParty><cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyLegalEntity><cbc:RegistrationName>Vendeur</cbc:RegistrationName>${tag("cbc:CompanyID", line.seller)}</cac:PartyLegalEntity></cac:ManufacturerParty>`) +
  "</cac:Item></cac:InvoiceLine>";

const ublObject = (scheme: string, value: string | undefined) =>
  value === undefined
    ? ""
    : `<cac:DocumentReference>${tag("cbc:ID", value, ` schemeID="${scheme}"`)}<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>`;

const ciiObject = (scheme: string, value: string | undefined) =>
  value === undefined
    ? ""
    : `<ram:AdditionalReferencedDocument>${tag("ram:IssuerAssignedID", value)}<ram:TypeCode>130</ram:TypeCode>${tag("ram:ReferenceTypeCode", scheme)}</ram:AdditionalReferencedDocument>`;

const ciiGroupLine = (line: GroupLine) =>
  `<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>${tag("ram:LineID", line.id)}${tag("ram:ParentLineID", line.parent)}${tag("ram:LineStatusReasonCode", line.subtype)}</ram:AssociatedDocumentLineDocument><ram:SpecifiedLineTradeAgreement>` +
  (line.seller === undefined
    ? ""
    : `<ram:ItemSellerTradeParty><ram:Name>Vendeur</ram:Name><ram:SpecifiedLegalOrganization>${tag("ram:ID", line.seller)}</ram:SpecifiedLegalOrganization><ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress></ram:ItemSellerTradeParty>`) +
  `</ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>${tag("ram:ExemptionReason", line.reason)}<ram:CategoryCode>S</ram:CategoryCode></ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation>${tag("ram:LineTotalAmount", line.net)}${tag("ram:TaxTotalAmount", line.vat, ' currencyID="EUR"')}${tag("ram:GrandTotalAmount", line.total)}</ram:SpecifiedTradeSettlementLineMonetarySummation>` +
  (line.cited === undefined
    ? ""
    : `<ram:InvoiceReferencedDocument>${tag("ram:IssuerAssignedID", line.cited)}<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">20260101</qdt:DateTimeString></ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>`) +
  `${ciiObject("AFL", line.part)}${ciiObject("AVV", line.process)}</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>`;

/** The French reference invoice, numbered M-1, with these lines and a VAT breakdown for each part. */
function grouped(syntax: Syntax, process: string, type: string, lines: readonly GroupLine[]): string {
  if (syntax === "ubl")
    return changed(
      french.ubl,
      ublProcess(process),
      ...(type === "380" ? [] : [ublType(type)]),
      ["<cbc:ID>F-2026-0042", "<cbc:ID>M-1"],
      [
        /<cac:TaxSubtotal>[\s\S]*<\/cac:TaxSubtotal>/,
        `${ublBreakdown("M-1", "20.00")}${ublBreakdown("M-2", "10.00")}`,
      ],
      [/<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, lines.map(ublGroupLine).join("")],
    );
  return changed(
    french.cii,
    ciiProcess(process),
    ...(type === "380" ? [] : [ciiType(type)]),
    ["<ram:ID>F-2026-0042", "<ram:ID>M-1"],
    [
      /<ram:IncludedSupplyChainTradeLineItem>[\s\S]*<\/ram:IncludedSupplyChainTradeLineItem>/,
      lines.map(ciiGroupLine).join(""),
    ],
    [
      /<\/ram:SpecifiedTradeSettlementPaymentMeans>\s*(<ram:ApplicableTradeTax>[\s\S]*?<\/ram:ApplicableTradeTax>\s*)+/,
      `</ram:SpecifiedTradeSettlementPaymentMeans>${ciiBreakdown("M-1", "20.00")}${ciiBreakdown("M-2", "10.00")}`,
    ],
  );
}

const ublBreakdown = (part: string, vat: string) =>
  `<cac:TaxSubtotal>${tag("cbc:TaxAmount", vat)}<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:TaxExemptionReason>#${part}#</cbc:TaxExemptionReason><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>`;

const ciiBreakdown = (part: string, vat: string) =>
  `<ram:ApplicableTradeTax>${tag("ram:CalculatedAmount", vat)}<ram:TypeCode>VAT</ram:TypeCode><ram:ExemptionReason>#${part}#</ram:ExemptionReason><ram:CategoryCode>S</ram:CategoryCode></ram:ApplicableTradeTax>`;

/** The lines of both sellers, one of them changed. */
const withLine = (id: string, change: Partial<GroupLine>) =>
  sellers.map((line) => (line.id === id ? { ...line, ...change } : line));

const without = (...fields: (keyof GroupLine)[]) =>
  Object.fromEntries(fields.map((field) => [field, undefined])) as Partial<GroupLine>;

type GroupCase = readonly [
  title: string,
  process: string,
  type: string,
  lines: readonly GroupLine[],
  broken: { ubl: string[]; cii: string[] },
];

const both = (...rules: string[]) => ({ ubl: rules, cii: rules });

const groupCases: readonly GroupCase[] = [
  ["plusieurs vendeurs, en règle", "S8", "380", sellers, both()],
  ["dans les deux sens, en règle", "S9", "389", sellers, both()],
  [
    "une ligne sans sous-type",
    "M8",
    "380",
    withLine("2", without("subtype", "parent")),
    {
      ubl: ["BR-FR-MV-01_EXT-FR-FE-163", "BR-FR-MV-05_EXT-FR-FE-BG-12"],
      cii: ["BR-FR-MV-05_EXT-FR-FE-BG-12"],
    },
  ],
  [
    "aucun groupe",
    "B8",
    "380",
    [{ id: "1", subtype: "DETAIL", seller: "702042755", part: "M-1", reason: "#M-1#", net: "1" }],
    both("BR-FR-MV-02_EXT-FR-FE-163"),
  ],
  [
    "un seul groupe, dans les deux sens",
    "B9",
    "389",
    sellers.slice(0, 2),
    both("BR-FR-BD-02_BT-47", "BR-FR-BD-02_EXT-FR-FE-163"),
  ],
  [
    "deux groupes de l'acheteur, dans les deux sens",
    "S9",
    "389",
    sellers.map((line) => ({ ...line, seller: "217600000" })),
    {
      ubl: ["BR-FR-BD-02_BT-30", "BR-FR-BD-02_BT-47"],
      cii: ["BR-FR-BD-02_BT-31", "BR-FR-BD-02_BT-47"],
    },
  ],
  [
    "un groupe sans vendeur",
    "S8",
    "380",
    sellers.map((line) => (Number(line.id) < 3 ? line : { ...line, ...without("seller") })),
    both(
      "BR-FR-MV-03_EXT-FR-FE-164",
      "BR-FR-MV-03_EXT-FR-FE-167",
      "BR-FR-MV-03_EXT-FR-FE-177",
      "BR-FR-MV-06_EXT-FR-FE-167",
    ),
  ],
  [
    "un groupe sans TVA",
    "S8",
    "380",
    withLine("3", without("vat", "total")),
    both("BR-FR-MV-03_EXT-FR-FE-181", "BR-FR-MV-09_EXT-FR-FE-181"),
  ],
  ["un groupe au cadre S8", "S8", "380", withLine("3", { process: "S8" }), both("BR-FR-MV-03_BT-128_AVV")],
  [
    "un groupe sans cadre",
    "S8",
    "380",
    withLine("3", without("process")),
    { ubl: ["BR-FR-MV-03_BT-128_AVV"], cii: [] },
  ],
  [
    "un groupe sans numéro",
    "S8",
    "380",
    sellers.map((line) => (Number(line.id) < 3 ? line : { ...line, ...without("part", "reason") })),
    {
      ubl: [
        "BR-FR-MV-03_BT-128_AFL",
        "BR-FR-MV-07_BT-128",
        "BR-FR-MV-08_BT-128",
        "BR-FR-MV-09_EXT-FR-FE-181",
      ],
      cii: ["BR-FR-MV-07_BT-128", "BR-FR-MV-08_BT-128", "BR-FR-MV-09_EXT-FR-FE-181"],
    },
  ],
  [
    "un groupe à deux centimes de sa ligne",
    "S8",
    "380",
    withLine("3", { net: "50.02", total: "60.02" }),
    both("BR-FR-MV-05_EXT-FR-FE-BG-12"),
  ],
  [
    "un groupe à un centime de sa ligne",
    "S8",
    "380",
    withLine("3", { net: "50.01", total: "60.01" }),
    both(),
  ],
  [
    "une ligne d'un autre vendeur que son groupe",
    "S8",
    "380",
    withLine("4", { seller: "552100554" }),
    both("BR-FR-MV-06_EXT-FR-FE-167"),
  ],
  [
    "une ligne d'un autre numéro que son groupe",
    "S8",
    "380",
    withLine("4", { part: "M-3", reason: "#M-3#" }),
    both("BR-FR-MV-07_BT-128"),
  ],
  ["une ligne sans raison", "S8", "380", withLine("4", without("reason")), both("BR-FR-MV-08_BT-128")],
  [
    "une TVA qui n'est pas celle des ventilations",
    "S8",
    "380",
    withLine("3", { vat: "11.00", total: "61.00" }),
    both("BR-FR-MV-09_EXT-FR-FE-181"),
  ],
  ["un total faux", "S8", "380", withLine("3", { total: "61.00" }), both("BR-FR-MV-10_EXT-FR-FE-184")],
  [
    "aucun groupe du vendeur au numéro de la facture",
    "S8",
    "380",
    sellers.map((line) =>
      Number(line.id) < 3 ? { ...line, part: "M-2", ...(line.reason ? { reason: "#M-2#" } : {}) } : line,
    ),
    both("BR-FR-MV-09_EXT-FR-FE-181", "BR-FR-MV-11_BT-128", "BR-FR-MV-12_BT-128"),
  ],
  ["une autofacture de plusieurs vendeurs", "S8", "389", sellers, both("BR-FR-MV-13_BT-3")],
  [
    "une facture ordinaire dans les deux sens",
    "S9",
    "380",
    sellers,
    { ubl: ["BR-FR-MV-BD_BT-3"], cii: ["BR-FR-BD-13_BT-3"] },
  ],
  [
    "une rectificative dont un groupe ne cite rien",
    "S8",
    "384",
    withLine("1", { cited: "F-1" }),
    both("BR-FR-MV-14-EXT-FR-FE-136", "BR-FR-MV-14-EXT-FR-FE-138"),
  ],
  [
    "une rectificative dans les deux sens dont un groupe ne cite rien",
    "S9",
    "471",
    withLine("1", { cited: "F-1" }),
    both("BR-FR-BD-14-EXT-FR-FE-136", "BR-FR-BD-14-EXT-FR-FE-138"),
  ],
  [
    "une rectificative dont chaque groupe cite la sienne",
    "S8",
    "384",
    sellers.map((line) => (line.subtype === "GROUP" ? { ...line, cited: "F-1" } : line)),
    both(),
  ],
];

describe("Les factures de plusieurs vendeurs, et dans les deux sens", () => {
  for (const syntax of ["ubl", "cii"] as const)
    test.each(groupCases)(`${syntax} : %s`, (_, process, type, lines, broken) => {
      expect(rulesBroken(grouped(syntax, process, type, lines))).toEqual(broken[syntax]);
    });

  test("La TVA d'un groupe se dit aussi dans la devise de comptabilisation", () => {
    const xml = changed(grouped("ubl", "S8", "380", sellers), [
      "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
      "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>USD</cbc:TaxCurrencyCode>",
    ]);
    expect(rulesBroken(xml)).toEqual(["BR-FR-MV-03_EXT-FR-FE-182"]);
  });
});

test("Chaque règle est enfreinte par un essai au moins", () => {
  const exercised = new Set([
    ...allCases.flatMap(([, , , broken]) => broken),
    ...groupCases.flatMap(([, , , , broken]) => [...broken.ubl, ...broken.cii]),
    "BR-FR-MV-03_EXT-FR-FE-182",
  ]);
  const rules = new Set(frenchRuleDescriptions.map((rule) => rule.id));
  // readable-values.test.ts is about READ-REPEATED
  expect([...rules].filter((rule) => !exercised.has(rule))).toEqual(["READ-REPEATED"]);
});

const folder = samplesFolder();

describe.skipIf(!folder)(
  `Les verdicts publiés${folder ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    test("99,5 % des échantillons au moins reçoivent exactement les constats attendus", () => {
      const agreement = agreementOnFrCtc(readSamples(folder ?? ""));
      expect(agreement.samples).toBeGreaterThan(1000);
      expect(agreement.equal / agreement.samples).toBeGreaterThanOrEqual(0.995);
    });
  },
);
