import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  addPublicStructures,
  changeStructure,
  countDirectory,
  deactivateStructure,
  findStructure,
  listStructuresBySiret,
  type PublicStructure,
  reactivateStructure,
  type StructureChange,
  type StructureRow,
} from "../../structures/index.ts";
import { closesSuspiciouslyMany, MAX_DIRECTORY_LINES } from "../domain/directory-limits.ts";
import {
  directoryStructureColumns,
  readStructureLine,
  type StructureLine,
  structureChanges,
} from "../domain/directory-structure-lines.ts";
import { isToDo, type JudgedLine, judgeOnce, type OperatorImport, readable } from "../domain/import.ts";
import type { TableRow } from "../domain/table.ts";

/** Source: organisation.md 15.4. A SIRET that is known changes the structure, another creates one without manager. */
export const directoryStructureImport: OperatorImport = {
  of: "operator",
  name: "directoryStructures",
  path: "structures",
  title: "structures publiques",
  maxLines: MAX_DIRECTORY_LINES,
  nightlyFile: "structures.csv",
  columns: directoryStructureColumns,
  help: [
    "Les colonnes du fichier structures.csv de l'annuaire, dans n'importe quel ordre ; Identifiant et RaisonSociale suffisent.",
    "Un SIRET connu met la structure à jour, un autre en crée une, sans compte ni gestionnaire.",
    "StructureActive : 0 ferme la structure, 1 la rouvre. Une structure absente du fichier reste telle quelle.",
    "Une colonne absente laisse tel quel ; Courriel publie l'adresse, vide il ne change rien.",
    "EmetteurEdi, RecepteurEdi, NumTelephone et LibellePays sont acceptés mais ne sont pas repris.",
  ],
  shown: [
    { title: "SIRET", cell: (line) => line.cells.Identifiant ?? "" },
    { title: "Raison sociale", cell: (line) => line.cells.RaisonSociale ?? "" },
  ],
  list: { label: "Annuaire", path: "/annuaire" },
  examples: [
    "1;73282932000074;Commune d'Exemple;0;0;1;0;1;0;0;0;1;1 place de la Mairie;;;44000;Nantes;;;FR;France".split(
      ";",
    ),
  ],
  asksBeforeClosing: async (tx, count, now) => {
    const { structures } = await countDirectory(tx, now);
    return closesSuspiciouslyMany(count, structures)
      ? `Ce fichier ferme plus de 5 % des ${structures.toLocaleString("fr-FR")} structures actives. Combien seront fermées ?`
      : null;
  },
  judge: async (tx, rows, seenAt) => {
    const read = rows.map((row) => ({ row, line: readStructureLine(row.cells) }));
    const known = await knownBySiret(
      tx,
      read.flatMap(({ line }) => (line.ok ? [line.value.siret] : [])),
    );
    return judgeOnce(
      read,
      "Ce SIRET",
      (line) => line.siret,
      (row, line) => judgeStructure(row, line, known.get(line.siret)),
      seenAt,
    );
  },
  apply: async (tx, line, _target, actor, now) => {
    const read = readStructureLine(line.cells);
    if (!read.ok) return read;
    const known = (await knownBySiret(tx, [read.value.siret])).get(read.value.siret);
    const { verdict, says } = judgeStructure(line, read.value, known);
    if (!isToDo(verdict)) return verdict === "same" ? accepted("same") : refused(says);
    if (known) return changeKnown(tx, read.value, known, actor, now);
    const added = await addPublicStructures(tx, [newStructure(read.value)], actor, now);
    return added.size > 0 ? accepted("done") : refused(TAKEN);
  },
  applyTogether: async (tx, lines, _target, actor, now) => {
    const read = readable(lines, readStructureLine);
    const known = await knownBySiret(
      tx,
      read.map(({ line }) => line.siret),
    );
    const news = read.filter(
      ({ row, line }) => judgeStructure(row, line, known.get(line.siret)).verdict === "create",
    );
    const structures = news.map(({ line }) => newStructure(line));
    const added = await addPublicStructures(tx, structures, actor, now);
    return new Set(news.flatMap(({ row, line }) => (added.has(line.siret) ? [row.lineNumber] : [])));
  },
  refusalOf: () => null,
};

async function knownBySiret(tx: Tx, sirets: readonly string[]): Promise<Map<string, StructureRow>> {
  const found = await listStructuresBySiret(tx, sirets);
  return new Map(found.map((structure) => [structure.identifierValue, structure]));
}

/** Every column of it, so that many are written by one statement. */
function newStructure({ siret, facts }: StructureLine): PublicStructure {
  return {
    ...{ addressLine: "", addressExtra1: "", postcode: "", town: "", country: "FR", email: null },
    ...facts,
    emailPublished: facts.email !== undefined,
    identifierValue: siret,
  };
}

/** What a line makes of the structure of the same SIRET, if there is one. */
function judgeStructure(row: TableRow, line: StructureLine, known: StructureRow | undefined): JudgedLine {
  const says = (verdict: JudgedLine["verdict"], sentence: string) => ({ ...row, verdict, says: sentence });
  if (!known)
    return line.isActive ? says("create", "Sera créée") : says("same", "Inactive et inconnue : rien à créer");
  if (known.kind !== "public")
    return says("refused", "Ce SIRET est celui d'une structure privée du portail.");
  if (!line.isActive)
    return known.state === "active" ? says("close", "Sera fermée") : says("same", "Déjà fait");
  if (known.state !== "active" && known.state !== "inactive")
    return says("refused", "Cette structure a été remplacée : elle ne se rouvre pas.");
  const { change, names } = structureChanges(line, known);
  if (worksOwnerOnlyAlone({ ...known, ...change }))
    return says("refused", "EstMOAUniquement ne va pas sans EstMOA.");
  if (known.state === "inactive")
    return says("change", ["Sera rouverte", ...(names.length > 0 ? [names.join(", ")] : [])].join(" ; "));
  return names.length === 0
    ? says("same", "Déjà fait")
    : says("change", `Sera modifiée : ${names.join(", ")}`);
}

/** STR-05. */
const worksOwnerOnlyAlone = (one: { readonly worksOwner: boolean; readonly worksOwnerOnly: boolean }) =>
  one.worksOwnerOnly && !one.worksOwner;

/** Closes, or opens again and changes, a structure of the directory. */
async function changeKnown(
  tx: Tx,
  line: StructureLine,
  known: StructureRow,
  actor: Actor,
  now: Date,
): Promise<Result<"done", string>> {
  const { id: structureId, version } = known;
  if (!line.isActive) {
    const reason = "Inactive dans la liste de référence importée.";
    return answerOf(await deactivateStructure(tx, { structureId, version, reason }, actor, now));
  }
  if (known.state === "inactive") {
    const opened = await reactivateStructure(tx, { structureId, version }, actor, now);
    if (!opened.ok) return answerOf(opened);
  }
  const { change, names } = structureChanges(line, known);
  if (names.length === 0) return accepted("done");
  const present = (await findStructure(tx, structureId))!;
  return answerOf(
    await changeStructure(
      tx,
      { structureId, version: present.version, change: withNames(change, known) },
      actor,
      now,
    ),
  );
}

/** The name on screen follows the legal one as long as nobody chose another; an address from the list is published. */
function withNames(change: StructureChange, known: StructureRow): StructureChange {
  const { legalName, email } = change;
  return {
    ...change,
    ...(legalName !== undefined && known.displayName === known.legalName ? { displayName: legalName } : {}),
    ...(email === undefined ? {} : { emailPublished: true }),
  };
}

const TAKEN = "Cette structure vient d'être créée par quelqu'un d'autre. Importez le fichier de nouveau.";
const CHANGED = "Quelqu'un a modifié cette structure entre-temps. Importez le fichier de nouveau.";

const answerOf = (answer: Result<unknown, unknown>): Result<"done", string> =>
  answer.ok ? accepted("done") : refused(CHANGED);
