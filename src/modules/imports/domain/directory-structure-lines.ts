import { emailAddress } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { readFlag, readIdentifier, readTexts } from "./directory-cells.ts";
import type { ImportColumn } from "./table.ts";

/** Those of the directory's own file, so that it imports back. Source: organisation.md 14.2, 15.4. */
export const directoryStructureColumns: readonly ImportColumn[] = [
  { title: "TypeIdentifiant" },
  { title: "Identifiant", isRequired: true },
  { title: "RaisonSociale", isRequired: true },
  { title: "EmetteurEdi" },
  { title: "RecepteurEdi" },
  { title: "GestionStatutMiseEnPaiement" },
  { title: "GestionEngagement" },
  { title: "GestionService" },
  { title: "GestionServiceEngagement" },
  { title: "EstMOA" },
  { title: "EstMOAUniquement" },
  { title: "StructureActive" },
  { title: "Adresse" },
  { title: "ComplementAdresse1" },
  { title: "ComplementAdresse2" },
  { title: "CodePostal" },
  { title: "Ville" },
  { title: "NumTelephone" },
  { title: "Courriel" },
  { title: "CodePays" },
  { title: "LibellePays" },
];

type Facts = {
  readonly legalName: string;
  readonly paymentStatusReported: boolean;
  readonly commitmentRequired: boolean;
  readonly serviceCodeRequired: boolean;
  readonly serviceOrCommitmentRequired: boolean;
  readonly worksOwner: boolean;
  readonly worksOwnerOnly: boolean;
  readonly addressLine: string;
  readonly addressExtra1: string;
  readonly addressExtra2: string;
  readonly postcode: string;
  readonly town: string;
  readonly country: string;
  readonly email: string | null;
};

/** What a line says of a structure; what it has no column for is absent. */
export type StructureLine = {
  readonly siret: string;
  readonly isActive: boolean;
  readonly facts: Pick<Facts, "legalName"> & Partial<Facts>;
};

/** A structure as it stands. */
export type KnownStructure = Facts & { readonly emailPublished: boolean };

const booleans = {
  GestionStatutMiseEnPaiement: "paymentStatusReported",
  GestionEngagement: "commitmentRequired",
  GestionService: "serviceCodeRequired",
  GestionServiceEngagement: "serviceOrCommitmentRequired",
  EstMOA: "worksOwner",
  EstMOAUniquement: "worksOwnerOnly",
} as const;

const texts = {
  RaisonSociale: ["legalName", 255],
  Adresse: ["addressLine", 255],
  ComplementAdresse1: ["addressExtra1", 255],
  ComplementAdresse2: ["addressExtra2", 255],
  CodePostal: ["postcode", 10],
  Ville: ["town", 80],
} as const;

/** Reads a line: an absent column and an empty cell of e-mail say nothing. */
export function readStructureLine(cells: Readonly<Record<string, string>>): Result<StructureLine, string> {
  if (cells.TypeIdentifiant && cells.TypeIdentifiant !== "1")
    return refused("Une structure publique s'identifie par un SIRET : TypeIdentifiant vaut 1.");
  const identifier = readIdentifier(cells);
  if (!identifier.ok) return identifier;
  if (!cells.RaisonSociale) return refused("Indiquez la raison sociale.");
  const told = readTexts(cells, texts);
  if (!told.ok) return told;
  const facts: Record<string, string | boolean> = { ...told.value };
  for (const [title, name] of Object.entries(booleans)) {
    const cell = cells[title];
    if (cell === undefined) continue;
    const flag = readFlag(title, cell);
    if (!flag.ok) return flag;
    facts[name] = flag.value;
  }
  if (facts.worksOwnerOnly === true && facts.worksOwner === false)
    return refused("EstMOAUniquement ne va pas sans EstMOA.");
  if (cells.CodePays) {
    if (!/^[A-Z]{2}$/.test(cells.CodePays))
      return refused(`« ${cells.CodePays} » : CodePays est fait de deux lettres, FR par exemple.`);
    facts.country = cells.CodePays;
  }
  if (cells.Courriel) {
    const email = emailAddress(cells.Courriel);
    if (!email.ok) return refused(`« ${cells.Courriel} » n'est pas une adresse électronique.`);
    facts.email = email.value;
  }
  const isActive = readFlag("StructureActive", cells.StructureActive || "1");
  if (!isActive.ok) return isActive;
  // each key was read above under the type that Facts gives it
  return accepted({
    siret: identifier.value,
    isActive: isActive.value,
    facts: facts as StructureLine["facts"],
  });
}

const factNames: { readonly [K in keyof Facts]: string } = {
  legalName: "raison sociale",
  paymentStatusReported: "suivi du paiement",
  commitmentRequired: "engagement",
  serviceCodeRequired: "service",
  serviceOrCommitmentRequired: "service ou engagement",
  worksOwner: "MOA",
  worksOwnerOnly: "MOA uniquement",
  addressLine: "adresse",
  addressExtra1: "complément 1",
  addressExtra2: "complément 2",
  postcode: "code postal",
  town: "ville",
  country: "pays",
  email: "adresse électronique",
};

/** What a line changes in a structure: the new values alone, and their French names. */
export function structureChanges(
  line: StructureLine,
  known: KnownStructure,
): { readonly change: Partial<Facts>; readonly names: readonly string[] } {
  const told = Object.keys(line.facts) as (keyof Facts)[];
  const different = told.filter((key) => comparable(line.facts[key]) !== comparable(seen(known, key)));
  return {
    change: Object.fromEntries(different.map((key) => [key, line.facts[key]])),
    names: different.map((key) => factNames[key]),
  };
}

/** An address that is not published is not in the directory: giving it there publishes it. */
const seen = (known: KnownStructure, key: keyof Facts) =>
  key === "email" && !known.emailPublished ? null : known[key];

const comparable = (value: Facts[keyof Facts] | undefined) =>
  typeof value === "string" ? value.trim() : value;
