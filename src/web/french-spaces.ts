/** A tag of a page, in whose attributes `<` is escaped; or a space that French typography keeps on its line. */
const tagOrSpace = /<[^"<>]*(?:"[^"<]*"[^"<>]*)*>|« | (?=[»:;?!])/g;
/** What a person copies, sends back or finds in her history, as it was typed. */
const keptOpens = /^<(?:textarea|code|title)\b/;
const keptCloses = /^<\/(?:textarea|code|title)>/;

/**
 * A rendered page whose spaces inside « » and before : ; ? ! do not break, so that none of these signs starts a line.
 * Attributes stay as they are. Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
 */
export function withFrenchSpaces(html: string): string {
  let isKept = false;
  return html.replace(tagOrSpace, (found) => {
    if (found.startsWith("<")) {
      if (keptOpens.test(found)) isKept = true;
      else if (keptCloses.test(found)) isKept = false;
      return found;
    }
    return isKept ? found : found.replace(" ", "\u00a0");
  });
}
