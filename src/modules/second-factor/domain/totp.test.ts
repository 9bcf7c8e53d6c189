import { describe, expect, test } from "vitest";
import { enrolmentUri, stepOfCode, totpKey } from "./totp.ts";

/** The key of RFC 6238, appendix B, whose codes are published. */
const key = totpKey(new TextEncoder().encode("12345678901234567890"));
const at = (seconds: number) => new Date(seconds * 1000);

describe("SIG-03 Le code d'une application d'authentification", () => {
  test("la clé s'écrit en base 32", () => expect(key).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));

  for (const [seconds, code] of [
    [59, "287082"],
    [1111111109, "081804"],
    [1234567890, "005924"],
    [2000000000, "279037"],
  ] as const)
    test(`le code publié de la seconde ${seconds}`, () =>
      expect(stepOfCode(key, code, at(seconds))).toBe(Math.floor(seconds / 30)));

  for (const [seconds, opens] of [
    [-90, false],
    [-30, true],
    [0, true],
    [30, true],
    [90, false],
  ] as const)
    test(`une horloge décalée de ${seconds} s ${opens ? "va" : "ne va pas"}`, () =>
      expect(stepOfCode(key, "081804", at(1111111109 + seconds)) !== null).toBe(opens));

  test("un code d'un autre pas, ou trop court, n'ouvre rien", () => {
    expect(stepOfCode(key, "081805", at(1111111109))).toBeNull();
    expect(stepOfCode(key, "08180", at(1111111109))).toBeNull();
  });

  test("le QR code nomme le portail et l'adresse", () =>
    expect(
      decodeURIComponent(enrolmentUri(key, { portalName: "Unisson", email: "claire@exemple.fr" })),
    ).toMatch(/^otpauth:\/\/totp\/Unisson:claire@exemple\.fr\?.*secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ/));
});
