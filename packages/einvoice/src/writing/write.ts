import { childrenOfType, rootType } from "../checking/facturx/structure.ts";
import type { Invoice } from "../model/invoice.ts";
import { type ProfileName, specificationOf } from "../model/profiles.ts";
import { readXml } from "../read.ts";
import { ciiDraft } from "./cii.ts";
import { type Draft, documentText } from "./draft.ts";
import { type LostTerm, termsLost } from "./losses.ts";
import { ublText } from "./ubl.ts";

/** What an invoice is written as. */
export type WriteOptions = { format: "ubl" } | { format: "cii"; profile?: ProfileName };

/** A document, and the terms of the invoice that it does not carry. */
export interface Written {
  xml: string;
  /** Empty when reading the document gives the invoice back. */
  lost: LostTerm[];
}

/**
 * Writes an invoice as UBL 2.1 or as CII D16B. CII may be cut down to a profile of Factur-X, which then is its
 * specification identifier (BT-24); without one, everything of EN 16931 is written and BT-24 is left alone. Whatever
 * does not come back when the document is read is reported. Never throws.
 */
export function write(invoice: Invoice, options: WriteOptions): Written {
  const profiled =
    options.format === "cii" && options.profile ? withSpecification(invoice, options.profile) : invoice;
  const xml =
    options.format === "ubl"
      ? ublText(invoice)
      : documentText(
          options.profile ? cutDown(ciiDraft(profiled), rootType, options.profile) : ciiDraft(invoice),
        );
  const outcome = readXml(xml);
  return {
    xml,
    lost: outcome.ok ? termsLost(profiled, outcome.reading.invoice) : termsLost(profiled, undefined),
  };
}

const withSpecification = (invoice: Invoice, profile: ProfileName): Invoice => ({
  ...invoice,
  specification: specificationOf(profile),
});

/** The element without what the profile has no place for. */
function cutDown(element: Draft, type: string, profile: ProfileName): Draft {
  const allowed = new Map(childrenOfType(profile, type).map((child) => [child.name, child]));
  const counts = new Map<string, number>();
  const children: Draft[] = [];
  for (const each of element.children) {
    const child = allowed.get(each.name);
    const count = (counts.get(each.name) ?? 0) + 1;
    counts.set(each.name, count);
    if (!child || count > child.most) continue;
    const kept = child.type === undefined ? each : cutDown(each, child.type, profile);
    const isEmptied = kept.children.length === 0 && each.children.length > 0 && child.least === 0;
    if (!isEmptied) children.push(kept);
  }
  return { ...element, children };
}
