import { describe, expect, test } from "vitest";
import {
  effectiveInstant,
  type ReplacementFacts,
  refuseEstablishment,
  refuseReplacement,
  refuseUndo,
  type UndoFacts,
} from "./replacement.ts";

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

describe("§ 7.5 La date d'effet d'un changement d'identifiant", () => {
  const now = new Date("2026-03-10T12:00:00Z");
  const daysFrom = (days: number, ms = 0) => new Date(now.getTime() + days * 24 * 3_600_000 + ms);
  for (const [name, asked, expected] of [
    ["aucune : tout de suite", null, null],
    ["aujourd'hui, dès minuit : tout de suite", new Date("2026-03-09T23:00:00Z"), null],
    ["la veille", daysFrom(-1), "DATE_PAST"],
    ["dans une heure", daysFrom(0, 3_600_000), daysFrom(0, 3_600_000)],
    ["dans 90 jours", daysFrom(90), daysFrom(90)],
    ["un instant plus tard", daysFrom(90, 1), "DATE_TOO_FAR"],
  ] as const)
    test(name, () => {
      const read = effectiveInstant(asked, now);
      expect(read.ok ? read.value : read.refusal).toEqual(expected);
    });
});

test.each([
  ["le répertoire ne sait rien", null, null],
  ["ouvert, de même nature", { isOpen: true, isPublic: false }, null],
  ["fermé", { isOpen: false, isPublic: false }, "CLOSED_IN_REGISTER"],
  ["public, pour une structure privée", { isOpen: true, isPublic: true }, "OTHER_KIND"],
] as const)("le nouveau numéro : %s", (_, found, refusal) =>
  expect(refuseEstablishment(found, "private")).toBe(refusal),
);

describe("STR-11 Défaire un changement d'identifiant", () => {
  const doneAt = new Date("2026-03-10T12:00:00Z");
  const facts: UndoFacts = { doneAt, states: { replaced: "replaced", copy: "active" }, actsSince: 0 };
  const days = (count: number, ms = 0) => new Date(doneAt.getTime() + count * 24 * 3_600_000 + ms);
  for (const [name, more, at, refusal] of [
    ["aussitôt", {}, days(0), null],
    ["le septième jour, un instant avant la fin", {}, days(7, -1), null],
    ["sept jours après", {}, days(7), "UNDO_TOO_LATE"],
    ["après un acte sous le nouvel identifiant", { actsSince: 1 }, days(1), "UNDO_IN_USE"],
    ["déjà défait", { states: { replaced: "active", copy: "archived" } }, days(1), "UNDO_NOTHING"],
    [
      "la copie désactivée depuis",
      { states: { replaced: "replaced", copy: "inactive" } },
      days(1),
      "UNDO_NOTHING",
    ],
  ] as const)
    test(name, () => expect(refuseUndo({ ...facts, ...more }, at)).toBe(refusal));
});
