import type { Checkable } from "../check.ts";
import type { Party } from "../model/invoice.ts";
import { isVat } from "../reading/ubl.ts";
import { at, child, childrenOf, selfOrUnder, type XmlElement } from "../xml/tree.ts";
import type { Taxed } from "./facts.ts";

/**
 * What the rules look at wherever it stands, and the model has no place for: lines under lines, parties of an
 * extension, what is written once too often.
 */
export interface FurtherGroups {
  readonly lines: readonly Taxed[];
  readonly breakdowns: readonly Taxed[];
  readonly parties: readonly Pick<Party, "vatIdentifier">[];
}

export function furtherGroups({ root, syntax, unread = [] }: Checkable): FurtherGroups {
  const found = (name: string) => unread.flatMap((element) => selfOrUnder(element, name));
  if (syntax === "ubl")
    return {
      lines: [
        ...found("cac:ClassifiedTaxCategory"),
        ...unread.flatMap(({ name, parent }) =>
          name === "cbc:ID" && parent?.name === "cac:ClassifiedTaxCategory" ? [parent] : [],
        ),
      ].map(ublTaxed),
      breakdowns: at(root, "cac:TaxTotal", "cac:TaxSubtotal").flatMap((subtotal) =>
        childrenOf(subtotal, "cac:TaxCategory").slice(1).map(ublTaxed),
      ),
      parties: found("cac:PartyTaxScheme")
        .filter((scheme) => isVat(at(scheme, "cac:TaxScheme", "cbc:ID")[0]?.text))
        .map((scheme) => identified(child(scheme, "cbc:CompanyID"))),
    };
  return {
    lines: found("ram:IncludedSubordinateTradeLineItem").flatMap((line) =>
      at(line, "ram:SpecifiedLineTradeSettlement", "ram:ApplicableTradeTax").map(ciiTaxed),
    ),
    breakdowns: [],
    parties: found("ram:SpecifiedTaxRegistration")
      .flatMap((registration) => childrenOf(registration, "ram:ID"))
      .filter((id) => id.attributes["schemeID"] === "VA")
      .map(identified),
  };
}

function ublTaxed(category: XmlElement): Taxed {
  return taxed(child(category, "cbc:ID"), at(category, "cac:TaxScheme", "cbc:ID")[0]);
}

function ciiTaxed(tax: XmlElement): Taxed {
  return taxed(child(tax, "ram:CategoryCode"), child(tax, "ram:TypeCode"));
}

function taxed(category: XmlElement | undefined, scheme: XmlElement | undefined): Taxed {
  return { ...(category && { vatCategory: category.text }), ...(scheme && { taxScheme: scheme.text }) };
}

function identified(id: XmlElement | undefined): Pick<Party, "vatIdentifier"> {
  return id ? { vatIdentifier: id.text } : {};
}
