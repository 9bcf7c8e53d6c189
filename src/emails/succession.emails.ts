import { peopleOfService, peopleToTell } from "../modules/memberships/index.ts";
import { codesOf, type FollowedEvent, type SuccessionEvent } from "../modules/successions/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { toFrenchDateTime } from "../shared/french-date-time.ts";
import { action, type Block, email, paragraph } from "./email.tsx";

const why = "vous gérez cette structure ou travaillez dans un de ces services.";
const verb = (event: SuccessionEvent) =>
  event.facts.closing.length > 1 ? "seront remplacés" : "sera remplacé";
const seeIt = ({ structureId, facts }: SuccessionEvent): Block =>
  action(
    "Voir le remplacement",
    `/organisation/structures/${structureId}/services/${facts.closing[0]!.id}/remplacement`,
  );

/** The managers; of what an import does line by line, its own message tells. */
const managers = async (tx: Tx, { structureId, actor }: SuccessionEvent) =>
  actor.means === "import" ? [] : await peopleToTell(tx, structureId, "managers");

/** The managers, and those attached to the services that close, each once. */
async function everybodyConcerned(tx: Tx, event: SuccessionEvent) {
  const { structureId, facts } = event;
  const people = await managers(tx, event);
  for (const { id } of facts.closing) people.push(...(await peopleOfService(tx, structureId, id)));
  return [...new Map(people.map((one) => [one.accountId, one])).values()];
}

export const successionPlanned = email<SuccessionEvent & { readonly type: "SuccessionPlanned" }>({
  name: "succession-planned",
  sentWhen: "SuccessionPlanned",
  family: "structureLife",
  why,
  always: true,
  recipients: everybodyConcerned,
  subject: (event) => `${codesOf(event.facts.closing)} ${verb(event)} par ${event.facts.successor.code}`,
  body: (event) => [
    paragraph(
      `Le ${toFrenchDateTime(event.facts.at)}, ${codesOf(event.facts.closing)}, de ${event.facts.structureName}, ${verb(event)} par ${event.facts.successor.code}. ${event.actor.label} l'a décidé.`,
    ),
    paragraph("Jusque-là rien ne change ; ce jour-là, les droits des personnes de ces services suivront."),
    action(
      "Voir le service",
      `/organisation/structures/${event.structureId}/services/${event.facts.closing[0]!.id}`,
    ),
  ],
});

export const successionDone = email<SuccessionEvent & { readonly type: "SuccessionDone" }>({
  name: "succession-done",
  sentWhen: "SuccessionDone",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: managers,
  subject: ({ facts }) => `${codesOf(facts.closing)} : remplacement par ${facts.successor.code} fait`,
  body: (event) => [
    paragraph(
      `${codesOf(event.facts.closing)}, de ${event.facts.structureName} : ${event.facts.successor.code} en a pris la place.`,
    ),
    paragraph(
      event.facts.people.length > 0
        ? `Leurs droits ont suivi : ${event.facts.people.join(", ")}.`
        : "Personne n'y était rattaché en particulier.",
    ),
    ...(event.facts.leftOut.length > 0
      ? [
          paragraph(
            `Tous n'ont pas suivi, faute d'être tenus par qui l'a décidé : ${event.facts.leftOut.join(", ")}. Donnez-les s'il le faut.`,
          ),
        ]
      : []),
    paragraph("Vous pouvez l'annuler pendant sept jours."),
    seeIt(event),
  ],
});

export const successionCancelled = email<SuccessionEvent & { readonly type: "SuccessionCancelled" }>({
  name: "succession-cancelled",
  sentWhen: "SuccessionCancelled",
  family: "structureLife",
  why,
  always: true,
  recipients: everybodyConcerned,
  subject: ({ facts }) => `${codesOf(facts.closing)} : pas de remplacement par ${facts.successor.code}`,
  body: ({ facts, actor, structureId }) => [
    paragraph(
      `${actor.label} a renoncé au remplacement de ${codesOf(facts.closing)} par ${facts.successor.code}, prévu le ${toFrenchDateTime(facts.at)} dans ${facts.structureName}. Rien ne change.`,
    ),
    action("Voir le service", `/organisation/structures/${structureId}/services/${facts.closing[0]!.id}`),
  ],
});

export const successionUndone = email<SuccessionEvent & { readonly type: "SuccessionUndone" }>({
  name: "succession-undone",
  sentWhen: "SuccessionUndone",
  family: "structureLife",
  why: "vous gérez cette structure.",
  always: true,
  recipients: managers,
  subject: ({ facts }) => `${codesOf(facts.closing)} : remplacement par ${facts.successor.code} annulé`,
  body: (event) => [
    paragraph(
      `${event.actor.label} a annulé le remplacement de ${codesOf(event.facts.closing)} par ${event.facts.successor.code} dans ${event.facts.structureName}. Les services ont retrouvé leurs dates, et les droits qui avaient suivi sont retirés.`,
    ),
    ...event.facts.leftAsIs.map((says) => paragraph(says)),
    seeIt(event),
  ],
});

const thePerson = async (_tx: Tx, { facts: { person } }: FollowedEvent) => [person];

export const rightsFollowed = email<FollowedEvent<"RightsFollowed">>({
  name: "rights-followed",
  sentWhen: "RightsFollowed",
  family: "ownRequests",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `${codesOf(facts.closing)} : vos droits valent sur ${facts.successor.code}`,
  body: ({ facts }) => [
    paragraph(
      `Dans ${facts.structureName}, ${codesOf(facts.closing)} : ${facts.successor.code} en prend la place. Les droits que vous y aviez valent sur ${facts.successor.code}.`,
    ),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});

export const rightsReturned = email<FollowedEvent<"RightsReturned">>({
  name: "rights-returned",
  sentWhen: "RightsReturned",
  family: "ownRequests",
  why: "vous travaillez pour cette structure.",
  always: true,
  recipients: thePerson,
  subject: ({ facts }) => `${codesOf(facts.closing)} : vos droits y valent de nouveau`,
  body: ({ facts }) => [
    paragraph(
      `Dans ${facts.structureName}, le remplacement de ${codesOf(facts.closing)} par ${facts.successor.code} est annulé. Vos droits valent de nouveau où ils étaient, et ceux qui avaient suivi sur ${facts.successor.code} sont retirés.`,
    ),
    action("Voir mes habilitations", "/mes-habilitations"),
  ],
});
