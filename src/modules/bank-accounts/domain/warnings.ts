import { isBicOfAnotherCountry } from "./bank-account.ts";

export type BankWarning = "HOLDER_FAR" | "BIC_OF_ANOTHER_COUNTRY";

/** What is unusual in bank details, to be looked at twice; nothing here is refused. Source: organisation.md 9. */
export function bankWarnings(
  account: { readonly holder: string; readonly iban: string; readonly bic: string | null },
  names: readonly string[],
): readonly BankWarning[] {
  return [
    ...(isHolderFar(account.holder, names) ? (["HOLDER_FAR"] as const) : []),
    ...(isBicOfAnotherCountry(account.bic, account.iban) ? (["BIC_OF_ANOTHER_COUNTRY"] as const) : []),
  ];
}

/** Words that many names share, and which bring none of them closer. */
const COMMON = new Set(
  `A AU AUX D DE DES DU EN ET L LA LE LES M MME MR MONSIEUR MADAME SOCIETE STE SA SAS SASU SARL EURL SCI SNC SCOP EI EIRL
  ASSOCIATION COMMUNE VILLE MAIRIE`.split(/\s+/),
);

/** Whether fewer than half of the words of a holder are those of the structure, in any of its names. */
export function isHolderFar(holder: string, names: readonly string[]): boolean {
  const held = wordsOf(holder);
  return !names.some((name) => {
    const known = new Set(wordsOf(name));
    const shared = held.filter((word) => known.has(word)).length;
    return shared > 0 && shared * 2 >= held.length;
  });
}

function wordsOf(name: string): string[] {
  const all = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const own = all.filter((word) => !COMMON.has(word));
  return own.length > 0 ? own : all;
}

export const bankWarningTexts: { readonly [W in BankWarning]: string } = {
  HOLDER_FAR: "Le titulaire du compte ne ressemble pas au nom de la structure.",
  BIC_OF_ANOTHER_COUNTRY: "Le BIC et l'IBAN sont de deux pays différents.",
};
