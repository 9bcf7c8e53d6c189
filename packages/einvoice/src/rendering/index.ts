/** Any invoice as a page in French. */

export { invoiceFragment, invoicePage } from "./html.ts";
export {
  type Block,
  type Fact,
  type FactsBlock,
  type Outline,
  outlineOf,
  type PartiesBlock,
  type TableBlock,
} from "./outline.ts";
