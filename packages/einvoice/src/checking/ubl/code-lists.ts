import { allowanceReasons } from "../../codelists/allowance-reasons.ts";
import { chargeReasons } from "../../codelists/charge-reasons.ts";
import { countries } from "../../codelists/countries.ts";
import { currencies } from "../../codelists/currencies.ts";
import { electronicAddressSchemes } from "../../codelists/electronic-address-schemes.ts";
import { identifierSchemes } from "../../codelists/identifier-schemes.ts";
import { itemClassifications } from "../../codelists/item-classifications.ts";
import { noteSubjectsUbl } from "../../codelists/note-subjects.ts";
import { paymentMeans } from "../../codelists/payment-means.ts";
import { referenceQualifiers } from "../../codelists/reference-qualifiers.ts";
import {
  creditNoteTypes,
  invoiceTypes,
  mediaTypes,
  taxPointDateCodesUbl,
  vatCategories,
} from "../../codelists/short-lists.ts";
import { units } from "../../codelists/units.ts";
import { vatExemptionReasons } from "../../codelists/vat-exemption-reasons.ts";
import { truth } from "../../reading/ubl.ts";
import { child, type XmlElement } from "../../xml/tree.ts";
import { codeRule, isIn, isWithin, parentIs, type SyntaxRule } from "../syntax-rule.ts";

const sepaOrIdentifierSchemes: ReadonlySet<string> = new Set([...identifierSchemes, "SEPA"]);

const isCharge = (element: XmlElement): boolean | undefined =>
  element.parent?.name === "cac:AllowanceCharge"
    ? truth(child(element.parent, "cbc:ChargeIndicator")?.text)
    : undefined;

/** The code between the first two `#` of a note, where it has three letters. */
export function noteSubject(text: string): string | undefined {
  return /^[^#]*#([^#]{3})#/.exec(text)?.[1];
}

/** BR-CL as they stand in UBL. */
export const ublCodeRules: readonly SyntaxRule[] = [
  codeRule({
    id: "BR-CL-01",
    elements: ["cbc:InvoiceTypeCode"],
    codes: invoiceTypes,
    term: "BT-3",
    fr: "le type de facture",
    en: "the invoice type",
    list: "UNTDID 1001",
  }),
  codeRule({
    id: "BR-CL-01",
    elements: ["cbc:CreditNoteTypeCode"],
    codes: creditNoteTypes,
    term: "BT-3",
    fr: "le type d'avoir",
    en: "the credit note type",
    list: "UNTDID 1001",
  }),
  codeRule({
    id: "BR-CL-03",
    elements: [
      "cbc:Amount",
      "cbc:BaseAmount",
      "cbc:PriceAmount",
      "cbc:TaxAmount",
      "cbc:TaxableAmount",
      "cbc:LineExtensionAmount",
      "cbc:TaxExclusiveAmount",
      "cbc:TaxInclusiveAmount",
      "cbc:AllowanceTotalAmount",
      "cbc:ChargeTotalAmount",
      "cbc:PrepaidAmount",
      "cbc:PayableRoundingAmount",
      "cbc:PayableAmount",
    ],
    attribute: "currencyID",
    isCompulsory: true,
    codes: currencies,
    term: "BT-5",
    fr: "la devise de chaque montant",
    en: "the currency of every amount",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-04",
    elements: ["cbc:DocumentCurrencyCode"],
    codes: currencies,
    term: "BT-5",
    fr: "la devise de la facture",
    en: "the invoice currency",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-05",
    elements: ["cbc:TaxCurrencyCode"],
    codes: currencies,
    term: "BT-6",
    fr: "la devise de comptabilisation de la TVA",
    en: "the VAT accounting currency",
    list: "ISO 4217",
  }),
  codeRule({
    id: "BR-CL-06",
    elements: ["cbc:DescriptionCode"],
    when: parentIs("cac:InvoicePeriod"),
    codes: taxPointDateCodesUbl,
    term: "BT-8",
    fr: "le code d'exigibilité de la TVA",
    en: "the VAT point date code",
    list: "UNTDID 2005 (3, 35 ou 432)",
  }),
  codeRule({
    id: "BR-CL-07",
    elements: ["cbc:ID"],
    when: (element) =>
      isIn(element, "cac:AdditionalDocumentReference", "cac:DocumentReference") &&
      child(element.parent, "cbc:DocumentTypeCode")?.text === "130",
    attribute: "schemeID",
    codes: referenceQualifiers,
    term: "BT-18-1",
    fr: "le schéma de l'objet facturé",
    en: "the scheme of the invoiced object",
    list: "UNTDID 1153",
  }),
  {
    id: "BR-CL-08",
    elements: ["cbc:Note"],
    term: "BT-21",
    holds: (element) => {
      if (element.parent?.parent !== undefined) return true;
      const subject = noteSubject(element.text);
      return subject === undefined || noteSubjectsUbl.has(subject);
    },
    fr: "Choisissez le sujet de la note, entre deux dièses (BT-21), dans la liste UNTDID 4451.",
    en: "Choose the subject of the note, between two number signs (BT-21), from the list UNTDID 4451.",
  },
  codeRule({
    id: "BR-CL-10",
    elements: ["cbc:ID"],
    when: parentIs("cac:PartyIdentification"),
    attribute: "schemeID",
    codes: (element) =>
      isWithin(element, "cac:AccountingSupplierParty", "cac:PayeeParty")
        ? sepaOrIdentifierSchemes
        : identifierSchemes,
    term: "BT-29-1",
    fr: "le schéma de l'identifiant",
    en: "the identifier's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-11",
    elements: ["cbc:CompanyID"],
    when: parentIs("cac:PartyLegalEntity"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-30-1",
    fr: "le schéma de l'immatriculation",
    en: "the registration's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-13",
    elements: ["cbc:ItemClassificationCode"],
    when: parentIs("cac:CommodityClassification"),
    attribute: "listID",
    codes: itemClassifications,
    term: "BT-158-1",
    fr: "la nomenclature de l'article",
    en: "the item's classification list",
    list: "UNTDID 7143",
  }),
  codeRule({
    id: "BR-CL-14",
    elements: ["cbc:IdentificationCode"],
    when: parentIs("cac:Country"),
    codes: countries,
    term: "BT-40",
    fr: "le pays",
    en: "the country",
    list: "ISO 3166-1",
  }),
  codeRule({
    id: "BR-CL-15",
    elements: ["cbc:IdentificationCode"],
    when: parentIs("cac:OriginCountry"),
    codes: countries,
    term: "BT-159",
    fr: "le pays d'origine",
    en: "the country of origin",
    list: "ISO 3166-1",
  }),
  codeRule({
    id: "BR-CL-16",
    elements: ["cbc:PaymentMeansCode"],
    when: parentIs("cac:PaymentMeans"),
    codes: paymentMeans,
    term: "BT-81",
    fr: "le moyen de paiement",
    en: "the payment means",
    list: "UNTDID 4461",
  }),
  codeRule({
    id: "BR-CL-17",
    elements: ["cbc:ID"],
    when: parentIs("cac:TaxCategory"),
    codes: vatCategories,
    term: "BT-118",
    fr: "la catégorie de TVA",
    en: "the VAT category",
    list: "UNTDID 5305",
  }),
  codeRule({
    id: "BR-CL-18",
    elements: ["cbc:ID"],
    when: parentIs("cac:ClassifiedTaxCategory"),
    codes: vatCategories,
    term: "BT-151",
    fr: "la catégorie de TVA de la ligne",
    en: "the line's VAT category",
    list: "UNTDID 5305",
  }),
  codeRule({
    id: "BR-CL-19",
    elements: ["cbc:AllowanceChargeReasonCode"],
    when: (element) => isCharge(element) === false,
    codes: allowanceReasons,
    term: "BT-98",
    fr: "le motif de la remise",
    en: "the allowance reason",
    list: "UNTDID 5189",
  }),
  codeRule({
    id: "BR-CL-20",
    elements: ["cbc:AllowanceChargeReasonCode"],
    when: (element) => isCharge(element) === true,
    codes: chargeReasons,
    term: "BT-105",
    fr: "le motif de la majoration",
    en: "the charge reason",
    list: "UNTDID 7161",
  }),
  codeRule({
    id: "BR-CL-21",
    elements: ["cbc:ID"],
    when: parentIs("cac:StandardItemIdentification"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-157-1",
    fr: "le schéma de l'identifiant de l'article",
    en: "the item identifier's scheme",
    list: "ISO 6523 ICD",
  }),
  codeRule({
    id: "BR-CL-22",
    elements: ["cbc:TaxExemptionReasonCode"],
    codes: vatExemptionReasons,
    isCaseIgnored: true,
    term: "BT-121",
    fr: "le motif d'exonération",
    en: "the exemption reason",
    list: "VATEX",
  }),
  codeRule({
    id: "BR-CL-23",
    elements: ["cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity"],
    attribute: "unitCode",
    codes: units,
    term: "BT-130",
    fr: "l'unité",
    en: "the unit",
    list: "UN/ECE 20 et 21",
  }),
  codeRule({
    id: "BR-CL-24",
    elements: ["cbc:EmbeddedDocumentBinaryObject"],
    attribute: "mimeCode",
    codes: mediaTypes,
    term: "BT-125-1",
    fr: "le type de la pièce jointe",
    en: "the attachment's media type",
    list: "MIME (PDF, PNG, JPEG, CSV, XLSX, ODS)",
  }),
  codeRule({
    id: "BR-CL-25",
    elements: ["cbc:EndpointID"],
    attribute: "schemeID",
    codes: electronicAddressSchemes,
    term: "BT-34-1",
    fr: "le schéma de l'adresse électronique",
    en: "the electronic address's scheme",
    list: "EAS",
  }),
  codeRule({
    id: "BR-CL-26",
    elements: ["cbc:ID"],
    when: parentIs("cac:DeliveryLocation"),
    attribute: "schemeID",
    codes: identifierSchemes,
    term: "BT-71-1",
    fr: "le schéma du lieu de livraison",
    en: "the delivery location's scheme",
    list: "ISO 6523 ICD",
  }),
];
