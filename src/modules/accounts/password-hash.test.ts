import { argon2Sync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword, isHashedOtherwise, isPassword } from "./password-hash.ts";

/** As a release of the portal with other costs would have stored it. */
function storedAt(password: string, memory: number): string {
  const nonce = randomBytes(16);
  const hash = argon2Sync("argon2id", {
    message: password,
    nonce,
    tagLength: 32,
    memory,
    passes: 1,
    parallelism: 1,
  });
  const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$argon2id$v=19$m=${memory},t=1,p=1$${text(nonce)}$${text(hash)}`;
}

describe("Un mot de passe gardé", () => {
  test("se reconnaît, lui et lui seul", async () => {
    const stored = await hashPassword("Cerisier-Vapeur-42");
    expect(await isPassword("Cerisier-Vapeur-42", stored)).toBe(true);
    expect(await isPassword("Cerisier-Vapeur-43", stored)).toBe(false);
    expect(await isPassword("Cerisier-Vapeur-42", null)).toBe(false);
    expect(isHashedOtherwise(stored)).toBe(false);
  });

  test("à un coût ancien se reconnaît encore, et se sait à rehacher", async () => {
    const old = storedAt("Cerisier-Vapeur-42", 4_096);
    expect(await isPassword("Cerisier-Vapeur-42", old)).toBe(true);
    expect(await isPassword("Cerisier-Vapeur-43", old)).toBe(false);
    expect(isHashedOtherwise(old)).toBe(true);
  });
});
