import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grantsOf, readyProfiles } from "../../rights/index.ts";
import { isSameStanding, readMembershipLine, setOf } from "./membership-lines.ts";

const SIRET = "99910011800010";
const line = (cells: Record<string, string>) =>
  readMembershipLine({ action: "rattacher", adresse: "a@exemple.fr", ...cells }, SIRET);
const saysOf = (cells: Record<string, string>) => {
  const read = line(cells);
  return read.ok ? "ok" : read.refusal;
};

describe("Une ligne de rattachement", () => {
  for (const [cells, expected] of [
    [{ action: "Détacher" }, "ok"],
    [{ action: "nommer" }, /rattacher, modifier, suspendre ou detacher/],
    [{ adresse: "a@" }, /adresse n'est pas complète/],
    [{ niveau: "pays" }, /structure ou service/],
    [{ niveau: "structure", codes_services: "A" }, /laissez vide/],
    [{ niveau: "service" }, /codes des services/],
    [{ action: "suspendre", niveau: "service" }, "ok"],
    [{ du: "01/09/2027", au: "31/12/2027" }, "ok"],
    [{ du: "demain" }, /demain.*31/],
    [{ au: "bientôt" }, /31\/12\/2027/],
    [{ identifiant_structure: "99910022500013" }, /autre structure/],
  ] as const)
    test(JSON.stringify(cells), () => expect(saysOf(cells as Record<string, string>)).toMatch(expected));

  test("des services font le niveau", () => {
    const read = line({ codes_services: "A1, B2 ," });
    expect(read.ok && read.value).toMatchObject({ scope: "service", serviceCodes: ["A1", "B2"] });
  });
});

test("Deux situations égales, dans un autre ordre et à la seconde près", () => {
  const standing = {
    scope: "service",
    serviceIds: [2, 1],
    grants: [
      { application: "users", level: "read", serviceId: 1 },
      { application: "users", level: "read", serviceId: 2 },
    ],
    startsAt: null,
    endsAt: new Date("2027-12-31T22:59:59.000Z"),
  } as const;
  const other = {
    ...standing,
    serviceIds: [1, 2],
    grants: [...standing.grants].reverse(),
    endsAt: new Date("2027-12-31T22:59:59.999Z"),
  };
  expect(isSameStanding(standing, other)).toBe(true);
  expect(isSameStanding(standing, { ...other, endsAt: null })).toBe(false);
  expect(isSameStanding(standing, { ...other, grants: [] })).toBe(false);
});

describe("Des droits exportés reviennent tels quels", () => {
  const places = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }));
  test("l'ensemble écrit dans le fichier redonne exactement ces droits", () => {
    fc.assert(
      fc.property(fc.constantFrom(...readyProfiles), places, fc.gen(), (profile, serviceIds, gen) => {
        const grants = grantsOf(profile.lines, serviceIds);
        const shuffled = gen(() => fc.shuffledSubarray([...grants], { minLength: grants.length }));
        const found = setOf(shuffled, serviceIds, readyProfiles)!;
        const standing = {
          scope: serviceIds ? "service" : "structure",
          serviceIds: serviceIds ?? [],
          startsAt: null,
          endsAt: null,
        } as const;
        expect(
          isSameStanding({ ...standing, grants }, { ...standing, grants: grantsOf(found.lines, serviceIds) }),
        ).toBe(true);
      }),
    );
  });
  test("un droit de plus ou de moins : aucun ensemble", () => {
    const grants = grantsOf(readyProfiles[0]!.lines, null);
    expect(setOf(grants.slice(1), null, readyProfiles)).toBeUndefined();
  });
});
