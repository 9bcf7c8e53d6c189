import { describe, expect, test } from "vitest";
import { visibleText } from "./visible-text.ts";

describe("Un texte tapé ne garde que ce qui se voit", () => {
  test.each([
    ["Élodie Nguyễn", "Élodie Nguyễn", false],
    ["Jean\u200bne", "Jeanne", false],
    ["Jean\u{e0041}ne", "Jeanne", false],
    ["\ufeffMairie", "Mairie", false],
    ["facture\u202exml.exe", "facturexml.exe", true],
    ["Clai\u2066re", "Claire", true],
    ["Clai\0re", "Claire", true],
    ["Clai\ud83dre", "Claire", true],
    ["Claire 😀", "Claire 😀", false],
  ])("%j devient %j (trompeur : %s)", (typed, text, isDeceptive) => {
    expect(visibleText(typed)).toEqual({ text, isDeceptive });
  });
});
