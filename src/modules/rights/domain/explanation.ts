import { type Application, applications, type Level } from "./applications.ts";
import { type Action, covers, type Grant, isInForce, permissionTable } from "./permission-table.ts";

/** Each act of the permission table, in the words of « Que puis-je faire ? ». */
const actWords: { readonly [A in Action]: string } = {
  "structure.read": "consulter la fiche de la structure",
  "structure.update": "modifier la fiche et les exigences de facturation",
  "structure.reactivate": "réactiver la structure",
  "structure.deactivate": "désactiver la structure",
  "structure.identify": "donner son SIRET à la structure, ou changer son identifiant",
  "structure.secure": "exiger la double authentification de tous",
  "structure.export": "exporter tout ce que contient la structure",
  "structure.prove": "prouver que l'on agit pour la structure",
  "service.read": "consulter les services",
  "service.create": "créer des services",
  "service.replace": "remplacer des services par un autre",
  "service.update": "modifier, activer et désactiver des services",
  "bankAccount.read": "consulter les coordonnées bancaires",
  "bankAccount.write": "créer, modifier et désactiver des coordonnées bancaires",
  "bankAccount.confirm": "confirmer ou bloquer une coordonnée bancaire",
  "member.list": "voir les utilisateurs et leurs droits",
  "member.attach": "rattacher et inviter des personnes",
  "member.change": "changer les droits, suspendre et détacher",
  "profile.change": "adapter les ensembles de droits",
  "profile.preset": "choisir l'ensemble de droits proposé par défaut",
  "review.start": "commencer une revue des rattachements",
  "request.answer": "répondre aux demandes de rattachement",
  "manager.name": "désigner un gestionnaire principal",
  "journal.read": "consulter l'historique des actions",
};

const acts = Object.keys(permissionTable) as Action[];

/** What a right lets its holder do, in words; nothing for an application that has no page yet. */
export function actsOf(right: Pick<Grant, "application" | "level" | "serviceId">): readonly string[] {
  return acts
    .filter((act) => {
      const need = permissionTable[act];
      if (typeof need === "string") return false;
      // an act on the whole structure is out of reach of a right limited to a service
      return covers(right, need, "wholeStructure" in need ? null : "any");
    })
    .map((act) => actWords[act]);
}

/** What a right allows, in one cell: its acts, or why there are none. */
export function actsText(application: Application, allowed: readonly string[]): string {
  if (allowed.length > 0) return allowed.join(" ; ");
  const hasPages = actsOf({ application: application.code, level: "write", serviceId: null }).length > 0;
  return hasPages ? "Rien de plus que d'être rattaché" : "Application à venir";
}

/** What being attached allows, and what only a main manager may do. */
export const actsOfRole = (role: "attached" | "mainManager"): readonly string[] =>
  acts.filter((act) => permissionTable[act] === role).map((act) => actWords[act]);

export type RightFacts = Grant & {
  readonly serviceStartsAt: Date | null;
  readonly serviceEndsAt: Date | null;
};
export type RightStanding = "inForce" | "planned" | "over" | "servicePlanned" | "serviceEnded";

/** Where a right stands: its own dates, then those of its service (MEM-17, RIG-08). */
export function standingOfRight(right: RightFacts, now: Date): RightStanding {
  if (!isInForce(right, now)) return right.startsAt !== null && now < right.startsAt ? "planned" : "over";
  if (right.serviceEndsAt !== null && right.serviceEndsAt <= now) return "serviceEnded";
  return right.serviceStartsAt !== null && now < right.serviceStartsAt ? "servicePlanned" : "inForce";
}

export type ExplainedRight<R> = {
  readonly application: Application;
  readonly level: Level;
  readonly acts: readonly string[];
  readonly standing: RightStanding;
  /** The right as it was given; null: held by the role of main manager. */
  readonly given: R | null;
};

/**
 * « Que puis-je faire, et pourquoi ? » : every right held, with what it allows, and every application out of reach.
 * Source: organisation.md 5.4.
 */
export function explainRights<R extends RightFacts>(
  member: { readonly role: "mainManager" | "member"; readonly structureKind: "public" | "private" },
  given: readonly R[],
  now: Date,
): { readonly held: readonly ExplainedRight<R>[]; readonly lacking: readonly Application[] } {
  const known = applicationsOf(member.structureKind);
  if (member.role === "mainManager")
    return {
      held: known.map((application) => ({
        application,
        level: "write",
        acts: actsOf({ application: application.code, level: "write", serviceId: null }),
        standing: "inForce",
        given: null,
      })),
      lacking: [],
    };
  const held = known.flatMap((application) =>
    given
      .filter((right) => right.application === application.code)
      .map((right) => ({
        application,
        level: right.level,
        acts: actsOf(right),
        standing: standingOfRight(right, now),
        given: right,
      })),
  );
  const reached = new Set(
    held.filter((one) => one.standing === "inForce").map((one) => one.application.code),
  );
  return { held, lacking: known.filter((application) => !reached.has(application.code)) };
}

/** The applications that mean something for a kind of structure. */
export function applicationsOf(kind: "public" | "private"): readonly Application[] {
  return applications.filter((one) => (one.kinds as readonly string[]).includes(kind));
}
