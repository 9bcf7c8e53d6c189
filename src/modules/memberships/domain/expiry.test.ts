import { describe, expect, test } from "vitest";
import { type ExpiryFacts, isExpiring, renewedEnd, warningDue } from "./expiry.ts";

const endsAt = new Date("2026-06-30T21:59:59Z");
const daysBefore = (days: number) => new Date(endsAt.getTime() - days * 24 * 3_600_000);

describe("MEM-17 La fin d'un rattachement est annoncée trente puis sept jours avant", () => {
  const facts: ExpiryFacts = { startsAt: daysBefore(200), endsAt, warnedDays: null };
  test.each([
    ["sans date de fin", { endsAt: null }, daysBefore(1), null],
    ["trente et un jours avant", {}, daysBefore(31), null],
    ["trente jours avant", {}, daysBefore(30), 30],
    ["trente jours avant, déjà annoncé", { warnedDays: 30 }, daysBefore(29), null],
    ["sept jours avant", { warnedDays: 30 }, daysBefore(7), 7],
    ["sept jours avant, la première annonce ayant manqué", {}, daysBefore(6), 7],
    ["sept jours avant, déjà annoncé", { warnedDays: 7 }, daysBefore(3), null],
    ["à sa fin", {}, daysBefore(0), null],
    ["un accès donné pour vingt jours, d'abord", { startsAt: daysBefore(20) }, daysBefore(15), null],
    ["un accès donné pour vingt jours, ensuite", { startsAt: daysBefore(20) }, daysBefore(7), 7],
    ["un accès donné pour trois jours", { startsAt: daysBefore(3) }, daysBefore(2), null],
  ] as [string, Partial<ExpiryFacts>, Date, number | null][])("%s", (_title, change, now, expected) =>
    expect(warningDue({ ...facts, ...change }, now)).toBe(expected),
  );
});

describe("Un rattachement se renouvelle dans ses trente derniers jours", () => {
  test.each([
    ["sans date de fin", null, daysBefore(1), false],
    ["trente et un jours avant", endsAt, daysBefore(31), false],
    ["trente jours avant", endsAt, daysBefore(30), true],
    ["une fois terminé", endsAt, daysBefore(0), false],
  ] as [string, Date | null, Date, boolean][])("%s", (_title, end, now, expected) =>
    expect(isExpiring(end, now)).toBe(expected),
  );

  test("pour un an, à la même heure de Paris, d'un 29 février au 28", () => {
    expect(renewedEnd(endsAt)).toEqual(new Date("2027-06-30T21:59:59Z"));
    expect(renewedEnd(new Date("2028-02-29T22:59:59Z"))).toEqual(new Date("2029-02-28T22:59:59Z"));
  });
});
