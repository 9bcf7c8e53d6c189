import { describe, expect, test } from "vitest";
import { changesOf, servicesNamed } from "./changes.ts";

const codes = new Map([[12, "FI_SGPI"]]);

describe("L'historique dit ce qui a changé en mots", () => {
  test("les champs changés seulement, sous leur nom à l'écran", () => {
    expect(
      changesOf(
        { commitmentRequired: false, label: "Finances", endsAt: null },
        { commitmentRequired: true, label: "Finances", endsAt: "2026-03-10T14:01:32.000Z" },
        codes,
      ),
    ).toEqual([
      { label: "Numéro d'engagement obligatoire", before: "Non", after: "Oui" },
      { label: "Fin", before: "—", after: "10/03/2026 15:01:32" },
    ]);
  });

  test("une création ne montre pas ce qui est vide", () => {
    expect(changesOf(null, { code: "FI", description: "", endsAt: null }, codes)).toEqual([
      { label: "Code", before: null, after: "FI" },
    ]);
  });

  test("des droits, avec le service par son code", () => {
    const before = [{ application: "users", level: "read", serviceId: 12 }];
    expect(changesOf(before, [], codes)).toEqual([
      {
        label: "Droits",
        before: "Organisation – utilisateurs (consultation, service FI_SGPI)",
        after: "—",
      },
    ]);
    expect(servicesNamed(before, [{ application: "users", level: "read", serviceId: null }])).toEqual([12]);
  });

  test("un rôle, une liste, un nom de champ sans traduction", () => {
    expect(
      changesOf(
        { role: "member", gestionnaires: ["Claire Morel", "Paul Durand"], adresseOfficielle: "a…@b.fr" },
        { role: "mainManager", gestionnaires: [], adresseOfficielle: "c…@b.fr" },
        codes,
      ),
    ).toEqual([
      { label: "Rôle", before: "Utilisateur", after: "Gestionnaire principal" },
      { label: "Gestionnaires", before: "Claire Morel, Paul Durand", after: "—" },
      { label: "Adresse officielle", before: "a…@b.fr", after: "c…@b.fr" },
    ]);
  });

  test("rien avant, rien après, ou tout autre chose", () => {
    for (const nothing of [null, undefined, 3, "x"]) expect(changesOf(nothing, nothing, codes)).toEqual([]);
  });
});
