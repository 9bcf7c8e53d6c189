import { peopleOfAddresses, peopleToTell } from "../modules/memberships/index.ts";
import { type DirectoryErrorReported, reportSubjects } from "../modules/structures/index.ts";
import { action, email, paragraph } from "./email.tsx";

/** § 14.1. */
export const directoryErrorReported = email<DirectoryErrorReported>({
  name: "directory-error-reported",
  sentWhen: "DirectoryErrorReported",
  family: "requestsToAnswer",
  why: "vous gérez cette structure, ou le portail si elle n'a pas de gestionnaire.",
  recipients: async (tx, { structureId, facts }) => {
    const managers = await peopleToTell(tx, structureId, "managers");
    return managers.length > 0 ? managers : peopleOfAddresses(tx, facts.operators);
  },
  subject: ({ facts }) => `Une erreur est signalée dans l'annuaire : ${facts.structureName}`,
  body: ({ facts, actor, reason, structureId }) => [
    paragraph(
      `${actor.label} (${facts.reporterAddress}) signale une erreur dans la fiche de ${facts.structureName}. ${reportSubjects[facts.subject]}.`,
    ),
    paragraph(`« ${reason} »`),
    paragraph("Corrigez la fiche s'il y a lieu ; vous pouvez répondre à cette personne à son adresse."),
    action("Voir la fiche", `/annuaire/${structureId}`),
  ],
});
