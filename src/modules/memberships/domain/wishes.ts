/** What a person says she will do in the structure she asks to join, in the words of her work. Source: organisation.md 10.3. */
export const wishes = {
  issueInvoices: "Je dépose des factures",
  processInvoices: "Je reçois et traite des factures",
  manageUsers: "Je gère les utilisateurs",
} as const;

export type Wish = keyof typeof wishes;
export const wishNames = Object.keys(wishes) as Wish[];

/** Managing users is given by somebody who has looked: such a request is answered by itself (organisation.md 10.4). */
export const isAnsweredAlone = (asked: readonly Wish[]): boolean => asked.includes("manageUsers");
