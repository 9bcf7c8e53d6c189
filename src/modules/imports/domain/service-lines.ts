import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import type { ImportColumn } from "./table.ts";
import { yesOrNo } from "./table.ts";

/** Source: organisation.md 15.3. */
export const serviceColumns: readonly ImportColumn[] = [
  { title: "identifiant_structure" },
  { title: "code", isRequired: true },
  { title: "libelle" },
  { title: "description" },
  { title: "debut" },
  { title: "fin" },
  { title: "engagement_obligatoire" },
  { title: "service_successeur" },
  // what the export of the list also holds, so that it can be corrected and sent back; they change nothing
  { title: "etat" },
  { title: "personnes" },
];

/** What a line says of a service; undefined: nothing, so that it stays as it is. */
export type ServiceLine = {
  readonly code: string;
  readonly label?: string;
  readonly description?: string;
  readonly startsAt?: Date;
  readonly endsAt?: Date | null;
  readonly commitmentRequired?: boolean;
  /** The code of the service that takes its place at its end. */
  readonly successorCode?: string;
};

/** A service as it stands. */
export type KnownService = {
  readonly label: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly commitmentRequired: boolean;
};

/**
 * Reads a line: an absent column and an empty compulsory cell say nothing, an empty optional cell empties.
 * @param structureIdentifier of the structure in which one imports: a line of another one is refused
 */
export function readServiceLine(
  cells: Readonly<Record<string, string>>,
  structureIdentifier: string,
): Result<ServiceLine, string> {
  const named = cells.identifiant_structure?.replace(/\s/g, "") ?? "";
  if (named !== "" && named !== structureIdentifier)
    return refused(
      `Cette ligne est d'une autre structure (${named}). Importez-la depuis celle-ci, ou retirez-la.`,
    );
  if (!cells.code) return refused("Indiquez le code du service.");
  const startsAt = cells.debut ? readDate(cells.debut, "start") : undefined;
  if (startsAt === null) return refused(dateSays("début", cells.debut!));
  const endsAt = cells.fin ? readDate(cells.fin, "end") : undefined;
  if (endsAt === null) return refused(dateSays("fin", cells.fin!));
  const commitmentRequired =
    cells.engagement_obligatoire === undefined ? undefined : yesOrNo(cells.engagement_obligatoire);
  if (commitmentRequired === null)
    return refused(`« ${cells.engagement_obligatoire} » : écrivez oui ou non pour l'engagement obligatoire.`);
  if ((cells.libelle?.length ?? 0) > 255) return refused("Le libellé compte au plus 255 caractères.");
  if ((cells.description?.length ?? 0) > 1000)
    return refused("La description compte au plus 1 000 caractères.");
  return accepted({
    code: cells.code,
    ...(cells.libelle ? { label: cells.libelle } : {}),
    ...(cells.description === undefined ? {} : { description: cells.description }),
    ...(startsAt ? { startsAt } : {}),
    ...(cells.fin === undefined ? {} : { endsAt: endsAt ?? null }),
    ...(commitmentRequired === undefined ? {} : { commitmentRequired }),
    ...(cells.service_successeur ? { successorCode: cells.service_successeur } : {}),
  });
}

/** A date as people type it, or as programs write it: `2026-01-31`. */
export function readDate(cell: string, dayAlone: "start" | "end"): Date | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(cell);
  return frenchDateTime(iso ? `${iso[3]}/${iso[2]}/${iso[1]}` : cell, dayAlone);
}

/** What to tell of a cell that is no date. */
export const dateSays = (which: string, cell: string): string =>
  `« ${cell} » n'est pas une date de ${which} : écrivez-la comme 31/12/2027.`;

const fieldNames: { readonly [K in keyof KnownService]: string } = {
  label: "libellé",
  description: "description",
  startsAt: "début",
  endsAt: "fin",
  commitmentRequired: "engagement obligatoire",
};

/** What a line changes in a service: the new values, and their French names. */
export function serviceChanges(
  line: ServiceLine,
  known: KnownService,
): { readonly change: KnownService; readonly names: readonly string[] } {
  const change = {
    label: line.label ?? known.label,
    description: line.description ?? known.description,
    startsAt: line.startsAt ?? known.startsAt,
    endsAt: line.endsAt === undefined ? known.endsAt : line.endsAt,
    commitmentRequired: line.commitmentRequired ?? known.commitmentRequired,
  };
  const keys = Object.keys(fieldNames) as (keyof KnownService)[];
  return {
    change,
    names: keys
      .filter((key) => comparable(change[key]) !== comparable(known[key]))
      .map((key) => fieldNames[key]),
  };
}

/** Files give dates to the second, at best. */
const comparable = (value: KnownService[keyof KnownService]) =>
  value instanceof Date ? Math.floor(value.getTime() / 1000) : value;
