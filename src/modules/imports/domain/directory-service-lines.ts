import { accepted, type Result, refused } from "../../../shared/result.ts";
import { readFlag, readIdentifier, readTexts } from "./directory-cells.ts";
import { dateSays, readDate } from "./service-lines.ts";
import type { ImportColumn } from "./table.ts";

/** Those of the directory's own file, so that it imports back. Source: organisation.md 14.2, 15.4. */
export const directoryServiceColumns: readonly ImportColumn[] = [
  { title: "Identifiant", isRequired: true },
  { title: "CodeService", isRequired: true },
  { title: "LibelleService", isRequired: true },
  { title: "GestionEngagement" },
  { title: "ServiceActif" },
  { title: "DateDebut", isRequired: true },
  { title: "DateFin" },
  { title: "Adresse" },
  { title: "CodePostal" },
  { title: "Ville" },
];

type Facts = {
  readonly label: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly addressLine: string;
  readonly postcode: string;
  readonly town: string;
};

/** What a line says of a service; what it has no column for is absent. */
export type DirectoryServiceLine = {
  readonly siret: string;
  readonly code: string;
  readonly isActive: boolean | null;
  /** The rule that suppliers see: the service's own or its structure's (SRV-08). */
  readonly commitmentRequired: boolean | null;
  readonly facts: Pick<Facts, "label" | "startsAt"> & Partial<Facts>;
};

/** A service as it stands. */
export type KnownDirectoryService = Facts & { readonly commitmentRequired: boolean };

const texts = {
  LibelleService: ["label", 255],
  Adresse: ["addressLine", 255],
  CodePostal: ["postcode", 10],
  Ville: ["town", 80],
} as const;

/** Reads a line: an absent column says nothing, an empty end means none. */
export function readDirectoryServiceLine(
  cells: Readonly<Record<string, string>>,
): Result<DirectoryServiceLine, string> {
  const identifier = readIdentifier(cells);
  if (!identifier.ok) return identifier;
  if (!cells.CodeService) return refused("Indiquez le code du service.");
  if (!cells.LibelleService) return refused("Indiquez le libellé du service.");
  const told = readTexts(cells, texts);
  if (!told.ok) return told;
  const startsAt = readDate(cells.DateDebut ?? "", "start");
  if (startsAt === null) return refused(dateSays("début", cells.DateDebut ?? ""));
  const endsAt = cells.DateFin ? readDate(cells.DateFin, "end") : null;
  if (cells.DateFin && endsAt === null) return refused(dateSays("fin", cells.DateFin));
  const flags: Record<string, boolean | null> = {};
  for (const title of ["GestionEngagement", "ServiceActif"]) {
    const flag = cells[title] ? readFlag(title, cells[title]) : accepted(null);
    if (!flag.ok) return flag;
    flags[title] = flag.value;
  }
  return accepted({
    siret: identifier.value,
    code: cells.CodeService,
    isActive: flags.ServiceActif!,
    commitmentRequired: flags.GestionEngagement!,
    facts: {
      ...told.value,
      label: cells.LibelleService,
      startsAt,
      ...(cells.DateFin === undefined ? {} : { endsAt }),
    },
  });
}

const factNames: { readonly [K in keyof Facts]: string } = {
  label: "libellé",
  startsAt: "début",
  endsAt: "fin",
  addressLine: "adresse",
  postcode: "code postal",
  town: "ville",
};

/**
 * What a line changes in a service: the new values, and their French names.
 * @param structureRequiresCommitment a structure's rule holds for all its services: a line that says no more than it
 *   leaves the service's own as it is
 */
export function directoryServiceChanges(
  line: DirectoryServiceLine,
  known: KnownDirectoryService,
  structureRequiresCommitment: boolean,
): { readonly change: KnownDirectoryService; readonly names: readonly string[] } {
  const told = Object.keys(line.facts) as (keyof Facts)[];
  const different = told.filter((key) => comparable(line.facts[key]) !== comparable(known[key]));
  const shown = known.commitmentRequired || structureRequiresCommitment;
  const commitmentRequired =
    line.commitmentRequired === null || line.commitmentRequired === shown
      ? known.commitmentRequired
      : line.commitmentRequired;
  const { label, startsAt, endsAt, addressLine, postcode, town } = {
    ...known,
    ...Object.fromEntries(different.map((key) => [key, line.facts[key]])),
  };
  return {
    change: { label, startsAt, endsAt, addressLine, postcode, town, commitmentRequired },
    names: [
      ...different.map((key) => factNames[key]),
      ...(commitmentRequired === known.commitmentRequired ? [] : ["engagement"]),
    ],
  };
}

/** Files give dates to the second, and no space around a text. */
const comparable = (value: Facts[keyof Facts] | undefined) =>
  value instanceof Date
    ? Math.floor(value.getTime() / 1000)
    : typeof value === "string"
      ? value.trim()
      : value;
