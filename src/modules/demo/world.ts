/** The demonstration world, as data: fictitious structures, services and people, in every situation worth seeing. */

export type DemoStructure = {
  readonly key: string;
  readonly kind: "public" | "private";
  /** First 13 digits of an invented SIRET; the key digit is computed. SIREN 999 xxx xxx are attributed to nobody. */
  readonly siretStem: string;
  readonly name: string;
  readonly addressLine: string;
  readonly postcode: string;
  readonly town: string;
  readonly email: string;
  readonly legalCategory: string;
  readonly activityCode: string;
  readonly rules?: "service" | "commitment" | "either" | "both";
  readonly proof?: "toVerify" | "proved";
  readonly withoutManager?: true;
  readonly inactive?: true;
  readonly services?: readonly DemoService[];
  /** The first one is the default. */
  readonly bankAccounts?: readonly {
    readonly name: string;
    readonly iban: string;
    readonly bic?: string;
    readonly endsInDays?: number;
  }[];
};

export type DemoService = {
  readonly code: string;
  readonly label: string;
  readonly description?: string;
  readonly commitmentRequired?: true;
  /** Days from today; negative is past. Default: began 400 days ago, no end. */
  readonly startsInDays?: number;
  readonly endsInDays?: number;
};

const wards: readonly (readonly [string, string])[] = [
  ["ACHATS", "Direction des achats"],
  ["ANESTH", "Anesthésie et réanimation"],
  ["BIOLOGIE", "Laboratoire de biologie médicale"],
  ["BLANCHISSERIE", "Blanchisserie"],
  ["BLOC", "Bloc opératoire"],
  ["CARDIO", "Cardiologie"],
  ["CHIRURGIE", "Chirurgie générale"],
  ["COMMUNICATION", "Communication"],
  ["CUISINE", "Restauration"],
  ["DERMATO", "Dermatologie"],
  ["DSI", "Systèmes d'information"],
  ["FINANCES", "Direction des finances"],
  ["FORMATION", "Formation continue"],
  ["GERIATRIE", "Gériatrie"],
  ["HEMATO", "Hématologie"],
  ["HYGIENE", "Hygiène hospitalière"],
  ["IMAGERIE", "Imagerie médicale"],
  ["LOGISTIQUE", "Logistique et transports"],
  ["MAINTENANCE", "Maintenance biomédicale"],
  ["MATERNITE", "Maternité"],
  ["NEPHRO", "Néphrologie et dialyse"],
  ["NEURO", "Neurologie"],
  ["ONCO", "Oncologie"],
  ["OPHTALMO", "Ophtalmologie"],
  ["PEDIATRIE", "Pédiatrie"],
  ["PHARMACIE", "Pharmacie à usage intérieur"],
  ["PNEUMO", "Pneumologie"],
  ["PSYCHIATRIE", "Psychiatrie de secteur"],
  ["QUALITE", "Qualité et gestion des risques"],
  ["RECHERCHE", "Recherche clinique"],
  ["RH", "Ressources humaines"],
  ["SAMU", "SAMU et urgences"],
  ["STERILISATION", "Stérilisation"],
  ["TRAVAUX", "Travaux et patrimoine"],
];

export const demoStructures: readonly DemoStructure[] = [
  {
    key: "town",
    kind: "public",
    siretStem: "9991001100001",
    name: "Commune de Sainte-Aurore",
    addressLine: "1 place de la Mairie",
    postcode: "45990",
    town: "Sainte-Aurore",
    email: "mairie@sainte-aurore.example",
    legalCategory: "7210",
    activityCode: "84.11Z",
    rules: "service",
    proof: "proved",
    services: [
      {
        code: "FI_SGPI",
        label: "Service financier SGPI",
        commitmentRequired: true,
        description: "Comptabilité et paiements.",
      },
      { code: "URBANISME", label: "Urbanisme et voirie" },
      { code: "ECOLES", label: "Écoles et restauration scolaire", endsInDays: 21 },
      { code: "CULTURE", label: "Culture et médiathèque", startsInDays: 30 },
      { code: "SPORTS", label: "Sports et associations", endsInDays: -60 },
    ],
    bankAccounts: [
      { name: "Compte principal", iban: "FR7630001007941234567890185", bic: "BDFEFRPPCCT" },
      { name: "Régie de la piscine", iban: "FR7610011000201234567890188", endsInDays: -90 },
    ],
  },
  {
    key: "social",
    kind: "public",
    siretStem: "9991001100002",
    name: "Centre communal d'action sociale de Sainte-Aurore",
    addressLine: "3 rue des Tilleuls",
    postcode: "45990",
    town: "Sainte-Aurore",
    email: "ccas@sainte-aurore.example",
    legalCategory: "7361",
    activityCode: "88.99B",
    rules: "commitment",
    proof: "proved",
  },
  {
    key: "hospital",
    kind: "public",
    siretStem: "9991002200001",
    name: "Groupe hospitalier des Trois-Vallées",
    addressLine: "120 avenue du Parc",
    postcode: "73990",
    town: "Valmière",
    email: "finances@gh-trois-vallees.example",
    legalCategory: "7364",
    activityCode: "86.10Z",
    rules: "both",
    proof: "proved",
    services: wards.map(([code, label]) => ({ code, label })),
  },
  {
    key: "water",
    kind: "public",
    siretStem: "9991003300001",
    name: "Syndicat des eaux du Val Fleuri",
    addressLine: "8 chemin des Sources",
    postcode: "38990",
    town: "Val-Fleuri",
    email: "contact@eaux-val-fleuri.example",
    legalCategory: "7354",
    activityCode: "36.00Z",
    proof: "toVerify",
  },
  {
    key: "school",
    kind: "public",
    siretStem: "9991004400001",
    name: "Lycée Hortense-Marceau",
    addressLine: "22 boulevard des Écoles",
    postcode: "45990",
    town: "Sainte-Aurore",
    email: "intendance@lycee-marceau.example",
    legalCategory: "7331",
    activityCode: "85.31Z",
    rules: "either",
    withoutManager: true,
    services: [{ code: "INTENDANCE", label: "Intendance" }],
  },
  {
    key: "workshop",
    kind: "private",
    siretStem: "9992001100001",
    name: "Atelier Démo",
    addressLine: "14 rue des Artisans",
    postcode: "45990",
    town: "Sainte-Aurore",
    email: "bonjour@atelier-demo.example",
    legalCategory: "1000",
    activityCode: "43.32A",
    bankAccounts: [{ name: "Compte courant", iban: "FR7610011000201234567890188" }],
  },
  {
    key: "network",
    kind: "private",
    siretStem: "9992002200001",
    name: "Clair Réseau SAS",
    addressLine: "5 rue de la Fibre",
    postcode: "69990",
    town: "Brumont",
    email: "facturation@clair-reseau.example",
    legalCategory: "5710",
    activityCode: "61.10Z",
    services: [
      { code: "FACT-SUD", label: "Facturation Sud" },
      { code: "FACT-NORD", label: "Facturation Nord" },
    ],
  },
  {
    key: "cleaning",
    kind: "private",
    siretStem: "9992003300001",
    name: "Propreté Boréale SARL",
    addressLine: "77 route du Lac",
    postcode: "73990",
    town: "Valmière",
    email: "compta@proprete-boreale.example",
    legalCategory: "5499",
    activityCode: "81.21Z",
  },
  {
    key: "closed",
    kind: "private",
    siretStem: "9992004400001",
    name: "Imprimerie du Pont (cessée)",
    addressLine: "2 quai du Pont",
    postcode: "45990",
    town: "Sainte-Aurore",
    email: "imprimerie@pont.example",
    legalCategory: "5499",
    activityCode: "18.12Z",
    inactive: true,
  },
];

export type DemoMembership = {
  readonly structure: string;
  readonly role: "mainManager" | "member";
  /** Codes of services; absent: the whole structure. */
  readonly services?: readonly string[];
  readonly profile: string;
  readonly state?: "suspended" | "ended";
  readonly endsInDays?: number;
};

export type DemoPerson = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** What there is to see with this account, said at start and on the sign-in page. */
  readonly situation: string;
  readonly state?: "pending" | "inactive";
  readonly memberships?: readonly DemoMembership[];
  /** A right asked for in the first of her structures, that waits for an answer. */
  readonly wish?: {
    readonly application: string;
    readonly level: "read" | "write";
    readonly message: string;
  };
  readonly request?: {
    readonly structure: string;
    readonly message: string;
    readonly daysAgo: number;
    readonly refused?: string;
  };
};

export const demoPeople: readonly DemoPerson[] = [
  {
    firstName: "Claire",
    lastName: "Morel",
    email: "claire.morel@sainte-aurore.example",
    situation: "gestionnaire principale de la commune et du CCAS",
    memberships: [
      { structure: "town", role: "mainManager", profile: "gestionnaire-principal" },
      { structure: "social", role: "mainManager", profile: "gestionnaire-principal" },
    ],
  },
  {
    firstName: "Paul",
    lastName: "Durand",
    email: "paul.durand@sainte-aurore.example",
    situation: "utilisateur de la commune, maille structure",
    memberships: [{ structure: "town", role: "member", profile: "utilisateur" }],
  },
  {
    firstName: "Inès",
    lastName: "Benali",
    email: "ines.benali@sainte-aurore.example",
    situation: "utilisatrice du service FI_SGPI de la commune, maille service",
    memberships: [
      { structure: "town", role: "member", services: ["FI_SGPI"], profile: "comptable", endsInDays: 25 },
    ],
  },
  {
    firstName: "Hugo",
    lastName: "Lemaire",
    email: "hugo.lemaire@sainte-aurore.example",
    situation: "consultation seule sur la commune ; demande l'habilitation « Factures reçues »",
    wish: {
      application: "receivedInvoices",
      level: "write",
      message: "Je remplace Nora Petit pendant son absence.",
    },
    memberships: [{ structure: "town", role: "member", profile: "lecture-seule" }],
  },
  {
    firstName: "Nora",
    lastName: "Petit",
    email: "nora.petit@sainte-aurore.example",
    situation: "accès suspendu à la commune",
    memberships: [{ structure: "town", role: "member", profile: "utilisateur", state: "suspended" }],
  },
  {
    firstName: "Samuel",
    lastName: "Roche",
    email: "samuel.roche@mairie-voisine.example",
    situation: "demande de rattachement à la commune, en attente",
    request: { structure: "town", message: "Je remplace Nora Petit à la comptabilité.", daysAgo: 2 },
  },
  {
    firstName: "Agathe",
    lastName: "Vidal",
    email: "agathe.vidal@gh-trois-vallees.example",
    situation: "gestionnaire principale du groupe hospitalier",
    memberships: [{ structure: "hospital", role: "mainManager", profile: "gestionnaire-principal" }],
  },
  {
    firstName: "Karim",
    lastName: "Faure",
    email: "karim.faure@gh-trois-vallees.example",
    situation: "administrateur de l'hôpital sans être gestionnaire principal",
    memberships: [{ structure: "hospital", role: "member", profile: "administrateur" }],
  },
  {
    firstName: "Lucie",
    lastName: "Garnier",
    email: "lucie.garnier@gh-trois-vallees.example",
    situation: "valideuse pour la pharmacie et la biologie de l'hôpital",
    memberships: [
      { structure: "hospital", role: "member", services: ["PHARMACIE", "BIOLOGIE"], profile: "valideur" },
    ],
  },
  {
    firstName: "Émile",
    lastName: "Tessier",
    email: "emile.tessier@atelier-demo.example",
    situation: "artisan, seul gestionnaire de son entreprise",
    memberships: [{ structure: "workshop", role: "mainManager", profile: "gestionnaire-principal" }],
  },
  {
    firstName: "Jeanne",
    lastName: "Caron",
    email: "jeanne.caron@clair-reseau.example",
    situation: "gestionnaire de deux fournisseurs",
    memberships: [
      { structure: "network", role: "mainManager", profile: "gestionnaire-principal" },
      { structure: "cleaning", role: "mainManager", profile: "gestionnaire-principal" },
    ],
  },
  {
    firstName: "Théo",
    lastName: "Blin",
    email: "theo.blin@clair-reseau.example",
    situation: "émetteur de factures chez un fournisseur ; demande refusée par la commune",
    memberships: [{ structure: "network", role: "member", profile: "emetteur-de-factures" }],
    request: {
      structure: "town",
      message: "Accès au suivi de nos factures.",
      daysAgo: 20,
      refused: "WRONG_STRUCTURE",
    },
  },
  {
    firstName: "Odile",
    lastName: "Marchand",
    email: "odile.marchand@eaux-val-fleuri.example",
    situation: "gestionnaire d'une structure publique à vérifier",
    memberships: [{ structure: "water", role: "mainManager", profile: "gestionnaire-principal" }],
  },
  {
    firstName: "Victor",
    lastName: "Lenoir",
    email: "victor.lenoir@exemple.example",
    situation: "compte sans aucune structure",
  },
  {
    firstName: "Rose",
    lastName: "Aubry",
    email: "rose.aubry@exemple.example",
    situation: "compte jamais activé",
    state: "pending",
  },
];

export type DemoInvitation = {
  readonly structure: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly by: string;
  readonly sentDaysAgo: number;
  readonly profile: string;
};

export const demoInvitations: readonly DemoInvitation[] = [
  {
    structure: "town",
    email: "camille.noel@sainte-aurore.example",
    firstName: "Camille",
    lastName: "Noël",
    by: "claire.morel@sainte-aurore.example",
    sentDaysAgo: 1,
    profile: "utilisateur",
  },
  {
    structure: "town",
    email: "ancien.stagiaire@sainte-aurore.example",
    firstName: "Louis",
    lastName: "Perrin",
    by: "claire.morel@sainte-aurore.example",
    sentDaysAgo: 12,
    profile: "lecture-seule",
  },
];
