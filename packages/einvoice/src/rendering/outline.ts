import { creditNoteTypes } from "../codelists/short-lists.ts";
import type { AllowanceCharge, Attachment, Invoice, Line, Party, Payment, Period } from "../model/invoice.ts";
import {
  frenchAmount,
  frenchCountry,
  frenchDate,
  frenchIdentifier,
  frenchPercent,
  frenchPrice,
  frenchQuantity,
  frenchSize,
} from "./french.ts";
import {
  countedUnits,
  noteNames,
  paymentMeansNames,
  taxPointNames,
  typeNames,
  unitNames,
  vatCategoryNames,
} from "./words.ts";

/** An invoice as people read it, in French, whatever it is drawn on: HTML or PDF. */
export interface Outline {
  /** Such as `Facture F-2026-0042`. */
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Who issued it, in one line. */
  readonly issuer: string;
}

/** One part of the page, under its title. */
export type Block = FactsBlock | PartiesBlock | TableBlock;

/** A label and what the invoice says under it. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** What the reader looks for first. */
  readonly isMain?: true;
}

/** Labels with their values. */
export interface FactsBlock {
  readonly kind: "facts";
  readonly title: string;
  /** Amounts stand in a column of their own, at the right. */
  readonly areAmounts: boolean;
  readonly facts: readonly Fact[];
}

/** The parties, side by side. */
export interface PartiesBlock {
  readonly kind: "parties";
  readonly title: string;
  readonly parties: readonly {
    readonly role: string;
    readonly name: string;
    readonly facts: readonly Fact[];
  }[];
}

/** Lines, allowances or taxes, in columns. */
export interface TableBlock {
  readonly kind: "table";
  readonly title: string;
  /** Share of the width, in parts; numbers stand at the right. */
  readonly columns: readonly { readonly label: string; readonly share: number; readonly isNumber?: true }[];
  /** A cell may have several lines, the first being the main one. */
  readonly rows: readonly (readonly string[])[];
}

/** What an invoice of any profile says, in the order that people read it; what it leaves out is left out. */
export function outlineOf(invoice: Invoice): Outline {
  const blocks: Block[] = [
    factsBlock("Facture", headerFacts(invoice)),
    partiesBlock(invoice),
    factsBlock("Références", referenceFacts(invoice)),
    linesBlock(invoice),
    allowancesBlock(invoice),
    vatBlock(invoice),
    { ...factsBlock("Totaux", totalFacts(invoice)), areAmounts: true },
    factsBlock("Paiement", paymentFacts(invoice)),
    factsBlock("Mentions", noteFacts(invoice)),
    annexesBlock(invoice),
  ];
  return {
    title: titleOf(invoice),
    issuer: issuerOf(invoice),
    blocks: blocks.filter((block) => !isEmpty(block)),
  };
}

function isEmpty(block: Block): boolean {
  if (block.kind === "facts") return block.facts.length === 0;
  return block.kind === "table" ? block.rows.length === 0 : block.parties.length === 0;
}

function titleOf({ typeCode, number }: Invoice): string {
  return [typeTitle(typeCode), number?.trim()].filter(Boolean).join(" ");
}

/** What an invoice of that type (BT-3) is called; of an unknown type, « Avoir » or « Facture ». */
export function typeTitle(typeCode: string | undefined): string {
  const code = typeCode?.trim() ?? "";
  return typeNames.get(code) ?? (creditNoteTypes.has(code) ? "Avoir" : "Facture");
}

/** The type of an invoice (BT-3) with its code, such as `Avoir (381)`; an unknown type shows as itself. */
export function typeText(typeCode: string): string {
  const code = typeCode.trim();
  const name = typeNames.get(code);
  return name === undefined ? code : `${name} (${code})`;
}

function issuerOf({ seller }: Invoice): string {
  const registration = seller?.legalRegistration;
  return [seller?.name, registration && frenchIdentifier(registration), seller?.vatIdentifier]
    .filter(Boolean)
    .join(" – ");
}

/** A fact, when the invoice has it. */
function fact(label: string, text: string | undefined, show: (text: string) => string = same): Fact[] {
  return text === undefined || text.trim() === "" ? [] : [{ label, value: show(text.trim()) }];
}

const same = (text: string) => text;

function factsBlock(title: string, facts: Fact[]): FactsBlock {
  return { kind: "facts", title, facts, areAmounts: false };
}

const named =
  (names: ReadonlyMap<string, string>) =>
  (code: string): string =>
    names.get(code) ?? code;

function headerFacts(invoice: Invoice): Fact[] {
  return [
    ...fact("Numéro", invoice.number),
    ...fact("Type", invoice.typeCode, typeText),
    ...fact("Date d'émission", invoice.issueDate, frenchDate),
    ...fact("Date d'échéance", invoice.dueDate, frenchDate),
    ...fact("Période de facturation", periodText(invoice.period)),
    ...fact("Date de livraison ou de prestation", invoice.delivery?.date, frenchDate),
    ...fact("Exigibilité de la TVA", invoice.taxPointDate, frenchDate),
    ...fact("Exigibilité de la TVA", invoice.taxPointDateCode, named(taxPointNames)),
    ...fact("Monnaie", invoice.currency),
    ...fact("Monnaie de comptabilisation de la TVA", invoice.accountingCurrency),
    ...fact("Cadre de facturation", invoice.businessProcess),
    ...fact("Profil", invoice.specification),
  ];
}

function periodText(period: Period | undefined): string | undefined {
  const [start, end] = [period?.start, period?.end].map((date) => (date ? frenchDate(date) : undefined));
  if (start && end) return `du ${start} au ${end}`;
  return start ? `à partir du ${start}` : end && `jusqu'au ${end}`;
}

function partiesBlock(invoice: Invoice): PartiesBlock {
  const { seller, buyer, payee, taxRepresentative, delivery } = invoice;
  const place: Party | undefined = delivery && {
    identifiers: delivery.location ? [delivery.location] : [],
    ...(delivery.name === undefined ? {} : { name: delivery.name }),
    ...(delivery.address === undefined ? {} : { address: delivery.address }),
  };
  const roles: [string, Party | undefined][] = [
    ["Vendeur", seller],
    ["Acheteur", buyer],
    ["Bénéficiaire du paiement", payee],
    ["Représentant fiscal du vendeur", taxRepresentative],
    ["Lieu de livraison", place],
  ];
  const parties = roles.flatMap(([role, party]) => {
    const facts = party ? partyFacts(party) : [];
    const name = party?.name?.trim() ?? "";
    return name === "" && facts.length === 0 ? [] : [{ role, name, facts }];
  });
  return { kind: "parties", title: "Parties", parties };
}

function partyFacts(party: Party): Fact[] {
  const { address, contact, legalRegistration, electronicAddress } = party;
  const lines = [
    address?.line1,
    address?.line2,
    address?.line3,
    [address?.postCode, address?.city].filter(Boolean).join(" "),
    address?.subdivision,
    address?.country && frenchCountry(address.country),
  ];
  return [
    ...fact("Nom commercial", party.tradingName),
    ...fact("Adresse", lines.filter((line) => line?.trim()).join("\n")),
    ...fact("Immatriculation", legalRegistration && frenchIdentifier(legalRegistration)),
    ...fact("Identifiants", party.identifiers.map(frenchIdentifier).join("\n")),
    ...fact("N° de TVA", party.vatIdentifier),
    ...fact("N° fiscal", party.taxRegistration),
    ...fact("Informations légales", party.legalInformation),
    ...fact("Adresse électronique", electronicAddress && frenchIdentifier(electronicAddress)),
    ...fact("Contact", [contact?.name, contact?.telephone, contact?.email].filter(Boolean).join("\n")),
  ];
}

function referenceFacts(invoice: Invoice): Fact[] {
  const { invoicedObject, precedingInvoices } = invoice;
  return [
    ...fact("Référence de l'acheteur (service)", invoice.buyerReference),
    ...fact("Commande (engagement)", invoice.purchaseOrderReference),
    ...fact("Commande du vendeur", invoice.salesOrderReference),
    ...fact("Contrat", invoice.contractReference),
    ...fact("Projet", invoice.projectReference),
    ...fact("Marché ou lot", invoice.tenderReference),
    ...fact("Bon de livraison", invoice.despatchAdviceReference),
    ...fact("Bon de réception", invoice.receivingAdviceReference),
    ...fact("Objet facturé", invoicedObject && frenchIdentifier(invoicedObject)),
    ...fact("Référence comptable de l'acheteur", invoice.buyerAccountingReference),
    ...precedingInvoices.flatMap(({ number, issueDate }) =>
      fact("Facture antérieure", number, (text) =>
        issueDate ? `${text} du ${frenchDate(issueDate)}` : text,
      ),
    ),
  ];
}

function linesBlock({ lines, currency }: Invoice): TableBlock {
  return {
    kind: "table",
    title: "Lignes",
    columns: [
      { label: "N°", share: 6 },
      { label: "Désignation", share: 44 },
      { label: "Quantité", share: 13, isNumber: true },
      { label: "Prix net", share: 14, isNumber: true },
      { label: "TVA", share: 9, isNumber: true },
      { label: "Montant HT", share: 14, isNumber: true },
    ],
    rows: lines.map((line) => [
      line.identifier ?? "",
      lineDescription(line, currency),
      quantityText(line.quantity, line.unit),
      priceText(line, currency),
      vatText(line),
      line.netAmount === undefined ? "" : frenchAmount(line.netAmount, currency),
    ]),
  };
}

function quantityText(quantity: string | undefined, unit: string | undefined): string {
  if (quantity === undefined) return "";
  const name = unit && (unitNames.get(unit) ?? unit);
  const plural = name && countedUnits.has(name) && Math.abs(Number(quantity)) >= 2 ? `${name}s` : name;
  return [frenchQuantity(quantity), plural].filter(Boolean).join("\u00a0");
}

function priceText({ netPrice, baseQuantity, baseQuantityUnit }: Line, currency: string | undefined): string {
  if (netPrice === undefined) return "";
  const price = frenchPrice(netPrice, currency);
  if (baseQuantity === undefined || Number(baseQuantity) === 1) return price;
  return `${price}\npar ${quantityText(baseQuantity, baseQuantityUnit)}`;
}

/** The rate where it says everything, otherwise the category with it. */
function vatText({ vatCategory = "", vatRate }: Pick<Line, "vatCategory" | "vatRate">): string {
  const rate = vatRate === undefined ? "" : frenchPercent(vatRate);
  if (vatCategory === "S" || vatCategory === "") return rate;
  return [vatCategory, rate].filter(Boolean).join(" – ");
}

function lineDescription(line: Line, currency: string | undefined): string {
  const { object, standardItemIdentifier, originCountry } = line;
  const details = [
    ...fact("Note", line.note),
    ...fact("Période", periodText(line.period)),
    ...fact("Réf. vendeur", line.sellerItemIdentifier),
    ...fact("Réf. acheteur", line.buyerItemIdentifier),
    ...fact("Article", standardItemIdentifier && frenchIdentifier(standardItemIdentifier)),
    ...fact("Classement", line.classifications.map(frenchIdentifier).join(", ")),
    ...fact("Origine", originCountry, frenchCountry),
    ...fact("Ligne de commande", line.orderLineReference),
    ...fact("Objet", object && frenchIdentifier(object)),
    ...fact("Référence comptable", line.buyerAccountingReference),
    ...fact("Prix brut", line.grossPrice, (text) => frenchPrice(text, currency)),
    ...fact("Rabais sur le prix", line.priceDiscount, (text) => frenchPrice(text, currency)),
    ...line.attributes.flatMap(({ name, value }) => fact(name ?? "Caractéristique", value)),
    ...line.allowances.flatMap((each) => adjustment("Remise", each, currency)),
    ...line.charges.flatMap((each) => adjustment("Frais", each, currency)),
  ];
  const head = [line.itemName, line.itemDescription].filter((text) => text?.trim());
  return [...head, ...details.map(({ label, value }) => `${label}\u00a0: ${value}`)].join("\n");
}

function adjustment(label: string, given: AllowanceCharge, currency: string | undefined): Fact[] {
  const reason = [given.reason, given.reasonCode && `code ${given.reasonCode}`].filter(Boolean).join(", ");
  return fact(reason === "" ? label : `${label} (${reason})`, given.amount, (text) => {
    const base = given.base ? ` de ${frenchAmount(given.base, currency)}` : "";
    const share = given.percentage ? ` (${frenchPercent(given.percentage)}${base})` : "";
    return frenchAmount(text, currency) + share;
  });
}

function allowancesBlock({ allowances, charges, currency }: Invoice): TableBlock {
  const row = (label: string) => (each: AllowanceCharge) => {
    const [first] = adjustment(label, each, currency);
    return [first?.label ?? label, vatText(each), first?.value ?? ""];
  };
  return {
    kind: "table",
    title: "Remises et frais du document",
    columns: [
      { label: "Nature", share: 60 },
      { label: "TVA", share: 12, isNumber: true },
      { label: "Montant HT", share: 28, isNumber: true },
    ],
    rows: [...allowances.map(row("Remise")), ...charges.map(row("Frais"))],
  };
}

function vatBlock({ vatTotals, currency }: Invoice): TableBlock {
  return {
    kind: "table",
    title: "Détail de la TVA",
    columns: [
      { label: "Catégorie", share: 46 },
      { label: "Taux", share: 12, isNumber: true },
      { label: "Base HT", share: 21, isNumber: true },
      { label: "TVA", share: 21, isNumber: true },
    ],
    rows: vatTotals.flatMap((total) =>
      total.breakdown.map(({ vatCategory = "", vatRate, base, tax, exemptionReason, exemptionCode }) => [
        [vatCategoryNames.get(vatCategory) ?? vatCategory, exemptionReason, exemptionCode]
          .filter((text) => text?.trim())
          .join("\n"),
        vatRate === undefined ? "" : frenchPercent(vatRate),
        base === undefined ? "" : frenchAmount(base, currency),
        tax === undefined ? "" : frenchAmount(tax, currency),
      ]),
    ),
  };
}

function totalFacts({ totals, vatTotals, currency }: Invoice): Fact[] {
  const amount = (text: string) => frenchAmount(text, currency);
  const due = fact("Net à payer", totals?.due, amount);
  return [
    ...fact("Total des lignes HT", totals?.lines, amount),
    ...fact("Total des remises HT", totals?.allowances, amount),
    ...fact("Total des frais HT", totals?.charges, amount),
    ...fact("Total HT", totals?.withoutVat, amount),
    ...vatTotals.flatMap((total) =>
      fact("Total TVA", total.amount, (text) => frenchAmount(text, total.currency ?? currency)),
    ),
    ...fact("Total TTC", totals?.withVat, amount),
    ...fact("Déjà payé", totals?.paid, amount),
    ...fact("Arrondi", totals?.rounding, amount),
    ...due.map((each) => ({ ...each, isMain: true as const })),
  ];
}

function paymentFacts(invoice: Invoice): Fact[] {
  return [
    ...fact("Conditions de paiement", invoice.paymentTerms),
    ...invoice.payments.flatMap(oneWayFacts),
    ...fact("Identifiant du créancier (prélèvement)", invoice.creditorIdentifier),
  ];
}

function oneWayFacts(payment: Payment): Fact[] {
  const { meansCode, meansText, account } = payment;
  const means = [meansCode && named(paymentMeansNames)(meansCode), meansText].filter(Boolean);
  return [
    ...fact("Moyen de paiement", [...new Set(means)].join(" – ")),
    ...fact("Compte à créditer (IBAN)", account?.identifier),
    ...fact("Titulaire", account?.name),
    ...fact("BIC", account?.serviceProvider),
    ...fact("Référence à rappeler", payment.remittanceInformation),
    ...fact("Carte", payment.cardNumber),
    ...fact("Porteur de la carte", payment.cardHolder),
    ...fact("Mandat de prélèvement", payment.mandate),
    ...fact("Compte débité", payment.debitedAccount),
  ];
}

function noteFacts({ notes }: Invoice): Fact[] {
  return notes.flatMap(({ subjectCode = "", text }) =>
    fact(noteNames.get(subjectCode) ?? (subjectCode === "" ? "Note" : `Note (${subjectCode})`), text),
  );
}

function annexesBlock({ attachments }: Invoice): TableBlock {
  return {
    kind: "table",
    title: "Annexes",
    columns: [
      { label: "Référence", share: 30 },
      { label: "Description", share: 40 },
      { label: "Fichier", share: 30 },
    ],
    rows: attachments.map((each) => [each.reference ?? "", each.description ?? "", fileText(each)]),
  };
}

function fileText({ fileName, mimeType, content, location }: Attachment): string {
  const characters = content?.replace(/\s|=/g, "").length;
  const size = characters === undefined ? undefined : frenchSize(Math.floor((characters * 3) / 4));
  return [fileName, mimeType, size, location].filter((text) => text?.trim()).join("\n");
}
