import { peopleToTell } from "../modules/memberships/index.ts";
import type { StructureFacts } from "../modules/structures/index.ts";
import type { DomainEvent } from "../platform/events.ts";
import { action, email, paragraph } from "./email.tsx";

type StructureTold = DomainEvent & { readonly structureId: number; readonly facts: StructureFacts };

/** N-27. */
export const structureNotInRegister = email<StructureTold>({
  name: "structure-not-in-register",
  sentWhen: "StructureNotInRegister",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: (tx, event) => peopleToTell(tx, event.structureId, "managers"),
  subject: ({ facts }) => `${facts.structureName} : à vérifier au répertoire national`,
  body: ({ facts, structureId }) => [
    paragraph(
      `Le répertoire national des entreprises ne connaît pas le SIRET de ${facts.structureName}, ou dit l'établissement fermé.`,
    ),
    paragraph(
      "Rien n'est désactivé. Vérifiez le numéro sur votre avis de situation ; s'il est faux ou si l'établissement a fermé, créez la structure sous son bon numéro, puis désactivez celle-ci.",
    ),
    action("Voir la fiche", `/organisation/structures/${structureId}`),
  ],
});

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
