import { describe, expect, test } from "vitest";
import { actsOf, explainRights, type RightFacts, standingOfRight } from "./explanation.ts";

const now = new Date("2026-03-10T10:00:00Z");
const daysAway = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000);
const right = (change: Partial<RightFacts>): RightFacts => ({
  application: "users",
  level: "write",
  serviceId: null,
  startsAt: null,
  endsAt: null,
  serviceStartsAt: null,
  serviceEndsAt: null,
  ...change,
});

describe("Que puis-je faire, et pourquoi ?", () => {
  test("gérer les utilisateurs, c'est aussi répondre aux demandes", () =>
    expect(actsOf(right({}))).toEqual([
      "voir les utilisateurs et leurs droits",
      "rattacher et inviter des personnes",
      "changer les droits, suspendre et détacher",
      "adapter les ensembles de droits",
      "répondre aux demandes de rattachement",
    ]));
  test("consulter les utilisateurs n'est que les voir", () =>
    expect(actsOf(right({ level: "read" }))).toEqual(["voir les utilisateurs et leurs droits"]));
  test("sur un seul service, on ne crée pas de service", () =>
    expect(actsOf(right({ application: "structures", serviceId: 4 }))).toEqual([
      "modifier, activer et désactiver des services",
    ]));

  test.each([
    ["sans dates", {}, "inForce"],
    ["à partir de demain", { startsAt: daysAway(1) }, "planned"],
    ["terminé à l'instant", { endsAt: now }, "over"],
    ["sur un service fermé (RIG-08)", { serviceId: 4, serviceEndsAt: daysAway(-1) }, "serviceEnded"],
    [
      "sur un service pas encore ouvert (MEM-17)",
      { serviceId: 4, serviceStartsAt: daysAway(1) },
      "servicePlanned",
    ],
    ["sur un service qui ferme demain", { serviceId: 4, serviceEndsAt: daysAway(1) }, "inForce"],
  ] as const)("un droit %s : %o → %s", (_title, change, expected) =>
    expect(standingOfRight(right(change), now)).toBe(expected),
  );

  test("un droit terminé ne compte plus : l'application est hors d'atteinte", () => {
    const { held, lacking } = explainRights(
      { role: "member", structureKind: "public" },
      [right({ endsAt: daysAway(-1) }), right({ application: "commitments", level: "read" })],
      now,
    );
    expect(held.map((one) => [one.application.code, one.standing])).toEqual([
      ["users", "over"],
      ["commitments", "inForce"],
    ]);
    expect(lacking.map((one) => one.code)).toContain("users");
    expect(lacking.map((one) => one.code)).not.toContain("commitments");
  });

  test("un gestionnaire principal a tout ; une structure privée n'a pas d'engagements", () => {
    const { held, lacking } = explainRights({ role: "mainManager", structureKind: "private" }, [], now);
    expect(lacking).toEqual([]);
    expect(held.every((one) => one.level === "write" && one.given === null)).toBe(true);
    expect(held.map((one) => one.application.code)).not.toContain("commitments");
  });
});
