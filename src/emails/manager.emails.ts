import { contactEmailsOf } from "../modules/accounts/index.ts";
import type {
  ClaimEvent,
  ManagersUnreachable,
  ProposalEvent,
  SecondManagerAdvised,
} from "../modules/managers/index.ts";
import { othersToTell, peopleToTell } from "../modules/memberships/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { canonicalEmail } from "../shared/email-address.ts";
import { toFrenchDateTime } from "../shared/french-date-time.ts";
import { action, type Email, email, paragraph, type Recipient } from "./email.tsx";

const asManager = "vous gérez cette structure, ou cette adresse est celle de son contact.";
const asClaimant = "vous avez demandé à reprendre la gestion d'une structure.";
const theClaimant = async (_tx: unknown, { facts }: ClaimEvent) => [facts.claimant];

/** The managers, and the other addresses that reach them: a mailbox receives a mail once. */
function alsoAt(managers: readonly Recipient[], addresses: readonly string[]): readonly Recipient[] {
  const all = [...managers, ...addresses.map((address) => ({ accountId: null, address, firstName: "" }))];
  return [...Map.groupBy(all, (one) => canonicalEmail(one.address)).values()].map(([first]) => first!);
}

/** Those attached to the whole structure who do not manage it. */
async function wholeStructureButManagers(tx: Tx, structureId: number) {
  const managers = new Set((await peopleToTell(tx, structureId, "managers")).map((one) => one.accountId));
  const people = await peopleToTell(tx, structureId, "wholeStructure");
  return people.filter((one) => !managers.has(one.accountId));
}

export const managerClaimOpened = email<ClaimEvent<"ManagerClaimOpened">>({
  name: "manager-claim-opened",
  sentWhen: "ManagerClaimOpened",
  family: "security",
  why: asManager,
  always: true,
  recipients: async (tx, { structureId, facts: { structureEmail } }) =>
    alsoAt(await peopleToTell(tx, structureId, "managers"), structureEmail ? [structureEmail] : []),
  subject: ({ facts }) => `Une personne demande à reprendre la gestion de ${facts.structureName}`,
  body: (event) => [
    paragraph(
      `${event.facts.claimant.name} (${event.facts.claimant.address}) demande à gérer ${event.facts.structureName} à la place de ses gestionnaires actuels.`,
    ),
    paragraph(
      "Si vous êtes toujours là, arrêtez cette reprise dans les sept jours. Sans opposition, l'opérateur du portail décidera.",
    ),
    action("Voir et arrêter la reprise", `/organisation/structures/${event.structureId}/reprise`),
  ],
});

/** N-25: those attached to the whole structure know what happens, and may speak to their managers. */
export const managerClaimOpenedMembers = email<ClaimEvent<"ManagerClaimOpened">>({
  name: "manager-claim-opened-members",
  sentWhen: "ManagerClaimOpened",
  family: "structureLife",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: async (tx, { structureId, facts: { claimant } }) => {
    const people = await wholeStructureButManagers(tx, structureId);
    return people.filter((one) => one.accountId !== claimant.accountId);
  },
  subject: ({ facts }) => `Une personne demande à reprendre la gestion de ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(
      `${facts.claimant.name} demande à gérer ${facts.structureName} à la place de ses gestionnaires actuels, qui ont sept jours pour s'y opposer.`,
    ),
    paragraph("Si cette demande vous surprend, parlez-en à l'un d'eux."),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

/** N-25. */
export const managerClaimSent = email<ClaimEvent<"ManagerClaimOpened">>({
  name: "manager-claim-sent",
  sentWhen: "ManagerClaimOpened",
  family: "ownRequests",
  why: asClaimant,
  recipients: theClaimant,
  subject: ({ facts }) => `Votre demande de reprise de ${facts.structureName} est envoyée`,
  body: ({ facts }) => [
    paragraph(
      `Les gestionnaires de ${facts.structureName}, s'il en reste, ont sept jours pour s'y opposer. L'opérateur du portail décidera ensuite ; vous serez prévenu.`,
    ),
    action("Suivre ma demande", "/organisation/reprise"),
  ],
});

export const managerClaimStopped = email<ClaimEvent<"ManagerClaimStopped">>({
  name: "manager-claim-stopped",
  sentWhen: "ManagerClaimStopped",
  family: "ownRequests",
  why: asClaimant,
  always: true,
  recipients: theClaimant,
  subject: ({ facts }) => `Votre reprise de ${facts.structureName} est arrêtée`,
  body: ({ facts }) => [
    paragraph(
      `Un gestionnaire de ${facts.structureName} est présent et s'oppose à votre demande de reprise.`,
    ),
    ...(facts.becomesRequest
      ? [
          paragraph("Votre demande devient une demande de rattachement ordinaire, à laquelle il répondra."),
          action("Suivre mes demandes", "/mes-demandes"),
        ]
      : [
          paragraph("Vous pouvez lui demander de vous rattacher."),
          action("Demander un rattachement", "/mes-rattachements/demander"),
        ]),
  ],
});

export const managerClaimRefused = email<ClaimEvent<"ManagerClaimRefused">>({
  name: "manager-claim-refused",
  sentWhen: "ManagerClaimRefused",
  family: "ownRequests",
  why: asClaimant,
  always: true,
  recipients: theClaimant,
  subject: ({ facts }) => `Votre reprise de ${facts.structureName} est refusée`,
  body: ({ facts, reason }) => [
    paragraph(
      `Votre demande de reprendre la gestion de ${facts.structureName} est refusée. Motif : ${reason ?? ""}`,
    ),
    action("Voir mes demandes de reprise", "/organisation/reprise"),
  ],
});

export const managerClaimAccepted = email<ClaimEvent<"ManagerClaimAccepted">>({
  name: "manager-claim-accepted",
  sentWhen: "ManagerClaimAccepted",
  family: "ownRequests",
  why: asClaimant,
  always: true,
  recipients: theClaimant,
  subject: ({ facts }) => `Vous gérez désormais ${facts.structureName}`,
  body: (event) => [
    paragraph(`L'opérateur du portail a accepté votre reprise de ${event.facts.structureName}.`),
    paragraph("Commencez par vérifier les utilisateurs et leurs droits."),
    action("Voir les utilisateurs", `/organisation/utilisateurs?structureId=${event.structureId}`),
  ],
});

export const managerReplaced = email<ClaimEvent<"ManagerClaimAccepted">>({
  name: "manager-replaced",
  sentWhen: "ManagerClaimAccepted",
  family: "security",
  why: "vous gériez cette structure.",
  always: true,
  recipients: async (_tx, { facts }) => facts.replaced,
  subject: ({ facts }) => `Vous ne gérez plus ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(
      `Personne ne s'étant opposé à sa demande, ${facts.claimant.name} gère désormais ${facts.structureName}. Votre accès y est suspendu.`,
    ),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

const asPerson = "une décision sur la gestion de cette structure vous concerne.";

/** A mail to the person that a proposal is about. */
const toPerson = <T extends ProposalEvent["type"]>(
  mail: Pick<Email<ProposalEvent<T>>, "name" | "sentWhen" | "family" | "subject" | "body">,
) =>
  email<ProposalEvent<T>>({
    ...mail,
    why: asPerson,
    always: true,
    recipients: async (_tx, { facts }) => (facts.isFolded ? [] : [facts.person]),
  });

const theManagersPage = ({ structureId }: ProposalEvent) =>
  action("Voir les gestionnaires principaux", `/organisation/gestionnaires?structureId=${structureId}`);

/** The managers of the structure, but who acts and the person it is about, who has a mail of her own. */
const theOtherManagers = (tx: Tx, { structureId, actor, facts: { person } }: ProposalEvent) =>
  othersToTell(tx, structureId, "managers", actor.accountId, person.accountId);

/** A mail about the managers of a structure, to the others of them. */
const toOtherManagers = <T extends ProposalEvent["type"]>(
  name: string,
  sentWhen: T,
  subject: (facts: ProposalEvent["facts"]) => string,
  says: (event: ProposalEvent<T>) => string,
) =>
  email<ProposalEvent<T>>({
    name,
    sentWhen,
    family: "structureLife",
    why: "vous gérez cette structure.",
    always: true,
    recipients: theOtherManagers,
    subject: ({ facts }) => subject(facts),
    body: (event) => [paragraph(says(event)), theManagersPage(event)],
  });

/** N-23. */
const proposedToPerson = <
  T extends "MainManagerProposed" | "MainManagerHandOverProposed" | "MainManagerProposalReminded",
>(
  name: string,
  sentWhen: T,
  says: (facts: ProposalEvent["facts"]) => string,
) =>
  toPerson<T>({
    name,
    sentWhen,
    family: "ownRequests",
    subject: ({ facts }) => `On vous propose de gérer ${facts.structureName}`,
    body: ({ facts }) => [
      paragraph(says(facts)),
      ...(facts.alsoFor && facts.alsoFor.length > 0
        ? [paragraph(`Cela vaut aussi pour : ${facts.alsoFor.join(", ")}.`)]
        : []),
      paragraph(
        `Un gestionnaire principal répond de la structure, de ses utilisateurs et de leurs droits. Acceptez ou déclinez avant le ${toFrenchDateTime(facts.dueAt)}.`,
      ),
      action("Répondre", `/mes-rattachements/propositions/${facts.proposalId}`),
    ],
  });

export const mainManagerProposed = proposedToPerson(
  "main-manager-proposed",
  "MainManagerProposed",
  ({ author, structureName }) =>
    `${author.name} vous propose de devenir gestionnaire principal de ${structureName}.`,
);

export const mainManagerHandOverProposed = proposedToPerson(
  "main-manager-hand-over-proposed",
  "MainManagerHandOverProposed",
  ({ author, structureName }) =>
    `${author.name} vous propose de prendre sa suite comme gestionnaire principal de ${structureName}.`,
);

export const mainManagerProposalReminded = proposedToPerson(
  "main-manager-proposal-reminded",
  "MainManagerProposalReminded",
  ({ author, structureName, dueAt }) =>
    `${author.name} attend votre réponse au sujet de la gestion de ${structureName}. Sans réponse avant le ${toFrenchDateTime(dueAt)}, la proposition expire.`,
);

/** N-23, N-24: each step told to the managers who did not take it. */
export const proposalToManagers = [
  toOtherManagers(
    "main-manager-proposed-managers",
    "MainManagerProposed",
    ({ structureName }) => `Un gestionnaire de plus est proposé pour ${structureName}`,
    ({ facts }) =>
      `${facts.author.name} a proposé à ${facts.person.name} de devenir gestionnaire principal de ${facts.structureName}. Si vous n'êtes pas d'accord, annulez cette proposition.`,
  ),
  toOtherManagers(
    "main-manager-hand-over-managers",
    "MainManagerHandOverProposed",
    ({ structureName }) => `Changement de gestionnaire proposé pour ${structureName}`,
    ({ facts }) =>
      `${facts.author.name} propose à ${facts.person.name} de prendre sa suite comme gestionnaire principal de ${facts.structureName}.`,
  ),
  toOtherManagers(
    "main-manager-named",
    "MainManagerNamed",
    ({ structureName }) => `Nouveau gestionnaire principal de ${structureName}`,
    ({ facts }) =>
      `${facts.person.name} a accepté de gérer ${facts.structureName}, sur proposition de ${facts.author.name}.`,
  ),
  toOtherManagers(
    "main-manager-declined",
    "MainManagerDeclined",
    ({ person, structureName }) => `${person.name} ne souhaite pas gérer ${structureName}`,
    ({ facts, reason }) =>
      `${facts.person.name} a décliné le rôle de gestionnaire principal.${reason ? ` Motif : ${reason}` : ""}`,
  ),
  toOtherManagers(
    "main-manager-proposal-expired",
    "MainManagerProposalExpired",
    ({ structureName }) => `Proposition de gestion de ${structureName} restée sans réponse`,
    ({ facts }) =>
      `${facts.person.name} n'a pas répondu dans les quatorze jours. Vous pouvez le lui proposer de nouveau.`,
  ),
  toOtherManagers(
    "main-manager-removal-managers",
    "MainManagerRemovalAsked",
    ({ structureName }) => `Retrait d'un gestionnaire de ${structureName}`,
    ({ facts, reason }) =>
      `${facts.author.name} demande que ${facts.person.name} ne soit plus gestionnaire principal. Motif : ${reason ?? ""}`,
  ),
  toOtherManagers(
    "main-manager-removal-objected",
    "MainManagerRemovalObjected",
    ({ person, structureName }) => `${person.name} s'oppose à son retrait de la gestion de ${structureName}`,
    ({ facts, reason }) =>
      `${facts.person.name} reste gestionnaire principal tant qu'un autre gestionnaire, ou l'opérateur du portail, n'a pas décidé.${reason ? ` Ses raisons : ${reason}` : ""}`,
  ),
  toOtherManagers(
    "main-manager-removed-managers",
    "MainManagerRemoved",
    ({ structureName }) => `Changement de gestionnaire principal de ${structureName}`,
    ({ facts }) =>
      `${facts.person.name} n'est plus gestionnaire principal de ${facts.structureName}, et y reste utilisateur.`,
  ),
  toOtherManagers(
    "main-manager-removal-cancelled-managers",
    "MainManagerRemovalCancelled",
    ({ person, structureName }) => `${person.name} reste gestionnaire de ${structureName}`,
    ({ facts }) => `Le retrait de ${facts.person.name} est abandonné.`,
  ),
];

/** N-24. */
export const mainManagerHandedOver = email<ProposalEvent<"MainManagerHandedOver">>({
  name: "main-manager-handed-over",
  sentWhen: "MainManagerHandedOver",
  family: "structureLife",
  why: asPerson,
  always: true,
  recipients: async (tx, event) => {
    const others = await theOtherManagers(tx, event);
    return [...others.filter((one) => one.accountId !== event.facts.author.accountId), event.facts.author];
  },
  subject: ({ facts }) => `Changement de gestionnaire principal de ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(
      `${facts.person.name} gère désormais ${facts.structureName}, à la suite de ${facts.author.name}${facts.becomes === "leaves" ? ", qui a quitté la structure" : ", qui y reste rattaché"}.`,
    ),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

export const mainManagerProposalCancelled = toPerson<"MainManagerProposalCancelled">({
  name: "main-manager-proposal-cancelled",
  sentWhen: "MainManagerProposalCancelled",
  family: "ownRequests",
  subject: ({ facts }) => `La proposition de gérer ${facts.structureName} est annulée`,
  body: ({ facts }) => [
    paragraph(`Vos droits sur ${facts.structureName} ne changent pas.`),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

export const mainManagerRemovalAsked = toPerson<"MainManagerRemovalAsked">({
  name: "main-manager-removal-asked",
  sentWhen: "MainManagerRemovalAsked",
  family: "security",
  subject: ({ facts }) => `On vous retire la gestion de ${facts.structureName}`,
  body: ({ facts, reason }) => [
    paragraph(
      `${facts.author.name} demande que vous ne soyez plus gestionnaire principal de ${facts.structureName}. Motif : ${reason ?? ""}`,
    ),
    paragraph(
      `Sans opposition de votre part avant le ${toFrenchDateTime(facts.dueAt)}, vous y deviendrez simple utilisateur.`,
    ),
    action("Voir, et m'opposer", `/mes-rattachements/propositions/${facts.proposalId}`),
  ],
});

export const mainManagerRemoved = toPerson<"MainManagerRemoved">({
  name: "main-manager-removed",
  sentWhen: "MainManagerRemoved",
  family: "security",
  subject: ({ facts }) => `Vous ne gérez plus ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(`Vous restez utilisateur de ${facts.structureName}.`),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const mainManagerRemovalCancelled = toPerson<"MainManagerRemovalCancelled">({
  name: "main-manager-removal-cancelled",
  sentWhen: "MainManagerRemovalCancelled",
  family: "security",
  subject: ({ facts }) => `Vous gérez toujours ${facts.structureName}`,
  body: ({ facts }) => [
    paragraph(`Le retrait de votre rôle de gestionnaire principal de ${facts.structureName} est abandonné.`),
    action("Voir mes rattachements", "/mes-rattachements"),
  ],
});

/** MGR-01. */
export const secondManagerAdvised = email<SecondManagerAdvised>({
  name: "second-manager-advised",
  sentWhen: "SecondManagerAdvised",
  family: "structureLife",
  why: "vous êtes seul à gérer cette structure.",
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `Désignez un second gestionnaire pour ${facts.structureName}`,
  body: ({ facts, structureId }) => [
    paragraph(
      `Vous êtes seul à gérer ${facts.structureName}. Si vous partez ou perdez votre accès, personne ne pourra plus y rattacher quelqu'un ni changer ses droits.`,
    ),
    action(
      "Désigner un autre gestionnaire",
      `/organisation/gestionnaires/designer?structureId=${structureId}`,
    ),
  ],
});

const claimPath = ({ facts }: ManagersUnreachable) =>
  `/organisation/reprise?type=${facts.identifierType}&identifiant=${encodeURIComponent(facts.identifierValue)}`;

/** MGR-08: at every address where they may still read. */
export const managersUnreachable = email<ManagersUnreachable>({
  name: "managers-unreachable",
  sentWhen: "ManagersUnreachable",
  family: "security",
  why: "vous gérez cette structure, ou cette adresse est celle de son contact.",
  always: true,
  recipients: async (tx, { structureId, facts: { structureEmail } }) => {
    const managers = await peopleToTell(tx, structureId, "managers");
    const contacts = await contactEmailsOf(
      tx,
      managers.map((one) => one.accountId),
    );
    return alsoAt(managers, [...contacts.values(), ...(structureEmail ? [structureEmail] : [])]);
  },
  subject: ({ facts }) => `${facts.structureName} vous attend`,
  body: ({ facts, structureId }) => [
    paragraph(
      `Aucun gestionnaire de ${facts.structureName} ne s'est connecté depuis trois mois, et une demande attend depuis plus de dix jours.`,
    ),
    paragraph("Connectez-vous pour y répondre, ou transmettez votre rôle si vous avez changé de poste."),
    action("Répondre aux demandes", `/organisation/demandes?structureId=${structureId}`),
  ],
});

/** MGR-08. */
export const successorWanted = email<ManagersUnreachable>({
  name: "successor-wanted",
  sentWhen: "ManagersUnreachable",
  family: "structureLife",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: (tx, { structureId }) => wholeStructureButManagers(tx, structureId),
  subject: ({ facts }) => `Les gestionnaires de ${facts.structureName} ne répondent plus`,
  body: (event) => [
    paragraph(
      `Aucun gestionnaire de ${event.facts.structureName} ne s'est connecté depuis trois mois, et une demande attend depuis plus de dix jours. Ils viennent d'être relancés.`,
    ),
    paragraph(
      "S'ils ont quitté la structure, vous pouvez demander à prendre leur suite : ils ont sept jours pour s'y opposer, puis l'opérateur du portail décide.",
    ),
    action("Demander la reprise de la structure", claimPath(event)),
  ],
});
