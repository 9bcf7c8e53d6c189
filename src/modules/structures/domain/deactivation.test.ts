import { describe, expect, test } from "vitest";
import {
  type AnswerFacts,
  archivedFrom,
  type DeactivationFacts,
  decideDeactivation,
  isToArchive,
  refusalShownUntil,
  refuseAnswer,
} from "./deactivation.ts";

const facts: DeactivationFacts = {
  state: "active",
  kind: "public",
  displayName: "Commune d'Exemple",
  typedName: "Commune d'Exemple",
  reason: "Fusion de communes",
  hasOpenRequest: false,
};

describe("§ 7.6 Désactiver : une structure privée ferme, une publique attend l'accord de l'opérateur", () => {
  for (const [name, change, outcome] of [
    ["publique", {}, "askOperator"],
    ["publique, nom en majuscules et entouré d'espaces", { typedName: " COMMUNE D'EXEMPLE " }, "askOperator"],
    ["publique, sans motif", { reason: "  " }, "REASON_MISSING"],
    ["publique, déjà demandé", { hasOpenRequest: true }, "ALREADY_ASKED"],
    ["publique, désactivée entre-temps", { state: "inactive" }, "WRONG_STATE"],
    ["publique, remplacée entre-temps", { state: "replaced", hasOpenRequest: true }, "WRONG_STATE"],
    ["publique, autre nom", { typedName: "Commune" }, "NAME_DIFFERS"],
    ["privée", { kind: "private" }, "deactivate"],
    ["privée, sans motif", { kind: "private", reason: "" }, "deactivate"],
    ["privée, nom vide", { kind: "private", typedName: "" }, "NAME_DIFFERS"],
  ] as const)
    test(`${name} : ${outcome}`, () => {
      const decision = decideDeactivation({ ...facts, ...change });
      expect(decision.kind === "refuse" ? decision.code : decision.kind).toBe(outcome);
    });
});

describe("§ 7.6 L'opérateur répond une fois, sur ce qui est encore vrai, et jamais pour sa structure", () => {
  const open: AnswerFacts = {
    state: "open",
    structureState: "active",
    isOwnStructure: false,
    requesterManages: true,
  };
  for (const [answer, change, refusal] of [
    ["agree", {}, null],
    ["refuse", {}, null],
    ["agree", { state: "withdrawn" }, "REQUEST_WITHDRAWN"],
    ["refuse", { state: "agreed", structureState: "inactive" }, "REQUEST_ANSWERED"],
    ["agree", { state: "refused" }, "REQUEST_ANSWERED"],
    ["agree", { state: "lapsed" }, "STRUCTURE_CHANGED"],
    ["agree", { structureState: "inactive" }, "STRUCTURE_CHANGED"],
    ["refuse", { structureState: "replaced" }, "STRUCTURE_CHANGED"],
    ["agree", { isOwnStructure: true }, "OWN_STRUCTURE"],
    ["refuse", { isOwnStructure: true }, "OWN_STRUCTURE"],
    ["agree", { requesterManages: false }, "REQUESTER_GONE"],
    ["refuse", { requesterManages: false }, null],
  ] as const)
    test(`${answer} ${JSON.stringify(change)} : ${refusal ?? "permis"}`, () =>
      expect(refuseAnswer(answer, { ...open, ...change })).toBe(refusal));
});

test("un refus se lit trente jours sur la fiche", () =>
  expect(refusalShownUntil(new Date("2026-11-29T10:00:00Z"))).toEqual(new Date("2026-12-29T10:00:00Z")));

describe("§ 7.6 Désactivée depuis vingt-quatre mois, une structure est archivée", () => {
  const deactivatedAt = new Date("2026-11-29T10:00:00Z");
  for (const [state, at, archived] of [
    ["inactive", "2028-11-29T09:59:59Z", false],
    ["inactive", "2028-11-29T10:00:00Z", true],
    ["active", "2029-01-01T00:00:00Z", false],
    ["replaced", "2029-01-01T00:00:00Z", false],
    ["archived", "2029-01-01T00:00:00Z", false],
  ] as const)
    test(`${state} le ${at} : ${archived ? "archivée" : "non"}`, () =>
      expect(isToArchive({ state, deactivatedAt }, new Date(at))).toBe(archived));

  test("sans date de désactivation, jamais", () =>
    expect(isToArchive({ state: "inactive", deactivatedAt: null }, new Date("2040-01-01T00:00:00Z"))).toBe(
      false,
    ));
  test("la date qu'annonce la fiche", () =>
    expect(archivedFrom(deactivatedAt)).toEqual(new Date("2028-11-29T10:00:00Z")));

  test("le 29 février, pas un jour plus tôt que la fiche ne l'annonce", () => {
    const closed = new Date("2026-03-01T08:00:00Z");
    const isArchivedAt = (at: string) =>
      isToArchive({ state: "inactive", deactivatedAt: closed }, new Date(at));
    expect(archivedFrom(closed)).toEqual(new Date("2028-03-01T08:00:00Z"));
    expect(isArchivedAt("2028-02-29T10:00:00Z")).toBe(false);
    expect(isArchivedAt("2028-03-01T08:00:00Z")).toBe(true);
  });
});
