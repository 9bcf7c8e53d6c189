import { describe, expect, test } from "vitest";
import {
  type AnswerFacts,
  type AttachFacts,
  type ChangeFacts,
  type DomainFacts,
  decideAttach,
  decideRequest,
  isApprovedByDomain,
  type RequestFacts,
  refuseAnswer,
  refuseChange,
} from "./decisions.ts";

const now = new Date("2026-03-10T10:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);

describe("MEM Demander un rattachement", () => {
  const facts: RequestFacts = {
    structure: "active",
    standing: "none",
    refusedAt: [],
    message: "",
  };
  test.each([
    ["à une structure active", {}, "ask"],
    ["à une structure fermée (MEM-03)", { structure: "inactive" }, "STRUCTURE_INACTIVE"],
    ["déjà rattaché à toute la structure (MEM-02)", { standing: "attachedToStructure" }, "ALREADY_ATTACHED"],
    ["rattaché à un service, en demander d'autres (MEM-02)", { standing: "attachedToServices" }, "ask"],
    ["une seconde fois : la première est modifiée (MEM-01)", { standing: "requested" }, "replacePending"],
    ["refusé il y a six jours (MEM-04)", { refusedAt: [daysAgo(6)] }, "ANSWER_THE_REFUSAL"],
    [
      "refusé il y a six jours, en répondant au refus (MEM-04)",
      { refusedAt: [daysAgo(6)], message: "Voici ma fiche de poste." },
      "answerRefusal",
    ],
    ["refusé il y a sept jours (MEM-04)", { refusedAt: [daysAgo(7)] }, "ask"],
    [
      "refusé trois fois en quatre-vingt-dix jours (MEM-04)",
      { refusedAt: [daysAgo(98), daysAgo(40), daysAgo(8)], message: "Encore moi." },
      "TOO_MANY_REFUSALS",
    ],
    [
      "refusé trois fois en plus de quatre-vingt-dix jours",
      { refusedAt: [daysAgo(99), daysAgo(40), daysAgo(8)] },
      "ask",
    ],
  ] as [string, Partial<RequestFacts>, string][])("%s : %o → %s", (_title, change, expected) => {
    const decision = decideRequest({ ...facts, ...change }, now);
    expect(decision.kind === "refuse" ? decision.code : decision.kind).toBe(expected);
  });
});

describe("MEM Rattacher un utilisateur", () => {
  const facts: AttachFacts = {
    structure: "active",
    proof: "done",
    isOwnAddress: false,
    account: "active",
    standing: "none",
    gives: "structure",
    mayAttachThere: true,
    isWithinGiversRights: true,
    isSame: false,
    confirmsWidening: false,
    dates: "inOrder",
    isDailyShareSpent: false,
  };
  test.each([
    ["un compte actif", {}, "attach"],
    ["une adresse sans compte", { account: "none" }, "invite"],
    ["un compte à activer", { account: "pending" }, "invite"],
    ["un compte désactivé", { account: "inactive" }, "invite"],
    [
      "des services à la structure, sans le confirmer",
      { standing: "attachedToServices" },
      "CONFIRM_WIDENING",
    ],
    [
      "des services à la structure, confirmé",
      { standing: "attachedToServices", confirmsWidening: true },
      "widen",
    ],
    [
      "exactement ce qu'elle a déjà, sur ses services",
      { standing: "attachedToServices", gives: "service", isSame: true },
      "ALREADY_ATTACHED",
    ],
    ["sans rien donner", { gives: "nothing" }, "NO_RIGHT"],
    ["hors de ses propres services (RIG-07)", { mayAttachThere: false }, "NOT_YOUR_SERVICES"],
    ["jusqu'à une date passée", { dates: "endIsPast" }, "END_IS_PAST"],
    ["jusqu'à une date avant le début", { dates: "endBeforeStart" }, "ENDS_BEFORE_IT_STARTS"],
    ["une adresse de trop dans la journée", { isDailyShareSpent: true }, "TOO_MANY_ADDRESSES"],
    [
      "d'autres services, la part du jour épuisée",
      { standing: "attachedToServices", gives: "service", isDailyShareSpent: true },
      "addServices",
    ],
    ["d'autres services", { standing: "attachedToServices", gives: "service" }, "addServices"],
    ["déjà rattachée", { standing: "attachedToStructure" }, "ALREADY_ATTACHED"],
    ["de la structure à un service", { standing: "attachedToStructure", gives: "service" }, "USE_RESTRICT"],
    ["suspendue", { standing: "suspended" }, "IS_SUSPENDED"],
    ["soi-même", { isOwnAddress: true }, "OWN_ADDRESS"],
    ["au-delà de ses propres droits (RIG-05)", { isWithinGiversRights: false }, "CANNOT_GRANT_MORE"],
    ["dans une structure à vérifier", { proof: "needed" }, "STRUCTURE_TO_VERIFY"],
    ["dans une structure fermée", { structure: "inactive" }, "STRUCTURE_INACTIVE"],
  ] as [string, Partial<AttachFacts>, string][])("%s : %o → %s", (_title, change, expected) => {
    const decision = decideAttach({ ...facts, ...change });
    expect(decision.kind === "refuse" ? decision.code : decision.kind).toBe(expected);
  });
});

describe("MEM Répondre à une demande", () => {
  const facts: AnswerFacts = {
    state: "pending",
    isOwnRequest: false,
    structure: "active",
    proof: "done",
    mayAnswer: true,
  };
  test.each([
    ["en attente", {}, null],
    ["la sienne, même avec le droit (MEM-05)", { isOwnRequest: true }, "CANNOT_APPROVE_SELF"],
    ["sans le droit", { mayAnswer: false }, "NOT_ENTITLED"],
    ["déjà acceptée (MEM-11)", { state: "approved" }, "ALREADY_ANSWERED"],
    ["retirée", { state: "withdrawn" }, "ALREADY_ANSWERED"],
    ["dans une structure à vérifier", { proof: "needed" }, "STRUCTURE_TO_VERIFY"],
    ["dans une structure fermée", { structure: "inactive" }, "STRUCTURE_INACTIVE"],
  ] as [string, Partial<AnswerFacts>, string | null][])("%s : %o → %s", (_title, change, expected) =>
    expect(refuseAnswer({ ...facts, ...change })).toBe(expected),
  );
});

describe("MGR Une structure garde un gestionnaire principal", () => {
  const facts: ChangeFacts = {
    isSelf: false,
    targetRole: "member",
    targetState: "active",
    actorRole: "mainManager",
    activeManagers: 1,
  };
  test.each([
    ["détacher un utilisateur", "detach", {}, null],
    [
      "détacher le dernier gestionnaire (MGR-03)",
      "detach",
      { targetRole: "mainManager" },
      "LAST_MAIN_MANAGER",
    ],
    ...(["detach", "suspend"] as const).map(
      (act) =>
        [
          `évincer un autre gestionnaire d'un geste (${act})`,
          act,
          { targetRole: "mainManager", activeManagers: 2 },
          "MANAGER_ROLE_FIRST",
        ] as const,
    ),
    [
      "suspendre à l'horloge un gestionnaire sur deux",
      "suspend",
      { targetRole: "mainManager", actorRole: "clock", activeManagers: 2 },
      null,
    ],
    ["suspendre le dernier", "suspend", { targetRole: "mainManager" }, "LAST_MAIN_MANAGER"],
    ["quitter, étant le dernier", "leave", { targetRole: "mainManager", isSelf: true }, "LAST_MAIN_MANAGER"],
    ["quitter à deux", "leave", { targetRole: "mainManager", isSelf: true, activeManagers: 2 }, null],
    [
      "renoncer, étant le dernier",
      "demote",
      { targetRole: "mainManager", isSelf: true },
      "LAST_MAIN_MANAGER",
    ],
    ["changer ses propres droits (RIG-06)", "changeRights", { isSelf: true }, "OWN_RIGHTS"],
    ["suspendre qui l'est déjà", "suspend", { targetState: "suspended" }, "ALREADY_SUSPENDED"],
    ["rétablir qui n'est pas suspendu", "resume", {}, "NOT_SUSPENDED"],
    [
      "rétablir un gestionnaire suspendu",
      "resume",
      { targetRole: "mainManager", targetState: "suspended" },
      null,
    ],
    [
      "détacher un gestionnaire suspendu, un seul étant actif",
      "detach",
      { targetRole: "mainManager", targetState: "suspended" },
      null,
    ],
    ["confirmer le dernier gestionnaire", "keep", { targetRole: "mainManager" }, null],
    ["se confirmer soi-même", "keep", { isSelf: true }, "OWN_RIGHTS"],
    ["borner l'accès d'un gestionnaire", "changeRights", { targetRole: "mainManager" }, "MANAGER_HAS_ALL"],
    ["dire que l'on ne connaît pas la structure", "disown", { isSelf: true }, null],
    ["le dire deux fois", "disown", { isSelf: true, targetState: "suspended" }, "ALREADY_SUSPENDED"],
    [
      "le dire, étant le dernier gestionnaire",
      "disown",
      { targetRole: "mainManager", isSelf: true },
      "LAST_MAIN_MANAGER",
    ],
    ["se suspendre", "suspend", { isSelf: true }, "OWN_RIGHTS"],
    [
      "détacher un gestionnaire sans l'être",
      "detach",
      { targetRole: "mainManager", actorRole: "member", activeManagers: 2 },
      "MANAGER_BY_MANAGER_ONLY",
    ],
  ] as readonly (readonly [string, "detach", Partial<ChangeFacts>, string | null])[])(
    "%s",
    (_title, act, change, expected) => expect(refuseChange(act, { ...facts, ...change })).toBe(expected),
  );
});

describe("MEM-20 Une demande est acceptée d'elle-même par le domaine de l'adresse", () => {
  const facts: DomainFacts = {
    decision: "ask",
    isOfProvedDomain: true,
    isSwitchedOn: true,
    proof: "done",
    hasManager: true,
    wasAttached: false,
    wasRefused: false,
    asksToManage: false,
    gives: "structure",
  };
  test.each([
    ["prouvé, et voulu par un gestionnaire principal", {}, true],
    ["à certains services", { gives: "service" }, true],
    ["d'un autre domaine", { isOfProvedDomain: false }, false],
    ["sans que personne l'ait voulu", { isSwitchedOn: false }, false],
    ["dans une structure à vérifier", { proof: "needed" }, false],
    ["dans une structure sans gestionnaire", { hasManager: false }, false],
    ["de qui est ou fut rattaché : suspendu, détaché", { wasAttached: true }, false],
    ["de qui fut refusé", { wasRefused: true }, false],
    ["de qui répond à un refus", { decision: "answerRefusal" }, false],
    ["de qui attend déjà une réponse", { decision: "replacePending" }, false],
    ["de qui veut gérer les utilisateurs", { asksToManage: true }, false],
    ["quand rien ne serait donné", { gives: "nothing" }, false],
  ] as [string, Partial<DomainFacts>, boolean][])("%s : %o → %s", (_title, change, expected) =>
    expect(isApprovedByDomain({ ...facts, ...change })).toBe(expected),
  );
});
