import { toFrenchDateTime } from "../../../shared/french-date-time.ts";

const DAY_MS = 24 * 3600 * 1000;
const REFUSAL_PAUSE_DAYS = 7;
const REFUSALS_DAYS = 90;
const MOST_REFUSALS = 3;
/** Days between two reminders that a requester sends herself. */
export const REMINDER_PAUSE_DAYS = 3;

export type RequestFacts = {
  readonly structure: "active" | "inactive";
  readonly standing: "none" | "attachedToStructure" | "attachedToServices" | "requested";
  /** When her requests to this structure were refused. */
  readonly refusedAt: readonly Date[];
  readonly message: string;
};

export type RequestDecision =
  | { readonly kind: "ask" | "replacePending" | "answerRefusal" }
  | {
      readonly kind: "refuse";
      readonly code: "STRUCTURE_INACTIVE" | "ALREADY_ATTACHED" | "ANSWER_THE_REFUSAL" | "TOO_MANY_REFUSALS";
    };

/** MEM-01 to MEM-04. What becomes of a person's request to join a structure. The first line that applies wins. */
export function decideRequest(facts: RequestFacts, now: Date): RequestDecision {
  if (facts.structure === "inactive") return { kind: "refuse", code: "STRUCTURE_INACTIVE" };
  if (facts.standing === "attachedToStructure") return { kind: "refuse", code: "ALREADY_ATTACHED" };
  if (facts.standing === "requested") return { kind: "replacePending" };
  const refusals = facts.refusedAt.map((at) => at.getTime()).toSorted((one, other) => one - other);
  const last = refusals.at(-1);
  if (last === undefined) return { kind: "ask" };
  const firstOfThree = refusals.at(-MOST_REFUSALS);
  const pause = REFUSALS_DAYS * DAY_MS;
  if (firstOfThree !== undefined && last - firstOfThree <= pause && now.getTime() < last + pause)
    return { kind: "refuse", code: "TOO_MANY_REFUSALS" };
  if (now.getTime() >= last + REFUSAL_PAUSE_DAYS * DAY_MS) return { kind: "ask" };
  return facts.message.trim() === ""
    ? { kind: "refuse", code: "ANSWER_THE_REFUSAL" }
    : { kind: "answerRefusal" };
}

export type DomainFacts = {
  /** What becomes of the request otherwise. */
  readonly decision: RequestDecision["kind"];
  /** Whether her sign-in address, which she holds for sure, is of a domain that the structure has proved. */
  readonly isOfProvedDomain: boolean;
  readonly isSwitchedOn: boolean;
  readonly proof: "needed" | "done";
  /** Whether somebody there answers for the structure, and learns of it. */
  readonly hasManager: boolean;
  /** Whether she is, or was, attached there in any way: suspended, in some services, detached, by another account. */
  readonly wasAttached: boolean;
  readonly wasRefused: boolean;
  /** Managing users is given by somebody who has looked. */
  readonly asksToManage: boolean;
  readonly gives: GiftFacts["gives"];
};

/** MEM-20. Whether a request is approved by itself, for the domain of its author's address; if not, it waits as usual. */
export function isApprovedByDomain(facts: DomainFacts): boolean {
  return (
    facts.decision === "ask" &&
    facts.isOfProvedDomain &&
    facts.isSwitchedOn &&
    facts.proof === "done" &&
    facts.hasManager &&
    !facts.wasAttached &&
    !facts.wasRefused &&
    !facts.asksToManage &&
    facts.gives !== "nothing"
  );
}

/** What a manager gives somebody, whether she attaches or accepts. */
export type GiftFacts = {
  /** The level given; none when nothing is: a set of rights may hold none that a service can limit. */
  readonly gives: "structure" | "service" | "nothing";
  /** Whether every right given is held by the giver (RIG-05). */
  readonly isWithinGiversRights: boolean;
  readonly dates: "inOrder" | "endIsPast" | "endBeforeStart";
};

type GiftRefusal = "NO_RIGHT" | "CANNOT_GRANT_MORE" | "END_IS_PAST" | "ENDS_BEFORE_IT_STARTS";

/** Why that may not be given; null when it may. */
export function refuseGift(facts: GiftFacts): GiftRefusal | null {
  if (facts.gives === "nothing") return "NO_RIGHT";
  if (!facts.isWithinGiversRights) return "CANNOT_GRANT_MORE";
  if (facts.dates === "endIsPast") return "END_IS_PAST";
  return facts.dates === "endBeforeStart" ? "ENDS_BEFORE_IT_STARTS" : null;
}

export type AttachFacts = GiftFacts & {
  readonly structure: "active" | "inactive";
  /** A public structure whose first manager is not proved attaches nobody. */
  readonly proof: "needed" | "done";
  readonly isOwnAddress: boolean;
  readonly account: "none" | "pending" | "active" | "inactive";
  readonly standing: "none" | "attachedToStructure" | "attachedToServices" | "suspended";
  /** Whether the giver attaches people there: to the whole structure, or to every service given (RIG-07). */
  readonly mayAttachThere: boolean;
  /** Whether the person has exactly that already. */
  readonly isSame: boolean;
  /** Whether the giver confirms that somebody attached to services gets the whole structure. */
  readonly confirmsWidening: boolean;
  /** Whether the structure has had its share of new addresses of the day: nobody tries addresses one by one. */
  readonly isDailyShareSpent: boolean;
};

/** New addresses that a structure attaches or invites in a day, by the form. */
export const NEW_ADDRESSES_A_DAY = 200;

export type AttachDecision =
  | { readonly kind: "attach" | "widen" | "addServices" | "invite" }
  | {
      readonly kind: "refuse";
      readonly code:
        | "STRUCTURE_INACTIVE"
        | "STRUCTURE_TO_VERIFY"
        | "OWN_ADDRESS"
        | "NOT_YOUR_SERVICES"
        | GiftRefusal
        | "ALREADY_ATTACHED"
        | "IS_SUSPENDED"
        | "USE_RESTRICT"
        | "CONFIRM_WIDENING"
        | "TOO_MANY_ADDRESSES";
    };

/** What becomes of a manager's « Rattacher un utilisateur »; organisation.md 10.2. The first line that applies wins. */
export function decideAttach(facts: AttachFacts): AttachDecision {
  if (facts.structure === "inactive") return { kind: "refuse", code: "STRUCTURE_INACTIVE" };
  if (facts.proof === "needed") return { kind: "refuse", code: "STRUCTURE_TO_VERIFY" };
  if (facts.isOwnAddress) return { kind: "refuse", code: "OWN_ADDRESS" };
  if (!facts.mayAttachThere) return { kind: "refuse", code: "NOT_YOUR_SERVICES" };
  const unfit = refuseGift(facts);
  if (unfit) return { kind: "refuse", code: unfit };
  if (facts.standing === "suspended") return { kind: "refuse", code: "IS_SUSPENDED" };
  if (facts.standing === "attachedToStructure")
    return { kind: "refuse", code: facts.gives === "service" ? "USE_RESTRICT" : "ALREADY_ATTACHED" };
  if (facts.standing === "attachedToServices") {
    if (facts.isSame) return { kind: "refuse", code: "ALREADY_ATTACHED" };
    if (facts.gives === "service") return { kind: "addServices" };
    return facts.confirmsWidening ? { kind: "widen" } : { kind: "refuse", code: "CONFIRM_WIDENING" };
  }
  if (facts.isDailyShareSpent) return { kind: "refuse", code: "TOO_MANY_ADDRESSES" };
  return { kind: facts.account === "active" ? "attach" : "invite" };
}

export type AnswerFacts = {
  readonly state: "pending" | "approved" | "refused" | "withdrawn" | "expired";
  readonly isOwnRequest: boolean;
  readonly structure: "active" | "inactive";
  readonly proof: "needed" | "done";
  /** Whether the one who answers may do so for the structure, or for every service asked. */
  readonly mayAnswer: boolean;
};

export type AnswerRefusal =
  | "ALREADY_ANSWERED"
  | "CANNOT_APPROVE_SELF"
  | "STRUCTURE_INACTIVE"
  | "STRUCTURE_TO_VERIFY"
  | "NOT_ENTITLED";

/** MEM-05, MEM-11. Why somebody may not answer a request; null when she may. */
export function refuseAnswer(facts: AnswerFacts): AnswerRefusal | null {
  if (facts.isOwnRequest) return "CANNOT_APPROVE_SELF";
  if (!facts.mayAnswer) return "NOT_ENTITLED";
  if (facts.state !== "pending") return "ALREADY_ANSWERED";
  if (facts.structure === "inactive") return "STRUCTURE_INACTIVE";
  return facts.proof === "needed" ? "STRUCTURE_TO_VERIFY" : null;
}

export type ChangeFacts = {
  readonly isSelf: boolean;
  readonly targetRole: "mainManager" | "member";
  readonly targetState: "active" | "suspended";
  readonly actorRole: "mainManager" | "member" | "clock";
  /** Active main managers of the structure, the target included. */
  readonly activeManagers: number;
};

export type ChangeRefusal =
  | "LAST_MAIN_MANAGER"
  | "OWN_RIGHTS"
  | "MANAGER_BY_MANAGER_ONLY"
  | "MANAGER_HAS_ALL"
  | "MANAGER_ROLE_FIRST"
  | "ALREADY_SUSPENDED"
  | "NOT_SUSPENDED";

/** MGR-02, MGR-03, RIG-06. Whether an attachment may be ended, suspended or narrowed by someone; null when it may. */
export function refuseChange(
  act: "detach" | "suspend" | "resume" | "changeRights" | "keep" | "leave" | "demote" | "disown",
  facts: ChangeFacts,
): ChangeRefusal | null {
  const givesUp = act === "leave" || act === "demote" || act === "disown";
  if (facts.isSelf && !givesUp) return "OWN_RIGHTS";
  if ((act === "suspend" || act === "disown") && facts.targetState === "suspended")
    return "ALREADY_SUSPENDED";
  if (act === "resume" && facts.targetState === "active") return "NOT_SUSPENDED";
  if (facts.targetRole === "mainManager") {
    if (!facts.isSelf && facts.actorRole === "member") return "MANAGER_BY_MANAGER_ONLY";
    if (act === "changeRights") return "MANAGER_HAS_ALL";
    // one who is suspended does not count, so her end leaves the structure with as many
    if (act !== "resume" && act !== "keep" && facts.targetState === "active" && facts.activeManagers <= 1)
      return "LAST_MAIN_MANAGER";
    const isPushedOut = !facts.isSelf && facts.actorRole === "mainManager" && facts.targetState === "active";
    if (isPushedOut && (act === "detach" || act === "suspend")) return "MANAGER_ROLE_FIRST";
  }
  return null;
}

/** What to tell of each refusal: what happened, what to do. */
export const refusalTexts = {
  STRUCTURE_INACTIVE: "Cette structure n'est plus active dans le portail.",
  ALREADY_ATTACHED: "Cette personne est déjà rattachée à la structure.",
  ANSWER_THE_REFUSAL:
    "Votre demande a été refusée il y a moins de sept jours. Pour la renvoyer, répondez au motif du refus dans le message.",
  TOO_MANY_REFUSALS:
    "Trois demandes ont été refusées en quatre-vingt-dix jours : patientez. Un gestionnaire peut toujours vous rattacher.",
  REMINDED_RECENTLY:
    "Les gestionnaires ont été relancés il y a moins de trois jours : laissez-leur le temps de répondre.",
  STRUCTURE_TO_VERIFY:
    "Cette structure publique est à vérifier : elle ne peut rattacher personne avant la confirmation de l'opérateur.",
  OWN_ADDRESS: "Vous êtes déjà rattaché à cette structure.",
  CANNOT_GRANT_MORE:
    "Vous ne pouvez donner que les droits que vous avez. Choisissez un ensemble moins large.",
  IS_SUSPENDED: "L'accès de cette personne est suspendu : rétablissez-le depuis sa fiche.",
  USE_RESTRICT: "Cette personne est rattachée à toute la structure : restreignez ses droits depuis sa fiche.",
  CONFIRM_WIDENING:
    "Cette personne n'est rattachée qu'à certains services : confirmez que vous lui ouvrez toute la structure.",
  NO_RIGHT: "Rien ne serait donné à ce niveau : choisissez un autre ensemble, ou ajustez les droits.",
  NO_FORMER_RIGHTS:
    "Cette personne n'a pas ici d'anciens droits que vous puissiez redonner : choisissez un ensemble.",
  TOO_MANY_ADDRESSES: `Votre structure a déjà ajouté ${NEW_ADDRESSES_A_DAY} adresses en vingt-quatre heures. Continuez demain, ou importez un fichier.`,
  CHANGED_MEANWHILE:
    "Quelqu'un a changé ces droits pendant que vous choisissiez. Revenez à sa fiche, puis recommencez.",
  ENDS_BEFORE_IT_STARTS: "La date de fin doit être postérieure à la date de début.",
  ALREADY_ANSWERED: "Quelqu'un a déjà répondu à cette demande.",
  SENT_RECENTLY: "Cette invitation est partie il y a moins d'une heure : laissez-lui le temps d'arriver.",
  ANSWERED_ALONE: "Cette personne demande à gérer les utilisateurs : répondez-lui à part.",
  CANNOT_APPROVE_SELF: "Une autre personne doit répondre à votre demande.",
  NOT_ENTITLED: "Il vous faut l'habilitation « Accepter des rattachements » pour répondre à cette demande.",
  LAST_MAIN_MANAGER:
    "C'est le seul gestionnaire principal de la structure. Désignez d'abord une autre personne.",
  OWN_RIGHTS: "Nul ne change ses propres droits : adressez-vous à un autre gestionnaire.",
  MANAGER_BY_MANAGER_ONLY: "Seul un gestionnaire principal peut agir sur un gestionnaire principal.",
  MANAGER_HAS_ALL:
    "Un gestionnaire principal a tous les droits, sans date de fin : il doit d'abord renoncer à ce rôle.",
  MANAGER_ROLE_FIRST:
    "Retirez-lui d'abord le rôle, dans « Gestionnaires principaux » : la personne aura 72 heures pour s'y opposer.",
  ALREADY_SUSPENDED: "Son accès est déjà suspendu.",
  NOT_SUSPENDED: "Son accès n'est pas suspendu.",
  NO_OPEN_SERVICE:
    "Tous les services de cette personne sont fermés : choisissez-lui d'abord d'autres services, ou toute la structure.",
  NOT_YOUR_SERVICES: "Vous n'agissez que sur les personnes de vos services.",
  END_IS_PAST:
    "La date de fin doit être à venir. Pour mettre fin à l'accès dès maintenant, détachez la personne.",
  NOT_EXPIRING:
    "Cet accès ne se termine pas dans les trente jours, ou vient d'être renouvelé. Sa date de fin se change avec ses droits.",
  MANAGER_RIGHTS_NOT_COPIED:
    "Les droits d'un gestionnaire principal viennent de son rôle : ils ne se copient pas. Choisissez un utilisateur.",
  SOURCE_NOT_FOUND: "Aucune personne active de la structure n'a cette adresse. Vérifiez-la dans la liste.",
  NO_SAME_SERVICE: "Aucun service ouvert de cette structure n'a le code d'un des siens.",
  NOT_NARROWER: "Cet ensemble donnerait des droits de plus. Choisissez-en un moins large, ou gardez.",
  COPY_TO_SELF: "C'est la personne dont les droits sont copiés.",
  NOT_FOUND: "Cette fiche n'existe plus.",
  NO_SERVICE: "Choisissez au moins un service actif ou à venir de la structure.",
  UNKNOWN_PROFILE: "Choisissez un ensemble de droits de la liste.",
} as const;

export type MembershipRefusal = {
  readonly code: keyof typeof refusalTexts;
  /** The attachment in the way, for the reader who may see it. */
  readonly membership?: { readonly id: number; readonly since: Date };
};

/** A refusal in words, with the date where one is told. */
export function refusalText({ code, membership }: MembershipRefusal): string {
  if (code !== "ALREADY_ATTACHED" || !membership) return refusalTexts[code];
  const since = toFrenchDateTime(membership.since).slice(0, 10);
  return `Cette personne est déjà rattachée depuis le ${since} : ses droits se changent depuis sa fiche.`;
}
