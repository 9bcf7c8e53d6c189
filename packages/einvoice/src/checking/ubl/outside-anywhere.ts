import { childrenOf } from "../../xml/tree.ts";
import {
  type AttributeRule,
  forbiddenAttribute,
  forbiddenElement,
  forbiddenOn,
  type SyntaxRule,
} from "../syntax-rule.ts";

/** UBL-CR-663 and UBL-DT-08 to 28: attributes that EN 16931 has no term for, wherever they stand. */
export const ublForbiddenAttributes: readonly AttributeRule[] = [
  forbiddenAttribute("UBL-CR-663", "unitCodeListID"),
  forbiddenAttribute("UBL-DT-08", "schemeName"),
  forbiddenAttribute("UBL-DT-09", "schemeAgencyName"),
  forbiddenAttribute("UBL-DT-10", "schemeDataURI"),
  forbiddenAttribute("UBL-DT-11", "schemeURI"),
  forbiddenAttribute("UBL-DT-12", "format"),
  forbiddenAttribute("UBL-DT-13", "unitCodeListIdentifier"),
  forbiddenAttribute("UBL-DT-14", "unitCodeListAgencyIdentifier"),
  forbiddenAttribute("UBL-DT-15", "unitCodeListAgencyName"),
  forbiddenAttribute("UBL-DT-16", "listAgencyName"),
  forbiddenAttribute("UBL-DT-17", "listName"),
  forbiddenAttribute("UBL-DT-18", "name", "cbc:PaymentMeansCode"),
  forbiddenAttribute("UBL-DT-19", "languageID"),
  forbiddenAttribute("UBL-DT-20", "listURI"),
  forbiddenAttribute("UBL-DT-21", "listSchemeURI"),
  forbiddenAttribute("UBL-DT-22", "languageLocaleID"),
  forbiddenAttribute("UBL-DT-23", "uri"),
  forbiddenAttribute("UBL-DT-24", "currencyCodeListVersionID"),
  forbiddenAttribute("UBL-DT-25", "characterSetCode"),
  forbiddenAttribute("UBL-DT-26", "encodingCode"),
  forbiddenAttribute("UBL-DT-27", "schemeAgencyID"),
  forbiddenAttribute("UBL-DT-28", "listAgencyID"),
];

/** UBL-CR about elements wherever they stand: what EN 16931 has no term for. */
export const ublOutsideAnywhere: readonly SyntaxRule[] = [
  forbiddenOn("UBL-CR-652", "schemeID", "cbc:CompanyID", "cac:PartyTaxScheme"),
  forbiddenOn("UBL-CR-660", "listID", "cbc:IdentificationCode", "cac:Country"),
  forbiddenOn("UBL-CR-662", "listID", "cbc:AllowanceChargeReasonCode"),
  forbiddenElement("UBL-CR-664", "cac:FinancialInstitution"),
  {
    id: "UBL-CR-665",
    severity: "warning",
    elements: ["cac:AdditionalDocumentReference"],
    term: "BT-18-1",
    value: () => undefined,
    holds: (reference) => {
      const types = childrenOf(reference, "cbc:DocumentTypeCode");
      const isObject = types.length > 0 && types.every((type) => type.text === "130");
      return (
        isObject || childrenOf(reference, "cbc:ID").every((id) => id.attributes["schemeID"] === undefined)
      );
    },
    fr: "Le schéma de l'identifiant d'une pièce (BT-18-1) ne vaut que pour un objet facturé : écrivez le type 130, ou retirez-le.",
    en: "The scheme of a document's identifier (BT-18-1) is for an invoiced object only: write type 130, or leave it out.",
  },
  forbiddenOn("UBL-CR-667", "schemeID", "cbc:ID", "cac:BuyersItemIdentification"),
  forbiddenOn("UBL-CR-668", "schemeID", "cbc:ID", "cac:SellersItemIdentification"),
  forbiddenElement("UBL-CR-669", "cbc:AllowanceChargeReasonCode", "cac:AllowanceCharge", "cac:Price"),
  forbiddenElement("UBL-CR-670", "cbc:AllowanceChargeReason", "cac:AllowanceCharge", "cac:Price"),
  forbiddenElement("UBL-CR-671", "cbc:MultiplierFactorNumeric", "cac:AllowanceCharge", "cac:Price"),
  forbiddenOn("UBL-CR-674", "schemeID", "cbc:PrimaryAccountNumberID"),
  forbiddenOn("UBL-CR-675", "schemeID", "cbc:NetworkID", "cac:CardAccount"),
  forbiddenOn("UBL-CR-676", "schemeID", "cbc:ID", "cac:PaymentMandate"),
  forbiddenOn("UBL-CR-677", "schemeID", "cbc:ID", "cac:PayerFinancialAccount", "cac:PaymentMandate"),
  forbiddenOn("UBL-CR-678", "schemeID", "cbc:ID", "cac:TaxCategory"),
  forbiddenOn("UBL-CR-679", "schemeID", "cbc:ID", "cac:ClassifiedTaxCategory"),
  forbiddenElement("UBL-CR-680", "cac:PayerFinancialAccount", "cac:PaymentMeans"),
];
