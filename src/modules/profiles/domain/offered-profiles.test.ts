import { describe, expect, test } from "vitest";
import { readyProfiles } from "../../rights/index.ts";
import { codeFor, type DraftFacts, type KeptProfile, offerOf, refuseDraft } from "./offered-profiles.ts";

const kept = (change: Partial<KeptProfile>): KeptProfile => ({
  code: "chef-de-service",
  name: "Chef de service",
  says: "",
  lines: [{ application: "invoicesToValidate", level: "write" }],
  hidden: false,
  version: 1,
  ...change,
});
const codes = (...rows: KeptProfile[]) => offerOf(rows).offered.map((one) => one.code);

describe("Les ensembles de droits d'une structure", () => {
  test("sans rien garder, elle offre ceux du portail", () =>
    expect(codes()).toEqual(readyProfiles.map((one) => one.code)));
  test("le sien vient après, par son nom", () =>
    expect(codes(kept({}), kept({ code: "b", name: "Adjoint" })).slice(-2)).toEqual([
      "b",
      "chef-de-service",
    ]));
  test("un ensemble adapté prend la place de celui du portail", () => {
    const { offered } = offerOf([kept({ code: "comptable", name: "Comptable en chef" })]);
    expect(offered.find((one) => one.code === "comptable")).toMatchObject({
      name: "Comptable en chef",
      kind: "adapted",
      version: 1,
    });
    expect(offered).toHaveLength(readyProfiles.length);
  });
  test("un ensemble retiré n'est plus offert, et peut être rétabli", () => {
    const { offered, hidden } = offerOf([kept({ code: "valideur", hidden: true })]);
    expect(offered.map((one) => one.code)).not.toContain("valideur");
    expect(hidden.map((one) => one.code)).toEqual(["valideur"]);
  });
});

describe("Garder un ensemble de droits", () => {
  const facts: DraftFacts = {
    name: "Chef de service",
    lines: kept({}).lines,
    otherNames: ["Comptable"],
    isWithinAuthorsRights: true,
  };
  test.each([
    ["avec un nom à lui", {}, null],
    ["du même nom qu'un autre, aux accents et à la casse près", { name: "cômptable" }, "NAME_TAKEN"],
    ["vide", { lines: [] }, "NO_LINE"],
    ["au-delà des droits de son auteur (RIG-05)", { isWithinAuthorsRights: false }, "CANNOT_GRANT_MORE"],
  ] as const)("%s : %o → %s", (_title, change, expected) =>
    expect(refuseDraft({ ...facts, ...change })).toBe(expected),
  );
  test.each([
    ["Chef de service", [], "chef-de-service"],
    ["Régie d'avances n° 2", [], "regie-d-avances-n-2"],
    ["Comptable", ["comptable"], "comptable-2"],
    ["Nouveau", [], "nouveau-2"],
    ["???", [], "ensemble"],
  ] as const)("« %s », sans %o, reçoit le code %s", (name, taken, expected) =>
    expect(codeFor(name, taken)).toBe(expected),
  );
});
