import { describe, expect, test } from "vitest";
import { seal, unseal } from "./secret-box.ts";

describe("Un secret partagé est gardé chiffré", () => {
  const sealed = seal("secret du portail", "GEZDGNBV", "compte 1");

  test("il se relit dans son contexte", () =>
    expect(unseal("secret du portail", sealed, "compte 1")).toBe("GEZDGNBV"));
  test("il ne se lit pas tel quel", () => expect(sealed.toString("latin1")).not.toContain("GEZDGNBV"));
  test("ni pour un autre compte, ni sous un autre secret", () => {
    expect(unseal("secret du portail", sealed, "compte 2")).toBeNull();
    expect(unseal("autre secret", sealed, "compte 1")).toBeNull();
  });
  test("ni changé, ni tronqué", () => {
    const changed = Buffer.from(sealed);
    changed[15]! ^= 1;
    expect(unseal("secret du portail", changed, "compte 1")).toBeNull();
    expect(unseal("secret du portail", sealed.subarray(0, 20), "compte 1")).toBeNull();
    expect(unseal("secret du portail", Buffer.alloc(0), "compte 1")).toBeNull();
  });
});
