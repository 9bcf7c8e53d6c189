/** What the journal's actions are about, as one filters them; by the kind of their object. Source: organisation.md 16. */
export const families = [
  { code: "structure", label: "Structure", kinds: ["structure"] },
  { code: "service", label: "Services", kinds: ["service"] },
  { code: "coordonnee-bancaire", label: "Coordonnées bancaires", kinds: ["bankAccount"] },
  { code: "personne", label: "Rattachements et habilitations", kinds: ["person", "profile"] },
  { code: "revue", label: "Revues", kinds: ["review"] },
  { code: "reprise", label: "Reprises", kinds: ["managerClaim"] },
  { code: "import-export", label: "Imports et exports", kinds: ["import", "export"] },
] as const;

/** The kinds of object of a family; null: all of them. */
export function kindsOfFamily(code: string): readonly string[] | null {
  return families.find((one) => one.code === code)?.kinds ?? null;
}
