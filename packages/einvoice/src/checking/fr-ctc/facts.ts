import type { Checkable } from "../../check.ts";
import { codeList, frenchRules } from "../../codelists/code-list.ts";
import type { Identifier, Invoice, Note, Party } from "../../model/invoice.ts";
import type { Origins } from "../../reading/binding.ts";
import { at } from "../../xml/tree.ts";
import { type Extension, type ExtensionRole, type FrenchLine, readExtension } from "./extension.ts";

/** Every party that a French rule names. */
export type Role = "seller" | "buyer" | "payee" | "taxRepresentative" | ExtensionRole | "lineDeliverTo";

/** An invoice with what several French rules ask of it, computed once. */
export interface FrenchFacts {
  readonly syntax: "ubl" | "cii";
  readonly invoice: Invoice;
  readonly origins: Pick<Origins, "of">;
  /** What kind of document it was read from; undefined for an invoice made by a program. */
  readonly root: string | undefined;
  /** Whether its document holds an element at that path below the root; every invoice made by a program does. */
  holds(...path: string[]): boolean;
  readonly extension: Extension;
  readonly lines: readonly FrenchLine[];
  /** The lines that head a group: subtype GROUP, without a line above. */
  readonly heads: readonly FrenchLine[];
  /** Every party in each role. */
  readonly parties: Readonly<Record<Role, readonly Party[]>>;
  readonly notes: Notes;
  /** BT-23: several sellers (8), or two who invoice each other (9); undefined for any other. */
  readonly grouping: "several sellers" | "both ways" | undefined;
}

/** The facts of an invoice that was read, or typed. */
export function frenchFactsOf(reading: Checkable): FrenchFacts {
  const { invoice, syntax, origins, root } = reading;
  const extension = readExtension(reading);
  return {
    syntax,
    invoice,
    root: root?.name,
    holds: (...path) => root === undefined || at(root, ...path).length > 0,
    origins: { of: (group, term) => extension.origins.of(group, term) ?? origins?.of(group, term) },
    extension,
    lines: extension.lines,
    heads: extension.lines.filter((line) => line.subtype === "GROUP" && line.parent === undefined),
    parties: {
      ...extension.parties,
      seller: given(invoice.seller),
      buyer: given(invoice.buyer),
      payee: given(invoice.payee),
      taxRepresentative: given(invoice.taxRepresentative),
      lineDeliverTo: extension.lines.flatMap((line) => line.deliverTo),
    },
    notes: notesOf(invoice.notes, syntax),
    grouping: groupingOf(invoice.businessProcess),
  };
}

function given<Group>(group: Group | undefined): Group[] {
  return group === undefined ? [] : [group];
}

function groupingOf(process: string | undefined): FrenchFacts["grouping"] {
  const kind = /^[SBM]([89])$/.exec(process?.trim() ?? "")?.[1];
  return kind === undefined ? undefined : kind === "8" ? "several sellers" : "both ways";
}

/** What the notes of an invoice (BG-1) say under each subject code (BT-21). */
export interface Notes {
  /** How many notes bear the code. */
  count(code: string): number;
  /** The texts under the code. */
  texts(code: string): readonly string[];
  /** How many notes of code BAR name a treatment that the list knows. */
  readonly treatmentCount: number;
}

/** The treatments that a note of code BAR may ask for (BR-FR-20). */
export const treatments = codeList(
  { ...frenchRules, name: "note BAR, France", rules: ["BR-FR-20"], title: /BR-FR-20/ },
  "B2B B2BINT B2C B2CINT OUTOFSCOPE ARCHIVEONLY",
);

/**
 * CII has a field for the subject code; UBL writes it at the head of the text, as `#PMD#…`, and the published rules
 * look for it in all the notes put end to end.
 */
function notesOf(notes: readonly Note[], syntax: "ubl" | "cii"): Notes {
  if (syntax === "cii") {
    const texts = (code: string) =>
      notes.filter((note) => note.subjectCode === code).map((note) => note.text ?? "");
    return {
      texts,
      count: (code) => texts(code).length,
      treatmentCount: texts("BAR").filter((text) => treatments.has(text.trim())).length,
    };
  }
  const written = notes.map(({ subjectCode, text = "" }) =>
    subjectCode === undefined ? text : `#${subjectCode}#${text}`,
  );
  const joined = written.join("");
  const treatmentNotes = `${written.filter((text) => text.includes("#BAR#")).join("")}#`;
  const count = (text: string, piece: string) => text.split(piece).length - 1;
  return {
    count: (code) => count(joined, `#${code}#`),
    texts: (code) => {
      const start = joined.indexOf(`#${code}#`);
      return start < 0 ? [] : [joined.slice(start + code.length + 2).split("#")[0] ?? ""];
    },
    treatmentCount: [...treatments].reduce((sum, each) => sum + count(treatmentNotes, `BAR#${each}#`), 0),
  };
}

/** The identifiers of a party that name their scheme: all of them in UBL, those of `ram:GlobalID` in CII. */
export function globalIdentifiers(party: Party, { syntax, origins }: FrenchFacts): readonly Identifier[] {
  if (syntax === "ubl") return party.identifiers;
  return party.identifiers.filter((each) => origins.of(each)?.name !== "ram:ID");
}

/** The SIREN of a party: its legal identifier, when the scheme is 0002. */
export function sirenOf(party: Party | undefined): string | undefined {
  return party?.legalRegistration?.scheme === "0002" ? party.legalRegistration.value : undefined;
}
