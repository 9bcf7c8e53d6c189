import { type ImportEvent, importPath } from "../modules/imports/index.ts";
import { personFacts } from "../modules/memberships/index.ts";
import { action, email, paragraph } from "./email.tsx";

const why = "vous avez lancé cet import.";
const toTheImporter = async (tx: Parameters<typeof personFacts>[0], event: ImportEvent) => [
  await personFacts(tx, event.facts.importerId),
];
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
