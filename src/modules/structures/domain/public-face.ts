import type { IdentifierType } from "./identifier.ts";

/**
 * STR-02. What somebody who is not of a structure reads of it, having typed its whole identifier: its name and town, which
 * are masked when their holder objected to their publication (organisation.md 20, 21).
 */
export function publicFace(structure: {
  readonly displayName: string;
  readonly town: string;
  readonly registryConfidential: boolean;
}): string {
  if (structure.registryConfidential) return "Structure dont le nom n'est pas publié";
  return structure.town ? `${structure.displayName}, ${structure.town}` : structure.displayName;
}

export type ClosedStructure = {
  readonly face: string;
  readonly deactivatedAt: Date | null;
  /** The number of the structure that replaces it, if one does and is active. */
  readonly replacedBy: string | null;
  readonly identifierType: IdentifierType;
};

/** Case D: what to tell of a structure that is known and no longer active, and what to do (organisation.md 4.3, 19). */
export function closedStructureText(
  { face, deactivatedAt, replacedBy, identifierType }: ClosedStructure,
  formatDate: (instant: Date) => string,
): string {
  const since = deactivatedAt ? ` depuis le ${formatDate(deactivatedAt)}` : "";
  const closed = `${face} n'est plus active dans le portail${since}.`;
  if (replacedBy !== null)
    return `${closed} Elle a changé d'identifiant : demandez votre rattachement sous le nouveau, ${replacedBy}.`;
  return identifierType === "SIRET"
    ? `${closed} Un de ses gestionnaires peut la réactiver ; si elle a déménagé, saisissez son nouveau SIRET ; sinon, adressez-vous à l'opérateur du portail.`
    : `${closed} Un de ses gestionnaires peut la réactiver ; sinon, adressez-vous à l'opérateur du portail.`;
}
