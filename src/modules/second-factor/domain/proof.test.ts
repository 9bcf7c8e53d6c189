import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RECOVERY_CODE_BYTES, readProof, recoveryCode } from "./proof.ts";

describe("Ce qui est tapé à la seconde étape", () => {
  test("six chiffres, avec ou sans espace : le code de l'application", () => {
    for (const typed of ["123456", "123 456", " 123456 "])
      expect(readProof(typed)).toEqual({ kind: "applicationCode", code: "123456" });
  });

  test("un code de secours se relit tel qu'il fut montré, en minuscules et sans tirets aussi", () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: RECOVERY_CODE_BYTES, maxLength: RECOVERY_CODE_BYTES }),
        (random) => {
          const code = recoveryCode(random);
          expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
          for (const typed of [code, code.toLowerCase(), code.replaceAll("-", "")])
            expect(readProof(typed)).toEqual({ kind: "recoveryCode", code });
        },
      ),
    ));

  test("un O se lit zéro, un I ou un L se lisent un", () =>
    expect(readProof("OOOO-IIII-LLLL-2222")).toEqual({ kind: "recoveryCode", code: "0000-1111-1111-2222" }));

  for (const typed of ["", "12345", "1234567", "0000-1111-1111-222U", "0000-1111"])
    test(`« ${typed} » n'est ni l'un ni l'autre`, () => expect(readProof(typed)).toBeNull());
});
