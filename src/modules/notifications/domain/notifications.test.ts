import { describe, expect, test } from "vitest";
import { digestCutoffs, isWorkingDay, weekToTell } from "./digest-times.ts";
import { maySilence, toldAtLeastOnce } from "./preferences.ts";

const paris = (text: string) => new Date(`${text}+01:00`);

describe("Jours ouvrés en France", () => {
  for (const [day, expected] of [
    ["2026-11-23", true],
    ["2026-11-22", false], // Sunday
    ["2026-11-21", false], // Saturday
    ["2026-04-06", false], // Easter Monday
    ["2026-05-14", false], // Ascension
    ["2026-05-25", false], // Monday of Pentecost
    ["2026-05-26", true],
    ["2026-07-14", false],
    ["2026-11-11", false],
    ["2027-03-29", false], // Easter Monday
    ["2027-03-30", true],
  ] as const)
    test(`${day} : ${expected ? "ouvré" : "non"}`, () =>
      expect(isWorkingDay(paris(`${day}T12:00:00`))).toBe(expected));

  test("le jour est celui de Paris : dimanche soir en temps universel, lundi ici", () =>
    expect(isWorkingDay(new Date("2026-11-22T23:30:00Z"))).toBe(true));
});

describe("Le message du jour et celui de la semaine", () => {
  test("partent à partir de sept heures, les jours ouvrés", () => {
    expect(digestCutoffs(paris("2026-11-25T06:59:59"))).toBeNull();
    expect(digestCutoffs(paris("2026-11-22T12:00:00"))).toBeNull();
    expect(digestCutoffs(paris("2026-11-25T09:30:00"))).toEqual({
      daily: paris("2026-11-25T07:00:00"),
      weekly: paris("2026-11-23T07:00:00"),
    });
  });
});

describe("N-33 La semaine qu'un résumé raconte", () => {
  test("va d'un lundi à sept heures au suivant ; un lundi férié, elle se raconte le mardi", () => {
    const week = { from: paris("2026-11-16T07:00:00"), until: paris("2026-11-23T07:00:00") };
    expect(weekToTell(paris("2026-11-23T06:59:00"))).toBeNull();
    expect(weekToTell(paris("2026-11-23T07:20:00"))).toEqual(week);
    expect(weekToTell(paris("2026-11-25T10:00:00"))).toEqual(week);
    expect(weekToTell(paris("2027-03-29T10:00:00"))).toBeNull();
    expect(weekToTell(new Date("2027-03-30T10:00:00+02:00"))).toEqual({
      // the hour changed on the Sunday between
      from: new Date("2027-03-22T07:00:00+01:00"),
      until: new Date("2027-03-29T07:00:00+02:00"),
    });
  });
});

describe("Un gestionnaire au moins est averti des demandes", () => {
  const off = { family: "requestsToAnswer", rhythm: "off" } as const;
  test("le dernier ne peut les faire taire", () => {
    expect(maySilence(off, { role: "mainManager", othersTold: 0 })).toBe(false);
    expect(maySilence(off, { role: "mainManager", othersTold: 1 })).toBe(true);
    expect(maySilence(off, { role: "member", othersTold: 0 })).toBe(true);
    expect(maySilence({ ...off, rhythm: "weekly" }, { role: "mainManager", othersTold: 0 })).toBe(true);
    expect(maySilence({ ...off, family: "structureLife" }, { role: "mainManager", othersTold: 0 })).toBe(
      true,
    );
  });
  test("si tous l'ont fait par d'autres chemins, le message du jour le dit à tous", () => {
    expect(toldAtLeastOnce("requestsToAnswer", ["off", "off"])).toEqual(["daily", "daily"]);
    expect(toldAtLeastOnce("requestsToAnswer", ["off", "weekly"])).toEqual(["off", "weekly"]);
    expect(toldAtLeastOnce("structureLife", ["off"])).toEqual(["off"]);
  });
});
