import type { Address, Invoice, Line, Party } from "../model/invoice.ts";
import { frenchAmount, frenchDate, frenchPercent, frenchPrice, frenchQuantity } from "../rendering/french.ts";
import { typeText, typeTitle } from "../rendering/outline.ts";
import type { Paint } from "./reports/text.ts";
import type { Language } from "./words.ts";

const labels = {
  fr: {
    date: "du",
    type: "Type",
    due: "Échéance",
    seller: "Vendeur",
    buyer: "Acheteur",
    payee: "Bénéficiaire",
    order: "Commande",
    contract: "Marché",
    service: "Référence de l'acheteur",
    lines: "Lignes",
    allowance: "Remise",
    charge: "Majoration",
    vat: "TVA",
    on: "sur",
    per: "par",
    withoutVat: "Total hors TVA",
    withVat: "Total avec TVA",
    paid: "Déjà payé",
    toPay: "À payer",
    payment: "Paiement",
    terms: "Conditions",
    notes: "Notes",
    attachments: "Pièces jointes",
  },
  en: {
    date: "of",
    type: "Type",
    due: "Due",
    seller: "Seller",
    buyer: "Buyer",
    payee: "Payee",
    order: "Order",
    contract: "Contract",
    service: "Buyer reference",
    lines: "Lines",
    allowance: "Allowance",
    charge: "Charge",
    vat: "VAT",
    on: "on",
    per: "per",
    withoutVat: "Total without VAT",
    withVat: "Total with VAT",
    paid: "Paid",
    toPay: "To pay",
    payment: "Payment",
    terms: "Terms",
    notes: "Notes",
    attachments: "Attachments",
  },
};

type Writing = {
  amount(text: string, currency: string | undefined): string;
  price(text: string, currency: string | undefined): string;
  quantity(text: string): string;
  percent(text: string): string;
  date(text: string): string;
  type(code: string): string;
  /** What an invoice of that type (BT-3) is called. */
  title(code: string | undefined): string;
};

const asWritten = (text: string, currency: string | undefined) => [text, currency].filter(Boolean).join(" ");

/** How each language writes what an invoice holds; in English, as the invoice itself does. */
const writings: Readonly<Record<Language, Writing>> = {
  fr: {
    amount: frenchAmount,
    price: frenchPrice,
    quantity: frenchQuantity,
    percent: frenchPercent,
    date: frenchDate,
    type: typeText,
    title: typeTitle,
  },
  en: {
    amount: asWritten,
    price: asWritten,
    quantity: (text) => text,
    percent: (text) => `${text} %`,
    date: (text) => text,
    type: (code) => code,
    title: () => "Invoice",
  },
};

/** What the columns of a terminal hold comfortably. */
const width = 78;

/** An invoice to be read on a terminal. */
export function shownInvoice(invoice: Invoice, language: Language, paint: Paint): string {
  const label = labels[language];
  const writing = writings[language];
  const row = (name: string, value: string | undefined) =>
    value === undefined || value.trim() === "" ? [] : [`${name.padEnd(24)} ${plain(value)}`];
  const amount = (text: string | undefined) =>
    text === undefined ? undefined : writing.amount(text, invoice.currency);
  const amountOrMark = (text: string | undefined) => amount(text) ?? "?";
  const date = (text: string | undefined) => (text === undefined ? undefined : writing.date(text));
  const [first] = invoice.payments;
  const sections: string[][] = [
    [
      paint(
        "bold",
        `${writing.title(invoice.typeCode)} ${plain(invoice.number ?? "?")} ${label.date} ${plain(date(invoice.issueDate) ?? "?")}`,
      ),
      ...row(label.type, invoice.typeCode && writing.type(invoice.typeCode)),
      ...row(label.due, date(invoice.dueDate)),
      ...row(label.seller, partyText(invoice.seller)),
      ...row(label.buyer, partyText(invoice.buyer)),
      ...row(label.payee, invoice.payee?.name),
      ...row(label.order, invoice.purchaseOrderReference),
      ...row(label.contract, invoice.contractReference),
      ...row(label.service, invoice.buyerReference),
    ],
    [
      paint("bold", label.lines),
      ...invoice.lines.flatMap((line) =>
        lineText(line, { writing, per: label.per, currency: invoice.currency, paint }),
      ),
    ],
    [
      ...invoice.allowances.flatMap((each) =>
        row(label.allowance, `${amountOrMark(each.amount)} ${each.reason ?? ""}`),
      ),
      ...invoice.charges.flatMap((each) =>
        row(label.charge, `${amountOrMark(each.amount)} ${each.reason ?? ""}`),
      ),
      ...row(label.withoutVat, amount(invoice.totals?.withoutVat)),
      ...invoice.vatTotals.flatMap((total) =>
        total.breakdown.flatMap((each) =>
          row(
            `${label.vat} ${each.vatCategory ?? ""} ${writing.percent(each.vatRate ?? "0")}`,
            `${amountOrMark(each.tax)} ${label.on} ${amountOrMark(each.base)}`,
          ),
        ),
      ),
      ...row(label.withVat, amount(invoice.totals?.withVat)),
      ...row(label.paid, amount(invoice.totals?.paid)),
      ...row(label.toPay, amount(invoice.totals?.due)).map((text) => paint("bold", text)),
    ],
    [
      ...row(label.payment, first && (first.account?.identifier ?? first.meansText ?? first.meansCode)),
      ...row(label.terms, invoice.paymentTerms),
    ],
    invoice.notes.flatMap((note) => row(`${label.notes} ${note.subjectCode ?? ""}`, note.text)),
    invoice.attachments.flatMap((each) => row(label.attachments, each.fileName ?? each.reference)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** On one line, without the characters that would drive a terminal. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

function partyText(party: Party | undefined): string | undefined {
  if (!party) return undefined;
  const ids = [party.legalRegistration?.value, party.vatIdentifier].filter((id) => id !== undefined);
  return [party.name, ids.length > 0 ? `(${ids.join(", ")})` : "", addressText(party.address)]
    .filter((part) => part)
    .join(" ");
}

function addressText(address: Address | undefined): string {
  if (!address) return "";
  const town = [address.postCode, address.city].filter((part) => part).join(" ");
  return [address.line1, address.line2, address.line3, town, address.country]
    .filter((part) => part)
    .join(", ");
}

function lineText(
  line: Line,
  given: { writing: Writing; per: string; currency: string | undefined; paint: Paint },
): string[] {
  const { writing, per, currency, paint } = given;
  const counted = (quantity: string | undefined, unit: string | undefined) =>
    quantity === undefined ? "?" : `${writing.quantity(quantity)} ${unit ?? ""}`.trim();
  const price = line.netPrice === undefined ? "?" : writing.price(line.netPrice, currency);
  const base =
    line.baseQuantity === undefined || Number(line.baseQuantity) === 1
      ? ""
      : ` ${per} ${counted(line.baseQuantity, line.baseQuantityUnit)}`;
  const rate = line.vatRate === undefined ? "" : writing.percent(line.vatRate);
  const name = plain(`${line.identifier ?? ""}  ${line.itemName ?? ""}`);
  const total = plain(line.netAmount === undefined ? "?" : writing.amount(line.netAmount, currency));
  const space = Math.max(1, width - name.length - total.length);
  const count = plain(`${counted(line.quantity, line.unit)} × ${price}${base}`);
  return [
    `${name}${" ".repeat(space)}${total}`,
    paint("dim", `    ${count}   ${plain(`${line.vatCategory ?? ""} ${rate}`)}`),
  ];
}
