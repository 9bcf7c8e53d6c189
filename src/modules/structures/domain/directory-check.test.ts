import { describe, expect, test } from "vitest";
import {
  askedIdentifier,
  CHECKED_AT_ONCE,
  type DirectoryKnowledge,
  directoryAnswer,
  identifiersIn,
  pastedLines,
} from "./directory-check.ts";

const SIRET = "57210489100013";
const SIREN = "572104891";
const read = (text: string) => identifiersIn(pastedLines(text));

describe("DIR-06 Une liste se lit comme on la colle", () => {
  for (const [name, text, expected] of [
    ["un par ligne, lignes vides comprises", `${SIRET}\r\n\r\n ${SIREN} \n`, [SIRET, SIREN]],
    ["sur une ligne, séparés", `${SIRET};${SIREN},${SIRET}\t${SIREN}`, [SIRET, SIREN, SIRET, SIREN]],
    ["une colonne titrée parmi d'autres", `Nom;N° SIRET\nMairie;${SIRET}`, [SIRET]],
    ["un nombre abrégé par un tableur reste entier", "5,72105E+13", ["5,72105E+13"]],
    ["« SIRET 572… » n'est pas un titre", `SIRET ${SIRET}`, [`SIRET ${SIRET}`]],
  ] as const)
    test(name, () => expect(read(text)).toEqual({ ok: true, value: expected }));

  test("rien, ou le seul titre : refusé", () => {
    for (const text of ["", " \n ", "SIRET"])
      expect(read(text)).toEqual({ ok: false, refusal: { code: "LIST_EMPTY" } });
  });

  test("5 000 passent, 5 001 non", () => {
    const lines = (count: number) => Array.from({ length: count }, () => SIRET).join("\n");
    expect(read(lines(CHECKED_AT_ONCE)).ok).toBe(true);
    expect(read(lines(CHECKED_AT_ONCE + 1))).toEqual({ ok: false, refusal: { code: "LIST_TOO_LONG" } });
  });
});

describe("Un identifiant est lu, ou dit ce qui ne va pas", () => {
  for (const typed of ["572 104 891 00013", "FR 57210489100013", "572.104.891.00013"])
    test(typed, () => expect(askedIdentifier(typed)).toEqual({ kind: "SIRET", typed, value: SIRET }));
  test("un SIREN", () =>
    expect(askedIdentifier("572 104 891")).toMatchObject({ kind: "SIREN", value: SIREN }));

  for (const [typed, says] of [
    ["57210489100014", /un chiffre est sans doute faux/],
    ["572104892", /Ce SIREN n'existe pas/],
    ["5721048910001", /il y en a 13/],
    ["5,72105E+13", /mettez la colonne au format texte/],
    ["57210489100O13", /caractère n° 12/],
  ] as const)
    test(typed, () => {
      const asked = askedIdentifier(typed);
      expect(asked).toMatchObject({ kind: "malformed", typed });
      expect(asked.kind === "malformed" && asked.says).toMatch(says);
    });

  test("un roman ne revient pas en entier", () =>
    expect(askedIdentifier("x".repeat(5_000)).typed).toHaveLength(61));
});

describe("DIR-06, DIR-07 La réponse", () => {
  const known: DirectoryKnowledge = {
    activeCount: 1,
    structureId: 7,
    displayName: "Commune d'Exemple",
    identifierValue: SIRET,
    hasOneRule: true,
    replacedBy: null,
    serviceCodeRequired: true,
    commitmentRequired: false,
    serviceOrCommitmentRequired: false,
  };
  const answer = (change: Partial<DirectoryKnowledge> | undefined, typed = SIRET) =>
    directoryAnswer(askedIdentifier(typed), change && { ...known, ...change });

  test("trouvé : sa règle en une phrase", () =>
    expect(answer({})).toMatchObject({
      verdict: "found",
      structureId: 7,
      says: "Indiquez le code service.",
    }));
  test("inconnu", () => expect(answer(undefined)).toMatchObject({ verdict: "notFound", identifier: SIRET }));
  test("inactif", () =>
    expect(answer({ activeCount: 0 })).toMatchObject({ verdict: "inactive", structureId: null }));
  test("remplacé : par qui", () =>
    expect(
      answer({ activeCount: 0, replacedBy: { structureId: 9, identifierValue: "73282932000074" } }),
    ).toMatchObject({ verdict: "replaced", structureId: 9, replacedBy: "73282932000074" }));
  test("un SIREN de plusieurs structures : leur règle si c'est la même, sinon laquelle demander", () => {
    expect(answer({ activeCount: 3 }, SIREN)).toMatchObject({
      verdict: "found",
      name: "3 structures actives",
      says: "Indiquez le code service.",
    });
    expect(answer({ activeCount: 3, hasOneRule: false }, SIREN).says).toMatch(/dépend de la structure/);
  });
});
