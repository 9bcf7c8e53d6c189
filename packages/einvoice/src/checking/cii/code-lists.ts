import { allowanceReasons } from "../../codelists/allowance-reasons.ts";
import { chargeReasons } from "../../codelists/charge-reasons.ts";
import { countriesCii } from "../../codelists/countries.ts";
import { currencies } from "../../codelists/currencies.ts";
import { electronicAddressSchemes } from "../../codelists/electronic-address-schemes.ts";
import { identifierSchemes } from "../../codelists/identifier-schemes.ts";
import { itemClassifications } from "../../codelists/item-classifications.ts";
import { noteSubjects } from "../../codelists/note-subjects.ts";
import { paymentMeans } from "../../codelists/payment-means.ts";
import { referenceQualifiers } from "../../codelists/reference-qualifiers.ts";
import {
  documentTypes,
  mediaTypes,
  taxPointDateCodesCii,
  vatCategories,
} from "../../codelists/short-lists.ts";
import { units } from "../../codelists/units.ts";
import { vatExemptionReasons } from "../../codelists/vat-exemption-reasons.ts";
import { truth } from "../../reading/ubl.ts";
import { at, type XmlElement } from "../../xml/tree.ts";
import { codeRule, type SyntaxRule } from "../syntax-rule.ts";

const parentIs =
  (...names: string[]) =>
  (element: XmlElement): boolean =>
    names.includes(element.parent?.name ?? "");

function isWithin(element: XmlElement, ...names: string[]): boolean {
  for (let each = element.parent; each; each = each.parent) if (names.includes(each.name)) return true;
  return false;
}

const isCharge = (element: XmlElement): boolean | undefined =>
  element.parent?.name === "ram:SpecifiedTradeAllowanceCharge"
    ? truth(at(element.parent, "ram:ChargeIndicator", "udt:Indicator")[0]?.text)
    : undefined;

/** BR-CL as they stand in CII. */
export const ciiCodeRules: readonly SyntaxRule[] = [
  codeRule({
    id: "BR-CL-01",
    elements: ["ram:TypeCode"],
    when: parentIs("rsm:ExchangedDocument"),
    codes: documentTypes,
    term: "BT-3",
    fr: "le type de facture",
    en: "the invoice type",
    list: "UNTDID 1001",
  }),
  codeRule({
    id: "BR-CL-03",
    elements: ["ram:TaxTotalAmount"],
    attribute: "currencyID",
    codes: currencies,
    term: "BT-110",
    fr: "la devise du total de TVA",
    en: "the currency of the total VAT",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-04",
    elements: ["ram:InvoiceCurrencyCode"],
    codes: currencies,
    term: "BT-5",
    fr: "la devise de la facture",
    en: "the invoice currency",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-05",
    elements: ["ram:TaxCurrencyCode"],
    codes: currencies,
    term: "BT-6",
    fr: "la devise de comptabilisation de la TVA",
    en: "the VAT accounting currency",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-06",
    elements: ["ram:DueDateTypeCode"],
    codes: taxPointDateCodesCii,
    term: "BT-8",
    fr: "le code d'exigibilité de la TVA",
    en: "the VAT point date code",
    list: "UNTDID 2475 (5, 29 ou 72)",
  }),
  codeRule({
    id: "BR-CL-07",
    elements: ["ram:ReferenceTypeCode"],
    codes: referenceQualifiers,
    term: "BT-18-1",
    fr: "le schéma de l'objet facturé",
    en: "the scheme of the invoiced object",
    list: "UNTDID 1153",
  }),
  codeRule({
    id: "BR-CL-08",
    elements: ["ram:SubjectCode"],
    codes: noteSubjects,
    term: "BT-21",
    fr: "le sujet de la note",
    en: "the note's subject",
    list: "UNTDID 4451",
  }),
  codeRule({
    id: "BR-CL-10",
    elements: ["ram:GlobalID"],
    when: (element) => !isWithin(element, "ram:SpecifiedTradeProduct", "ram:ShipToTradeParty"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-29-1",
    fr: "le schéma de l'identifiant",
    en: "the identifier's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-11",
    elements: ["ram:ID"],
    when: (element) => !isWithin(element, "ram:SpecifiedTaxRegistration"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-30-1",
    fr: "le schéma de l'immatriculation",
    en: "the registration's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-13",
    elements: ["ram:ClassCode"],
    attribute: "listID",
    codes: itemClassifications,
    term: "BT-158-1",
    fr: "la nomenclature de l'article",
    en: "the item's classification list",
    list: "UNTDID 7143",
  }),
  codeRule({
    id: "BR-CL-14",
    elements: ["ram:CountryID"],
    codes: countriesCii,
    term: "BT-40",
    fr: "le pays",
    en: "the country",
    list: "ISO 3166-1",
  }),
  codeRule({
    id: "BR-CL-15",
    elements: ["ram:ID"],
    when: parentIs("ram:OriginTradeCountry"),
    codes: countriesCii,
    term: "BT-159",
    fr: "le pays d'origine",
    en: "the country of origin",
    list: "ISO 3166-1",
  }),
  codeRule({
    id: "BR-CL-16",
    elements: ["ram:TypeCode"],
    when: parentIs("ram:SpecifiedTradeSettlementPaymentMeans"),
    codes: paymentMeans,
    term: "BT-81",
    fr: "le moyen de paiement",
    en: "the payment means",
    list: "UNTDID 4461",
  }),
  codeRule({
    id: "BR-CL-17",
    elements: ["ram:CategoryCode"],
    when: parentIs("ram:CategoryTradeTax"),
    codes: vatCategories,
    term: "BT-95",
    fr: "la catégorie de TVA",
    en: "the VAT category",
    list: "UNTDID 5305",
  }),
  codeRule({
    id: "BR-CL-18",
    elements: ["ram:CategoryCode"],
    when: parentIs("ram:ApplicableTradeTax"),
    codes: vatCategories,
    term: "BT-151",
    fr: "la catégorie de TVA",
    en: "the VAT category",
    list: "UNTDID 5305",
  }),
  codeRule({
    id: "BR-CL-19",
    elements: ["ram:ReasonCode"],
    when: (element) => isCharge(element) === false,
    codes: allowanceReasons,
    term: "BT-98",
    fr: "le motif de la remise",
    en: "the allowance reason",
    list: "UNTDID 5189",
  }),
  codeRule({
    id: "BR-CL-20",
    elements: ["ram:ReasonCode"],
    when: (element) => isCharge(element) === true,
    codes: chargeReasons,
    term: "BT-105",
    fr: "le motif de la majoration",
    en: "the charge reason",
    list: "UNTDID 7161",
  }),
  codeRule({
    id: "BR-CL-21",
    elements: ["ram:GlobalID"],
    when: parentIs("ram:SpecifiedTradeProduct"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-157-1",
    fr: "le schéma de l'identifiant de l'article",
    en: "the item identifier's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-22",
    elements: ["ram:ExemptionReasonCode"],
    codes: vatExemptionReasons,
    isCaseIgnored: true,
    term: "BT-121",
    fr: "le motif d'exonération",
    en: "the exemption reason",
    list: "VATEX",
  }),
  codeRule({
    id: "BR-CL-23",
    elements: ["ram:BasisQuantity", "ram:BilledQuantity"],
    attribute: "unitCode",
    codes: units,
    term: "BT-130",
    fr: "l'unité",
    en: "the unit",
    list: "UN/ECE 20 et 21",
  }),
  codeRule({
    id: "BR-CL-24",
    elements: ["ram:AttachmentBinaryObject"],
    attribute: "mimeCode",
    codes: mediaTypes,
    term: "BT-125-1",
    fr: "le type de la pièce jointe",
    en: "the attachment's media type",
    list: "MIME (PDF, PNG, JPEG, CSV, XLSX, ODS)",
  }),
  codeRule({
    id: "BR-CL-25",
    elements: ["ram:URIID"],
    when: parentIs("ram:URIUniversalCommunication"),
    attribute: "schemeID",
    codes: electronicAddressSchemes,
    term: "BT-34-1",
    fr: "le schéma de l'adresse électronique",
    en: "the electronic address's scheme",
    list: "EAS",
  }),
  codeRule({
    id: "BR-CL-26",
    elements: ["ram:GlobalID"],
    when: (element) =>
      parentIs("ram:ShipToTradeParty")(element) &&
      element.parent?.parent?.name === "ram:ApplicableHeaderTradeDelivery",
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-71-1",
    fr: "le schéma du lieu de livraison",
    en: "the delivery location's scheme",
    list: "ISO 6523 ICD",
  }),
];
