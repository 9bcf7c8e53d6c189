import { codeList, europeanArtefacts } from "./code-list.ts";

/** UNTDID 1001, the codes of BT-3 that stand for an invoice. */
export const invoiceTypes = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 1001, invoices",
    rules: ["BR-CL-01 cbc:InvoiceTypeCode"],
    syntax: "ubl",
    title: /invoice.?type/i,
  },
  `
  71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394
  395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935
`,
);

/** UNTDID 1001, the codes of BT-3 that stand for a credit note. */
export const creditNoteTypes = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 1001, credit notes",
    rules: ["BR-CL-01 cbc:CreditNoteTypeCode"],
    syntax: "ubl",
    title: /credit.?note.?type/i,
  },
  "81 83 261 262 296 308 381 396 420 458 502 503 532",
);

/** UNTDID 1001, every code of BT-3, which CII holds in one list. */
export const documentTypes = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 1001",
    rules: ["BR-CL-01"],
    syntax: "cii",
    title: /1001|document.?(name|type)/i,
  },
  [...invoiceTypes, ...creditNoteTypes].join(" "),
);

/** UNTDID 2005, restricted, for BT-8 in UBL. */
export const taxPointDateCodesUbl = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 2005, restricted",
    rules: ["BR-CL-06"],
    syntax: "ubl",
    title: /2005/,
  },
  "3 35 432",
);

/** UNTDID 2475, restricted, for BT-8 in CII. */
export const taxPointDateCodesCii = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 2475, restricted",
    rules: ["BR-CL-06"],
    syntax: "cii",
    title: /2475/,
  },
  "5 29 72",
);

/** UNTDID 5305, restricted, for BT-95, BT-102, BT-118 and BT-151. */
export const vatCategories = codeList(
  {
    ...europeanArtefacts,
    name: "UNTDID 5305, restricted",
    rules: ["BR-CL-17", "BR-CL-18"],
    title: /5305|vat.?categor|duty.?or.?tax/i,
  },
  "AE L M E S Z G O K B",
);

/** Media types allowed for BT-125. */
export const mediaTypes = codeList(
  { ...europeanArtefacts, name: "MIME media types", rules: ["BR-CL-24"], title: /mime|media.?type/i },
  `
  application/pdf image/png image/jpeg text/csv
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
  application/vnd.oasis.opendocument.spreadsheet
`,
);
