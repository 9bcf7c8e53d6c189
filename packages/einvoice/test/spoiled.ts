import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { check } from "../src/index.ts";

/** The same invoice in both syntaxes, which breaks no rule. */
export const fixtures = {
  ubl: readFileSync(join(import.meta.dirname, "fixtures/facture.ubl.xml"), "utf8"),
  cii: readFileSync(join(import.meta.dirname, "fixtures/facture.cii.xml"), "utf8"),
};

export type Syntax = keyof typeof fixtures;

/** How the fixture is spoiled, and exactly which rules that breaks. */
export type SpoiledCase = readonly [syntax: Syntax, piece: string | RegExp, by: string, broken: string[]];

/** The fixture with one piece replaced, wherever it first stands; the piece must be there. */
export function spoiled(syntax: Syntax, piece: string | RegExp, by: string): string {
  const text = fixtures[syntax].replace(piece, by);
  expect(text, `the fixture has ${piece}`).not.toBe(fixtures[syntax]);
  return text;
}

/** The ids of the rules of one severity that a document breaks. */
export function brokenBy(xml: string, severity: "fatal" | "warning" = "fatal"): string[] {
  const found = check(xml).filter((finding) => finding.severity === severity);
  return [...new Set(found.map((finding) => finding.rule))].sort();
}
