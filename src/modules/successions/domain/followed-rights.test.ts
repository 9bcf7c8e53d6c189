import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { givingBack, type Right, rightsThatFollow } from "./followed-rights.ts";

const CLOSING = new Set([1, 2]);
const FIN = 9;
const right = (change: Partial<Right> = {}): Right => ({
  application: "receivedInvoices",
  level: "write",
  serviceId: 1,
  startsAt: null,
  endsAt: null,
  givenSet: "Comptable",
  ...change,
});
const follow = (rights: readonly Right[]) => rightsThatFollow(rights, CLOSING, FIN);

describe("SRV-10 Les droits qui suivent", () => {
  test("un droit du service qui ferme vaut sur le successeur, tel quel", () =>
    expect(follow([right()])).toEqual([{ right: right({ serviceId: FIN }), before: null }]));

  test("de deux services fusionnés, le plus haut niveau, une fois", () =>
    expect(follow([right({ level: "read" }), right({ serviceId: 2 })])).toEqual([
      { right: right({ serviceId: FIN }), before: null },
    ]));

  test("un droit moindre sur le successeur est élevé, et gardé pour l'annulation", () => {
    const before = right({ serviceId: FIN, level: "read" });
    expect(follow([right(), before])).toEqual([{ right: right({ serviceId: FIN }), before }]);
  });

  for (const [name, rights] of [
    ["il y est déjà", [right(), right({ serviceId: FIN })]],
    ["un plus haut y est", [right({ level: "read" }), right({ serviceId: FIN })]],
    ["il vaut sur toute la structure", [right(), right({ serviceId: null })]],
    ["il est d'un autre service", [right({ serviceId: 5 })]],
  ] as const)
    test(`rien ne suit quand ${name}`, () => expect(follow(rights)).toEqual([]));

  test("ses dates le suivent ; un droit plus long l'emporte, un droit plus tardif non", () => {
    const endsAt = new Date("2026-12-31");
    const startsAt = new Date("2026-06-01");
    expect(follow([right({ endsAt })])[0]!.right.endsAt).toEqual(endsAt);
    expect(follow([right({ endsAt }), right({ serviceId: 2 })])[0]!.right.endsAt).toBeNull();
    expect(follow([right({ startsAt }), right({ serviceId: FIN, level: "read" })])).toEqual([]);
  });

  test("quels que soient les droits, rien n'est donné que la personne n'avait sur un service qui ferme", () => {
    const anyRight = fc.record({
      application: fc.constantFrom("receivedInvoices", "users"),
      level: fc.constantFrom("read" as const, "write" as const),
      serviceId: fc.constantFrom(1, 2, 5, FIN, null),
      startsAt: fc.constant(null),
      endsAt: fc.constant(null),
      givenSet: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(anyRight), (rights) =>
        follow(rights).every(({ right: given }) =>
          rights.some(
            (held) =>
              held.serviceId !== null &&
              CLOSING.has(held.serviceId) &&
              held.application === given.application &&
              (held.level === given.level || held.level === "write"),
          ),
        ),
      ),
    );
  });
});

describe("SRV-10 Ce que l'annulation reprend", () => {
  const givenAt = new Date("2026-03-02T10:00:00Z");
  const standing = { ...right({ serviceId: FIN }), grantedAt: givenAt };
  test("ce qui est resté tel que donné", () =>
    expect(givingBack(right(), standing, givenAt)).toBe("asGiven"));
  test("rien, si quelqu'un l'a retiré", () => expect(givingBack(right(), undefined, givenAt)).toBe("gone"));
  test("rien, si le niveau a changé", () =>
    expect(givingBack(right(), { ...standing, level: "read" }, givenAt)).toBe("changed"));
  test("rien, si quelqu'un l'a donné de nouveau depuis", () =>
    expect(givingBack(right(), { ...standing, grantedAt: new Date("2026-03-03") }, givenAt)).toBe("changed"));
});
