import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applications } from "./applications.ts";
import {
  type Action,
  beyondWhatIsHeld,
  type Grant,
  isAllowed,
  type Member,
  permissionTable,
} from "./permission-table.ts";
import { findProfile, grantsOf, linesOf, readyProfiles } from "./profiles.ts";

const now = new Date("2026-03-02T10:00:00Z");
const member = (change: Partial<Member> = {}): Member => ({
  accountId: 1,
  structureId: 1,
  role: "member",
  scope: "structure",
  grants: [],
  ...change,
});
const grant = (change: Partial<Grant>): Grant => ({
  application: "users",
  level: "write",
  serviceId: null,
  startsAt: null,
  endsAt: null,
  ...change,
});
const withProfile = (code: string, serviceIds: readonly number[] | null = null) =>
  member({ grants: grantsOf(findProfile(code)!.lines, serviceIds).map((one) => grant(one)) });
const may = (who: Member, action: Action, serviceId: number | null | "any" = null) =>
  isAllowed(who, action, { serviceId }, now);

describe("RIG Qui peut quoi", () => {
  test("un gestionnaire principal peut tout", () => {
    for (const action of Object.keys(permissionTable) as Action[])
      expect(may(member({ role: "mainManager" }), action)).toBe(true);
  });

  test("une personne rattachée sans aucun droit ne peut que voir la structure et ses services", () => {
    const allowed = (Object.keys(permissionTable) as Action[]).filter((action) =>
      may(member(), action, "any"),
    );
    expect(allowed).toEqual(["structure.read", "service.read"]);
  });

  for (const [profile, action, allowed] of [
    ["utilisateur", "structure.update", false],
    ["utilisateur", "service.create", false],
    ["utilisateur", "request.answer", true],
    ["utilisateur", "member.attach", false],
    ["utilisateur", "member.list", true],
    ["utilisateur-sans-acceptation", "request.answer", false],
    ["lecture-seule", "member.list", true],
    ["lecture-seule", "bankAccount.read", true],
    ["lecture-seule", "bankAccount.write", false],
    ["lecture-seule", "request.answer", false],
    ["administrateur", "service.create", true],
    ["administrateur", "member.attach", true],
    ["administrateur", "structure.deactivate", false],
    ["administrateur", "manager.name", false],
    ["emetteur-de-factures", "member.list", false],
  ] as const)
    test(`${profile} : ${action} ${allowed ? "permis" : "refusé"}`, () =>
      expect(may(withProfile(profile), action)).toBe(allowed));

  test("qui gère les utilisateurs peut répondre aux demandes", () =>
    expect(may(member({ grants: [grant({ application: "users" })] }), "request.answer")).toBe(true));

  test("un droit sur un service ne vaut que pour lui", () => {
    const who = member({ grants: [grant({ application: "users", serviceId: 7 })] });
    expect(may(who, "member.attach", 7)).toBe(true);
    expect(may(who, "member.attach", 8)).toBe(false);
    expect(may(who, "member.attach", null)).toBe(false);
    expect(may(who, "member.attach", "any")).toBe(true);
  });

  test("un administrateur de service ne crée pas de service", () =>
    expect(may(withProfile("administrateur", [7]), "service.create", 7)).toBe(false));

  test("un droit vaut de son début, compris, à sa fin, exclue", () => {
    const start = member({ grants: [grant({ startsAt: now })] });
    const end = member({ grants: [grant({ endsAt: now })] });
    const later = member({ grants: [grant({ startsAt: new Date(now.getTime() + 1) })] });
    expect([start, end, later].map((who) => may(who, "member.attach"))).toEqual([true, false, false]);
  });

  test("consulter n'est pas modifier", () => {
    const who = member({ grants: [grant({ level: "read" })] });
    expect([may(who, "member.list"), may(who, "member.attach")]).toEqual([true, false]);
  });
});

describe("RIG-05 Nul ne donne plus qu'il n'a", () => {
  const anyGrant = fc.record({
    application: fc.constantFrom(...applications.map((one) => one.code)),
    level: fc.constantFrom("read" as const, "write" as const),
    serviceId: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  });

  test("après toute suite de dons permis, chacun a au plus les droits du premier donneur", () => {
    fc.assert(
      fc.property(
        fc.array(anyGrant, { maxLength: 8 }),
        fc.array(fc.array(anyGrant, { maxLength: 4 }), { maxLength: 6 }),
        (first, gifts) => {
          const origin = member({ grants: first.map((one) => grant(one)) });
          let giver = origin;
          for (const gift of gifts) {
            if (beyondWhatIsHeld(giver, gift, now).length > 0) continue;
            giver = member({ grants: gift.map((one) => grant(one)) });
            expect(beyondWhatIsHeld(origin, gift, now)).toEqual([]);
            for (const action of Object.keys(permissionTable) as Action[])
              for (const serviceId of [null, 1, 2, 3])
                if (may(giver, action, serviceId)) expect(may(origin, action, serviceId)).toBe(true);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });

  test("un droit sur toute la structure ne vient pas d'un droit sur un service", () =>
    expect(beyondWhatIsHeld(member({ grants: [grant({ serviceId: 7 })] }), [grant({})], now)).toHaveLength(
      1,
    ));
});

test("Retirer l'acceptation des rattachements ne retire rien d'autre", () => {
  for (const profile of readyProfiles) {
    const without = linesOf(profile, false);
    expect(without.some((line) => line.application === "memberships.approve")).toBe(false);
    const others = linesOf(profile).filter((line) => line.application !== "memberships.approve");
    expect(without).toEqual(others);
    const accepting = linesOf(profile, true).filter(
      (line) => !others.some((one) => one.application === line.application),
    );
    const isInSet = profile.lines.some((line) => line.application === "memberships.approve");
    expect(accepting).toEqual([
      { application: "memberships.approve", level: "write", givenSet: isInSet ? profile.name : null },
    ]);
  }
});
