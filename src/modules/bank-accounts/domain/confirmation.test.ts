import { describe, expect, test } from "vitest";
import { endOfReplaced, needsSecondManager, refuseConfirmation, stateOnceEnabled } from "./confirmation.ts";
import { bankWarnings } from "./warnings.ts";

describe("BNK-03 Un second gestionnaire confirme", () => {
  for (const [fourEyes, activeManagers, needs] of [
    [true, 0, false],
    [true, 1, false],
    [true, 2, true],
    [true, 5, true],
    [false, 5, false],
  ] as const)
    test(`réglage ${fourEyes ? "mis" : "retiré"}, ${activeManagers} gestionnaires : ${needs}`, () =>
      expect(needsSecondManager({ fourEyes, activeManagers })).toBe(needs));

  for (const [state, isAuthor, activeManagers, refusal] of [
    ["pendingConfirmation", false, 2, null],
    ["pendingConfirmation", true, 2, "OWN_SUBMISSION"],
    ["pendingConfirmation", true, 1, null],
    ["active", false, 2, "NOT_WAITING"],
    ["disabled", false, 2, "NOT_WAITING"],
    ["blocked", false, 2, "NOT_WAITING"],
  ] as const)
    test(`${state}, ${isAuthor ? "la sienne" : "celle d'une autre"}, ${activeManagers} : ${refusal ?? "oui"}`, () =>
      expect(refuseConfirmation({ state, isAuthor, activeManagers })).toBe(refusal));

  test("bloquée, elle attend un second gestionnaire même sans le réglage", () => {
    const two = { fourEyes: false, activeManagers: 2 };
    expect(stateOnceEnabled("blocked", two)).toBe("pendingConfirmation");
    expect(stateOnceEnabled("disabled", two)).toBe("active");
    expect(stateOnceEnabled("disabled", { ...two, fourEyes: true })).toBe("pendingConfirmation");
    expect(stateOnceEnabled("blocked", { ...two, activeManagers: 1 })).toBe("active");
  });
});

describe("BNK-02 Celle qui est remplacée finit quand l'autre commence", () => {
  const day = (of: number) => new Date(Date.UTC(2026, 2, of));
  const now = day(10);
  for (const [name, startsAt, endsAt, newStart, expected] of [
    ["l'autre vaut déjà : maintenant", day(1), null, day(5), { endsAt: now }],
    ["l'autre commence plus tard : à ce jour-là", day(1), null, day(20), { endsAt: day(20) }],
    ["elle finissait avant : rien ne change", day(1), day(15), day(20), { endsAt: day(15) }],
    ["elle n'avait pas commencé : elle ne commencera pas", day(12), null, day(5), null],
  ] as const)
    test(name, () => expect(endOfReplaced({ startsAt, endsAt }, newStart, now)).toEqual(expected));
});

describe("Ce qui étonne dans une coordonnée bancaire", () => {
  const iban = "FR7630001007941234567890185";
  for (const [holder, names, warned] of [
    ["CLAIR RESEAU", ["Clair Réseau SAS"], false],
    ["SAS Clair Réseau Facturation", ["Clair Réseau SAS"], false],
    ["Mairie de Sainte-Aurore", ["Commune de Sainte-Aurore"], false],
    ["Émile Tessier", ["TESSIER EMILE", "Atelier Démo"], false],
    ["Jean Fourbe", ["Clair Réseau SAS"], true],
    ["SARL", ["Clair Réseau SAS"], true],
    ["Réseau Obscur International", ["Clair Réseau SAS"], true],
  ] as const)
    test(`titulaire « ${holder} » pour ${names.join(" ou ")}`, () =>
      expect(bankWarnings({ holder, iban, bic: null }, names).includes("HOLDER_FAR")).toBe(warned));

  test("un BIC d'un autre pays", () =>
    expect(bankWarnings({ holder: "Clair Réseau", iban, bic: "DEUTDEFF" }, ["Clair Réseau"])).toEqual([
      "BIC_OF_ANOTHER_COUNTRY",
    ]));
});
