import { describe, expect, test } from "vitest";
import { isFreshlyAuthenticated, isSessionAlive } from "./session-life.ts";

const at = (time: string) => new Date(`2026-03-02T${time}Z`);

describe("Une session s'éteint d'elle-même", () => {
  const opened = { createdAt: at("08:00:00"), lastSeenAt: at("08:00:00"), endedAt: null };
  for (const [who, time, alive] of [
    ["person", "08:29:59", true],
    ["person", "08:30:00", false],
    ["operator", "08:14:59", true],
    ["operator", "08:15:00", false],
  ] as const)
    test(`${who}, vue à 08:00, à ${time}`, () => expect(isSessionAlive(opened, who, at(time))).toBe(alive));

  for (const [who, time, alive] of [
    ["person", "19:59:59", true],
    ["person", "20:00:00", false],
    ["operator", "15:59:59", true],
    ["operator", "16:00:00", false],
  ] as const)
    test(`${who}, active sans arrêt depuis 08:00, à ${time}`, () =>
      expect(isSessionAlive({ ...opened, lastSeenAt: at(time) }, who, at(time))).toBe(alive));

  test("une session fermée ne revit pas", () =>
    expect(isSessionAlive({ ...opened, endedAt: at("08:00:01") }, "person", at("08:00:02"))).toBe(false));
});

test("Une preuve d'identité vaut cinq minutes", () => {
  expect(isFreshlyAuthenticated(at("08:00:00"), at("08:05:00"))).toBe(true);
  expect(isFreshlyAuthenticated(at("08:00:00"), at("08:05:01"))).toBe(false);
});
