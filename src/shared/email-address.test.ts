import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalEmail, emailAddress, looksShared, mailboxOf, maskEmail } from "./email-address.ts";

describe("ACC-01 Une adresse désigne un seul compte, quelle que soit sa casse", () => {
  test("Marie@X.fr et marie@x.fr sont une même adresse", () => {
    expect(canonicalEmail("Marie@X.fr")).toBe(canonicalEmail("marie@x.fr"));
  });
  test("les points et les étiquettes distinguent deux adresses", () => {
    expect(canonicalEmail("a.b@x.fr")).not.toBe(canonicalEmail("ab@x.fr"));
    expect(canonicalEmail("a+b@x.fr")).not.toBe(canonicalEmail("a@x.fr"));
  });
  test("la forme canonique d'une forme canonique est elle-même (10 000 cas)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(canonicalEmail(canonicalEmail(text))).toBe(canonicalEmail(text));
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("Une adresse complète est acceptée, une adresse douteuse est refusée", () => {
  for (const good of ["prenom.nom@exemple.fr", "o'brien+tag@sous.domaine.exemple.fr", " a@b.fr "])
    test(`accepte ${good}`, () => expect(emailAddress(good).ok).toBe(true));
  for (const [bad, code] of [
    ["", "EMAIL_MISSING"],
    ["prenom", "EMAIL_INVALID"],
    ["@exemple.fr", "EMAIL_INVALID"],
    ["a@exemple", "EMAIL_INVALID"],
    ["a..b@exemple.fr", "EMAIL_INVALID"],
    ["a@-exemple.fr", "EMAIL_INVALID"],
    ["a@127.0.0.1", "EMAIL_INVALID"],
    ["a@b.fr\r\nBcc: c@d.fr", "EMAIL_INVALID"],
    ["Nom <a@b.fr>", "EMAIL_INVALID"],
    [`${"a".repeat(250)}@b.fr`, "EMAIL_TOO_LONG"],
    [`${"a".repeat(65)}@b.fr`, "EMAIL_INVALID"],
  ] as const)
    test(`refuse ${JSON.stringify(bad).slice(0, 40)}`, () => {
      expect(emailAddress(bad)).toMatchObject({ ok: false, refusal: { code } });
    });
});

describe("A-10 Une adresse qui ressemble à une autre n'ouvre pas son compte", () => {
  for (const lookAlike of ["mıke@exemple.fr", "mi\u212ae@exemple.fr", "ｍike@exemple.fr", "mike@exemplé.fr"])
    test(`refuse ${lookAlike}`, () => {
      expect(emailAddress(lookAlike)).toMatchObject({ ok: false, refusal: { code: "EMAIL_NOT_ASCII" } });
    });
});

test("A-51 Une saisie de 100 000 caractères est refusée en moins de 100 ms", () => {
  const start = performance.now();
  emailAddress(`${"a.".repeat(50_000)}@`);
  canonicalEmail("a".repeat(100_000));
  expect(performance.now() - start).toBeLessThan(100);
});

test("Une adresse masquée ne montre que son initiale et son domaine", () => {
  expect(maskEmail("marie.durand@exemple.fr")).toBe("m…@exemple.fr");
});

describe("ACC-13 Une adresse partagée se reconnaît", () => {
  for (const shared of ["contact@x.fr", "Compta@x.fr", "mairie@x.fr", "info2@x.fr"])
    test(shared, () => expect(looksShared(shared)).toBe(true));
  for (const personal of ["marie.durand@x.fr", "contactel@x.fr", "m.mairie@x.fr"])
    test(personal, () => expect(looksShared(personal)).toBe(false));
});

describe("MEM-20 La boîte d'une adresse", () => {
  test.each([
    ["Marie.Durand+bis@Ville.fr", "marie.durand@ville.fr"],
    ["marie+a+b@ville.fr", "marie@ville.fr"],
    ["marie.durand@ville.fr", "marie.durand@ville.fr"],
  ])("%s", (address, mailbox) => expect(mailboxOf(address)).toBe(mailbox));
});
