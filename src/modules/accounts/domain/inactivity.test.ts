import { describe, expect, test } from "vitest";
import { inactivityStep } from "./inactivity.ts";

const at = (day: string) => new Date(`${day}T02:40:00+01:00`);
const lastUsedAt = at("2024-01-15");
const step = (now: string, noticed: string | null = null, last: string | null = null) =>
  inactivityStep(
    { lastUsedAt, noticedAt: noticed ? at(noticed) : null, lastNoticedAt: last ? at(last) : null },
    at(now),
  );

describe("ACC-11 Un compte dont personne ne se sert", () => {
  test("vit en paix vingt-trois mois", () => expect(step("2025-12-14")).toEqual({ kind: "wait" }));

  test("est prévenu à vingt-trois mois qu'il fermera à vingt-quatre", () =>
    expect(step("2025-12-15")).toEqual({ kind: "notice", closesAt: at("2026-01-15") }));

  test("n'est prévenu qu'une fois, puis encore une semaine avant", () => {
    expect(step("2025-12-16", "2025-12-15")).toEqual({ kind: "wait" });
    expect(step("2026-01-07", "2025-12-15")).toEqual({ kind: "wait" });
    expect(step("2026-01-08", "2025-12-15")).toEqual({ kind: "lastNotice", closesAt: at("2026-01-15") });
    expect(step("2026-01-09", "2025-12-15", "2026-01-08")).toEqual({ kind: "wait" });
  });

  test("ferme à vingt-quatre mois", () => {
    expect(step("2026-01-14", "2025-12-15", "2026-01-08")).toEqual({ kind: "wait" });
    expect(step("2026-01-15", "2025-12-15", "2026-01-08")).toEqual({ kind: "close" });
  });

  test("a toujours trente jours après le premier avis, sept après le dernier, même si le portail était arrêté", () => {
    expect(step("2027-06-01")).toEqual({ kind: "notice", closesAt: at("2027-07-01") });
    expect(step("2027-06-20", "2027-06-01")).toEqual({ kind: "wait" });
    expect(step("2027-08-01", "2027-06-01")).toEqual({ kind: "lastNotice", closesAt: at("2027-08-08") });
    expect(step("2027-08-02", "2027-06-01", "2027-08-01")).toEqual({ kind: "wait" });
    expect(step("2027-08-08", "2027-06-01", "2027-08-01")).toEqual({ kind: "close" });
  });
});
