import { expect, test } from "vitest";
import { areOtherDates, type NoticeFacts, noticeDue } from "./service-notice.ts";

const at = (day: string) => new Date(`${day}T09:00:00Z`);
const planned: NoticeFacts = {
  createdAt: at("2026-01-01"),
  startsAt: at("2026-02-01"),
  endsAt: at("2026-12-31"),
  told: null,
};

test.each<[string, Partial<NoticeFacts>, string, string | null]>([
  ["avant le début", {}, "2026-01-31", null],
  ["le jour du début", {}, "2026-02-01", "started"],
  ["deux jours après, ce n'est plus une nouvelle", {}, "2026-02-03", null],
  ["ouvert dès sa création", { startsAt: at("2026-01-01") }, "2026-01-01", null],
  ["le début déjà dit", { told: "started" }, "2026-02-02", null],
  ["à trente et un jours", {}, "2026-11-30", null],
  ["à trente jours", {}, "2026-12-01", "endsIn30"],
  ["à trente jours, déjà dit", { told: "endsIn30" }, "2026-12-02", null],
  ["à sept jours", { told: "endsIn30" }, "2026-12-24", "endsIn7"],
  ["à un jour", { told: "endsIn7" }, "2026-12-30", "endsIn1"],
  ["à un jour, les autres manqués", {}, "2026-12-30", "endsIn1"],
  ["le jour de la fin", { told: "endsIn1" }, "2026-12-31", "ended"],
  ["la fin déjà dite", { told: "ended" }, "2027-01-01", null],
  ["une fin d'il y a une semaine", {}, "2027-01-07", null],
  ["sans fin", { endsAt: null }, "2026-12-30", null],
  [
    "plus court que l'annonce",
    { startsAt: at("2026-12-20"), createdAt: at("2026-12-01") },
    "2026-12-22",
    null,
  ],
  [
    "fin donnée de trop près",
    { startsAt: at("2026-01-01"), createdAt: at("2026-12-27") },
    "2026-12-28",
    null,
  ],
])("%s", (_, more, day, notice) => {
  expect(noticeDue({ ...planned, ...more }, at(day))).toBe(notice);
});

test.each<[string, Partial<NoticeFacts>, boolean]>([
  ["les mêmes dates", {}, false],
  ["la même fin, sans ses millisecondes", { endsAt: new Date("2026-12-31T09:00:00.900Z") }, false],
  ["une autre fin", { endsAt: new Date("2026-12-31T09:00:01Z") }, true],
  ["plus de fin", { endsAt: null }, true],
  ["un autre début", { startsAt: at("2026-02-02") }, true],
])("ce qui s'annonce de nouveau : %s", (_, more, isAnew) => {
  expect(areOtherDates(planned, { ...planned, ...more })).toBe(isAnew);
});
