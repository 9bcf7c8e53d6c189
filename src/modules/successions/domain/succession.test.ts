import { describe, expect, test } from "vitest";
import {
  awaitedAt,
  endOf,
  isReplaced,
  refuseGivingUp,
  refuseSuccession,
  type ServiceFacts,
  type SuccessionFacts,
} from "./succession.ts";

const now = new Date("2026-03-02T10:00:00Z");
const daysAway = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);
const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  id: 1,
  code: "A1",
  reserved: false,
  startsAt: daysAway(-100),
  endsAt: null,
  disabledAt: null,
  successorId: null,
  ...change,
});
const facts = (change: Partial<SuccessionFacts> = {}): SuccessionFacts => ({
  structureState: "active",
  closing: [service()],
  askedCount: 1,
  successor: service({ id: 9, code: "FIN" }),
  at: now,
  awaited: [],
  ...change,
});

describe("SRV-10 Un service en remplace d'autres", () => {
  for (const [name, change, code] of [
    ["maintenant", {}, null],
    ["à une date", { at: daysAway(10) }, null],
    ["dans une structure désactivée", { structureState: "inactive" }, "STRUCTURE_INACTIVE"],
    ["sans service", { closing: [], askedCount: 0 }, "NO_SERVICE"],
    ["un service d'ailleurs parmi eux", { askedCount: 2 }, "NO_SERVICE"],
    ["sans successeur, ou d'ailleurs", { successor: undefined }, "NO_SUCCESSOR"],
    ["par lui-même", { successor: service() }, "SUCCESSOR_AMONG_CLOSING"],
    ["le service réservé", { closing: [service({ reserved: true })] }, "SERVICE_RESERVED"],
    ["par le service réservé", { successor: service({ id: 9, reserved: true }) }, "SERVICE_RESERVED"],
    ["déjà remplacé", { closing: [service({ successorId: 8 })] }, "ALREADY_REPLACED"],
    ["qui doit en remplacer un autre", { awaited: [1] }, "IS_AWAITED"],
    ["qui commence après", { closing: [service({ startsAt: daysAway(3) })] }, "STARTS_LATER"],
    ["qui commence à l'instant dit", { closing: [service({ startsAt: now })] }, "STARTS_LATER"],
    ["hier", { at: daysAway(-1) }, "DATE_IS_PAST"],
    ["hier, s'il est fermé depuis", { at: daysAway(-1), closing: [service({ endsAt: daysAway(-1) })] }, null],
    [
      "par un service à venir",
      { successor: service({ id: 9, startsAt: daysAway(3) }) },
      "SUCCESSOR_NOT_ACTIVE",
    ],
    [
      "par un service à venir, mais ouvert ce jour-là",
      { at: daysAway(4), successor: service({ id: 9, startsAt: daysAway(3) }) },
      null,
    ],
    [
      "par un service terminé ce jour-là",
      { at: daysAway(4), successor: service({ id: 9, endsAt: daysAway(4) }) },
      "SUCCESSOR_NOT_ACTIVE",
    ],
    ["par un service désactivé", { successor: service({ id: 9, disabledAt: now }) }, "SUCCESSOR_NOT_ACTIVE"],
  ] as const satisfies readonly (readonly [string, Partial<SuccessionFacts>, string | null])[])
    test(`${name} : ${code ?? "oui"}`, () =>
      expect(refuseSuccession(facts(change), now)?.code ?? null).toBe(code));

  test("sa fin est la date dite ; fermé, il garde la sienne", () => {
    expect(endOf(service({ endsAt: daysAway(30) }), daysAway(10), now)).toEqual(daysAway(10));
    expect(endOf(service({ endsAt: daysAway(-5) }), daysAway(10), now)).toEqual(daysAway(-5));
    expect(endOf(service({ disabledAt: daysAway(-5) }), daysAway(10), now)).toBeNull();
  });

  test("est attendu ce qui doit encore en remplacer un autre, à cette date ou plus tard", () => {
    const waiting = service({ successorId: 9, endsAt: daysAway(10) });
    expect(awaitedAt([waiting], daysAway(10), now)).toEqual([9]);
    expect(awaitedAt([waiting], daysAway(11), now)).toEqual([]);
    expect(awaitedAt([service({ successorId: 9, endsAt: daysAway(-1) })], now, now)).toEqual([]);
    expect(isReplaced(waiting, now)).toBe(false);
    expect(isReplaced(waiting, daysAway(10))).toBe(true);
  });
});

describe("SRV-10 Renoncer à un remplacement, ou l'annuler", () => {
  const around = { structureState: "active", isSuccessorReplaced: false };
  for (const [name, state, doneAt, change, code] of [
    ["prévu", "planned", null, {}, null],
    ["fait il y a six jours", "done", daysAway(-6), {}, null],
    ["fait il y a sept jours", "done", daysAway(-7), {}, "TOO_LATE"],
    ["abandonné", "cancelled", null, {}, "ALREADY_GIVEN_UP"],
    ["déjà annulé", "undone", daysAway(-1), {}, "ALREADY_GIVEN_UP"],
    [
      "dont le successeur a été remplacé",
      "done",
      daysAway(-1),
      { isSuccessorReplaced: true },
      "SUCCESSOR_REPLACED",
    ],
    ["dans une structure désactivée", "planned", null, { structureState: "inactive" }, "STRUCTURE_INACTIVE"],
  ] as const)
    test(`${name} : ${code ?? "oui"}`, () =>
      expect(refuseGivingUp({ state, doneAt }, { ...around, ...change }, now)?.code ?? null).toBe(code));
});
