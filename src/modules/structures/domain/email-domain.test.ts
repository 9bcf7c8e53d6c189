import { describe, expect, test } from "vitest";
import { decideAdding, decideDomainCode, isPublished } from "./email-domain.ts";
import { isSharedMailbox } from "./shared-mailboxes.ts";

describe("MEM-20 Une messagerie ouverte à tous ne prouve rien", () => {
  test.each([
    ["gmail.com", true],
    ["orange.fr", true],
    ["laposte.net", true],
    ["outlook.com", true],
    ["hotmail.co.uk", true],
    ["pages.free.fr", true],
    ["yopmail.com", true],
    ["mairie.free.fr", true],
    ["sainte-aurore.example", false],
    ["outlook-mairie.fr", false],
    ["live.exemple.fr", false],
    ["live.cci.fr", false],
    ["yahoo.com.br", true],
    ["laposte.fr", false],
    ["free.exemple.fr", false],
  ])("%s : %s", (domain, expected) => expect(isSharedMailbox(domain)).toBe(expected));
});

describe("MEM-20 Ajouter un domaine, le prouver", () => {
  const adding = { domain: "exemple.fr", held: ["autre.fr"], proofState: "proved" };
  const code = (result: ReturnType<typeof decideAdding> | ReturnType<typeof decideDomainCode>) =>
    result.ok ? null : result.refusal.code;
  test.each([
    ["libre", {}, null],
    ["déjà là", { held: ["exemple.fr"] }, "DOMAIN_KNOWN"],
    ["d'une messagerie ouverte à tous", { domain: "gmail.com" }, "SHARED_MAILBOX"],
    ["de trop", { held: Array.from({ length: 20 }, (_, at) => `d${at}.fr`) }, "TOO_MANY_DOMAINS"],
    ["d'une structure à vérifier", { proofState: "toVerify" }, "STRUCTURE_TO_VERIFY"],
  ])("%s", (_title, change, expected) => expect(code(decideAdding({ ...adding, ...change }))).toBe(expected));

  test.each([
    ["le troisième du jour", false, { here: 2, byStructure: 9, toDomain: 9 }, null],
    ["le quatrième", false, { here: 3, byStructure: 3, toDomain: 3 }, "TOO_MANY_CODES"],
    ["trop pour la structure", false, { here: 0, byStructure: 10, toDomain: 0 }, "TOO_MANY_CODES"],
    ["trop pour le domaine", false, { here: 0, byStructure: 0, toDomain: 10 }, "TOO_MANY_CODES"],
    ["déjà prouvé", true, { here: 0, byStructure: 0, toDomain: 0 }, "ALREADY_PROVED"],
  ] as const)("un code, %s", (_title, isProved, sent, expected) =>
    expect(code(decideDomainCode({ isProved, sent }))).toBe(expected),
  );

  test("l'enregistrement DNS est celui de la structure, à la lettre", () => {
    expect(isPublished(["v=spf1 -all", "unisson-domaine=abc"], "abc")).toBe(true);
    expect(isPublished(["unisson-domaine=abcd", "xunisson-domaine=abc"], "abc")).toBe(false);
    expect(isPublished([], "abc")).toBe(false);
  });
});
