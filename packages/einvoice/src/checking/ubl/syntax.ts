import { at, child, childrenOf, everyNamed, type XmlElement } from "../../xml/tree.ts";
import { hasAtMostDecimals } from "../rule.ts";
import { once, type SyntaxRule } from "../syntax-rule.ts";

const roots = ["ubl:Invoice", "cn:CreditNote"];
const lines = ["cac:InvoiceLine", "cac:CreditNoteLine"];
const seller = ["cac:AccountingSupplierParty", "cac:Party"];
const buyer = ["cac:AccountingCustomerParty", "cac:Party"];

/** The company identifiers of a party's tax schemes, for VAT or for another tax; one that is not named is another. */
function taxIdentifiers(party: XmlElement[], isForVat: boolean): number {
  return party
    .flatMap((each) => childrenOf(each, "cac:PartyTaxScheme"))
    .filter((scheme) =>
      childrenOf(scheme, "cac:TaxScheme").some(
        (tax) => (child(tax, "cbc:ID")?.text.toUpperCase() === "VAT") === isForVat,
      ),
    )
    .flatMap((scheme) => childrenOf(scheme, "cbc:CompanyID")).length;
}

const isObjectReference = (reference: XmlElement): boolean =>
  child(reference, "cbc:DocumentTypeCode")?.text === "130";

const countOfReferences = (root: XmlElement): number =>
  childrenOf(root, "cac:AdditionalDocumentReference")
    .filter(isObjectReference)
    .flatMap((reference) => childrenOf(reference, "cbc:ID")).length;

const differentTexts = (root: XmlElement, ...path: string[]): number =>
  new Set(at(root, ...path).map((element) => element.text)).size;

const countOfSepaIdentifiers = (root: XmlElement): number =>
  everyNamed(root, "cac:PartyIdentification", lines)
    .flatMap((group) => childrenOf(group, "cbc:ID"))
    .filter((id) => id.attributes["schemeID"]?.toUpperCase() === "SEPA").length;

/** Whether the payee bears another name than the seller, as UBL-SR-19 to 21 ask. */
function isNotSellerName(payee: XmlElement): boolean {
  const names = at(payee, "cac:PartyName", "cbc:Name").map((each) => each.text);
  const sellerNames = at(payee.parent, ...seller, "cac:PartyLegalEntity", "cbc:RegistrationName");
  return sellerNames.some((each) => names.some((name) => name !== each.text));
}

function payeeRule(id: string, path: string[], term: string, fr: string, en: string): SyntaxRule {
  return {
    id,
    elements: ["cac:PayeeParty"],
    term,
    value: () => undefined,
    holds: (payee) =>
      at(payee, ...path).filter(
        (each) => each.attributes["schemeID"]?.toUpperCase() !== "SEPA" || id !== "UBL-SR-20",
      ).length <= 1 && isNotSellerName(payee),
    fr: `N'indiquez qu'une fois ${fr} (${term}), et seulement si le bénéficiaire n'est pas le vendeur.`,
    en: `Give ${en} (${term}) once only, and only when the payee is not the seller.`,
  };
}

/** UBL-SR and UBL-DT: cardinalities and data types of UBL. */
export const ublSyntaxRules: readonly SyntaxRule[] = [
  once(
    "UBL-SR-01",
    roots,
    ["cac:ContractDocumentReference", "cbc:ID"],
    "BT-12",
    "le contrat",
    "the contract",
  ),
  once(
    "UBL-SR-02",
    roots,
    ["cac:ReceiptDocumentReference", "cbc:ID"],
    "BT-15",
    "l'avis de réception",
    "the receiving advice",
  ),
  once(
    "UBL-SR-03",
    roots,
    ["cac:DespatchDocumentReference", "cbc:ID"],
    "BT-16",
    "l'avis d'expédition",
    "the despatch advice",
  ),
  once("UBL-SR-04", roots, countOfReferences, "BT-18", "l'objet facturé", "the invoiced object"),
  once(
    "UBL-SR-05",
    roots,
    ["cac:PaymentTerms", "cbc:Note"],
    "BT-20",
    "les conditions de paiement",
    "the payment terms",
  ),
  once(
    "UBL-SR-08",
    roots,
    ["cac:InvoicePeriod"],
    "BG-14",
    "la période de facturation",
    "the invoicing period",
  ),
  once(
    "UBL-SR-09",
    roots,
    [...seller, "cac:PartyLegalEntity", "cbc:RegistrationName"],
    "BT-27",
    "le nom du vendeur",
    "the seller's name",
  ),
  once(
    "UBL-SR-10",
    roots,
    [...seller, "cac:PartyName", "cbc:Name"],
    "BT-28",
    "l'appellation commerciale du vendeur",
    "the seller's trading name",
  ),
  once(
    "UBL-SR-11",
    roots,
    [...seller, "cac:PartyLegalEntity", "cbc:CompanyID"],
    "BT-30",
    "l'immatriculation du vendeur",
    "the seller's registration",
  ),
  once(
    "UBL-SR-12",
    roots,
    (root) => taxIdentifiers(at(root, ...seller), true),
    "BT-31",
    "le numéro de TVA du vendeur",
    "the seller's VAT identifier",
  ),
  once(
    "UBL-SR-13",
    roots,
    (root) => taxIdentifiers(at(root, ...seller), false),
    "BT-32",
    "le numéro fiscal du vendeur",
    "the seller's tax registration",
  ),
  once(
    "UBL-SR-14",
    roots,
    [...seller, "cac:PartyLegalEntity", "cbc:CompanyLegalForm"],
    "BT-33",
    "l'information juridique du vendeur",
    "the seller's legal information",
  ),
  once(
    "UBL-SR-15",
    roots,
    [...buyer, "cac:PartyLegalEntity", "cbc:RegistrationName"],
    "BT-44",
    "le nom de l'acheteur",
    "the buyer's name",
  ),
  once(
    "UBL-SR-16",
    roots,
    [...buyer, "cac:PartyIdentification", "cbc:ID"],
    "BT-46",
    "l'identifiant de l'acheteur",
    "the buyer's identifier",
  ),
  once(
    "UBL-SR-17",
    roots,
    [...buyer, "cac:PartyLegalEntity", "cbc:CompanyID"],
    "BT-47",
    "l'immatriculation de l'acheteur",
    "the buyer's registration",
  ),
  once(
    "UBL-SR-18",
    roots,
    (root) => taxIdentifiers(at(root, ...buyer), true),
    "BT-48",
    "le numéro de TVA de l'acheteur",
    "the buyer's VAT identifier",
  ),
  once("UBL-SR-24", roots, ["cac:Delivery"], "BG-13", "la livraison", "the delivery"),
  once(
    "UBL-SR-29",
    roots,
    countOfSepaIdentifiers,
    "BT-90",
    "l'identifiant du créancier",
    "the creditor identifier",
  ),
  once("UBL-SR-39", roots, ["cac:ProjectReference", "cbc:ID"], "BT-11", "le projet", "the project"),
  once(
    "UBL-SR-40",
    roots,
    [...buyer, "cac:PartyName", "cbc:Name"],
    "BT-45",
    "l'appellation commerciale de l'acheteur",
    "the buyer's trading name",
  ),
  once(
    "UBL-SR-44",
    roots,
    (root) => differentTexts(root, "cac:PaymentMeans", "cbc:PaymentID"),
    "BT-83",
    "la référence de paiement",
    "the payment reference",
  ),
  once("UBL-SR-45", roots, ["cac:PaymentMeans", "cbc:PaymentDueDate"], "BT-9", "l'échéance", "the due date"),
  once(
    "UBL-SR-46",
    roots,
    (root) =>
      at(root, "cac:PaymentMeans", "cbc:PaymentMeansCode").filter(
        (each) => each.attributes["name"] !== undefined,
      ).length,
    "BT-82",
    "le libellé du moyen de paiement",
    "the payment means text",
  ),
  once(
    "UBL-SR-47",
    roots,
    (root) => differentTexts(root, "cac:PaymentMeans", "cbc:PaymentMeansCode"),
    "BT-81",
    "le moyen de paiement",
    "the payment means",
  ),
  once(
    "UBL-SR-49",
    roots,
    ["cac:InvoicePeriod", "cbc:DescriptionCode"],
    "BT-8",
    "le code d'exigibilité de la TVA",
    "the VAT point date code",
  ),
  once(
    "UBL-SR-54",
    roots,
    ["cac:PaymentMeans", "cac:CardAccount"],
    "BG-18",
    "la carte de paiement",
    "the payment card",
  ),
  once(
    "UBL-SR-55",
    roots,
    ["cac:PaymentMeans", "cac:PaymentMandate"],
    "BG-19",
    "le prélèvement",
    "the direct debit",
  ),
  once(
    "UBL-SR-56",
    roots,
    ["cac:OriginatorDocumentReference", "cbc:ID"],
    "BT-17",
    "l'appel d'offres",
    "the tender",
  ),
  {
    id: "UBL-CR-666",
    elements: roots,
    term: "BT-18",
    value: () => undefined,
    holds: (root) =>
      !childrenOf(root, "cac:AdditionalDocumentReference").some(
        (each) => isObjectReference(each) && child(each, "cac:Attachment"),
      ),
    fr: "Une référence d'objet facturé (type 130) ne peut porter de pièce jointe : écrivez deux références.",
    en: "A reference to an invoiced object (type 130) may not carry an attachment: write two references.",
  },
  {
    id: "UBL-CR-673",
    elements: roots,
    term: "BT-18",
    value: () => undefined,
    holds: (root) =>
      !childrenOf(root, "cac:AdditionalDocumentReference").some(
        (each) => isObjectReference(each) && child(each, "cbc:DocumentDescription"),
      ),
    fr: "Une référence d'objet facturé (type 130) ne peut porter de description : écrivez deux références.",
    en: "A reference to an invoiced object (type 130) may not carry a description: write two references.",
  },
  once("UBL-SR-34", lines, ["cbc:Note"], "BT-127", "la note de la ligne", "the line's note"),
  once(
    "UBL-SR-35",
    lines,
    ["cac:OrderLineReference", "cbc:LineID"],
    "BT-132",
    "la ligne de commande",
    "the order line",
  ),
  once("UBL-SR-36", lines, ["cac:InvoicePeriod"], "BG-26", "la période de la ligne", "the line's period"),
  once(
    "UBL-SR-37",
    lines,
    ["cac:Price", "cac:AllowanceCharge", "cbc:Amount"],
    "BT-147",
    "le rabais sur le prix",
    "the price discount",
  ),
  {
    id: "UBL-SR-48",
    elements: lines,
    term: "BG-30",
    value: () => undefined,
    holds: (line) => at(line, "cac:Item", "cac:ClassifiedTaxCategory").length === 1,
    fr: "Chaque ligne doit porter une catégorie de TVA et une seule (BG-30).",
    en: "Each line shall carry exactly one VAT category (BG-30).",
  },
  once(
    "UBL-SR-50",
    lines,
    ["cac:Item", "cbc:Description"],
    "BT-154",
    "la description de l'article",
    "the item's description",
  ),
  once("UBL-SR-52", lines, ["cac:DocumentReference"], "BT-128", "l'objet de la ligne", "the line's object"),
  {
    id: "UBL-SR-42",
    elements: ["cac:Party"],
    term: "BT-31",
    value: () => undefined,
    holds: (party) =>
      party.parent?.name !== "cac:AccountingSupplierParty" ||
      childrenOf(party, "cac:PartyTaxScheme").length <= 2,
    fr: "Le vendeur porte au plus deux identifiants fiscaux : la TVA (BT-31) et un autre (BT-32).",
    en: "The seller carries two tax identifiers at most: VAT (BT-31) and another (BT-32).",
  },
  once(
    "UBL-SR-33",
    ["cac:AdditionalDocumentReference"],
    ["cbc:DocumentDescription"],
    "BT-123",
    "la description de la pièce",
    "the document's description",
  ),
  {
    id: "UBL-SR-43",
    elements: ["cac:AdditionalDocumentReference"],
    term: "BT-18-1",
    value: () => undefined,
    holds: (reference) => {
      const type = child(reference, "cbc:DocumentTypeCode")?.text;
      const isCreditNote = reference.parent?.name === "cn:CreditNote";
      if (type === "130" || (isCreditNote && type === "50")) return true;
      return type === undefined && child(reference, "cbc:ID")?.attributes["schemeID"] === undefined;
    },
    fr: "Le schéma et le type d'une pièce ne valent que pour un objet facturé : écrivez le type 130 (BT-18), ou retirez-les.",
    en: "A document's scheme and type are for an invoiced object only: write type 130 (BT-18), or leave them out.",
  },
  {
    id: "UBL-SR-51",
    elements: ["cac:PostalAddress", "cac:Address"],
    term: "BT-162",
    value: () => undefined,
    holds: (address) => childrenOf(address, "cac:AddressLine").length <= 1,
    fr: "Une adresse n'a qu'une troisième ligne (BT-162).",
    en: "An address has one third line only (BT-162).",
  },
  {
    id: "UBL-SR-53",
    elements: ["cac:PartyTaxScheme"],
    term: "BT-31",
    value: () => undefined,
    holds: (scheme) =>
      at(scheme, "cac:TaxScheme", "cbc:ID").length > 0 && child(scheme, "cbc:CompanyID") !== undefined,
    fr: "Indiquez l'identifiant fiscal et la taxe dont il relève (BT-31, BT-32).",
    en: "Give the tax identifier and the tax that it is for (BT-31, BT-32).",
  },
  once(
    "UBL-SR-25",
    ["cac:Delivery"],
    ["cac:DeliveryParty", "cac:PartyName", "cbc:Name"],
    "BT-70",
    "le destinataire",
    "the deliver-to name",
  ),
  payeeRule(
    "UBL-SR-19",
    ["cac:PartyName", "cbc:Name"],
    "BT-59",
    "le nom du bénéficiaire",
    "the payee's name",
  ),
  payeeRule(
    "UBL-SR-20",
    ["cac:PartyIdentification", "cbc:ID"],
    "BT-60",
    "l'identifiant du bénéficiaire",
    "the payee's identifier",
  ),
  payeeRule(
    "UBL-SR-21",
    ["cac:PartyLegalEntity", "cbc:CompanyID"],
    "BT-61",
    "l'immatriculation du bénéficiaire",
    "the payee's registration",
  ),
  once(
    "UBL-SR-26",
    ["cac:PaymentMeans"],
    ["cbc:PaymentID"],
    "BT-83",
    "la référence de paiement",
    "the payment reference",
  ),
  once(
    "UBL-SR-27",
    ["cac:PaymentMeans"],
    ["cbc:PaymentMeansCode"],
    "BT-81",
    "le moyen de paiement",
    "the payment means",
  ),
  once(
    "UBL-SR-28",
    ["cac:PaymentMeans"],
    ["cac:PaymentMandate", "cbc:ID"],
    "BT-89",
    "le mandat",
    "the mandate",
  ),
  once(
    "UBL-SR-06",
    ["cac:BillingReference"],
    ["cac:InvoiceDocumentReference"],
    "BG-3",
    "la facture antérieure",
    "the preceding invoice",
  ),
  {
    id: "UBL-SR-07",
    elements: ["cac:BillingReference"],
    term: "BT-25",
    value: () => undefined,
    holds: (reference) => at(reference, "cac:InvoiceDocumentReference", "cbc:ID").length > 0,
    fr: "Indiquez le numéro de la facture antérieure (BT-25).",
    en: "Give the number of the preceding invoice (BT-25).",
  },
  once(
    "UBL-SR-22",
    ["cac:TaxRepresentativeParty"],
    ["cac:PartyName", "cbc:Name"],
    "BT-62",
    "le nom du représentant fiscal",
    "the tax representative's name",
  ),
  once(
    "UBL-SR-23",
    ["cac:TaxRepresentativeParty"],
    ["cac:PartyTaxScheme", "cbc:CompanyID"],
    "BT-63",
    "le numéro de TVA du représentant fiscal",
    "the tax representative's VAT identifier",
  ),
  once(
    "UBL-SR-32",
    ["cac:TaxSubtotal"],
    ["cac:TaxCategory", "cbc:TaxExemptionReason"],
    "BT-120",
    "le motif d'exonération",
    "the exemption reason",
  ),
  {
    id: "UBL-SR-30",
    elements: ["cac:AllowanceCharge"],
    term: "BT-97",
    value: () => undefined,
    holds: (group) => !isCharge(group, "false") || childrenOf(group, "cbc:AllowanceChargeReason").length <= 1,
    fr: "N'indiquez qu'une fois le motif de la remise (BT-97).",
    en: "Give the allowance reason (BT-97) once only.",
  },
  {
    id: "UBL-SR-31",
    elements: ["cac:AllowanceCharge"],
    term: "BT-104",
    value: () => undefined,
    holds: (group) => !isCharge(group, "true") || childrenOf(group, "cbc:AllowanceChargeReason").length <= 1,
    fr: "N'indiquez qu'une fois le motif de la majoration (BT-104).",
    en: "Give the charge reason (BT-104) once only.",
  },
  {
    id: "UBL-DT-01",
    elements: ["*Amount"],
    holds: (element) => isUnitPrice(element) || hasAtMostDecimals(element.text, 2),
    fr: "Arrondissez ce montant à deux décimales.",
    en: "Round this amount to two decimals.",
  },
  {
    id: "UBL-DT-06",
    elements: ["*BinaryObject"],
    term: "BT-125-1",
    value: () => undefined,
    holds: (element) => element.attributes["mimeCode"] !== undefined,
    fr: "Précisez le type de la pièce jointe (BT-125-1).",
    en: "Give the attachment's media type (BT-125-1).",
  },
  {
    id: "UBL-DT-07",
    elements: ["*BinaryObject"],
    term: "BT-125-2",
    value: () => undefined,
    holds: (element) => element.attributes["filename"] !== undefined,
    fr: "Précisez le nom de fichier de la pièce jointe (BT-125-2).",
    en: "Give the attachment's file name (BT-125-2).",
  },
];

/** Whether a group is a charge, or an allowance: a boolean of XML Schema, in either spelling. */
function isCharge(group: XmlElement, indicator: "true" | "false"): boolean {
  const written = child(group, "cbc:ChargeIndicator")?.text.trim();
  return written === indicator || written === (indicator === "true" ? "1" : "0");
}

/** Prices, and the discounts on them, may have as many decimals as they need. */
function isUnitPrice(element: XmlElement): boolean {
  return element.name.endsWith("PriceAmount") || element.parent?.parent?.name === "cac:Price";
}
