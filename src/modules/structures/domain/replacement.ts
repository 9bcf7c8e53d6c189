import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type IdentifierType, identifierTypes } from "./identifier.ts";

const DAY_MS = 24 * 3_600_000;
/** Days ahead that a change of identifier may be planned. Source: organisation.md 7.5. */
export const PLANNED_DAYS_AHEAD = 90;
/** STR-11. Days during which a change may be undone. */
export const UNDO_DAYS = 7;

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
  | "OTHER_COMPANY_NEEDS_REASON"
  | "DATE_PAST"
  | "DATE_TOO_FAR"
  | "CLOSED_IN_REGISTER"
  | "OTHER_KIND"
  | "ALREADY_PLANNED"
  | "IDENTIFIER_TAKEN"
  | "CHANGED_MEANWHILE";

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
export function refuseReplacement(
  facts: ReplacementFacts,
): ReturnType<typeof refuseAnyReplacement> | "SAME_IDENTIFIER" | "OTHER_COMPANY_NEEDS_REASON" {
  const standing = refuseAnyReplacement(facts);
  if (standing) return standing;
  if (facts.newValue === facts.identifierValue) return "SAME_IDENTIFIER";
  return isOtherCompany(facts) && facts.reason.trim() === "" ? "OTHER_COMPANY_NEEDS_REASON" : null;
}

/**
 * When a change takes effect, from the day that was asked: at once when none was, or today; within ninety days.
 * @returns null: at once
 */
export function effectiveInstant(
  asked: Date | null,
  now: Date,
): Result<Date | null, "DATE_PAST" | "DATE_TOO_FAR"> {
  if (asked === null) return accepted(null);
  // a day without an hour began before now
  if (asked <= now) return now.getTime() - asked.getTime() < DAY_MS ? accepted(null) : refused("DATE_PAST");
  return asked.getTime() - now.getTime() > PLANNED_DAYS_AHEAD * DAY_MS
    ? refused("DATE_TOO_FAR")
    : accepted(asked);
}

/**
 * Why what the register says of the new number forbids it; null when it does not.
 * @param found its establishment, null when the register does not know it or is silent
 */
export function refuseEstablishment(
  found: { readonly isOpen: boolean; readonly isPublic: boolean } | null,
  kind: "public" | "private",
): "CLOSED_IN_REGISTER" | "OTHER_KIND" | null {
  if (found === null) return null;
  if (!found.isOpen) return "CLOSED_IN_REGISTER";
  return found.isPublic === (kind === "public") ? null : "OTHER_KIND";
}

export type UndoFacts = {
  readonly doneAt: Date;
  /** Of the structure that was replaced, and of the one that replaces it. */
  readonly states: { readonly replaced: string; readonly copy: string };
  /** What people did under the new identifier since. */
  readonly actsSince: number;
};
export type UndoRefusal = "UNDO_TOO_LATE" | "UNDO_NOTHING" | "UNDO_IN_USE";

/** Until when (excluded) a change done at an instant can be undone. */
export const undoableUntil = (doneAt: Date): Date => new Date(doneAt.getTime() + UNDO_DAYS * DAY_MS);

/**
 * STR-11. Why a change may not be undone; null when it may: within seven days, as long as nobody did anything under the
 * new identifier, for it would be lost, or given back to whom it was taken from.
 */
export function refuseUndo({ doneAt, states, actsSince }: UndoFacts, now: Date): UndoRefusal | null {
  if (states.replaced !== "replaced" || states.copy !== "active") return "UNDO_NOTHING";
  if (now >= undoableUntil(doneAt)) return "UNDO_TOO_LATE";
  return actsSince > 0 ? "UNDO_IN_USE" : null;
}

/** What to tell of a change that is not undone. */
export const undoTexts: { readonly [C in UndoRefusal]: string } = {
  UNDO_NOTHING: "Ce changement d'identifiant a déjà été défait, ou la nouvelle structure n'est plus active.",
  UNDO_TOO_LATE: "Plus de sept jours ont passé : ce changement d'identifiant ne se défait plus.",
  UNDO_IN_USE:
    "On a déjà agi sous le nouvel identifiant : ce changement ne se défait plus. Changez l'identifiant de la nouvelle structure.",
};

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
  DATE_PAST: {
    field: "effet",
    text: "Cette date est passée. Laissez le champ vide pour changer aujourd'hui.",
  },
  DATE_TOO_FAR: { field: "effet", text: "Un changement se prévoit au plus 90 jours à l'avance." },
  CLOSED_IN_REGISTER: {
    field: "identifiant",
    text: "Le répertoire national dit cet établissement fermé. Vérifiez le numéro.",
  },
  OTHER_KIND: {
    field: "identifiant",
    text: "Le répertoire national dit cet établissement d'une autre nature (publique ou privée). Créez plutôt sa structure.",
  },
  ALREADY_PLANNED: {
    field: "identifiant",
    text: "Un changement d'identifiant est déjà prévu. Annulez-le d'abord, depuis la fiche de la structure.",
  },
  IDENTIFIER_TAKEN: {
    field: "identifiant",
    text: "Une structure du portail a déjà cet identifiant : demandez à y être rattaché.",
  },
  CHANGED_MEANWHILE: {
    field: "identifiant",
    text: "Quelqu'un a modifié la fiche entre-temps. Vérifiez-la, puis recommencez.",
  },
};
