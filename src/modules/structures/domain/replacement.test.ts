import { expect, test } from "vitest";
import { type ReplacementFacts, refuseReplacement } from "./replacement.ts";

const facts: ReplacementFacts = {
  state: "active",
  kind: "private",
  identifierType: "SIRET",
  identifierValue: "73282932000074",
  legalCategory: "5710",
  proofState: "notNeeded",
  newValue: "73282932000082",
  reason: "",
};

test.each<[string, Partial<ReplacementFacts>, string | null]>([
  ["un autre établissement de la même entreprise", {}, null],
  ["le même numéro", { newValue: "73282932000074" }, "SAME_IDENTIFIER"],
  [
    "une autre entreprise, sans motif",
    { newValue: "55210055400013", reason: " " },
    "OTHER_COMPANY_NEEDS_REASON",
  ],
  ["une autre entreprise, avec un motif", { newValue: "55210055400013", reason: "Fusion" }, null],
  ["une structure désactivée", { state: "inactive" }, "STRUCTURE_INACTIVE"],
  ["une structure déjà remplacée", { state: "replaced" }, "STRUCTURE_INACTIVE"],
  ["un particulier", { identifierType: "PARTICULIER" }, "TYPE_NOT_CHANGED"],
  ["un numéro de TVA", { identifierType: "UE_HORS_FRANCE", identifierValue: "DE1", newValue: "DE2" }, null],
  ["une commune", { kind: "public", proofState: "proved", legalCategory: "7210" }, "BY_OPERATOR_ONLY"],
  ["un hôpital", { kind: "public", proofState: "proved", legalCategory: "7364" }, null],
  [
    "un hôpital à vérifier",
    { kind: "public", proofState: "toVerify", legalCategory: "7364" },
    "BY_OPERATOR_ONLY",
  ],
  [
    "une structure publique de catégorie inconnue",
    { kind: "public", proofState: "proved", legalCategory: null },
    "BY_OPERATOR_ONLY",
  ],
])("%s", (_, more, refusal) => {
  expect(refuseReplacement({ ...facts, ...more })).toBe(refusal);
});
