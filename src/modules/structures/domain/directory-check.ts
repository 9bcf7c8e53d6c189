import { accepted, type Result, refused } from "../../../shared/result.ts";
import { siret } from "../../../shared/siret.ts";
import { identifierText, sirenOf } from "./identifier.ts";
import { type BillingRules, billingSentence } from "./service.ts";

/** DIR-06. Identifiers in one list. */
export const CHECKED_AT_ONCE = 5_000;

/** What is shown of an identifier that is none. */
const TYPED_MAX = 60;
const isTitle = (cell: string) => /siret|siren|^identifiant/i.test(cell.trim()) && !/\d{9}/.test(cell);

/** An identifier of a list, as it was read. */
export type AskedIdentifier =
  | { readonly kind: "SIRET" | "SIREN"; readonly typed: string; readonly value: string }
  | { readonly kind: "malformed"; readonly typed: string; readonly says: string };

/** What the directory knows of an asked identifier; of a SIREN, of all its structures together. */
export type DirectoryKnowledge = BillingRules & {
  readonly activeCount: number;
  /** The only active structure, else one that is not active; null when several are active. */
  readonly structureId: number | null;
  readonly displayName: string;
  readonly identifierValue: string;
  /** Whether all the active ones ask for the same. */
  readonly hasOneRule: boolean;
  readonly replacedBy: { readonly structureId: number; readonly identifierValue: string } | null;
};

export type DirectoryVerdict = "found" | "notFound" | "replaced" | "inactive" | "malformed";

/** A line of the answer: the verdict, and sentences for the person. */
export type DirectoryAnswer = {
  readonly typed: string;
  readonly identifier: string;
  readonly verdict: DirectoryVerdict;
  readonly name: string;
  /** The sheet to read, if one alone answers. */
  readonly structureId: number | null;
  readonly replacedBy: string;
  /** What the invoice must carry, or why there is no answer. */
  readonly says: string;
};

/** The cells of a pasted text: one line each, or several on a line as a spreadsheet pastes them. */
export function pastedLines(text: string): string[][] {
  // a comma inside « 5,72105E+13 » is no separator: the whole is shown as what it is
  return text.split(/\r\n|\r|\n/).map((line) => line.split(/[;\t]|,(?!\d+E)/i));
}

/**
 * The identifiers of a table: the column whose title names them, when the first line has one; else every cell.
 * @param lines every line of the file or of the paste, first to last
 */
export function identifiersIn(
  lines: readonly (readonly string[])[],
): Result<string[], { readonly code: "LIST_EMPTY" | "LIST_TOO_LONG" }> {
  const column = (lines[0] ?? []).findIndex(isTitle);
  const cells = column < 0 ? lines.flat() : lines.slice(1).map((line) => line[column] ?? "");
  const identifiers = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (identifiers.length === 0) return refused({ code: "LIST_EMPTY" });
  return identifiers.length > CHECKED_AT_ONCE ? refused({ code: "LIST_TOO_LONG" }) : accepted(identifiers);
}

/** Reads a SIRET or a SIREN as people paste them (IDN-05), or says what is wrong with it. */
export function askedIdentifier(text: string): AskedIdentifier {
  const typed = text.length > TYPED_MAX ? `${text.slice(0, TYPED_MAX)}…` : text;
  const siren = sirenOf(text);
  if (siren !== null) return { kind: "SIREN", typed, value: siren };
  if (/^\d[.,]?\d*E\+?\d+$/i.test(typed))
    return {
      kind: "malformed",
      typed,
      says: "Un tableur a abrégé ce nombre : mettez la colonne au format texte, puis recommencez.",
    };
  const read = siret(text);
  if (read.ok) return { kind: "SIRET", typed, value: read.value };
  if (read.refusal.code === "SIRET_LENGTH" && read.refusal.length === 9)
    return { kind: "malformed", typed, says: "Ce SIREN n'existe pas : un chiffre est sans doute faux." };
  if (read.refusal.code === "SIRET_LENGTH")
    return {
      kind: "malformed",
      typed,
      says: `Un SIRET compte 14 chiffres, un SIREN 9 ; il y en a ${read.refusal.length}.`,
    };
  return { kind: "malformed", typed, says: identifierText(read.refusal) };
}

/** DIR-06, DIR-07. The answer to one identifier, from what the directory knows of it. */
export function directoryAnswer(
  asked: AskedIdentifier,
  known: DirectoryKnowledge | undefined,
): DirectoryAnswer {
  const { typed } = asked;
  const nothing = { typed, name: "", structureId: null, replacedBy: "" };
  if (asked.kind === "malformed")
    return { ...nothing, identifier: "", verdict: "malformed", says: asked.says };
  const identifier = asked.value;
  if (!known)
    return { ...nothing, identifier, verdict: "notFound", says: "Aucune structure publique de l'annuaire." };
  if (known.activeCount > 1)
    return {
      ...nothing,
      identifier,
      verdict: "found",
      name: `${known.activeCount.toLocaleString("fr-FR")} structures actives`,
      says: known.hasOneRule
        ? billingSentence(known)
        : "La règle dépend de la structure : donnez le SIRET de celle que vous facturez.",
    };
  const one = { typed, identifier, name: known.displayName, structureId: known.structureId, replacedBy: "" };
  if (known.activeCount === 1) return { ...one, verdict: "found", says: billingSentence(known) };
  if (known.replacedBy)
    return {
      ...one,
      structureId: known.replacedBy.structureId,
      verdict: "replaced",
      replacedBy: known.replacedBy.identifierValue,
      says: `Remplacée par ${known.replacedBy.identifierValue} : adressez vos factures à celle-ci.`,
    };
  return {
    ...one,
    structureId: null,
    verdict: "inactive",
    says: "Aucune facture ne peut lui être adressée.",
  };
}
