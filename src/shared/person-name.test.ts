import { describe, expect, test } from "vitest";
import { personName } from "./person-name.ts";

describe("Un nom de personne s'écrit dans toutes les langues", () => {
  for (const name of [
    "Marie",
    "Jean-François",
    "O’Brien",
    "d'Ormesson",
    "Nguyễn Văn",
    "Émilie",
    "李",
    "J. R.",
    "عمر",
  ])
    test(name, () => expect(personName(name)).toEqual({ ok: true, value: name.normalize("NFC") }));
  test("les espaces en trop disparaissent", () => {
    expect(personName("  Marie   Claire ")).toEqual({ ok: true, value: "Marie Claire" });
  });
});

describe("A-55 Les caractères qui trompent ou cassent sont refusés ou retirés", () => {
  for (const [title, text] of [
    ["NUL", "Ma\u0000rie"],
    ["demi-codet isolé", "Ma\ud800rie"],
    ["inversion du sens de lecture", "Marie\u202eeiraM"],
    ["retour à la ligne", "Marie\r\nBcc: x@y.fr"],
    ["balise", "<img src=x onerror=alert(1)>"],
  ] as const)
    test(`${title} : refusé`, () => {
      expect(personName(text)).toMatchObject({
        ok: false,
        refusal: { code: "NAME_HOLDS_FORBIDDEN_CHARACTER" },
      });
    });
  test("largeur nulle et étiquettes : retirées", () => {
    expect(personName("Ma\u200brie\u{e0041}")).toEqual({ ok: true, value: "Marie" });
  });
  test("sans lettre : refusé", () => {
    expect(personName("--")).toMatchObject({ ok: false, refusal: { code: "NAME_WITHOUT_LETTER" } });
  });
  test("81 caractères : refusés, 80 acceptés", () => {
    expect(personName("é".repeat(80)).ok).toBe(true);
    expect(personName("é".repeat(81))).toMatchObject({ ok: false, refusal: { code: "NAME_TOO_LONG" } });
  });
});
