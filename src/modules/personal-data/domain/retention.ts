/** How long the traces of people are kept, in days. Source: quality § 7 (RGPD, article 5.1.e; CNIL for access logs). */
export const retentionDays = {
  /** A closed account's name disappears everywhere but from the journal; those whom it leaves are told first. */
  erasure: 20 / 24,
  /** Links and codes that no longer open anything. */
  spentLinks: 1,
  /** The network address of a session; cut short after that. */
  sessionAddress: 30,
  /** Sessions: who signed in, when, with which browser. */
  sessions: 365,
  /** Mails that have left. */
  sentMails: 90,
  /** The bell. */
  notifications: 365,
  /** The lines of a file that was imported; what they did stays in the journal. */
  importLines: 365,
  /** Invitations that were answered, withdrawn or forgotten. */
  invitations: 365,
  /** The digest of an address that somebody a structure has known left: as long as a mailbox may outlive her work there. */
  formerMailboxes: 365,
} as const;

const DAY_MS = 24 * 3_600_000;

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

/** What stands in the place of an address that was erased. */
export const erasedAddress = (accountId: number): string => `compte-ferme-${accountId}@unisson.invalid`;
/** What stands in the place of a name that was erased. */
export const ERASED_NAME = "Compte fermé";
