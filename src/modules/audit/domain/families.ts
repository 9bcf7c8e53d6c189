/** What an action is about: the kinds of its object, or the types of its event, or by which means it was done. */
export type Family = {
  readonly code: string;
  readonly label: string;
  readonly kinds?: readonly string[];
  /** A regular expression of PostgreSQL. */
  readonly types?: string;
  readonly means?: readonly string[];
};

/** What the journal's actions are about, as one filters them. Source: organisation.md 16. */
export const families: readonly Family[] = [
  { code: "structure", label: "Structure et paramètres", kinds: ["structure"] },
  { code: "service", label: "Services", kinds: ["service"] },
  { code: "coordonnee-bancaire", label: "Coordonnées bancaires", kinds: ["bankAccount"] },
  { code: "demande", label: "Demandes", types: "^(MembershipRequest|GrantRequest)" },
  {
    code: "rattachement",
    label: "Rattachements",
    types: "^(User(Attached|Invited|Detached)|Invitation|Membership(?!Request)|MemberLeft)",
  },
  { code: "habilitation", label: "Habilitations", types: "^(GrantsChanged|Profile)" },
  {
    code: "gestionnaire",
    label: "Gestionnaires principaux",
    types: "^(MainManager|ManagersUnreachable|SecondManager)",
  },
  { code: "reprise", label: "Reprises", kinds: ["managerClaim"] },
  { code: "revue", label: "Revues", kinds: ["review"] },
  { code: "import-export", label: "Imports et exports", kinds: ["import", "export"] },
  { code: "operateur", label: "Actions de l'opérateur", means: ["operator"] },
];

/** The family of a code; null: no filter. */
export const familyOf = (code: string): Family | null => families.find((one) => one.code === code) ?? null;

/** What a week is told by: coarser, by the kinds of the objects alone. */
const weekFamilies: readonly { readonly label: string; readonly kinds: readonly string[] }[] = [
  { label: "Structure", kinds: ["structure"] },
  { label: "Services", kinds: ["service"] },
  { label: "Coordonnées bancaires", kinds: ["bankAccount"] },
  { label: "Rattachements et habilitations", kinds: ["person", "profile"] },
  { label: "Revues", kinds: ["review"] },
  { label: "Reprises", kinds: ["managerClaim"] },
  { label: "Imports et exports", kinds: ["import", "export"] },
];

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
  const known = new Set<string>(weekFamilies.flatMap((one) => one.kinds));
  const others = {
    label: "Autres actions",
    kinds: kinds.map((one) => one.kind).filter((one) => !known.has(one)),
  };
  return [...weekFamilies, others].flatMap(({ label, kinds: own }) => {
    const found = kinds.filter((one) => (own as readonly string[]).includes(one.kind));
    if (found.length === 0) return [];
    return {
      label,
      count: found.reduce((sum, one) => sum + one.count, 0),
      sentences: found.filter((one) => !countedOnly.includes(one.kind)).flatMap((one) => one.sentences),
    };
  });
}
