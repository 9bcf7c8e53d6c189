export type Level = "read" | "write";

export type Application = {
  readonly code: string;
  readonly label: string;
  readonly domain: "Organisation" | "Facturation" | "Engagements" | "Outils";
  /** Whether the right may be limited to services. */
  readonly byService: boolean;
  /** Whether consultation means something; accepting requests is done or not. */
  readonly hasRead: boolean;
  readonly kinds: readonly ("public" | "private")[];
};

/**
 * The one table of what a person may be entitled to; a module that brings an application adds its line.
 * Source: organisation.md 12.2.
 */
export const applications = [
  {
    code: "structures",
    label: "Organisation – structures",
    domain: "Organisation",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "users",
    label: "Organisation – utilisateurs",
    domain: "Organisation",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "memberships.approve",
    label: "Accepter des rattachements",
    domain: "Organisation",
    byService: true,
    hasRead: false,
    kinds: ["public", "private"],
  },
  {
    code: "bankAccounts",
    label: "Coordonnées bancaires",
    domain: "Organisation",
    byService: false,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "activityLog",
    label: "Historique des actions",
    domain: "Organisation",
    byService: false,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "issuedInvoices",
    label: "Factures émises",
    domain: "Facturation",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "receivedInvoices",
    label: "Factures reçues",
    domain: "Facturation",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "invoicesToValidate",
    label: "Factures à valider",
    domain: "Facturation",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
  {
    code: "commitments",
    label: "Engagements",
    domain: "Engagements",
    byService: true,
    hasRead: true,
    kinds: ["public"],
  },
  {
    code: "supportRequests",
    label: "Sollicitations",
    domain: "Outils",
    byService: true,
    hasRead: true,
    kinds: ["public", "private"],
  },
] as const satisfies readonly Application[];

export type ApplicationCode = (typeof applications)[number]["code"];

/** The French name of an application; a code that is none, which the journal may hold, as it is. */
export const applicationLabel = (code: string): string =>
  applications.find((one) => one.code === code)?.label ?? code;
