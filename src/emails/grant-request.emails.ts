import type { GrantRequestEvent } from "../modules/grant-requests/index.ts";
import { othersToTell } from "../modules/memberships/index.ts";
import { action, email, paragraph } from "./email.tsx";

const because = "vous avez demandé une habilitation.";
const thePerson = async (_tx: unknown, { facts: { person } }: GrantRequestEvent) => [person];

export const grantRequested = email<GrantRequestEvent<"GrantRequested">>({
  name: "grant-requested",
  sentWhen: "GrantRequested",
  family: "requestsToAnswer",
  why: "vous pouvez changer les droits des utilisateurs de cette structure.",
  recipients: (tx, { structureId, facts: { person } }) =>
    othersToTell(tx, structureId, "rightsGivers", person.accountId),
  subject: ({ facts }) => `${facts.person.name} demande une habilitation sur ${facts.structureName}`,
  body: (event) => [
    paragraph(`${event.facts.person.name} demande : ${event.facts.asked}.`),
    ...(event.facts.message ? [paragraph(`Message : « ${event.facts.message} »`)] : []),
    action(
      "Répondre à la demande",
      `/organisation/structures/${event.structureId}/demandes-d-habilitation/${event.facts.requestId}`,
    ),
  ],
});

export const grantRequestApproved = email<GrantRequestEvent<"GrantRequestApproved">>({
  name: "grant-request-approved",
  sentWhen: "GrantRequestApproved",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande d'habilitation sur ${facts.structureName} est acceptée`,
  body: ({ facts }) => [
    paragraph(`Votre demande est acceptée : ${facts.asked}. Le droit vaut dès maintenant.`),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const grantRequestRefused = email<GrantRequestEvent<"GrantRequestRefused">>({
  name: "grant-request-refused",
  sentWhen: "GrantRequestRefused",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande d'habilitation sur ${facts.structureName} est refusée`,
  body: ({ facts, reason }) => [
    paragraph(`Votre demande est refusée : ${facts.asked}. Motif : ${reason ?? ""}`),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const grantRequestExpired = email<GrantRequestEvent<"GrantRequestExpired">>({
  name: "grant-request-expired",
  sentWhen: "GrantRequestExpired",
  family: "ownRequests",
  why: because,
  recipients: thePerson,
  subject: ({ facts }) => `Votre demande d'habilitation sur ${facts.structureName} a expiré`,
  body: ({ facts }) => [
    paragraph(`Personne n'a répondu à votre demande : ${facts.asked}. Vous pouvez la refaire.`),
    action("Refaire ma demande", "/mes-habilitations"),
  ],
});
