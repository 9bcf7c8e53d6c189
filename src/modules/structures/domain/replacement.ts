import { type IdentifierType, identifierTypes } from "./identifier.ts";

export type ReplacementFacts = {
  readonly state: string;
  readonly kind: "public" | "private";
  readonly identifierType: IdentifierType;
  readonly identifierValue: string;
  /** INSEE's category, null when the register was never asked. */
  readonly legalCategory: string | null;
  readonly proofState: string;
  /** The new number, of the same type, read and well formed. */
  readonly newValue: string;
  readonly reason: string;
};

export type ReplacementRefusal =
  | "STRUCTURE_INACTIVE"
  | "TYPE_NOT_CHANGED"
  | "BY_OPERATOR_ONLY"
  | "SAME_IDENTIFIER"
  | "OTHER_COMPANY_NEEDS_REASON";

/** The nine digits that name the company of a SIRET. */
const companyOf = (siret: string): string => siret.slice(0, 9);

/** Whether a number names an establishment of another company than the present one: it then takes a reason. */
export const isOtherCompany = ({
  identifierType,
  identifierValue,
  newValue,
}: Pick<ReplacementFacts, "identifierType" | "identifierValue" | "newValue">): boolean =>
  identifierType === "SIRET" && companyOf(identifierValue) !== companyOf(newValue);

type StandingFacts = Pick<
  ReplacementFacts,
  "state" | "kind" | "identifierType" | "legalCategory" | "proofState"
>;

/**
 * Why the number of a structure may not change, whatever the new one; null when it may. Open to private structures, and
 * to public ones that have proved themselves, local authorities excepted (categories 72). Source: organisation.md 7.5.
 */
export function refuseAnyReplacement(
  facts: StandingFacts,
): "STRUCTURE_INACTIVE" | "TYPE_NOT_CHANGED" | "BY_OPERATOR_ONLY" | null {
  if (facts.state !== "active") return "STRUCTURE_INACTIVE";
  if (!identifierTypes.some((one) => one.code === facts.identifierType)) return "TYPE_NOT_CHANGED";
  if (facts.kind === "private") return null;
  const isKnownOther = facts.legalCategory !== null && !facts.legalCategory.startsWith("72");
  return facts.proofState === "proved" && isKnownOther ? null : "BY_OPERATOR_ONLY";
}

/** Why a structure may not be replaced under this number; null when it may. */
export function refuseReplacement(facts: ReplacementFacts): ReplacementRefusal | null {
  const standing = refuseAnyReplacement(facts);
  if (standing) return standing;
  if (facts.newValue === facts.identifierValue) return "SAME_IDENTIFIER";
  return isOtherCompany(facts) && facts.reason.trim() === "" ? "OTHER_COMPANY_NEEDS_REASON" : null;
}

/** What to tell, and beside which field. */
export const replacementTexts: {
  readonly [C in ReplacementRefusal]: { readonly field: string; readonly text: string };
} = {
  STRUCTURE_INACTIVE: { field: "identifiant", text: "Cette structure n'est plus active dans le portail." },
  TYPE_NOT_CHANGED: {
    field: "identifiant",
    text: "Cet identifiant est donné par le portail : il ne se change pas.",
  },
  BY_OPERATOR_ONLY: {
    field: "identifiant",
    text: "L'identifiant d'une collectivité, ou d'une structure publique à vérifier, se change par l'opérateur du portail.",
  },
  SAME_IDENTIFIER: { field: "identifiant", text: "C'est l'identifiant actuel. Saisissez le nouveau." },
  OTHER_COMPANY_NEEDS_REASON: {
    field: "motif",
    text: "Ce SIRET est celui d'une autre entreprise (les neuf premiers chiffres diffèrent). Dites pourquoi.",
  },
};
