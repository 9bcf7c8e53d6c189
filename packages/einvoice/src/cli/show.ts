import type { Address, Invoice, Line, Party } from "../model/invoice.ts";
import type { Paint } from "./reports/text.ts";
import type { Language } from "./words.ts";

const labels = {
  fr: {
    invoice: "Facture",
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
    invoice: "Invoice",
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

/** What the columns of a terminal hold comfortably. */
const width = 78;

/** An invoice to be read on a terminal. */
export function shownInvoice(invoice: Invoice, language: Language, paint: Paint): string {
  const label = labels[language];
  const row = (name: string, value: string | undefined) =>
    value === undefined || value.trim() === "" ? [] : [`${name.padEnd(24)} ${plain(value)}`];
  const amount = (text: string | undefined) =>
    text === undefined ? undefined : `${plain(text)} ${plain(invoice.currency ?? "")}`;
  const [first] = invoice.payments;
  const sections: string[][] = [
    [
      paint(
        "bold",
        `${label.invoice} ${plain(invoice.number ?? "?")} ${label.date} ${plain(invoice.issueDate ?? "?")}`,
      ),
      ...row(label.type, invoice.typeCode),
      ...row(label.due, invoice.dueDate),
      ...row(label.seller, partyText(invoice.seller)),
      ...row(label.buyer, partyText(invoice.buyer)),
      ...row(label.payee, invoice.payee?.name),
      ...row(label.order, invoice.purchaseOrderReference),
      ...row(label.contract, invoice.contractReference),
      ...row(label.service, invoice.buyerReference),
    ],
    [paint("bold", label.lines), ...invoice.lines.flatMap((line) => lineText(line, paint))],
    [
      ...invoice.allowances.flatMap((each) =>
        row(label.allowance, `− ${amount(each.amount)} ${each.reason ?? ""}`),
      ),
      ...invoice.charges.flatMap((each) =>
        row(label.charge, `+ ${amount(each.amount)} ${each.reason ?? ""}`),
      ),
      ...row(label.withoutVat, amount(invoice.totals?.withoutVat)),
      ...invoice.vatTotals.flatMap((total) =>
        total.breakdown.flatMap((each) =>
          row(
            `${label.vat} ${each.vatCategory ?? ""} ${each.vatRate ?? "0"} %`,
            `${amount(each.tax)} ${label.on} ${amount(each.base)}`,
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

function lineText(line: Line, paint: Paint): string[] {
  const name = plain(`${line.identifier ?? ""}  ${line.itemName ?? ""}`);
  const count = plain(`${line.quantity ?? "?"} ${line.unit ?? ""} × ${line.netPrice ?? "?"}`);
  const tax = plain(`${line.vatCategory ?? ""} ${line.vatRate ?? ""}`);
  const total = plain(line.netAmount ?? "?");
  const space = Math.max(1, width - name.length - total.length);
  return [`${name}${" ".repeat(space)}${total}`, paint("dim", `    ${count}   ${tax} %`)];
}
