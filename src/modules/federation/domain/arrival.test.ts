import { describe, expect, test } from "vitest";
import { decideArrival } from "./arrival.ts";

const claire = { accountId: 1, isActive: true };

describe("SIG-07 Revenir du fournisseur d'identité pour se connecter", () => {
  const signIn = { linker: null, callerId: null };

  test("ouvre le compte qui a relié l'identité", () =>
    expect(decideArrival({ ...signIn, holder: claire })).toEqual({ kind: "signIn", accountId: 1 }));

  test("n'ouvre rien quand personne ne l'a reliée", () =>
    expect(decideArrival({ ...signIn, holder: null })).toEqual({
      kind: "refuse",
      code: "IDENTITY_NOT_LINKED",
    }));

  test("n'ouvre pas un compte désactivé", () =>
    expect(decideArrival({ ...signIn, holder: { ...claire, isActive: false } })).toEqual({
      kind: "refuse",
      code: "ACCOUNT_INACTIVE",
    }));
});

describe("SIG-07 Relier une identité à son compte", () => {
  test("la relie à qui l'a demandé", () =>
    expect(decideArrival({ linker: 1, callerId: 1, holder: null })).toEqual({ kind: "link", accountId: 1 }));

  test("ne change rien quand elle l'est déjà", () =>
    expect(decideArrival({ linker: 1, callerId: 1, holder: claire })).toEqual({ kind: "alreadyLinked" }));

  for (const callerId of [null, 2])
    test(`ne la relie pas si le navigateur est ${callerId === null ? "déconnecté" : "à quelqu'un d'autre"}`, () =>
      expect(decideArrival({ linker: 1, callerId, holder: null })).toEqual({
        kind: "refuse",
        code: "LINKER_GONE",
      }));

  test("ne la prend pas à un autre compte", () =>
    expect(decideArrival({ linker: 2, callerId: 2, holder: claire })).toEqual({
      kind: "refuse",
      code: "IDENTITY_OF_ANOTHER_ACCOUNT",
    }));
});
