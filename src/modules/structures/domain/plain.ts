/** The form in which a name or an identifier is looked for: no accents, no capitals, no spaces that group its digits. */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\p{M}\s]/gu, "")
    .toLowerCase();
