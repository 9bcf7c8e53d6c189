export { invoiceFragment, invoicePage } from "./html.ts";
export { type Outline, outlineOf } from "./outline.ts";
