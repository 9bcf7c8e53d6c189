import { type ImportEvent, importPath } from "../modules/imports/index.ts";
import { peopleOfAddresses, personFacts } from "../modules/memberships/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { action, email, paragraph } from "./email.tsx";

const why = "vous avez lancé cet import, ou vous êtes opérateur du portail.";
/** Who launched it; the operators, of what the portal imports by itself and that changes something. */
const toTheImporter = async (tx: Tx, { facts }: ImportEvent) => {
  if (facts.importerId !== null) return [await personFacts(tx, facts.importerId)];
  const changesNothing = facts.done === 0 && facts.failure === null && facts.closes === undefined;
  return changesNothing ? [] : peopleOfAddresses(tx, facts.operators);
};
const seeIt = ({ facts, structureId }: ImportEvent) =>
  action("Voir le détail", importPath({ id: facts.importId, structureId }));
const whatIsImported = ({ title, structureName }: ImportEvent["facts"]) =>
  structureName === null ? title : `${title} de ${structureName}`;
const lines = (count: number) => `${count} ligne${count > 1 ? "s" : ""}`;

export const importApplied = email<ImportEvent>({
  name: "import-applied",
  sentWhen: "ImportApplied",
  family: "ownRequests",
  why,
  recipients: toTheImporter,
  subject: ({ facts }) => `Import de ${facts.fileName} : ${lines(facts.done)}`,
  body: (event) => [
    paragraph(
      `L'import des ${whatIsImported(event.facts)} est fini : ${lines(event.facts.done)} faites, ${event.facts.refused} refusées.`,
    ),
    seeIt(event),
  ],
});

export const importFailed = email<ImportEvent>({
  name: "import-failed",
  sentWhen: "ImportFailed",
  family: "ownRequests",
  why,
  recipients: toTheImporter,
  subject: ({ facts }) => `Import de ${facts.fileName} : arrêté`,
  body: (event) => [
    paragraph(`L'import des ${whatIsImported(event.facts)} s'est arrêté.`),
    paragraph(event.facts.failure ?? ""),
    seeIt(event),
  ],
});

/** § 15.4. */
export const importAwaitsDecision = email<ImportEvent & { readonly type: "ImportAwaitsDecision" }>({
  name: "import-awaits-decision",
  sentWhen: "ImportAwaitsDecision",
  family: "requestsToAnswer",
  why: "vous êtes opérateur du portail.",
  always: true,
  recipients: toTheImporter,
  subject: ({ facts }) => `Import de ${facts.fileName} : à vérifier avant de continuer`,
  body: (event) => [
    paragraph(
      `La liste de référence des ${event.facts.title} en fermerait ${event.facts.closes} : plus de 5 % de celles qui sont actives. Rien n'est changé.`,
    ),
    paragraph("Regardez ce qui serait fait, puis appliquez ou abandonnez cet import."),
    seeIt(event),
  ],
});
