import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beyondWhatIsHeld, type Member } from "../../rights/index.ts";
import {
  addedRights,
  copyRights,
  differences,
  isNarrower,
  type RightLine,
  type RightsOf,
  translated,
} from "./rights-changes.ts";
import { rightsOfGrid } from "./rights-grid.ts";

const line = (application: string, level: "read" | "write", serviceId: number | null = null): RightLine => ({
  application,
  level,
  serviceId,
});
const whole = (...grants: RightLine[]): RightsOf => ({ scope: "structure", serviceIds: [], grants });
const inService = (serviceId: number, ...grants: RightLine[]): RightsOf => ({
  scope: "service",
  serviceIds: [serviceId],
  grants,
});

describe("Copier les droits d'une personne à une autre", () => {
  const source = inService(4, line("receivedInvoices", "write", 4), line("structures", "read", 4));

  test("remplacer : elle a exactement les mêmes", () =>
    expect(copyRights(source, whole(line("users", "write")), "replace")).toEqual(source));

  test("ajouter d'un service à un autre : les deux services, les droits de chacun", () =>
    expect(copyRights(source, inService(5, line("commitments", "read", 5)), "add")).toEqual({
      scope: "service",
      serviceIds: [5, 4],
      grants: [line("commitments", "read", 5), ...source.grants],
    }));

  test("ajouter ne retire rien et garde le niveau le plus haut", () => {
    const target = inService(4, line("receivedInvoices", "read", 4), line("structures", "write", 4));
    expect(copyRights(source, target, "add").grants).toEqual([
      line("receivedInvoices", "write", 4),
      line("structures", "write", 4),
    ]);
  });

  test("ajouter à qui est rattaché à toute la structure : les droits copiés restent limités à leur service", () =>
    expect(copyRights(source, whole(line("users", "read")), "add")).toEqual(
      whole(line("users", "read"), ...source.grants),
    ));
});

test("Les différences disent ce qui est gagné, perdu, relevé et abaissé", () => {
  const before = [line("users", "read"), line("structures", "write"), line("commitments", "read", 4)];
  const after = [line("users", "write"), line("structures", "read"), line("commitments", "read", 5)];
  expect(differences(before, after)).toEqual([
    { application: "users", serviceId: null, from: "read", to: "write" },
    { application: "structures", serviceId: null, from: "write", to: "read" },
    { application: "commitments", serviceId: 5, from: "none", to: "read" },
    { application: "commitments", serviceId: 4, from: "read", to: "none" },
  ]);
  expect(differences(after, after)).toEqual([]);
});

describe("Restreindre ne donne rien de nouveau", () => {
  const before = [line("receivedInvoices", "write"), line("users", "read", 4)];
  test.each([
    ["moins d'applications", [line("users", "read", 4)], true],
    ["un niveau plus bas", [line("receivedInvoices", "read")], true],
    ["un seul service au lieu de tous", [line("receivedInvoices", "write", 5)], true],
    ["rien du tout", [], true],
    ["un niveau plus haut", [line("users", "write", 4)], false],
    ["toute la structure au lieu d'un service", [line("users", "read")], false],
    ["une autre application", [line("commitments", "read")], false],
  ] as [string, RightLine[], boolean][])("%s : %o → %s", (_title, after, expected) =>
    expect(isNarrower(after, before)).toBe(expected),
  );
});

describe("Les droits d'une structure dans une autre", () => {
  const known = (application: string) => application !== "commitments";
  test("par le code des services ; ce qui n'existe pas là-bas est laissé de côté", () =>
    expect(
      translated(
        inService(
          4,
          line("receivedInvoices", "write", 4),
          line("commitments", "read", 4),
          line("users", "read", 5),
        ),
        new Map([[4, 40]]),
        known,
      ),
    ).toEqual(inService(40, line("receivedInvoices", "write", 40))));
  test("sur toute la structure : les mêmes", () =>
    expect(translated(whole(line("users", "write")), new Map(), known)).toEqual(
      whole(line("users", "write")),
    ));
});

describe("RIG-05 Après toute suite de changements permis", () => {
  const place = fc.constantFrom(null, 1, 2);
  const right = fc.record({
    application: fc.constantFrom("users", "issuedInvoices", "commitments", "memberships.approve"),
    level: fc.constantFrom("read" as const, "write" as const),
    serviceId: place,
  });
  const rights = fc.uniqueArray(right, {
    selector: (one) => `${one.application} ${one.serviceId}`,
    maxLength: 6,
  });
  const giver = rights.map((grants) => ({
    accountId: 9,
    structureId: 1,
    role: "member" as const,
    scope: "structure" as const,
    serviceIds: [],
    grants: grants.map((one) => ({ ...one, startsAt: null, endsAt: null })),
  }));
  const act = fc.record({
    giver,
    kind: fc.constantFrom("set", "grid", "add", "replace"),
    rights,
    columns: fc.uniqueArray(place, { maxLength: 3 }),
  });
  const now = new Date("2026-03-02T10:00:00Z");

  test("une personne n'a rien que ses débuts ou l'un de ceux qui ont donné ne lui aient valu", () => {
    fc.assert(
      fc.property(rights, fc.array(act, { maxLength: 8 }), (first, acts) => {
        let held: readonly RightLine[] = first;
        const sources: Pick<Member, "grants">[] = [
          { grants: first.map((one) => ({ ...one, startsAt: null, endsAt: null })) },
        ];
        for (const { giver, kind, rights, columns } of acts) {
          const after: readonly RightLine[] =
            kind === "set"
              ? rights
              : kind === "grid"
                ? rightsOfGrid(held, columns, rights)
                : copyRights(whole(...rights), whole(...held), kind === "add" ? "add" : "replace").grants;
          if (beyondWhatIsHeld(giver, addedRights(held, after), now).length > 0) continue;
          held = after;
          sources.push(giver);
        }
        const beyond = held.filter(
          (one) =>
            !sources.some((source) =>
              source.grants.some(
                (grant) =>
                  (grant.application === one.application ||
                    (grant.application === "users" && one.application === "memberships.approve")) &&
                  (grant.level === "write" || one.level === "read") &&
                  (grant.serviceId === null || grant.serviceId === one.serviceId),
              ),
            ),
        );
        expect(beyond).toEqual([]);
      }),
    );
  });
});
