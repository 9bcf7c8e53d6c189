const DAY_MS = 24 * 3_600_000;
const REFUSAL_PAUSE_DAYS = 7;
/** Days after which a request that nobody answers expires. */
export const EXPIRY_DAYS = 30;

export type GrantRequestState = "pending" | "approved" | "refused" | "withdrawn" | "expired";

/** A right that a person asks for, where she works: on the whole structure, or in her services. */
export type Wish = {
  readonly application: string;
  readonly level: "read" | "write";
  readonly serviceIds: readonly number[];
};

export type AskFacts = {
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  /** Whether the application may be limited to services. */
  readonly isByService: boolean;
  readonly hasOpenService: boolean;
  readonly isHeld: boolean;
  readonly lastRefusedAt: Date | null;
};

export type AskRefusal =
  | "MANAGER_HOLDS_ALL"
  | "ALREADY_HELD"
  | "WHOLE_STRUCTURE_ONLY"
  | "NO_OPEN_SERVICE"
  | "RECENTLY_REFUSED";

/** Why a person may not ask for a right; null when she may. Source: organisation.md 12.6. */
export function refuseAsking(facts: AskFacts, now: Date): AskRefusal | null {
  if (facts.role === "mainManager") return "MANAGER_HOLDS_ALL";
  if (facts.isHeld) return "ALREADY_HELD";
  if (facts.scope === "service") {
    if (!facts.isByService) return "WHOLE_STRUCTURE_ONLY";
    if (!facts.hasOpenService) return "NO_OPEN_SERVICE";
  }
  const pauseEnds = facts.lastRefusedAt && facts.lastRefusedAt.getTime() + REFUSAL_PAUSE_DAYS * DAY_MS;
  return pauseEnds && now.getTime() < pauseEnds ? "RECENTLY_REFUSED" : null;
}

export type AnswerRefusal = "CANNOT_ANSWER_SELF" | "NOT_YOURS_TO_ANSWER" | "ALREADY_ANSWERED";

/** Who answers a request for rights: whoever may change that person's rights, never herself (RIG-06, RIG-07). */
export function refuseAnswering(facts: {
  readonly state: GrantRequestState;
  readonly isOwnRequest: boolean;
  readonly mayChangeRights: boolean;
}): AnswerRefusal | null {
  if (facts.isOwnRequest) return "CANNOT_ANSWER_SELF";
  if (!facts.mayChangeRights) return "NOT_YOURS_TO_ANSWER";
  return facts.state === "pending" ? null : "ALREADY_ANSWERED";
}

/** What to tell of each refusal. */
export const grantRequestRefusalTexts: {
  readonly [C in AskRefusal | AnswerRefusal | "NOT_FOUND"]: string;
} = {
  MANAGER_HOLDS_ALL: "Gestionnaire principal, vous avez déjà toutes les habilitations.",
  ALREADY_HELD: "Vous avez déjà cette habilitation.",
  WHOLE_STRUCTURE_ONLY:
    "Cette habilitation vaut pour toute la structure : demandez d'abord un rattachement à la structure.",
  NO_OPEN_SERVICE:
    "Aucun de vos services n'est ouvert : demandez d'abord un rattachement à un autre service.",
  RECENTLY_REFUSED:
    "Votre demande a été refusée il y a moins de sept jours. Un gestionnaire peut toujours vous donner ce droit.",
  CANNOT_ANSWER_SELF: "Une autre personne doit répondre à votre demande.",
  NOT_YOURS_TO_ANSWER: "Il vous faut le droit de changer les droits de cette personne pour répondre.",
  ALREADY_ANSWERED: "Quelqu'un a déjà répondu à cette demande.",
  NOT_FOUND: "Cette demande n'existe plus.",
};
