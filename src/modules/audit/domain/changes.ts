import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { applicationLabel } from "../../rights/index.ts";

/** One thing that an action changed, in words; null: it was not there. */
export type Change = {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
};

type Fields = Readonly<Record<string, unknown>>;
type GrantLine = {
  readonly application: string;
  readonly level: string;
  readonly serviceId?: number | null;
};

/**
 * What an action changed, in words that its reader knows: the same fields before and after, what stayed left out.
 * @param serviceCodes the codes of the services that rights name, by their number
 */
export function changesOf(
  before: unknown,
  after: unknown,
  serviceCodes: ReadonlyMap<number, string>,
): readonly Change[] {
  const [old, present] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(present)])];
  const isCreation = before === null || before === undefined;
  return names
    .map((name) => ({
      label: labels[name] ?? humanised(name),
      before: name in old ? wordsOf(old[name], serviceCodes) : null,
      after: name in present ? wordsOf(present[name], serviceCodes) : null,
    }))
    .filter((change) => change.before !== change.after)
    .filter((change) => !(isCreation && change.after === NOTHING));
}

/** The services that the rights of an action name. */
export function servicesNamed(before: unknown, after: unknown): readonly number[] {
  return [before, after]
    .flatMap((side) => Object.values(fieldsOf(side)))
    .flatMap((value) => (isGrantList(value) ? value.flatMap((line) => line.serviceId ?? []) : []));
}

const NOTHING = "—";

/** A list alone is of rights. */
function fieldsOf(side: unknown): Fields {
  if (Array.isArray(side)) return { droits: side };
  return typeof side === "object" && side !== null ? (side as Fields) : {};
}

function wordsOf(value: unknown, serviceCodes: ReadonlyMap<number, string>): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "boolean") return value ? "Oui" : "Non";
  if (isGrantList(value)) return value.map((line) => rightText(line, serviceCodes)).join(" ; ") || NOTHING;
  if (Array.isArray(value)) return value.map((one) => wordsOf(one, serviceCodes)).join(", ") || NOTHING;
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, one]) => `${labels[name] ?? humanised(name)} : ${wordsOf(one, serviceCodes)}`)
      .join(", ");
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)) return toFrenchDateTime(new Date(text));
  return values[text] ?? text;
}

const isGrantList = (value: unknown): value is readonly GrantLine[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === "object" && one !== null && "application" in one && "level" in one);

function rightText(line: GrantLine, serviceCodes: ReadonlyMap<number, string>): string {
  const application = applicationLabel(line.application);
  const where = line.serviceId ? `, service ${serviceCodes.get(line.serviceId) ?? line.serviceId}` : "";
  return `${application} (${line.level === "write" ? "modification" : "consultation"}${where})`;
}

/** « adresseOfficielle » → « Adresse officielle ». */
function humanised(name: string): string {
  const words = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const values: Readonly<Record<string, string>> = {
  structure: "Toute la structure",
  service: "Certains services",
  mainManager: "Gestionnaire principal",
  member: "Utilisateur",
  user: "Utilisateur",
  administrator: "Administrateur",
  leaves: "Quitte la structure",
  read: "Consultation",
  write: "Modification",
  public: "Publique",
  private: "Privée",
  active: "Active",
  inactive: "Désactivée",
  replaced: "Remplacée",
  toVerify: "À vérifier",
  verified: "Vérifiée",
};

const labels: Readonly<Record<string, string>> = {
  activityCode: "Code d'activité",
  addressExtra1: "Complément d'adresse",
  addressExtra2: "Complément d'adresse (suite)",
  addressLine: "Adresse",
  bic: "BIC",
  cédant: "Celui qui transmet devient",
  code: "Code",
  commitmentRequired: "Numéro d'engagement obligatoire",
  companyCategory: "Catégorie d'entreprise",
  country: "Pays",
  description: "Description",
  disabledAt: "Désactivé le",
  displayName: "Désignation",
  email: "Adresse électronique",
  emailPublished: "Adresse publiée dans l'annuaire",
  endsAt: "Fin",
  fin: "Fin d'accès",
  holder: "Titulaire",
  iban: "IBAN",
  identifierType: "Type d'identifiant",
  identifierValue: "Identifiant",
  isDefault: "Par défaut",
  issuesInvoices: "Émet des factures",
  kind: "Nature",
  label: "Libellé",
  legalCategory: "Catégorie juridique",
  legalName: "Raison sociale",
  listedInDirectory: "Figure dans l'annuaire public",
  name: "Nom",
  paymentStatusReported: "Mise en paiement annoncée",
  phone: "Téléphone",
  postcode: "Code postal",
  proofState: "Vérification",
  rattachementAutomatique: "Rattachement automatique",
  receivesInvoices: "Reçoit des factures",
  registryCheck: "Contrôle au répertoire",
  registryConfidential: "Non diffusible",
  requiresSecondFactor: "Double authentification exigée",
  role: "Rôle",
  serviceCodeRequired: "Code service obligatoire",
  serviceOrCommitmentRequired: "Code service ou numéro d'engagement obligatoire",
  startsAt: "Début",
  state: "État",
  town: "Ville",
  vatNumber: "Numéro de TVA",
  worksManager: "Maître d'œuvre",
  worksOwner: "Maître d'ouvrage",
  worksOwnerOnly: "Maître d'ouvrage seulement",
};
