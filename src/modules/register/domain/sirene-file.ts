import { accepted, type Result, refused } from "../../../shared/result.ts";
import { siret } from "../../../shared/siret.ts";

/** A row of `register_establishment`, in the order of its columns. */
export const establishmentColumns = [
  "siret",
  "trade_name",
  "address_line",
  "address_extra",
  "postcode",
  "town",
  "activity_code",
  "is_open",
  "since",
  "is_confidential",
] as const;
/** A row of `register_company`, in the order of its columns. */
export const companyColumns = ["siren", "name", "legal_category", "category"] as const;

/** Which of INSEE's two files one has: their first lines tell. */
export type SireneKind = "establishments" | "companies";

/** How lines of a file become rows. */
export type SireneFile = {
  readonly kind: SireneKind;
  readonly columns: readonly string[];
  /** The values of a row, null for what is not known; null: a line that says nothing of use. */
  row(cells: readonly string[]): readonly (string | null)[] | null;
};

export type SireneFileRefusal = { readonly code: "NOT_A_SIRENE_FILE" };

/** What INSEE writes instead of what a holder does not want published. */
const HIDDEN = "[ND]";
const ADDRESS_MAX = 38;

/** Recognises StockEtablissement or StockUniteLegale by its titles (format of INSEE's files since 2023). */
export function sireneFile(titles: readonly string[]): Result<SireneFile, SireneFileRefusal> {
  const at = new Map(titles.map((title, index) => [title.trim(), index]));
  const has = (...names: string[]) => names.every((name) => at.has(name));
  const reader = (cells: readonly string[]) => (name: string) => {
    const cell = cells[at.get(name) ?? -1]?.trim() ?? "";
    return cell === HIDDEN ? "" : cell;
  };
  if (has("siret", "etatAdministratifEtablissement", "codePostalEtablissement"))
    return accepted({
      kind: "establishments",
      columns: establishmentColumns,
      row: (cells) => establishmentRow(reader(cells)),
    });
  if (has("siren", "categorieJuridiqueUniteLegale", "denominationUniteLegale"))
    return accepted({
      kind: "companies",
      columns: companyColumns,
      row: (cells) => companyRow(reader(cells)),
    });
  return refused({ code: "NOT_A_SIRENE_FILE" });
}

function establishmentRow(cell: (name: string) => string): (string | null)[] | null {
  const read = siret(cell("siret"));
  if (!read.ok) return null;
  const street = [
    cell("numeroVoieEtablissement"),
    cell("indiceRepetitionEtablissement"),
    cell("typeVoieEtablissement"),
    cell("libelleVoieEtablissement"),
  ]
    .filter(Boolean)
    .join(" ");
  return [
    read.value,
    cell("enseigne1Etablissement") || cell("denominationUsuelleEtablissement"),
    (street || cell("distributionSpecialeEtablissement")).slice(0, ADDRESS_MAX).trim(),
    cell("complementAdresseEtablissement").slice(0, ADDRESS_MAX).trim(),
    cell("codePostalEtablissement"),
    cell("libelleCommuneEtablissement"),
    cell("activitePrincipaleEtablissement"),
    cell("etatAdministratifEtablissement") === "A" ? "t" : "f",
    /^\d{4}-\d{2}-\d{2}$/.test(cell("dateDebut")) ? cell("dateDebut") : null,
    cell("statutDiffusionEtablissement") === "O" ? "f" : "t",
  ];
}

function companyRow(cell: (name: string) => string): (string | null)[] | null {
  if (!/^\d{9}$/.test(cell("siren"))) return null;
  const person = [
    cell("prenomUsuelUniteLegale") || cell("prenom1UniteLegale"),
    cell("nomUsageUniteLegale") || cell("nomUniteLegale"),
  ]
    .filter(Boolean)
    .join(" ");
  return [
    cell("siren"),
    cell("denominationUniteLegale") || person || cell("denominationUsuelle1UniteLegale"),
    cell("categorieJuridiqueUniteLegale"),
    cell("categorieEntreprise"),
  ];
}
