import { describe, expect, test } from "vitest";
import { type RegisterData, registerUpdate } from "./register-update.ts";
import { isRegistryNews } from "./registry-check.ts";
import { mayChooseListing, refuseSheetChange } from "./sheet.ts";

const known: RegisterData = {
  kind: "private",
  legalName: "MENUISERIE DU VAL",
  displayName: "MENUISERIE DU VAL",
  addressLine: "1 RUE HAUTE",
  postcode: "45000",
  town: "ORLEANS",
  legalCategory: "5499",
  companyCategory: "PME",
  activityCode: "43.32A",
  closedInRegistryOn: null,
  registryCheck: "confirmed",
  registryConfidential: false,
  listedInDirectory: false,
};
const found = {
  siret: "99950010100012",
  legalName: known.legalName,
  addressLine: known.addressLine,
  addressExtra: "",
  postcode: known.postcode,
  town: known.town,
  activityCode: "43.32A",
  legalCategory: "5499",
  companyCategory: "PME",
  isOpen: true,
  closedOn: null,
  isConfidential: false,
  isPublic: false,
};

describe("Mettre à jour depuis le répertoire", () => {
  test("rien de neuf : rien à changer", () =>
    expect(registerUpdate(known, found)).toEqual({ lines: [], change: {} }));

  test("un autre nom : le libellé le suit s'il était le même, et reste s'il a été choisi", () => {
    const renamed = { ...found, legalName: "MENUISERIE DU LOIRET" };
    expect(registerUpdate(known, renamed)!.change).toEqual({
      legalName: "MENUISERIE DU LOIRET",
      displayName: "MENUISERIE DU LOIRET",
    });
    expect(registerUpdate({ ...known, displayName: "Chez Paul" }, renamed)!.change).toEqual({
      legalName: "MENUISERIE DU LOIRET",
    });
  });

  test("ce que le répertoire ne dit pas n'efface rien", () =>
    expect(
      registerUpdate(known, { ...found, activityCode: "", legalCategory: "", companyCategory: "" })!.change,
    ).toEqual({}));

  test("non diffusible : le nom et l'adresse saisis restent, et sont masqués", () => {
    const hidden = { ...found, isConfidential: true, legalName: "", addressLine: "", postcode: "", town: "" };
    expect(registerUpdate(known, hidden)!.change).toEqual({ registryConfidential: true });
  });

  test("STR-02 non diffusible : elle quitte l'annuaire si elle y figurait, et n'y revient pas d'elle-même", () => {
    const listed = { ...known, listedInDirectory: true };
    expect(registerUpdate(listed, found)!.change).toEqual({});
    const hidden = registerUpdate(listed, { ...found, isConfidential: true })!;
    expect(hidden.change).toEqual({ registryConfidential: true, listedInDirectory: false });
    expect(hidden.lines).toContainEqual({ field: "listed", before: "yes", after: "no" });
    expect(registerUpdate({ ...listed, ...hidden.change }, found)!.change).toEqual({
      registryConfidential: false,
    });
  });

  test("fermé, puis rouvert", () => {
    const closed = registerUpdate(known, { ...found, isOpen: false, closedOn: "2026-01-31" })!;
    expect(closed.change).toEqual({ registryCheck: "negative", closedInRegistryOn: "2026-01-31" });
    expect(closed.lines).toEqual([{ field: "state", before: "open", after: "closed 2026-01-31" }]);
    expect(registerUpdate({ ...known, ...closed.change }, found)!.change).toEqual({
      registryCheck: "confirmed",
      closedInRegistryOn: null,
    });
  });

  test("d'une autre nature : un opérateur décide", () =>
    expect(registerUpdate(known, { ...found, legalCategory: "7210", isPublic: true })).toBeNull());
});

describe("STR-07 Une nouvelle n'est dite qu'une fois", () => {
  const closed = { kind: "closed", closedOn: "2026-01-31" } as const;
  const confirmed = { kind: "confirmed", legalCategory: null, activityCode: null } as const;
  for (const [name, registryCheck, closedInRegistryOn, verdict, news] of [
    ["confirmée, puis fermée", "confirmed", null, closed, true],
    ["fermée, toujours fermée", "negative", "2026-01-31", closed, false],
    ["absente, puis fermée", "negative", null, closed, true],
    ["absente, toujours absente", "negative", null, { kind: "absent" }, false],
    ["fermée, puis rouverte", "negative", "2026-01-31", confirmed, true],
    ["confirmée, toujours", "confirmed", null, confirmed, false],
    ["en attente, puis confirmée", "pending", null, confirmed, true],
  ] as const)
    test(name, () => expect(isRegistryNews({ registryCheck, closedInRegistryOn }, verdict)).toBe(news));
});

describe("Ce que les gestionnaires changent de la fiche", () => {
  const facts = {
    kind: "private",
    identifierType: "SIRET",
    registerDataAt: null,
    registryConfidential: false,
  } as const;
  const held = { ...facts, registerDataAt: new Date("2026-01-01T00:00:00Z") };
  test("STR-03 le nom et l'adresse que tient le répertoire ne se saisissent pas ; les compléments, si", () => {
    for (const field of ["legalName", "addressLine", "postcode", "town"]) {
      expect(refuseSheetChange(held, { [field]: "x" }), field).toBe("HELD_BY_REGISTER");
      expect(refuseSheetChange(facts, { [field]: "x" }), field).toBeNull();
    }
    expect(refuseSheetChange(held, { addressExtra1: "x", displayName: "x" })).toBeNull();
  });
  test("figurer dans l'annuaire : ni un particulier, ni une entreprise non diffusible, ni une structure publique", () => {
    expect(mayChooseListing(facts)).toBe(true);
    for (const more of [
      { identifierType: "PARTICULIER" },
      { registryConfidential: true },
      { kind: "public" },
    ] as const) {
      expect(mayChooseListing({ ...facts, ...more })).toBe(false);
      expect(refuseSheetChange({ ...facts, ...more }, { listedInDirectory: true })).toBe("NOT_LISTABLE");
      expect(refuseSheetChange({ ...facts, ...more }, { listedInDirectory: false })).toBeNull();
    }
  });
});
