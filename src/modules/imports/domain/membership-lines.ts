import { emailAddress } from "../../../shared/email-address.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { grantsOf, type ProfileLine } from "../../rights/index.ts";
import { folded, type ImportColumn } from "./table.ts";

/** Source: organisation.md 15.2. */
export const membershipColumns: readonly ImportColumn[] = [
  { title: "action", isRequired: true },
  { title: "adresse", isRequired: true },
  { title: "prenom" },
  { title: "nom" },
  { title: "identifiant_structure" },
  { title: "niveau" },
  { title: "codes_services" },
  { title: "profil" },
  { title: "du" },
  { title: "au" },
];

const actions = {
  rattacher: "attach",
  modifier: "change",
  suspendre: "suspend",
  detacher: "detach",
} as const;

/** What a line asks for a person. */
export type MembershipLine = {
  readonly action: (typeof actions)[keyof typeof actions];
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly scope: "structure" | "service";
  readonly serviceCodes: readonly string[];
  /** Name or code of a set of rights, or one of the two below; "" : the structure's default one. */
  readonly profile: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
};

/**
 * Reads a line; services make the level when none is given.
 * @param structureIdentifier of the structure in which one imports: a line of another one is refused
 */
export function readMembershipLine(
  cells: Readonly<Record<string, string>>,
  structureIdentifier: string,
): Result<MembershipLine, string> {
  const named = cells.identifiant_structure?.replace(/\s/g, "") ?? "";
  if (named !== "" && named !== structureIdentifier)
    return refused(
      `Cette ligne est d'une autre structure (${named}). Importez-la depuis celle-ci, ou retirez-la.`,
    );
  const action = actions[folded(cells.action ?? "") as keyof typeof actions];
  if (!action)
    return refused(`Action « ${cells.action} » inconnue : rattacher, modifier, suspendre ou detacher.`);
  const email = emailAddress(cells.adresse ?? "");
  if (!email.ok) return refused("L'adresse n'est pas complète. Exemple : prenom.nom@exemple.fr");
  const serviceCodes = (cells.codes_services ?? "")
    .split(",")
    .map((code) => code.trim())
    .filter(Boolean);
  const level = folded(cells.niveau ?? "");
  if (!["", "structure", "service"].includes(level))
    return refused(`Niveau « ${cells.niveau} » inconnu : structure ou service.`);
  const scope = level === "service" || (level === "" && serviceCodes.length > 0) ? "service" : "structure";
  if (scope === "structure" && serviceCodes.length > 0)
    return refused("Au niveau structure, laissez vide la colonne des services.");
  if (scope === "service" && serviceCodes.length === 0 && (action === "attach" || action === "change"))
    return refused("Au niveau service, donnez les codes des services, séparés par des virgules.");
  const startsAt = cells.du ? frenchDateTime(cells.du, "start") : null;
  const endsAt = cells.au ? frenchDateTime(cells.au, "end") : null;
  const wrong = cells.du && !startsAt ? cells.du : cells.au && !endsAt ? cells.au : null;
  if (wrong) return refused(`« ${wrong} » n'est pas une date : écrivez-la comme 31/12/2027.`);
  return accepted({
    action,
    email: email.value,
    firstName: (cells.prenom ?? "").slice(0, 80),
    lastName: (cells.nom ?? "").slice(0, 80),
    scope,
    serviceCodes,
    profile: cells.profil ?? "",
    startsAt,
    endsAt,
  });
}

/** In the place of a set: the rights that the person has, chosen one by one; or those of the role, which no file gives. */
export const OWN_RIGHTS = "Sur mesure";
export const MAIN_MANAGER = "Gestionnaire principal";

/** The set whose rights somebody has exactly, on the whole structure or on each of her services; undefined: none. */
export function setOf<S extends { readonly lines: readonly ProfileLine[] }>(
  grants: Standing["grants"],
  serviceIds: readonly number[] | null,
  sets: readonly S[],
): S | undefined {
  const text = textOf(grants);
  return sets.find((set) => textOf(grantsOf(set.lines, serviceIds)) === text);
}

const textOf = (grants: Standing["grants"]): string =>
  grants
    .map((grant) => `${grant.application} ${grant.level} ${grant.serviceId ?? ""}`)
    .sort()
    .join();

/** Rights as they are compared: where, who, from when if it is to come, and until when. */
export type Standing = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly grants: readonly {
    readonly application: string;
    readonly level: "read" | "write";
    readonly serviceId: number | null;
    readonly givenSet?: string | null;
  }[];
  /** Null once it has started. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
};

/** Whether a person already has exactly that; dates to the second, as files give them. */
export function isSameStanding(one: Standing, other: Standing): boolean {
  const second = (at: Date | null) => (at === null ? null : Math.floor(at.getTime() / 1000));
  const text = ({ scope, serviceIds, grants, startsAt, endsAt }: Standing) =>
    JSON.stringify([
      scope,
      [...serviceIds].sort((a, b) => a - b),
      textOf(grants),
      second(startsAt),
      second(endsAt),
    ]);
  return text(one) === text(other);
}
