import { expect, test } from "vitest";
import { decideSending, decideTry, proofCode, readProofCode } from "./proof-code.ts";

const now = new Date("2026-11-23T10:00:00Z");
const later = new Date("2026-11-23T11:00:00Z");
const refusal = (result: ReturnType<typeof decideTry> | ReturnType<typeof decideSending>) =>
  result.ok ? "accepté" : result.refusal.code;

test("Un code a dix signes, sans lettre qui se confonde avec un chiffre, et se relit comme on le tape", () => {
  const code = proofCode(Uint8Array.from({ length: 10 }, (_, at) => at * 27));
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(readProofCode(` ${code.toLowerCase().replace("-", " ")} `)).toBe(code);
  expect(readProofCode("oil10-00000")).toBe("01110-00000");
});

test("PRV-01 Un code part à l'adresse que le portail tient, trois fois par jour", () => {
  const facts = { proofState: "toVerify", address: "mairie@exemple.fr", sentInWindow: 2 };
  expect(decideSending(facts)).toEqual({ ok: true, value: { address: "mairie@exemple.fr" } });
  expect(refusal(decideSending({ ...facts, sentInWindow: 3 }))).toBe("TOO_MANY_CODES");
  expect(refusal(decideSending({ ...facts, address: null }))).toBe("NO_OFFICIAL_ADDRESS");
  expect(refusal(decideSending({ ...facts, proofState: "proved" }))).toBe("NOT_TO_VERIFY");
});

test("PRV-02 Un code vaut une heure et cinq essais ; le bon, au sixième, ne sert plus", () => {
  const last = { expiresAt: later, tries: 4, matches: true };
  const facts = { proofState: "toVerify", last };
  expect(refusal(decideTry(facts, now))).toBe("accepté");
  expect(refusal(decideTry({ ...facts, last: { ...last, matches: false } }, now))).toBe("WRONG_CODE");
  expect(refusal(decideTry({ ...facts, last: { ...last, tries: 5 } }, now))).toBe("NO_TRY_LEFT");
  expect(refusal(decideTry(facts, later))).toBe("CODE_EXPIRED");
  expect(refusal(decideTry({ ...facts, last: null }, now))).toBe("NO_CODE");
  expect(refusal(decideTry({ ...facts, proofState: "proved" }, now))).toBe("NOT_TO_VERIFY");
});
