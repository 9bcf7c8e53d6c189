import { describe, expect, test } from "vitest";
import { readServiceLine, serviceChanges } from "./service-lines.ts";

const SIRET = "99910000100018";
const saysOf = (cells: Record<string, string>) => {
  const line = readServiceLine(cells, SIRET);
  return line.ok ? "ok" : line.refusal;
};
const known = {
  label: "Achats",
  description: "",
  startsAt: new Date("2026-01-01T00:00:00+01:00"),
  endsAt: new Date("2026-12-31T23:59:59+01:00"),
  commitmentRequired: false,
};

describe("Une ligne de service", () => {
  for (const [cells, expected] of [
    [{ code: "" }, "Indiquez le code du service."],
    [{ code: "A1", identifiant_structure: "999 100 001 00018" }, "ok"],
    [{ code: "A1", identifiant_structure: "99910000200016" }, /d'une autre structure/],
    [{ code: "A1", debut: "31/02/2026" }, /date de début/],
    [{ code: "A1", fin: "demain" }, /date de fin/],
    [{ code: "A1", debut: "2026-01-31" }, "ok"],
    [{ code: "A1", engagement_obligatoire: "peut-être" }, /oui ou non/],
    [{ code: "A1", libelle: "x".repeat(256) }, /255/],
  ] as const)
    test(JSON.stringify(cells).slice(0, 70), () =>
      expect(saysOf(cells as Record<string, string>)).toMatch(expected),
    );

  test("une colonne absente laisse tel quel ; une fin vide retire la fin", () => {
    const line = readServiceLine({ code: "A1", libelle: "", fin: "" }, SIRET);
    expect(line).toEqual({ ok: true, value: { code: "A1", endsAt: null } });
  });

  test("dit ce qu'elle change", () => {
    const { change, names } = serviceChanges({ code: "A1", label: "Achats et marchés", endsAt: null }, known);
    expect(names).toEqual(["libellé", "fin"]);
    expect(change).toEqual({ ...known, label: "Achats et marchés", endsAt: null });
  });

  test("la même deux fois ne change rien", () => {
    const line = { code: "A1", startsAt: new Date(known.startsAt), endsAt: new Date(known.endsAt) };
    expect(serviceChanges(line, known).names).toEqual([]);
  });
});
