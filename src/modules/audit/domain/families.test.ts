import { expect, test } from "vitest";
import { familiesOfWeek } from "./families.ts";

test("N-33 La semaine par famille, dans leur ordre ; une coordonnée bancaire n'est que comptée", () =>
  expect(
    familiesOfWeek([
      { kind: "bankAccount", count: 2, sentences: ["Claire a ajouté FR76…"] },
      { kind: "inconnu", count: 1, sentences: ["Claire a fait autre chose"] },
      { kind: "person", count: 3, sentences: ["Claire a rattaché Paul"] },
      { kind: "profile", count: 1, sentences: ["Claire a adapté un ensemble"] },
    ]),
  ).toEqual([
    { label: "Coordonnées bancaires", count: 2, sentences: [] },
    {
      label: "Rattachements et habilitations",
      count: 4,
      sentences: ["Claire a rattaché Paul", "Claire a adapté un ensemble"],
    },
    { label: "Autres actions", count: 1, sentences: ["Claire a fait autre chose"] },
  ]));
