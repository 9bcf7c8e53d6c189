import type { ClaimEvent } from "../modules/managers/index.ts";
import { peopleToTell } from "../modules/memberships/index.ts";
import { action, email, paragraph } from "./email.tsx";

const asManager = "vous gérez cette structure, ou cette adresse est celle de son contact.";
const asClaimant = "vous avez demandé à reprendre la gestion d'une structure.";
const theClaimant = async (_tx: unknown, { facts }: ClaimEvent) => [facts.claimant];

export const managerClaimOpened = email<ClaimEvent<"ManagerClaimOpened">>({
  name: "manager-claim-opened",
  sentWhen: "ManagerClaimOpened",
  family: "security",
  why: asManager,
  always: true,
  recipients: async (tx, event) => {
    const managers = await peopleToTell(tx, event.structureId, "managers");
    const { structureEmail } = event.facts;
    return structureEmail && !managers.some((one) => one.address === structureEmail)
      ? [...managers, { accountId: null, address: structureEmail, firstName: "" }]
      : managers;
  },
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
    paragraph("Vous pouvez lui demander de vous rattacher."),
    action("Demander un rattachement", "/mes-rattachements/demander"),
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
      `L'opérateur du portail a refusé votre reprise de ${facts.structureName}. Motif : ${reason ?? ""}`,
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
