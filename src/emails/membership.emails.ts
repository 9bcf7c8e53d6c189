import { type MembershipEvent, othersToTell, peopleToTell } from "../modules/memberships/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { action, type Block, email, link, paragraph } from "./email.tsx";

const thePerson = async (_tx: unknown, { facts: { person } }: MembershipEvent) => [
  { accountId: person.accountId, address: person.address, firstName: person.firstName },
];
const given = (event: MembershipEvent): Block[] =>
  event.facts.given ? [paragraph(`Vos droits : ${event.facts.given}.`)] : [];
const message = (event: MembershipEvent): Block[] =>
  event.facts.message ? [paragraph(`Message : « ${event.facts.message} »`)] : [];
const because = "vous travaillez, ou avez demandé à travailler, pour une structure du portail.";
const theAnswerers = (tx: Tx, { structureId, facts: { person } }: MembershipEvent) =>
  othersToTell(tx, structureId, "answerers", person.accountId);
const answer = (label: string, { facts, structureId }: MembershipEvent): Block =>
  action(label, `/organisation/demandes/${facts.requestId}?structureId=${structureId}`);
const asManager = "vous pouvez répondre aux demandes de cette structure.";

export const membershipRequested = email<MembershipEvent<"MembershipRequested">>({
  name: "membership-requested",
  sentWhen: "MembershipRequested",
  family: "requestsToAnswer",
  why: asManager,
  recipients: theAnswerers,
  subject: ({ facts }) => `${facts.person.name} demande à rejoindre ${facts.structureName}`,
  body: (event) => [
    paragraph(
      `${event.facts.person.name} (${event.facts.person.address}) demande à être rattaché à ${event.facts.structureName}.`,
    ),
    ...message(event),
    paragraph("Vérifiez que cette personne travaille bien pour vous, puis répondez."),
    answer("Voir la demande", event),
  ],
});

export const membershipRefusalAnswered = email<MembershipEvent<"MembershipRefusalAnswered">>({
  name: "membership-refusal-answered",
  sentWhen: "MembershipRefusalAnswered",
  family: "requestsToAnswer",
  why: asManager,
  recipients: theAnswerers,
  subject: ({ facts }) => `${facts.person.name} répond au refus de sa demande pour ${facts.structureName}`,
  body: (event) => [
    paragraph(
      `${event.facts.person.name} (${event.facts.person.address}) répond au refus de sa demande de rattachement à ${event.facts.structureName}.`,
    ),
    ...message(event),
    answer("Voir la demande", event),
  ],
});

export const answerersReminded = email<MembershipEvent<"MembershipAnswerersReminded">>({
  name: "membership-answerers-reminded",
  sentWhen: "MembershipAnswerersReminded",
  family: "requestsToAnswer",
  why: asManager,
  always: true,
  recipients: theAnswerers,
  subject: ({ facts }) => `${facts.person.name} attend votre réponse`,
  body: (event) => [
    paragraph(
      `${event.facts.person.name} (${event.facts.person.address}) vous relance : sa demande pour rejoindre ${event.facts.structureName} attend toujours une réponse.`,
    ),
    ...message(event),
    answer("Répondre", event),
  ],
});

export const answerersOfExpiredRequest = email<MembershipEvent<"MembershipRequestExpired">>({
  name: "membership-request-expired-unanswered",
  sentWhen: "MembershipRequestExpired",
  family: "requestsToAnswer",
  why: asManager,
  recipients: theAnswerers,
  subject: ({ facts }) => `La demande de ${facts.person.name} a expiré sans réponse`,
  body: ({ facts, structureId }) => [
    paragraph(
      `La demande de ${facts.person.name} (${facts.person.address}) pour rejoindre ${facts.structureName} n'a reçu aucune réponse en trente jours ; elle a expiré. Si cette personne travaille avec vous, rattachez-la.`,
    ),
    action("Rattacher cette personne", `/organisation/utilisateurs/rattacher?structureId=${structureId}`),
  ],
});

/** MEM-14, and whatever else the clock suspends: nobody there has decided it. */
export const memberSuspendedByClock = email<MembershipEvent<"MembershipSuspended">>({
  name: "member-suspended-by-clock",
  sentWhen: "MembershipSuspended",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: async (tx, event) =>
    event.actor.means === "job" ? peopleToTell(tx, event.structureId, "managers") : [],
  subject: ({ facts }) => `L'accès de ${facts.person.name} à ${facts.structureName} est suspendu`,
  body: ({ facts, structureId, reason }) => [
    paragraph(
      `L'accès de ${facts.person.name} à ${facts.structureName} est suspendu${reason ? ` : ${reason}` : ""}. Rattachez cette personne à un autre service, ou détachez-la.`,
    ),
    action("Voir sa fiche", `/organisation/structures/${structureId}/utilisateurs/${facts.membershipId}`),
  ],
});

export const membershipRequestSent = email<MembershipEvent<"MembershipRequested">>({
  name: "membership-request-sent",
  sentWhen: "MembershipRequested",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande pour ${facts.structureName} est envoyée`,
  body: ({ facts }) => [
    paragraph(
      `Les gestionnaires de ${facts.structureName} ont reçu votre demande. Vous serez prévenu de leur réponse.`,
    ),
    action("Suivre mes demandes", "/mes-demandes"),
  ],
});

export const membershipRequestApproved = email<MembershipEvent<"MembershipRequestApproved">>({
  name: "membership-request-approved",
  sentWhen: "MembershipRequestApproved",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Vous êtes rattaché à ${facts.structureName}`,
  body: (event) => [
    paragraph(`Votre demande de rattachement à ${event.facts.structureName} est acceptée.`),
    ...given(event),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

/** § 5.2. */
export const memberLeftDomains = email<MembershipEvent<"MembershipAddressLeftDomains">>({
  name: "member-left-domains",
  sentWhen: "MembershipAddressLeftDomains",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, { structureId, facts: { person } }) =>
    othersToTell(tx, structureId, "managers", person.accountId),
  subject: ({ facts }) => `${facts.person.name} n'a plus une adresse de ${facts.structureName}`,
  body: ({ facts, structureId }) => [
    paragraph(
      `${facts.person.name}, rattaché à ${facts.structureName}, se connecte désormais avec ${facts.person.address} : cette adresse n'est d'aucun domaine de messagerie prouvé de la structure. Ses droits n'ont pas changé.`,
    ),
    paragraph("Vérifiez que cette personne travaille toujours pour vous ; sinon, détachez-la."),
    action("Voir sa fiche", `/organisation/structures/${structureId}/utilisateurs/${facts.membershipId}`),
  ],
});

/** MEM-20. Nobody there has decided it: they look once, afterwards. */
export const memberAttachedByDomain = email<MembershipEvent<"MembershipRequestApproved">>({
  name: "member-attached-by-domain",
  sentWhen: "MembershipRequestApproved",
  family: "requestsToAnswer",
  why: asManager,
  recipients: async (tx, event) => (event.facts.domain ? theAnswerers(tx, event) : []),
  subject: ({ facts }) => `${facts.person.name} est rattaché à ${facts.structureName}`,
  body: (event) => [
    paragraph(
      `${event.facts.person.name} (${event.facts.person.address}) a demandé à rejoindre ${event.facts.structureName} et y est rattaché automatiquement, par le domaine prouvé ${event.facts.domain}. Droits : ${event.facts.given}.`,
    ),
    ...message(event),
    paragraph("Si cette personne ne travaille pas pour vous, détachez-la."),
    action("Voir les utilisateurs", `/organisation/utilisateurs?structureId=${event.structureId}`),
  ],
});

export const membershipRequestRefused = email<MembershipEvent<"MembershipRequestRefused">>({
  name: "membership-request-refused",
  sentWhen: "MembershipRequestRefused",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande de rattachement à ${facts.structureName} a été refusée`,
  body: (event) => [
    paragraph(
      `Votre demande de rattachement à ${event.facts.structureName} a été refusée. Motif : ${event.reason ?? ""}`,
    ),
    action("Voir mes demandes", "/mes-demandes"),
  ],
});

export const membershipRequestStillWaits = email<MembershipEvent<"MembershipRequestReminded">>({
  name: "membership-request-still-waits",
  sentWhen: "MembershipRequestReminded",
  family: "requestsToAnswer",
  why: asManager,
  always: true,
  recipients: theAnswerers,
  subject: ({ facts }) => `${facts.person.name} attend toujours votre réponse`,
  body: (event) => [
    paragraph(
      `La demande de ${event.facts.person.name} (${event.facts.person.address}) pour rejoindre ${event.facts.structureName} attend depuis quatorze jours. Sans réponse, elle expirera trente jours après son envoi.`,
    ),
    answer("Répondre", event),
  ],
});

export const ownRequestStillWaits = email<MembershipEvent<"MembershipRequestReminded">>({
  name: "own-request-still-waits",
  sentWhen: "MembershipRequestReminded",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande pour ${facts.structureName} attend une réponse`,
  body: ({ facts }) => [
    paragraph(
      `Personne n'a encore répondu à votre demande de rattachement à ${facts.structureName}. Ses gestionnaires viennent d'être relancés.`,
    ),
    action("Suivre mes demandes", "/mes-demandes"),
  ],
});

export const membershipRequestExpired = email<MembershipEvent<"MembershipRequestExpired">>({
  name: "membership-request-expired",
  sentWhen: "MembershipRequestExpired",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande pour ${facts.structureName} a expiré`,
  body: ({ facts }) => [
    paragraph(
      `Personne n'a répondu à votre demande de rattachement à ${facts.structureName} ; elle a expiré. Vous pouvez la refaire.`,
    ),
    action("Refaire ma demande", "/mes-rattachements/demander"),
  ],
});

export const userAttached = email<MembershipEvent<"UserAttached">>({
  name: "user-attached",
  sentWhen: "UserAttached",
  family: "ownRequests",
  why: "un gestionnaire vous a rattaché à sa structure.",
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `${facts.structureName} vous a rattaché`,
  body: (event) => [
    paragraph(`${event.actor.label} vous a rattaché à ${event.facts.structureName}.`),
    ...given(event),
    ...message(event),
    action("Voir mes rattachements", "/mes-rattachements"),
    link("Je ne connais pas cette structure", `/mes-rattachements/${event.structureId}/je-ne-la-connais-pas`),
  ],
});

export const userInvited = email<MembershipEvent<"UserInvited">>({
  name: "user-invited",
  sentWhen: "UserInvited",
  family: "ownRequests",
  why: "un gestionnaire vous a invité à rejoindre sa structure.",
  always: true,
  bell: false,
  recipients: thePerson,
  subject: ({ facts }) => `${facts.structureName} vous invite`,
  body: (event) => [
    paragraph(`${event.actor.label} vous invite à rejoindre ${event.facts.structureName} sur le portail.`),
    ...given(event),
    ...message(event),
    paragraph(
      "Créez votre compte avec l'adresse qui a reçu ce message : l'invitation vaut pour elle seule, pendant quelques jours.",
    ),
    action("Créer mon compte", "/compte/creer"),
  ],
});

export const membershipSuspended = email<MembershipEvent<"MembershipSuspended">>({
  name: "membership-suspended",
  sentWhen: "MembershipSuspended",
  family: "ownRequests",
  why: because,
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `Votre accès à ${facts.structureName} est suspendu`,
  body: ({ facts, reason }) => [
    paragraph(
      `Votre accès à ${facts.structureName} est suspendu${reason ? ` (${reason})` : ""}. Un gestionnaire de la structure peut le rétablir.`,
    ),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

export const membershipDisowned = email<MembershipEvent<"MembershipDisowned">>({
  name: "membership-disowned",
  sentWhen: "MembershipDisowned",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "rightsGivers"),
  subject: ({ facts }) => `${facts.person.address} ne connaît pas ${facts.structureName}`,
  body: ({ facts, structureId }) => [
    paragraph(
      `${facts.person.name} (${facts.person.address}) ne connaît pas ${facts.structureName}, qui l'a rattaché. Son accès est suspendu. L'adresse est peut-être fausse : détachez cette personne, puis rattachez la bonne.`,
    ),
    action("Voir sa fiche", `/organisation/structures/${structureId}/utilisateurs/${facts.membershipId}`),
  ],
});

export const membershipResumed = email<MembershipEvent<"MembershipResumed">>({
  name: "membership-resumed",
  sentWhen: "MembershipResumed",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre accès à ${facts.structureName} est rétabli`,
  body: ({ facts }) => [
    paragraph(`Votre accès à ${facts.structureName} est rétabli, avec les mêmes droits.`),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

export const membershipEndChanged = email<MembershipEvent<"MembershipEndChanged">>({
  name: "membership-end-changed",
  sentWhen: "MembershipEndChanged",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `La fin de votre accès à ${facts.structureName} a changé`,
  body: ({ facts, actor }) => [
    paragraph(
      `${actor.label} a changé la fin de votre accès à ${facts.structureName} : il vaut désormais ${facts.given}.`,
    ),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const membershipExpiring = email<MembershipEvent<"MembershipExpiring">>({
  name: "membership-expiring",
  sentWhen: "MembershipExpiring",
  family: "ownRequests",
  why: because,
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `Votre accès à ${facts.structureName} se termine bientôt`,
  body: ({ facts }) => [
    paragraph(
      `Votre accès à ${facts.structureName} se termine le ${facts.given}. Un gestionnaire de la structure peut le renouveler.`,
    ),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const memberExpiring = email<MembershipEvent<"MembershipExpiring">>({
  name: "member-expiring",
  sentWhen: "MembershipExpiring",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `L'accès de ${facts.person.name} à ${facts.structureName} se termine bientôt`,
  body: ({ facts, structureId }) => [
    paragraph(
      `L'accès de ${facts.person.name} à ${facts.structureName} se termine le ${facts.given}. Si cette personne travaille encore avec vous, renouvelez-le.`,
    ),
    action(
      "Renouveler cet accès",
      `/organisation/structures/${structureId}/utilisateurs/${facts.membershipId}`,
    ),
  ],
});

export const membershipExpired = email<MembershipEvent<"MembershipExpired">>({
  name: "membership-expired",
  sentWhen: "MembershipExpired",
  family: "ownRequests",
  why: because,
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `Votre accès à ${facts.structureName} est terminé`,
  body: ({ facts }) => [
    paragraph(
      `Votre accès à ${facts.structureName} s'est terminé à sa date, le ${facts.given}. Vous y travaillez encore ? Demandez un nouveau rattachement.`,
    ),
    action("Demander un rattachement", "/mes-rattachements/demander"),
  ],
});

export const memberExpired = email<MembershipEvent<"MembershipExpired">>({
  name: "member-expired",
  sentWhen: "MembershipExpired",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `L'accès de ${facts.person.name} à ${facts.structureName} est terminé`,
  body: ({ facts, structureId }) => [
    paragraph(
      `L'accès de ${facts.person.name} à ${facts.structureName} s'est terminé à sa date, le ${facts.given}.`,
    ),
    action("Voir les utilisateurs", `/organisation/utilisateurs?structureId=${structureId}`),
  ],
});

export const userDetached = email<MembershipEvent<"UserDetached">>({
  name: "user-detached",
  sentWhen: "UserDetached",
  family: "ownRequests",
  why: because,
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `Vous n'êtes plus rattaché à ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(
      `Un gestionnaire a mis fin à votre rattachement à ${facts.structureName}. Votre compte et vos autres structures ne changent pas.`,
    ),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

export const memberLeft = email<MembershipEvent<"MemberLeft">>({
  name: "member-left",
  sentWhen: "MemberLeft",
  family: "structureLife",
  why: "vous gérez cette structure.",
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.person.name} a quitté ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(`${facts.person.name} a quitté ${facts.structureName}.`),
    action("Voir les utilisateurs", "/organisation/utilisateurs"),
  ],
});

export const grantsChanged = email<MembershipEvent<"GrantsChanged">>({
  name: "grants-changed",
  sentWhen: "GrantsChanged",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Vos habilitations sur ${facts.structureName} ont changé`,
  body: ({ facts, actor }) => [
    paragraph(
      `${actor.label} a changé vos habilitations sur ${facts.structureName}. Elles valent dès maintenant.`,
    ),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

/** ACC-11, MGR-08. */
export const mainManagerAbsent = email<MembershipEvent<"MainManagerAbsent">>({
  name: "main-manager-absent",
  sentWhen: "MainManagerAbsent",
  family: "structureLife",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: (tx, { structureId, facts: { person } }) =>
    othersToTell(tx, structureId, "wholeStructure", person.accountId),
  subject: ({ facts }) => `${facts.person.name} ne se connecte plus pour ${facts.structureName}`,
  body: ({ facts, structureId }) => [
    paragraph(
      `${facts.person.name}, gestionnaire principal de ${facts.structureName}, ne s'est pas connecté depuis près de deux ans. Vérifiez que la structure garde quelqu'un pour répondre.`,
    ),
    action("Voir les gestionnaires principaux", `/organisation/gestionnaires?structureId=${structureId}`),
  ],
});

/** N-24. */
export const mainManagerRenounced = email<MembershipEvent<"MainManagerRenounced">>({
  name: "main-manager-renounced",
  sentWhen: "MainManagerRenounced",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.person.name} n'est plus gestionnaire principal de ${facts.structureName}`,
  body: ({ facts, structureId }) => [
    paragraph(
      `${facts.person.name} a renoncé à gérer ${facts.structureName} et y reste simple utilisateur. Vous la gérez toujours.`,
    ),
    action("Voir les utilisateurs", `/organisation/utilisateurs?structureId=${structureId}`),
  ],
});
