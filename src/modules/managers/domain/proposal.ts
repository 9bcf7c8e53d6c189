const DAY_MS = 24 * 3_600_000;

/** Days that a person has to accept the role. Source: organisation.md 13.2. */
export const ACCEPTANCE_DAYS = 14;

/** Days that a manager has to object to losing the role (72 hours). Source: organisation.md 13.2. */
export const REMOVAL_DAYS = 3;

/** How many days before it expires an unanswered nomination is reminded. Source: organisation.md 20, case 1. */
export const REMINDER_DAYS = 3;

/** Naming another main manager, handing one's own role over, taking another's role away. */
export type ProposalKind = "name" | "handOver" | "remove";
export type ProposalState = "open" | "objected" | "accepted" | "declined" | "cancelled" | "expired";

/** What who hands the role over becomes. */
export const successions = {
  user: "Utilisateur",
  administrator: "Administrateur, sans être gestionnaire principal",
  leaves: "Je quitte la structure",
} as const;
export type Succession = keyof typeof successions;

/** Until when (excluded) a proposal made now can be answered. */
export function proposalDue(kind: ProposalKind, proposedAt: Date): Date {
  const days = kind === "remove" ? REMOVAL_DAYS : ACCEPTANCE_DAYS;
  return new Date(proposedAt.getTime() + days * DAY_MS);
}

export type ProposalFacts = {
  readonly structure: "active" | "inactive";
  readonly isSelf: boolean;
  /** The attachment of the person, null when she has none. */
  readonly target: {
    readonly role: "mainManager" | "member";
    readonly isActive: boolean;
  } | null;
  /** Whether another proposal about this person waits. */
  readonly isUnderWay: boolean;
  /** Whether the author already hands her role over to somebody. */
  readonly isHandingOver: boolean;
  readonly activeManagers: number;
};

export type ProposalRefusal =
  | "STRUCTURE_INACTIVE"
  | "NOT_ATTACHED"
  | "SELF"
  | "ALREADY_MANAGER"
  | "NOT_MANAGER"
  | "PERSON_NOT_ACTIVE"
  | "UNDER_WAY"
  | "HANDING_OVER"
  | "LAST_MAIN_MANAGER"
  | "ANSWERED"
  | "TOO_LATE"
  | "PROPOSER_GONE"
  | "NOT_YOURS"
  | "NOT_FOUND";

/** MGR-02, MGR-05. Why a main manager may not make this proposal; null when she may. */
export function refuseProposal(kind: ProposalKind, facts: ProposalFacts): ProposalRefusal | null {
  const { target } = facts;
  if (facts.structure === "inactive") return "STRUCTURE_INACTIVE";
  if (target === null) return "NOT_ATTACHED";
  if (facts.isSelf) return "SELF";
  if (kind === "remove") {
    if (target.role !== "mainManager") return "NOT_MANAGER";
    if (target.isActive && facts.activeManagers < 2) return "LAST_MAIN_MANAGER";
  } else {
    if (target.role === "mainManager") return "ALREADY_MANAGER";
    if (!target.isActive) return "PERSON_NOT_ACTIVE";
  }
  if (facts.isUnderWay) return "UNDER_WAY";
  return kind === "handOver" && facts.isHandingOver ? "HANDING_OVER" : null;
}

/** Who answers a proposal, towards it. */
export type Answerer = "target" | "author" | "otherManager" | "operator";
export type ProposalAnswer = "accept" | "decline" | "object" | "cancel" | "confirm" | "dismiss";

export type AnswerFacts = {
  readonly kind: ProposalKind;
  readonly state: ProposalState;
  readonly dueAt: Date;
  readonly by: Answerer;
};

/**
 * Why a proposal may not be answered so; null when it may. The person accepts, declines, or objects to her removal;
 * who proposed cancels, as any other manager may of a nomination; an objection is decided by a third: another manager,
 * or the operator.
 */
export function refuseProposalAnswer(
  answer: ProposalAnswer,
  facts: AnswerFacts,
  now: Date,
): ProposalRefusal | null {
  const { kind, state, by } = facts;
  if (state !== "open" && state !== "objected") return "ANSWERED";
  const isRemoval = kind === "remove";
  switch (answer) {
    case "accept":
    case "decline":
      if (isRemoval || by !== "target") return "NOT_YOURS";
      return now < facts.dueAt ? null : "TOO_LATE";
    case "object":
      if (!isRemoval || by !== "target") return "NOT_YOURS";
      if (state === "objected") return "ANSWERED";
      return now < facts.dueAt ? null : "TOO_LATE";
    case "cancel":
      return by === "author" || (!isRemoval && by === "otherManager") ? null : "NOT_YOURS";
    case "confirm":
    case "dismiss":
      return isRemoval && state === "objected" && (by === "otherManager" || by === "operator")
        ? null
        : "NOT_YOURS";
  }
}

/** What to tell of each refusal. */
export const proposalRefusalTexts: { readonly [C in ProposalRefusal]: string } = {
  STRUCTURE_INACTIVE: "Cette structure n'est plus active dans le portail.",
  NOT_ATTACHED: "Aucune personne de la structure n'a cette adresse. Rattachez-la d'abord, puis revenez ici.",
  SELF: "Il s'agit de vous : choisissez une autre personne. Pour quitter le rôle, transmettez-le ou renoncez-y.",
  ALREADY_MANAGER: "Cette personne est déjà gestionnaire principal.",
  NOT_MANAGER: "Cette personne n'est pas gestionnaire principal.",
  PERSON_NOT_ACTIVE: "L'accès de cette personne est suspendu, ou son compte inactif. Rétablissez-le d'abord.",
  UNDER_WAY:
    "Une proposition concernant cette personne est déjà en cours : attendez sa réponse, ou annulez-la.",
  HANDING_OVER: "Vous transmettez déjà votre rôle à quelqu'un : annulez d'abord cette proposition.",
  LAST_MAIN_MANAGER:
    "C'est le seul gestionnaire principal de la structure. Désignez d'abord une autre personne.",
  ANSWERED: "Cette proposition n'est plus en cours.",
  TOO_LATE: "Le délai de réponse est passé. Demandez à un gestionnaire de vous la proposer de nouveau.",
  PROPOSER_GONE:
    "Qui vous l'a proposé n'est plus gestionnaire principal : demandez à un gestionnaire actuel de la renouveler.",
  NOT_YOURS: "Une autre personne doit répondre à cette proposition.",
  NOT_FOUND: "Cette proposition n'existe plus.",
};

/** MGR-01. How long after its creation a structure with one main manager is advised to name another, then how often. */
export const FIRST_ADVICE_DAYS = 30;
export const ADVICE_DAYS = 365;
