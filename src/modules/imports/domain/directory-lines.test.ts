import { describe, expect, test } from "vitest";
import {
  type DirectoryServiceLine,
  directoryServiceChanges,
  readDirectoryServiceLine,
} from "./directory-service-lines.ts";
import {
  type KnownStructure,
  readStructureLine,
  type StructureLine,
  structureChanges,
} from "./directory-structure-lines.ts";

const SIRET = "73282932000074";
const structureCells = { Identifiant: SIRET, RaisonSociale: "Commune d'Exemple" };
const serviceCells = {
  Identifiant: SIRET,
  CodeService: "FIN",
  LibelleService: "Finances",
  DateDebut: "01/01/2026",
};
const structureLine = (cells: Record<string, string> = {}): StructureLine => {
  const read = readStructureLine({ ...structureCells, ...cells });
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
};
const serviceLine = (cells: Record<string, string> = {}): DirectoryServiceLine => {
  const read = readDirectoryServiceLine({ ...serviceCells, ...cells });
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
};

describe("§ 15.4 Une ligne de structures.csv", () => {
  test("deux colonnes suffisent ; une structure est active si rien ne dit le contraire", () =>
    expect(structureLine()).toEqual({
      siret: SIRET,
      isActive: true,
      facts: { legalName: "Commune d'Exemple" },
    }));

  test.each<[Record<string, string>, RegExp]>([
    [{ TypeIdentifiant: "2" }, /s'identifie par un SIRET/],
    [{ Identifiant: "73282932000075" }, /n'est pas un SIRET/],
    [{ RaisonSociale: "" }, /raison sociale/],
    [{ RaisonSociale: "A".repeat(256) }, /au plus 255/],
    [{ Ville: "Nantes\u202e" }, /caractère invisible/],
    [{ GestionService: "peut-être" }, /vaut 1 ou 0/],
    [{ StructureActive: "?" }, /StructureActive vaut 1 ou 0/],
    [{ EstMOA: "0", EstMOAUniquement: "1" }, /ne va pas sans EstMOA/],
    [{ CodePays: "France" }, /deux lettres/],
    [{ Courriel: "mairie" }, /n'est pas une adresse/],
  ])("%j : refusée, et pourquoi", (cells, says) => {
    const read = readStructureLine({ ...structureCells, ...cells });
    expect(read.ok ? "" : read.refusal).toMatch(says);
  });

  const known: KnownStructure = {
    ...{ legalName: "Commune d'Exemple", addressLine: "1 place", addressExtra1: "", addressExtra2: "" },
    ...{ postcode: "44000", town: "Nantes ", country: "FR", email: "mairie@exemple.fr" },
    ...{ commitmentRequired: false, serviceCodeRequired: true, serviceOrCommitmentRequired: false },
    ...{ worksOwner: false, worksOwnerOnly: false, paymentStatusReported: true, emailPublished: true },
  };

  test("ce qui ne diffère pas ne change rien, espaces autour compris ; une colonne absente non plus", () => {
    expect(structureChanges(structureLine({ Ville: "Nantes", GestionService: "1" }), known).names).toEqual(
      [],
    );
    expect(structureChanges(structureLine({ Courriel: "" }), known).names).toEqual([]);
  });

  test("ce qui diffère, seul, et par son nom français", () =>
    expect(structureChanges(structureLine({ Ville: "Rezé", GestionService: "0" }), known)).toEqual({
      change: { town: "Rezé", serviceCodeRequired: false },
      names: ["ville", "service"],
    }));

  test("DIR-04 une adresse connue mais non publiée, donnée par la liste, est un changement", () =>
    expect(
      structureChanges(structureLine({ Courriel: "mairie@exemple.fr" }), { ...known, emailPublished: false })
        .names,
    ).toEqual(["adresse électronique"]));
});

describe("§ 15.4 Une ligne de services.csv", () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ Identifiant: "1" }, /n'est pas un SIRET/],
    [{ CodeService: "" }, /code du service/],
    [{ LibelleService: "" }, /libellé/],
    [{ DateDebut: "hier" }, /date de début/],
    [{ DateFin: "31/02/2026" }, /date de fin/],
    [{ ServiceActif: "x?" }, /ServiceActif vaut 1 ou 0/],
  ])("%j : refusée, et pourquoi", (cells, says) => {
    const read = readDirectoryServiceLine({ ...serviceCells, ...cells });
    expect(read.ok ? "" : read.refusal).toMatch(says);
  });

  const known = {
    ...{ label: "Finances", endsAt: null, addressLine: "", postcode: "", town: "" },
    startsAt: new Date("2025-12-31T23:00:00.420Z"),
    commitmentRequired: false,
  };

  test("une date au dixième de seconde près est la même, et reste celle que l'on tient", () => {
    const { change, names } = directoryServiceChanges(serviceLine({ Ville: "Nantes" }), known, false);
    expect(names).toEqual(["ville"]);
    expect(change.startsAt).toEqual(known.startsAt);
  });

  for (const [name, own, ofStructure, cell, becomes] of [
    ["la structure l'exige, le fichier aussi : le service garde sa propre règle", false, true, "1", false],
    ["personne ne l'exige, le fichier si", false, false, "1", true],
    ["le service l'exige, le fichier non", true, false, "0", false],
    ["le fichier n'en dit rien", true, false, "", true],
  ] as const)
    test(`SRV-08 engagement : ${name}`, () =>
      expect(
        directoryServiceChanges(
          serviceLine({ GestionEngagement: cell }),
          { ...known, commitmentRequired: own },
          ofStructure,
        ).change.commitmentRequired,
      ).toBe(becomes));
});
