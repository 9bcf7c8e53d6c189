import { codeList, frenchRules } from "../../codelists/code-list.ts";
import { normalized } from "../../xml/tree.ts";

/** BT-3 in France (BR-FR-04), UNTDID 1001. */
export const typeCodes = codeList(
  { ...frenchRules, name: "BT-3, France", rules: ["BR-FR-04"], title: /BR-FR-04/ },
  "380 389 393 501 386 500 384 471 472 473 261 262 381 396 502 503",
);

/** The types of self-billed documents. */
export const selfBilled: ReadonlySet<string> = new Set("389 501 500 471 473 261 502".split(" "));

/** The types of advances. */
export const advances: ReadonlySet<string> = new Set(["386", "500", "503"]);

/** The types of corrected invoices. */
export const corrections: ReadonlySet<string> = new Set(["384", "471", "472", "473"]);

/** The types of credit notes that cite what they credit. */
export const creditNotes: ReadonlySet<string> = new Set(["261", "381", "396", "502", "503"]);

/** BT-23 in France (BR-FR-08). */
export const businessProcesses = codeList(
  { ...frenchRules, name: "BT-23, France", rules: ["BR-FR-08"], title: /BR-FR-08/ },
  "B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7 B8 S8 M8 B9 S9 M9",
);

/** The processes of invoices already paid. */
export const alreadyPaid: ReadonlySet<string> = new Set(["B2", "S2", "M2"]);

/** The processes of final invoices after an advance. */
export const afterAdvance: ReadonlySet<string> = new Set(["B4", "S4", "M4"]);

/** BT-123 in France (BR-FR-17). */
export const attachmentKinds = codeList(
  { ...frenchRules, name: "BT-123, France", rules: ["BR-FR-17"], title: /BR-FR-17/ },
  `RIB LISIBLE FEUILLE_DE_STYLE PJA BORDEREAU_SUIVI DOCUMENT_ANNEXE BON_LIVRAISON BON_COMMANDE BORDEREAU_SUIVI_VALIDATION ETAT_ACOMPTE FACTURE_PAIEMENT_DIRECT RECAPITULATIF_COTRAITANCE`,
);

/** The VAT categories used in France (BR-FR-15). */
export const vatCategories = codeList(
  { ...frenchRules, name: "BT-95, BT-102, BT-118, BT-151, France", rules: ["BR-FR-15"], title: /BR-FR-15/ },
  "S E AE K G O Z",
);

/** The VAT rates in force in France, or once in force (BR-FR-16), each in the ways of writing that are accepted. */
export const vatRates = codeList(
  { ...frenchRules, name: "BT-96, BT-103, BT-119, BT-152, France", rules: ["BR-FR-16"], title: /BR-FR-16/ },
  "0 0.0 0.00 10 10.0 10.00 13 13.0 13.00 20 20.0 20.00 8.5 8.50 19.6 19.60 2.1 2.10 5.5 5.50 7 7.0 7.00 20.6 20.60 1.05 0.9 0.90 1.75 9.2 9.20 9.6 9.60",
);

/** BR-FR-02: letters, digits, `+ - _ /`, no space. */
export function isInvoiceNumber(text: string): boolean {
  return /^[A-Za-z0-9+\-_/]+$/.test(normalized(text)) && !text.includes(" ");
}

/** BR-FR-23 and 24: letters, digits, `+ - _ .` */
export function isAddressText(text: string): boolean {
  return /^[A-Za-z0-9+\-_.]+$/.test(text);
}

/** Whether a text has at most so many characters, as Unicode counts them. */
export function isAtMost(text: string, most: number): boolean {
  return text.length <= most || [...text].length <= most;
}

/** BR-FR-10 and 32: nine digits. */
export function isSiren(text: string | undefined): boolean {
  return text !== undefined && /^\d{9}$/.test(normalized(text));
}

/** BR-FR-09: fourteen digits that begin with the SIREN. */
export function isSiretOf(siret: string, siren: string): boolean {
  return /^\d{14}$/.test(siret) && siret.slice(0, 9) === siren;
}

/** BR-FR-03: a day of the calendar, in the years 2000 to 2099; CII writes CCYYMMDD, with or without a time after. */
export function isDayOfThisCentury(text: string, syntax: "ubl" | "cii"): boolean {
  const form =
    syntax === "ubl"
      ? /^(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
      : /^(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/;
  const [, year, month, day] = form.exec(text) ?? [];
  if (day === undefined) return false;
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

/** A number of at most so many decimals and 19 characters apart from its point (BR-FR-DEC-01 to 03). */
export function isNumber(text: string, decimals: number, sign: "any sign" | "no sign"): boolean {
  const plain = normalized(text);
  const parts = /^(-?)\d+(?:\.(\d+))?$/.exec(plain);
  if (!parts || (sign === "no sign" && parts[1] !== "")) return false;
  return (parts[2] ?? "").length <= decimals && plain.replace(".", "").length <= 19;
}

/** BR-FR-DEC-04: a rate of at most two decimals and four digits. */
export function isRate(text: string): boolean {
  const plain = normalized(text);
  return /^\d+(\.\d{1,2})?$/.test(plain) && plain.replace(".", "").length <= 4;
}
