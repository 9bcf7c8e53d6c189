import { type ApplicationCode, applications, type Level } from "./applications.ts";

export type ProfileLine = { readonly application: ApplicationCode; readonly level: Level };

export type ReadyProfile = {
  readonly code: string;
  readonly name: string;
  readonly says: string;
  readonly lines: readonly ProfileLine[];
};

const invoicing: readonly ApplicationCode[] = [
  "issuedInvoices",
  "receivedInvoices",
  "invoicesToValidate",
  "commitments",
  "supportRequests",
];
const all = applications.map((one) => one.code);
const lines = (level: Level, codes: readonly ApplicationCode[]): ProfileLine[] =>
  codes.map((application) => ({ application, level }));
const readAll = lines(
  "read",
  applications.filter((one) => one.hasRead).map((one) => one.code),
);
const ordinary = [...lines("read", ["structures", "users", "bankAccounts"]), ...lines("write", invoicing)];

/**
 * The ready-made sets of rights. « Utilisateur » is the guide's default: everything but the modification of the
 * organisation, and the right to accept attachments, which the manager may withdraw. Source: guide, Introduction.
 */
export const readyProfiles: readonly ReadyProfile[] = [
  {
    code: "utilisateur",
    name: "Utilisateur",
    says: "Consulter et modifier tout, sauf l'organisation ; peut accepter de nouveaux rattachements.",
    lines: [...ordinary, ...lines("write", ["memberships.approve"])],
  },
  {
    code: "utilisateur-sans-acceptation",
    name: "Utilisateur sans acceptation",
    says: "Comme « Utilisateur », sans accepter de rattachements.",
    lines: ordinary,
  },
  {
    code: "emetteur-de-factures",
    name: "Émetteur de factures",
    says: "Saisir et déposer les factures émises.",
    lines: [...lines("read", ["structures"]), ...lines("write", ["issuedInvoices", "supportRequests"])],
  },
  {
    code: "comptable",
    name: "Comptable",
    says: "Traiter les factures reçues et les engagements, consulter les coordonnées bancaires.",
    lines: [
      ...lines("read", ["structures", "bankAccounts", "issuedInvoices"]),
      ...lines("write", ["receivedInvoices", "commitments", "supportRequests"]),
    ],
  },
  {
    code: "valideur",
    name: "Valideur",
    says: "Valider ou refuser les factures à valider.",
    lines: [...lines("read", ["structures", "receivedInvoices"]), ...lines("write", ["invoicesToValidate"])],
  },
  { code: "lecture-seule", name: "Lecture seule", says: "Consulter, sans rien modifier.", lines: readAll },
  {
    code: "administrateur",
    name: "Administrateur",
    says: "Tout, y compris la modification de l'organisation et des utilisateurs.",
    lines: lines("write", all),
  },
];

export function findProfile(code: string): ReadyProfile | undefined {
  return readyProfiles.find((one) => one.code === code);
}

/** A line as it is given: it remembers the set it came with, by its name of that day. */
export type GivenLine = ProfileLine & { readonly givenSet: string | null };

/**
 * What a set gives, with the box « Peut accepter de nouveaux rattachements » of the attach form laid over it (the
 * guide's own example).
 */
export function linesOf(
  profile: Pick<ReadyProfile, "name" | "lines">,
  mayAccept?: boolean,
): readonly GivenLine[] {
  const lines = profile.lines.map((line) => ({ ...line, givenSet: profile.name }));
  if (mayAccept === undefined) return lines;
  const accepting = lines.find((line) => line.application === "memberships.approve");
  const without = lines.filter((line) => line !== accepting);
  if (!mayAccept) return without;
  return [...without, accepting ?? { application: "memberships.approve", level: "write", givenSet: null }];
}

/** Levels chosen apart from what a set gives, by application; those left out are as the set says. */
export type Adjustment = Readonly<Record<string, Level | "none">>;

/** What a set gives once some of its rights are chosen otherwise; those no longer come from the set. */
export function adjusted(lines: readonly GivenLine[], adjustment: Adjustment): readonly GivenLine[] {
  const kept = lines.filter((line) =>
    [undefined, line.level].includes(adjustment[line.application] as Level),
  );
  const chosen = applications.flatMap(({ code, hasRead }): GivenLine[] => {
    const level = adjustment[code];
    if (level === undefined || level === "none" || kept.some((line) => line.application === code)) return [];
    return [{ application: code, level: hasRead ? level : "write", givenSet: null }];
  });
  return [...kept, ...chosen];
}

/** Spreads a set over services; what cannot be limited to a service is left out. */
export function grantsOf<L extends ProfileLine>(
  lines: readonly L[],
  serviceIds: readonly number[] | null,
): readonly (L & { readonly serviceId: number | null })[] {
  if (serviceIds === null) return lines.map((line) => ({ ...line, serviceId: null }));
  return lines
    .filter((line) => applications.find((one) => one.code === line.application)?.byService)
    .flatMap((line) => serviceIds.map((serviceId) => ({ ...line, serviceId })));
}
