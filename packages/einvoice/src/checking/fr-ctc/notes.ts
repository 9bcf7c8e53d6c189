import type { Invoice } from "../../model/invoice.ts";
import { globalIdentifiers, treatments } from "./facts.ts";
import { type FrenchRule, type FrenchRules, frenchRules, theInvoice } from "./french-rule.ts";

/** The mentions that the French commercial code asks of every invoice, by subject code (BT-21). */
const mentions = [
  ["PMT", "1", "l'indemnité forfaitaire pour frais de recouvrement", "the fixed recovery charge"],
  ["PMD", "2", "les pénalités de retard", "the late payment penalties"],
  ["AAB", "3", "l'escompte, ou son absence", "the discount for early payment, or its absence"],
] as const;

const presence = mentions.map(
  ([code, rank, fr, en]): FrenchRule<Invoice> => ({
    id: { ubl: `BR-FR-05_BT-22-${rank}`, cii: `BR-FR-05_BT-22_${code}` },
    term: "BT-22",
    holds: (_, { notes, syntax, holds }) =>
      notes.count(code) > 0 || (syntax === "cii" && !holds("rsm:ExchangedDocument")),
    fr: `Ajoutez une note de code ${code} (BT-21) qui dit ${fr}.`,
    en: `Add a note of code ${code} (BT-21) that states ${en}.`,
  }),
);

const uniqueness = ([...mentions, ["TXD", "4", "la mention fiscale", "the tax statement"]] as const).map(
  ([code, rank, fr, en]): FrenchRule<Invoice> => ({
    id: { ubl: `BR-FR-06_BT-21-${rank}`, cii: `BR-FR-06_BT-21_${code}` },
    term: "BT-21",
    holds: (_, { notes }) => notes.count(code) <= 1,
    fr: `Ne gardez qu'une note de code ${code} (BT-21) : ${fr} ne se dit qu'une fois.`,
    en: `Keep one note of code ${code} (BT-21) only: it states ${en} once.`,
  }),
);

const treatmentList = [...treatments].join(", ");

/** BR-FR-05, 06, 20, 31 and CO-14: the notes of BG-1. */
export const noteRules: FrenchRules[] = [
  frenchRules(theInvoice, [
    ...presence,
    ...uniqueness,
    {
      id: "BR-FR-20_BT-21",
      term: "BT-22",
      holds: (_, { notes, syntax }) =>
        notes.texts("BAR").every((text) => treatments.has(text) || (syntax === "ubl" && text === "")),
      fr: `Écrivez dans la note de code BAR (BT-22) l'un de ces traitements : ${treatmentList}.`,
      en: `Write one of these treatments in the note of code BAR (BT-22): ${treatmentList}.`,
    },
    {
      // BR-FR-31: its published form in UBL bears the number 30.
      id: { ubl: "BR-FR-30_BT-21", cii: "BR-FR-31_BT-21" },
      term: "BT-21",
      holds: (_, { notes }) => notes.treatmentCount <= 1,
      fr: "Ne gardez qu'une note de code BAR (BT-21) qui nomme un traitement.",
      en: "Keep one note of code BAR (BT-21) only that names a treatment.",
    },
    {
      id: "BR-FR-CO-14_BT-29-1",
      term: "BG-1",
      holds: ({ seller }, facts) =>
        !seller ||
        !globalIdentifiers(seller, facts).some((each) => each.scheme === "0231") ||
        facts.notes.texts("TXD").includes("MEMBRE_ASSUJETTI_UNIQUE"),
      fr: "Ajoutez la note de code TXD « MEMBRE_ASSUJETTI_UNIQUE » : le vendeur a un identifiant de schéma 0231 (BT-29-1).",
      en: "Add the note of code TXD “MEMBRE_ASSUJETTI_UNIQUE”: the seller has an identifier of scheme 0231 (BT-29-1).",
    },
  ]),
];
