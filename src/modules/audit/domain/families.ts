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

/** What was done in a family during a week. */
export type FamilyOfWeek = {
  readonly label: string;
  readonly count: number;
  readonly sentences: readonly string[];
};

/** Kinds told by their number alone: their sentences name what a message must not carry (organisation.md 18). */
const countedOnly: readonly string[] = ["bankAccount"];

/** The week of a structure by family, in their order; what belongs to none comes last. */
export function familiesOfWeek(
  kinds: readonly { readonly kind: string; readonly count: number; readonly sentences: readonly string[] }[],
): FamilyOfWeek[] {
  const known = new Set<string>(families.flatMap((one) => one.kinds));
  const others = {
    label: "Autres actions",
    kinds: kinds.map((one) => one.kind).filter((one) => !known.has(one)),
  };
  return [...families, others].flatMap(({ label, kinds: own }) => {
    const found = kinds.filter((one) => (own as readonly string[]).includes(one.kind));
    if (found.length === 0) return [];
    return {
      label,
      count: found.reduce((sum, one) => sum + one.count, 0),
      sentences: found.filter((one) => !countedOnly.includes(one.kind)).flatMap((one) => one.sentences),
    };
  });
}
