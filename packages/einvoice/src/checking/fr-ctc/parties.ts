import type { Invoice, Party } from "../../model/invoice.ts";
import { filled } from "../rule.ts";
import { type FrenchFacts, globalIdentifiers, type Role, sirenOf } from "./facts.ts";
import { isAddressText, isAtMost, isSiren, isSiretOf, selfBilled } from "./formats.ts";
import { type FrenchRule, type FrenchRules, frenchRules, type RuleId, theInvoice } from "./french-rule.ts";

/** A party of an invoice, with the terms of its identifiers and of its electronic address. */
interface NamedRole {
  readonly role: Role;
  readonly fr: string;
  readonly en: string;
  readonly identifiers?: string;
  readonly address?: string;
}

const roles: readonly NamedRole[] = [
  { role: "seller", fr: "du vendeur", en: "seller", identifiers: "BT-29", address: "BT-34" },
  { role: "buyer", fr: "de l'acheteur", en: "buyer", identifiers: "BT-46", address: "BT-49" },
  { role: "payee", fr: "du bénéficiaire", en: "payee", identifiers: "BT-60", address: "EXT-FR-FE-29" },
  {
    role: "buyerAgent",
    fr: "de l'agent de l'acheteur",
    en: "buyer's agent",
    identifiers: "EXT-FR-FE-06",
    address: "EXT-FR-FE-12",
  },
  { role: "payer", fr: "du payeur", en: "payer", identifiers: "EXT-FR-FE-46", address: "EXT-FR-FE-52" },
  {
    role: "sellerAgent",
    fr: "de l'agent du vendeur",
    en: "seller's agent",
    identifiers: "EXT-FR-FE-69",
    address: "EXT-FR-FE-75",
  },
  {
    role: "invoicee",
    fr: "du destinataire de la facture",
    en: "invoicee",
    identifiers: "EXT-FR-FE-92",
    address: "EXT-FR-FE-98",
  },
  {
    role: "invoicer",
    fr: "du facturant",
    en: "invoicer",
    identifiers: "EXT-FR-FE-115",
    address: "EXT-FR-FE-121",
  },
  { role: "deliverTo", fr: "du lieu de livraison", en: "deliver-to place", identifiers: "BT-71" },
  {
    role: "lineDeliverTo",
    fr: "du lieu de livraison de la ligne",
    en: "line's deliver-to place",
    identifiers: "EXT-FR-FE-146",
  },
  { role: "taxRepresentative", fr: "du représentant fiscal", en: "tax representative" },
];

/** BR-FR-09: the seller and the buyer must also give the SIREN that their SIRET begins with. */
function siretRule({ role, fr, en, identifiers: term }: NamedRole): FrenchRule<Party>[] {
  if (term === undefined) return [];
  const needsSiren = role === "seller" || role === "buyer";
  // In UBL the published rule for the line's place of delivery looks where none can stand.
  const id: RuleId = role === "lineDeliverTo" ? { cii: `BR-FR-09_${term}` } : `BR-FR-09_${term}`;
  return [
    {
      id,
      term,
      holds: (party, facts) => {
        const siret = globalIdentifiers(party, facts).find((each) => each.scheme === "0009")?.value;
        if (siret === undefined) return true;
        return isSiretOf(siret, sirenOf(party) || (needsSiren ? "" : siret.slice(0, 9)));
      },
      fr: `Corrigez le SIRET ${fr} (${term}) : 14 chiffres, qui commencent par son SIREN.`,
      en: `Correct the SIRET of the ${en} (${term}): 14 digits that begin with its SIREN.`,
    },
  ];
}

/** BR-FR-CO-10: global identifiers name their scheme, and each scheme comes once. */
function schemeRules({ fr, en, identifiers: term }: NamedRole): FrenchRule<Party>[] {
  if (term === undefined) return [];
  const schemesOf = (party: Party, facts: FrenchFacts) =>
    globalIdentifiers(party, facts).flatMap((each) => each.scheme ?? []);
  return [
    {
      id: `BR-FR-CO-10_${term}-1`,
      term,
      holds: (party, facts) => globalIdentifiers(party, facts).every((each) => each.scheme !== undefined),
      fr: `Indiquez le schéma de chaque identifiant ${fr} (${term}-1).`,
      en: `Give the scheme of each identifier of the ${en} (${term}-1).`,
    },
    {
      id: `BR-FR-CO-10_${term}-2`,
      term,
      holds: (party, facts) => {
        const schemes = schemesOf(party, facts);
        return new Set(schemes).size === schemes.length;
      },
      fr: `Ne gardez qu'un identifiant ${fr} (${term}) par schéma.`,
      en: `Keep one identifier of the ${en} (${term}) a scheme.`,
    },
  ];
}

/** BR-FR-23 and 25: the form and the length of an electronic address. */
function addressRules({ fr, en, address: term }: NamedRole): FrenchRule<Party>[] {
  if (term === undefined) return [];
  return [
    {
      id: `BR-FR-23_${term}`,
      term,
      field: "electronicAddress",
      holds: ({ electronicAddress: address }) => address?.scheme !== "0225" || isAddressText(address.value),
      fr: `N'employez dans l'adresse électronique ${fr} (${term}) que des lettres sans accent, des chiffres et - _ .`,
      en: `Use only unaccented letters, digits and - _ . in the electronic address of the ${en} (${term}).`,
    },
    {
      id: `BR-FR-25_${term}`,
      term,
      field: "electronicAddress",
      holds: ({ electronicAddress }) => isAtMost(electronicAddress?.value ?? "", 125),
      fr: `Raccourcissez l'adresse électronique ${fr} (${term}) à 125 caractères.`,
      en: `Shorten the electronic address of the ${en} (${term}) to 125 characters.`,
    },
  ];
}

/** BR-FR-24 and 26: private identifiers, of scheme 0224. */
function privateRules({ role, fr, en, identifiers: term }: NamedRole): FrenchRule<Party>[] {
  if (term === undefined || (role !== "seller" && role !== "buyer")) return [];
  const every = (party: Party, facts: FrenchFacts, test: (text: string) => boolean) =>
    globalIdentifiers(party, facts).every((each) => each.scheme !== "0224" || test(each.value));
  return [
    {
      id: `BR-FR-24_${term}`,
      term,
      holds: (party, facts) => every(party, facts, isAddressText),
      fr: `N'employez dans l'identifiant privé ${fr} (${term}) que des lettres sans accent, des chiffres et - _ .`,
      en: `Use only unaccented letters, digits and - _ . in the private identifier of the ${en} (${term}).`,
    },
    {
      id: `BR-FR-26_${term}`,
      term,
      holds: (party, facts) => every(party, facts, (text) => isAtMost(text, 100)),
      fr: `Raccourcissez l'identifiant privé ${fr} (${term}) à 100 caractères.`,
      en: `Shorten the private identifier of the ${en} (${term}) to 100 characters.`,
    },
  ];
}

/** BR-FR-32: what says that it is a SIREN is one, in every party. */
const sirenRules = ({ fr, en }: NamedRole): FrenchRule<Party>[] => [
  {
    id: "BR-FR-32-LEGALID",
    term: "BT-30",
    field: "legalRegistration",
    holds: (party) => sirenOf(party) === undefined || isSiren(sirenOf(party)),
    fr: `Écrivez le SIREN ${fr} (schéma 0002) en 9 chiffres.`,
    en: `Write the SIREN of the ${en} (scheme 0002) in 9 digits.`,
  },
  {
    id: { ubl: "BR-FR-32-ID", cii: "BR-FR-32-GLOBALID" },
    term: "BT-29",
    holds: (party, facts) =>
      globalIdentifiers(party, facts).every(
        ({ scheme, value }) => (scheme !== "0002" && scheme !== "0231") || isSiren(value),
      ),
    fr: `Écrivez l'identifiant ${fr} de schéma 0002 ou 0231 en 9 chiffres.`,
    en: `Write the identifier of the ${en} of scheme 0002 or 0231 in 9 digits.`,
  },
];

/** Whether an electronic address is one of scheme 0225 that begins with the party's SIREN. */
function isAddressOfItsSiren(party: Party | undefined, { syntax }: FrenchFacts): boolean {
  const siren = syntax === "ubl" ? sirenOf(party) : party?.legalRegistration?.value;
  const address = party?.electronicAddress;
  return address?.scheme === "0225" && address.value.startsWith(siren ?? "");
}

/** Whether a party has an electronic address; in CII's published rules, space is one. */
function isGiven(party: Party | undefined, { syntax }: FrenchFacts): boolean {
  const address = party?.electronicAddress?.value;
  return syntax === "cii" ? Boolean(address) : filled(address);
}

const isSelfBilled = ({ typeCode = "" }: Invoice): boolean => selfBilled.has(typeCode);

const invoiceRules: FrenchRule<Invoice>[] = [
  {
    id: "BR-FR-10_BT-30",
    term: "BT-30",
    // UBL's published rule only looks at a seller that has a legal entity.
    holds: ({ seller }, { syntax, holds }) =>
      isSiren(sirenOf(seller)) ||
      (syntax === "ubl" && !holds("cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity")),
    fr: "Indiquez le SIREN du vendeur (BT-30, schéma 0002), en 9 chiffres.",
    en: "Give the seller's SIREN (BT-30, scheme 0002), in 9 digits.",
  },
  {
    id: "BR-FR-11_BT-47",
    term: "BT-47",
    // CII's published rule takes the SIREN as it is written, space included.
    holds: ({ buyer }, { notes, syntax }) => {
      const siren = sirenOf(buyer);
      return (
        !notes.texts("BAR").includes("B2B") ||
        (isSiren(siren) && (syntax === "ubl" || siren === siren?.trim()))
      );
    },
    fr: "Indiquez le SIREN de l'acheteur (BT-47, schéma 0002), en 9 chiffres : la note BAR dit B2B.",
    en: "Give the buyer's SIREN (BT-47, scheme 0002), in 9 digits: the note BAR says B2B.",
  },
  {
    id: "BR-FR-12_BT-49",
    term: "BT-49",
    holds: ({ buyer }, facts) => isGiven(buyer, facts),
    fr: "Indiquez l'adresse électronique de l'acheteur (BT-49).",
    en: "Give the buyer's electronic address (BT-49).",
  },
  {
    id: "BR-FR-13_BT-34",
    term: "BT-34",
    holds: ({ seller }, facts) => isGiven(seller, facts),
    fr: "Indiquez l'adresse électronique du vendeur (BT-34).",
    en: "Give the seller's electronic address (BT-34).",
  },
  {
    id: "BR-FR-21_BT-49",
    term: "BT-49",
    holds: (invoice, facts) =>
      !facts.notes.texts("BAR").includes("B2B") ||
      isSelfBilled(invoice) ||
      isAddressOfItsSiren(invoice.buyer, facts),
    fr: "Donnez à l'acheteur une adresse électronique (BT-49) de schéma 0225, qui commence par son SIREN : la note BAR dit B2B.",
    en: "Give the buyer an electronic address (BT-49) of scheme 0225 that begins with its SIREN: the note BAR says B2B.",
  },
  {
    id: "BR-FR-22_BT-34",
    term: "BT-34",
    // UBL's published rule applies whatever the treatment.
    holds: (invoice, facts) =>
      !facts.notes.texts("BAR").some((text) => text === "B2B" || (facts.syntax === "ubl" && text !== "")) ||
      !isSelfBilled(invoice) ||
      isAddressOfItsSiren(invoice.seller, facts),
    fr: "Donnez au vendeur une adresse électronique (BT-34) de schéma 0225, qui commence par son SIREN : la facture est une autofacture.",
    en: "Give the seller an electronic address (BT-34) of scheme 0225 that begins with its SIREN: the invoice is self-billed.",
  },
  {
    id: "BR-FR-CO-15_BT-29-1",
    term: "BT-63",
    holds: ({ seller, taxRepresentative }, facts) =>
      !seller ||
      !globalIdentifiers(seller, facts).some((each) => each.scheme === "0231") ||
      Boolean(
        taxRepresentative?.vatIdentifier || (facts.syntax === "ubl" && taxRepresentative?.taxRegistration),
      ),
    fr: "Indiquez le représentant fiscal (BG-11) et son numéro de TVA (BT-63) : le vendeur est membre d'un assujetti unique.",
    en: "Give the tax representative (BG-11) and its VAT number (BT-63): the seller is a member of a VAT group.",
  },
];

/** BR-FR-09 to 13, 21 to 26, 32, CO-10 and CO-15: the parties, their identifiers and addresses. */
export const partyRules: FrenchRules[] = [
  frenchRules(theInvoice, invoiceRules),
  ...roles.map((each) =>
    frenchRules(
      ({ parties }) => parties[each.role],
      [
        ...siretRule(each),
        ...schemeRules(each),
        ...addressRules(each),
        ...privateRules(each),
        ...sirenRules(each),
      ],
    ),
  ),
];
