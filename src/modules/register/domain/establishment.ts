/** An establishment as a national register tells it. */
export type Establishment = {
  /** 14 digits. */
  readonly siret: string;
  /** Name of the company (raison sociale), or of the person for a sole trader; "" when it is confidential. */
  readonly legalName: string;
  readonly addressLine: string;
  readonly addressExtra: string;
  readonly postcode: string;
  readonly town: string;
  /** NAF code, such as 62.01Z; "" when unknown. */
  readonly activityCode: string;
  /** INSEE's legal category, four digits; "" when unknown. */
  readonly legalCategory: string;
  /** Size of its company as INSEE counts it: PME, ETI or GE; "" when unknown. */
  readonly companyCategory: string;
  readonly isOpen: boolean;
  /** `YYYY-MM-DD`, since when it is closed. */
  readonly closedOn: string | null;
  /** « Non diffusible » : its holder objected to the publication of name and address. */
  readonly isConfidential: boolean;
};

/** What a register answers: `silent` when it is absent, down or too slow. */
export type RegisterAnswer =
  | { readonly kind: "found"; readonly establishment: Establishment }
  | { readonly kind: "unknown" }
  | { readonly kind: "silent" };

/** The port of the national register. It never throws: a register that fails is silent (IDN-07). */
export type NationalRegister = {
  /** Looks an establishment up by its 14 digits. */
  find(siret: string): Promise<RegisterAnswer>;
  /** The open establishments of a company, by its nine digits, at most 20; none when the register is silent. */
  list(siren: string): Promise<readonly Establishment[]>;
};

/** How many establishments of a company are proposed at most. */
export const LISTED_AT_MOST = 20;

/** Whether a legal category is a public body's: subject to administrative law (7), or a public company (4). */
export function isPublicCategory(legalCategory: string): boolean {
  return legalCategory.startsWith("7") || legalCategory.startsWith("4");
}

/** First level of INSEE's legal categories (nomenclature of September 2022). */
const legalCategories: Readonly<Record<string, string>> = {
  "0": "Organisme de placement collectif",
  "1": "Entrepreneur individuel",
  "2": "Groupement de droit privé sans personnalité morale",
  "3": "Personne morale de droit étranger",
  "4": "Personne morale de droit public soumise au droit commercial",
  "5": "Société commerciale",
  "6": "Autre personne morale immatriculée",
  "7": "Personne morale soumise au droit administratif",
  "8": "Organisme privé spécialisé",
  "9": "Groupement de droit privé",
};

/** A legal category in words, with its code. */
export function legalCategoryText(code: string): string {
  const words = legalCategories[code.slice(0, 1)];
  return words ? `${words} (${code})` : code;
}

const companyCategories: Readonly<Record<string, string>> = {
  PME: "Petite ou moyenne entreprise",
  ETI: "Entreprise de taille intermédiaire",
  GE: "Grande entreprise",
};

/** The size of a company in words, with its code. */
export function companyCategoryText(code: string): string {
  const words = companyCategories[code];
  return words ? `${words} (${code})` : code;
}

/** Sections of NAF rev. 2, by their first division. */
const sections: readonly (readonly [number, string])[] = [
  [1, "Agriculture, sylviculture et pêche"],
  [5, "Industries extractives"],
  [10, "Industrie manufacturière"],
  [35, "Électricité, gaz, vapeur et air conditionné"],
  [36, "Eau, assainissement, déchets et dépollution"],
  [41, "Construction"],
  [45, "Commerce et réparation d'automobiles"],
  [49, "Transports et entreposage"],
  [55, "Hébergement et restauration"],
  [58, "Information et communication"],
  [64, "Activités financières et d'assurance"],
  [68, "Activités immobilières"],
  [69, "Activités spécialisées, scientifiques et techniques"],
  [77, "Services administratifs et de soutien"],
  [84, "Administration publique"],
  [85, "Enseignement"],
  [86, "Santé humaine et action sociale"],
  [90, "Arts, spectacles et activités récréatives"],
  [94, "Autres activités de services"],
  [97, "Activités des ménages"],
  [99, "Activités extra-territoriales"],
];

/** An activity in words, by its section, with its code. */
export function activityText(code: string): string {
  const division = Number.parseInt(code, 10);
  const section = sections.findLast(([first]) => division >= first)?.[1];
  return section ? `${section} (${code})` : code;
}
