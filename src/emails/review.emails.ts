import { peopleToTell } from "../modules/memberships/index.ts";
import type { ReviewEvent } from "../modules/reviews/index.ts";
import { formatDate } from "../web/format.ts";
import { action, email, paragraph } from "./email.tsx";

const why = "vous gérez cette structure.";
const theManagers = (tx: Parameters<typeof peopleToTell>[0], event: ReviewEvent) =>
  peopleToTell(tx, event.structureId, "managers");
const answerThem = (event: ReviewEvent) =>
  action("Répondre", `/organisation/revue?structureId=${event.structureId}`);
const whatHappens = ({ facts }: ReviewEvent) =>
  paragraph(
    `Pour chaque personne : gardez, restreignez ou mettez fin. Qui n'a pas de réponse le ${formatDate(facts.dueAt)} sera suspendu.`,
  );
const people = (count: number) => (count > 1 ? `${count} personnes` : `${count} personne`);

export const reviewStarted = email<ReviewEvent<"ReviewStarted">>({
  name: "review-started",
  sentWhen: "ReviewStarted",
  family: "requestsToAnswer",
  why,
  always: true,
  recipients: theManagers,
  subject: ({ facts }) => `Qui travaille encore avec vous à ${facts.structureName} ?`,
  body: (event) => [
    paragraph(
      `Une revue des rattachements de ${event.facts.structureName} commence : ${people(event.facts.unanswered)} à revoir.`,
    ),
    whatHappens(event),
    answerThem(event),
  ],
});

export const reviewReminded = email<ReviewEvent<"ReviewReminded">>({
  name: "review-reminded",
  sentWhen: "ReviewReminded",
  family: "requestsToAnswer",
  why,
  always: true,
  recipients: theManagers,
  subject: ({ facts }) => `Revue de ${facts.structureName} : ${people(facts.unanswered)} sans réponse`,
  body: (event) => [
    paragraph(
      `La revue des rattachements de ${event.facts.structureName} se termine bientôt ; ${people(event.facts.unanswered)} sans réponse.`,
    ),
    whatHappens(event),
    answerThem(event),
  ],
});

export const reviewClosed = email<ReviewEvent<"ReviewClosed">>({
  name: "review-closed",
  sentWhen: "ReviewClosed",
  family: "structureLife",
  why,
  always: true,
  recipients: theManagers,
  subject: ({ facts }) => `La revue de ${facts.structureName} est close`,
  body: (event) => [
    paragraph(
      event.facts.suspended === 0
        ? `La revue des rattachements de ${event.facts.structureName} est close. Personne n'a été suspendu.`
        : `La revue des rattachements de ${event.facts.structureName} est close. Sans réponse, ${people(event.facts.suspended)} : accès suspendu. Vous pouvez le rétablir.`,
    ),
    action("Voir les utilisateurs", `/organisation/utilisateurs?structureId=${event.structureId}`),
  ],
});
