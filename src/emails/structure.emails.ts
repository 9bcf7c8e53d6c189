import {
  othersToTell,
  peopleOfAddresses,
  peopleOfService,
  peopleToTell,
} from "../modules/memberships/index.ts";
import {
  type DeactivationAsked,
  type DomainCodeSent,
  type EmailDomainEvent,
  type ProofCodeSent,
  postmasterOf,
  type ServiceNoticed,
  type StructureFacts,
} from "../modules/structures/index.ts";
import type { Tx } from "../platform/database/index.ts";
import type { DomainEvent } from "../platform/events.ts";
import { toFrenchDateTime } from "../shared/french-date-time.ts";
import { action, email, paragraph } from "./email.tsx";

type StructureTold = DomainEvent & { readonly structureId: number; readonly facts: StructureFacts };

/** The managers of the structure, but who acts. */
const theOtherManagers = (tx: Tx, { structureId, actor }: StructureTold) =>
  othersToTell(tx, structureId, "managers", actor.accountId);

export const proofCodeSent = email<ProofCodeSent & { readonly type: "ProofCodeSent" }>({
  name: "proof-code",
  sentWhen: "ProofCodeSent",
  family: "security",
  why: "cette adresse est celle de la structure.",
  always: true,
  bell: false,
  recipients: async (_tx, { transient }) => [{ accountId: null, address: transient.address, firstName: "" }],
  subject: ({ facts }) => `Un code pour gérer ${facts.structureName}`,
  body: ({ facts, actor, transient }) => [
    paragraph(`${actor.label} demande à gérer ${facts.structureName} sur le portail.`),
    paragraph(
      `Si cette personne travaille bien pour vous, donnez-lui ce code : ${transient.code}. Il vaut une heure.`,
    ),
    paragraph("Sinon, ne le donnez à personne : sans lui, rien ne change."),
  ],
});

/** MEM-20. To whom the domain belongs: the code says that she lets a structure speak for it. */
export const domainCodeSent = email<DomainCodeSent & { readonly type: "DomainCodeSent" }>({
  name: "domain-code",
  sentWhen: "DomainCodeSent",
  family: "security",
  why: "cette adresse est celle de qui tient la messagerie du domaine.",
  always: true,
  bell: false,
  recipients: async (_tx, { facts }) => [
    { accountId: null, address: postmasterOf(facts.domain), firstName: "" },
  ],
  subject: ({ facts }) => `Un code pour prouver le domaine ${facts.domain}`,
  body: ({ facts, actor, transient }) => [
    paragraph(
      `${actor.label}, qui gère ${facts.structureName} sur le portail, demande à prouver que ${facts.domain} est un domaine de cette structure.`,
    ),
    paragraph(`Si c'est le cas, donnez-lui ce code : ${transient.code}. Il vaut une heure.`),
    paragraph(
      "Sinon, ne le donnez à personne : la structure pourrait rattacher sans examen qui porte une adresse de ce domaine.",
    ),
  ],
});

export const domainApprovalChanged = email<StructureTold>({
  name: "domain-approval-changed",
  sentWhen: "DomainApprovalChanged",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: theOtherManagers,
  subject: ({ facts }) => `Le rattachement automatique à ${facts.structureName} a changé`,
  body: ({ facts, actor, structureId }) => [
    paragraph(
      `${actor.label} a changé ce que donne, sur ${facts.structureName}, une adresse d'un domaine de messagerie prouvé : qui est rattaché sans attendre de réponse, et où.`,
    ),
    action("Voir les domaines de messagerie", `/organisation/structures/${structureId}/domaines`),
  ],
});

/** MEM-20. One domain more may attach people at once, where that is switched on: no manager proves it unseen. */
export const emailDomainProved = email<EmailDomainEvent>({
  name: "email-domain-proved",
  sentWhen: "EmailDomainProved",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: theOtherManagers,
  subject: ({ facts }) => `${facts.domain} est un domaine prouvé de ${facts.structureName}`,
  body: ({ facts, actor, reason, structureId }) => [
    paragraph(
      `${actor.label} a prouvé, ${reason}, que le domaine de messagerie ${facts.domain} est celui de ${facts.structureName}. Si le rattachement automatique y est choisi, qui porte une adresse de ce domaine est rattaché sans attendre de réponse.`,
    ),
    paragraph("Si ce domaine n'est pas le vôtre, retirez-le."),
    action("Voir les domaines de messagerie", `/organisation/structures/${structureId}/domaines`),
  ],
});

export const structureProved = email<StructureTold>({
  name: "structure-proved",
  sentWhen: "StructureProved",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} est vérifiée`,
  body: ({ facts, structureId }) => [
    paragraph(
      `Il est établi que vous agissez pour ${facts.structureName}. Vous pouvez y rattacher des personnes.`,
    ),
    action("Rattacher un utilisateur", `/organisation/utilisateurs/rattacher?structureId=${structureId}`),
  ],
});

/** N-27, STR-07. A closed establishment concerns all who work there; a number that is not found, its managers. */
export const structureNotInRegister = email<StructureTold>({
  name: "structure-not-in-register",
  sentWhen: "StructureNotInRegister",
  family: "structureLife",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, isClosed(event) ? "members" : "managers"),
  subject: ({ facts, ...event }) =>
    isClosed(event)
      ? `Le répertoire indique que ${facts.structureName} est fermée`
      : `${facts.structureName} : à vérifier au répertoire national`,
  body: ({ facts, structureId, ...event }) => [
    paragraph(
      isClosed(event)
        ? `Le répertoire national des entreprises dit l'établissement de ${facts.structureName} fermé.`
        : `Le répertoire national des entreprises ne connaît pas le SIRET de ${facts.structureName}.`,
    ),
    paragraph(
      isClosed(event)
        ? "Rien n'est désactivé. Si la structure a déménagé, un gestionnaire change son identifiant ; si elle a cessé, il la désactive."
        : "Rien n'est désactivé. Vérifiez le numéro sur votre avis de situation ; s'il est faux, changez l'identifiant de la structure.",
    ),
    action("Voir la fiche", `/organisation/structures/${structureId}`),
  ],
});
const isClosed = ({ after }: Pick<DomainEvent, "after">) => (after as { kind?: string }).kind === "closed";

export const structureStillUnregistered = email<StructureTold>({
  name: "structure-still-unregistered",
  sentWhen: "StructureStillUnregistered",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} : avez-vous reçu le SIRET ?`,
  body: ({ facts, structureId }) => [
    paragraph(`${facts.structureName} est dans le portail « en cours d'immatriculation ».`),
    paragraph("Dès que l'Insee lui a attribué un SIRET, donnez-le : il remplacera sa référence provisoire."),
    action("Donner le SIRET", `/organisation/structures/${structureId}/siret`),
  ],
});

/** N-26. */
function structureMail(words: {
  readonly name: string;
  readonly sentWhen: string;
  readonly to: "managers" | "members";
  readonly always?: true;
  readonly happened: string;
  readonly next: string;
}) {
  return email<StructureTold>({
    name: words.name,
    sentWhen: words.sentWhen,
    family: "structureLife",
    why: "vous travaillez pour cette structure.",
    ...(words.always && { always: words.always }),
    recipients: (tx, event) => peopleToTell(tx, event.structureId, words.to),
    subject: ({ facts }) => `${facts.structureName} ${words.happened}`,
    body: ({ facts, actor, onBehalfOf, reason, structureId }) => [
      paragraph(
        `${facts.structureName} ${words.happened}, par ${actor.label}${onBehalfOf ? `, à la demande de ${onBehalfOf}` : ""}${reason ? ` (${reason})` : ""}.`,
      ),
      paragraph(words.next),
      action("Voir la fiche", `/organisation/structures/${structureId}`),
    ],
  });
}

export const structureCreated = structureMail({
  name: "structure-created",
  sentWhen: "StructureCreated",
  to: "managers",
  happened: "est créée",
  next: "Désignez un second gestionnaire principal : il répondra quand vous serez absent.",
});
export const structureDeactivated = structureMail({
  name: "structure-deactivated",
  sentWhen: "StructureDeactivated",
  to: "members",
  always: true,
  happened: "est désactivée",
  next: "Pendant vingt-quatre mois, ce qu'elle contient se consulte encore et un gestionnaire peut la réactiver. Elle est ensuite archivée.",
});
/** § 7.6. */
export const structureArchived = email<StructureTold>({
  name: "structure-archived",
  sentWhen: "StructureArchived",
  family: "structureLife",
  why: "vous travailliez pour cette structure.",
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "members"),
  subject: ({ facts }) => `${facts.structureName} est archivée`,
  body: ({ facts }) => [
    paragraph(
      `${facts.structureName} était désactivée depuis vingt-quatre mois : elle est archivée, et votre rattachement prend fin.`,
    ),
    paragraph("Si elle reprend son activité, créez-la de nouveau : son identifiant est libre."),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

const askedOf = ({ actor, facts, reason }: DeactivationAsked) =>
  paragraph(`${actor.label} demande de désactiver ${facts.structureName}. Motif : ${reason ?? ""}`);

/** § 7.6. */
export const deactivationAsked = email<DeactivationAsked>({
  name: "deactivation-asked",
  sentWhen: "DeactivationAsked",
  family: "requestsToAnswer",
  why: "vous êtes opérateur du portail.",
  always: true,
  recipients: (tx, { transient }) => peopleOfAddresses(tx, transient.operators),
  subject: ({ facts }) => `Désactiver ${facts.structureName} : votre accord est demandé`,
  body: (event) => [
    askedOf(event),
    paragraph("Tant que vous n'avez pas répondu, la structure reste active."),
    action("Répondre à la demande", "/operateur/desactivations"),
  ],
});
export const deactivationAskedManagers = email<DeactivationAsked>({
  name: "deactivation-asked-managers",
  sentWhen: "DeactivationAsked",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: theOtherManagers,
  subject: ({ facts }) => `La désactivation de ${facts.structureName} est demandée`,
  body: (event) => [
    askedOf(event),
    paragraph(
      "L'opérateur du portail va répondre. Si ce n'est pas voulu, retirez la demande depuis la fiche.",
    ),
    action("Voir la fiche", `/organisation/structures/${event.structureId}`),
  ],
});
export const deactivationRefused = email<StructureTold>({
  name: "deactivation-refused",
  sentWhen: "DeactivationRefused",
  family: "ownRequests",
  why: "vous gérez cette structure, dont la désactivation était demandée.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} reste active : la désactivation est refusée`,
  body: ({ facts, reason, structureId }) => [
    paragraph(
      `L'opérateur du portail n'a pas donné son accord à la désactivation de ${facts.structureName}. Motif : ${reason ?? ""}`,
    ),
    action("Voir la fiche", `/organisation/structures/${structureId}`),
  ],
});
export const deactivationWithdrawn = structureMail({
  name: "deactivation-withdrawn",
  sentWhen: "DeactivationWithdrawn",
  to: "managers",
  always: true,
  happened: "reste active : la demande de désactivation est retirée",
  next: "Rien n'a changé.",
});
export const structureReplaced = structureMail({
  name: "structure-replaced",
  sentWhen: "StructureReplaced",
  to: "members",
  always: true,
  happened: "a changé d'identifiant",
  next: "Vos droits valent sous le nouvel identifiant, vers lequel l'ancienne fiche renvoie.",
});
type ChangePlanned = StructureTold & {
  readonly after: { readonly identifiant: string; readonly dateDEffet: Date };
};

export const identifierChangePlanned = email<ChangePlanned>({
  name: "identifier-change-planned",
  sentWhen: "IdentifierChangePlanned",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} va changer d'identifiant`,
  body: ({ facts, actor, after, reason, structureId }) => [
    paragraph(
      `${actor.label} a prévu que ${facts.structureName} prenne l'identifiant ${after.identifiant} le ${toFrenchDateTime(after.dateDEffet)}${reason ? ` (${reason})` : ""}.`,
    ),
    paragraph("Si ce n'est pas voulu, annulez-le depuis la fiche avant ce jour."),
    action("Voir la fiche", `/organisation/structures/${structureId}`),
  ],
});
export const identifierChangeCancelled = structureMail({
  name: "identifier-change-cancelled",
  sentWhen: "IdentifierChangeCancelled",
  to: "managers",
  always: true,
  happened: "ne change plus d'identifiant",
  next: "Le changement prévu est annulé. Rien n'a changé.",
});
export const identifierChangeFailed = email<StructureTold>({
  name: "identifier-change-failed",
  sentWhen: "IdentifierChangeFailed",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} n'a pas changé d'identifiant`,
  body: ({ reason, structureId }) => [
    paragraph(`Le changement prévu n'a pas eu lieu. ${reason ?? ""}`),
    paragraph("Rien n'a changé. Demandez-le de nouveau depuis la fiche, si besoin."),
    action("Voir la fiche", `/organisation/structures/${structureId}`),
  ],
});
export const identifierChangeUndone = structureMail({
  name: "identifier-change-undone",
  sentWhen: "IdentifierChangeUndone",
  to: "members",
  always: true,
  happened: "reprend son identifiant",
  next: "Le changement d'identifiant est défait : vos droits valent de nouveau sous l'ancien numéro.",
});
export const structureReactivated = structureMail({
  name: "structure-reactivated",
  sentWhen: "StructureReactivated",
  to: "members",
  always: true,
  happened: "est réactivée",
  next: "Vos droits y valent comme avant.",
});
export const structureIdentified = structureMail({
  name: "structure-identified",
  sentWhen: "StructureIdentified",
  to: "members",
  happened: "a son SIRET",
  next: "Il remplace sa référence provisoire.",
});

/** N-29. */
export const billingRulesChanged = email<StructureTold>({
  name: "billing-rules-changed",
  sentWhen: "StructureChanged",
  family: "structureLife",
  why: "vous gérez cette structure.",
  recipients: async (tx, event) =>
    changesBilling(event) ? await peopleToTell(tx, event.structureId, "managers") : [],
  subject: ({ facts }) => `Ce qu'une facture à ${facts.structureName} doit porter a changé`,
  body: ({ facts, actor, structureId }) => [
    paragraph(
      `${actor.label} a changé les paramètres de facturation de ${facts.structureName}. L'annuaire donne déjà la nouvelle règle.`,
    ),
    action("Voir la règle", `/annuaire/${structureId}`),
  ],
});

const billingRules = ["serviceCodeRequired", "commitmentRequired", "serviceOrCommitmentRequired"];
const changesBilling = ({ after }: DomainEvent) => billingRules.some((rule) => rule in Object(after));

const closes =
  (when: string) =>
  ({ code, structureName, endsAt, successorCode }: ServiceNoticed["facts"]): [string, string] => [
    `Le service ${code} se ferme ${when}`,
    `Le service ${code} de ${structureName} se ferme le ${endsAt ? toFrenchDateTime(endsAt) : ""}. ${successorCode ? `${successorCode} prend alors sa place, et les droits de ses personnes y suivent.` : "Changez sa date de fin s'il continue."}`,
  ];
const noticeTexts: {
  readonly [N in ServiceNoticed["facts"]["notice"]]: (facts: ServiceNoticed["facts"]) => [string, string];
} = {
  started: ({ code, structureName }) => [
    `Le service ${code} est ouvert`,
    `Le service ${code} de ${structureName} est actif depuis aujourd'hui : vos fournisseurs peuvent l'indiquer.`,
  ],
  endsIn30: closes("dans 30 jours"),
  endsIn7: closes("dans 7 jours"),
  endsIn1: closes("demain"),
  ended: ({ code, structureName }) => [
    `Le service ${code} est fermé`,
    `Le service ${code} de ${structureName} est fermé : il n'est plus dans l'annuaire, et les droits qui n'étaient donnés que sur lui sont sans effet.`,
  ],
};

/** N-28. */
export const serviceNoticed = email<ServiceNoticed>({
  name: "service-noticed",
  sentWhen: "ServiceNoticed",
  family: "structureLife",
  why: "vous gérez cette structure ou travaillez dans ce service.",
  recipients: (tx, { structureId, facts }) => peopleOfService(tx, structureId, facts.serviceId),
  subject: ({ facts }) => noticeTexts[facts.notice](facts)[0],
  body: ({ facts, structureId }) => [
    paragraph(noticeTexts[facts.notice](facts)[1]),
    action("Voir le service", `/organisation/structures/${structureId}/services/${facts.serviceId}`),
  ],
});
