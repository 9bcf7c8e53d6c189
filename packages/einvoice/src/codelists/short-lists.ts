import { codeList } from "./code-list.ts";

/** UNTDID 1001, the codes of BT-3 that stand for an invoice. */
export const invoiceTypes = codeList(`
  71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394
  395 456 457 471 472 473 500 501 502 503 527 553 575 623 633 751 780 817 870 875 876 877 935
`);

/** UNTDID 1001, the codes of BT-3 that stand for a credit note. */
export const creditNoteTypes = codeList("81 83 261 262 296 308 381 396 420 458 532");

/** UNTDID 2005, restricted, for BT-8 in UBL. */
export const taxPointDateCodesUbl = codeList("3 35 432");

/** UNTDID 2475, restricted, for BT-8 in CII. */
export const taxPointDateCodesCii = codeList("5 29 72");

/** UNTDID 5305, restricted, for BT-95, BT-102, BT-118 and BT-151. */
export const vatCategories = codeList("AE L M E S Z G O K B");

/** Media types allowed for BT-125. */
export const mediaTypes = codeList(`
  application/pdf image/png image/jpeg text/csv
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
  application/vnd.oasis.opendocument.spreadsheet
`);
