import { countryName } from "../../../shared/countries.ts";
import type { CsvColumn } from "../../../web/csv.ts";
import { formatDateTime } from "../../../web/format.ts";
import type { ServiceLine, StructureLine } from "../directory-files-store.ts";
import type { Movement } from "../domain/directory-files.ts";

const flag = (value: boolean) => (value ? "1" : "0");

/** Organisation 14.2. Public structures all have a SIRET (type 1); none exchanges by EDI here. */
export const structureColumns: readonly CsvColumn<StructureLine>[] = [
  ["TypeIdentifiant", () => "1"],
  ["Identifiant", (line) => line.identifierValue],
  ["RaisonSociale", (line) => line.legalName],
  ["EmetteurEdi", () => "0"],
  ["RecepteurEdi", () => "0"],
  ["GestionStatutMiseEnPaiement", (line) => flag(line.paymentStatusReported)],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["GestionService", (line) => flag(line.serviceCodeRequired)],
  ["GestionServiceEngagement", (line) => flag(line.serviceOrCommitmentRequired)],
  ["EstMOA", (line) => flag(line.worksOwner)],
  ["EstMOAUniquement", (line) => flag(line.worksOwnerOnly)],
  ["StructureActive", (line) => flag(line.state === "active")],
  ["Adresse", (line) => line.addressLine],
  ["ComplementAdresse1", (line) => line.addressExtra1],
  ["ComplementAdresse2", (line) => line.addressExtra2],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
  ["NumTelephone", () => ""],
  ["Courriel", (line) => (line.emailPublished ? (line.email ?? "") : "")],
  ["CodePays", (line) => line.country],
  ["LibellePays", (line) => countryName(line.country)],
];

export const serviceColumns: readonly CsvColumn<ServiceLine>[] = [
  ["Identifiant", (line) => line.identifierValue],
  ["CodeService", (line) => line.code],
  ["LibelleService", (line) => line.label],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["ServiceActif", (line) => flag(line.active)],
  ["DateDebut", (line) => formatDateTime(line.startsAt)],
  ["DateFin", (line) => (line.endsAt ? formatDateTime(line.endsAt) : "")],
  ["Adresse", (line) => line.addressLine],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
];

/** A line of a file of differences: the cells of a structure or of a service, by title. */
export type MovedLine = {
  readonly object: "structure" | "service";
  readonly movement: Movement;
  readonly cells: ReadonlyMap<string, string>;
};

/** A line under the columns of its own file. */
export function movedLine<R extends { readonly movement: Movement }>(
  object: MovedLine["object"],
  columns: readonly CsvColumn<R>[],
  line: R,
): MovedLine {
  return {
    object,
    movement: line.movement,
    cells: new Map(columns.map(([title, value]) => [title, value(line)])),
  };
}

/** What moved, then the columns of both files: a title they share holds the same. */
export const differenceColumns: readonly CsvColumn<MovedLine>[] = [
  ["Objet", (line) => line.object],
  ["Changement", (line) => line.movement],
  ...[...new Set([...structureColumns, ...serviceColumns].map(([title]) => title))].map(
    (title): CsvColumn<MovedLine> => [title, (line) => line.cells.get(title) ?? ""],
  ),
];
