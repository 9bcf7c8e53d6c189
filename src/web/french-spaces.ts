/** A space that French typography keeps on its line: inside « », before : ; ? !. */
const keptSpace = /« | (?=[»:;?!])/g;
/** A tag, in whose attributes `<` is escaped. */
const tag = /<[^"<>]*(?:"[^"<]*"[^"<>]*)*>/y;
/** Holds what a person copies, sends back or finds in her history, as it was typed. */
const asTyped = /^<(?:textarea\b|title\b|span class="u-code")/;

/**
 * A rendered page whose spaces inside « » and before : ; ? ! do not break, so that none of these signs starts a line.
 * Attributes stay as they are. Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
 */
export function withFrenchSpaces(html: string): string {
  return html.replace(keptSpace, (found, at: number) =>
    isText(html, at) ? found.replace(" ", "\u00a0") : found,
  );
}

/** Whether a place is in the text of a page: behind a tag that is closed, and keeps nothing as it was typed. */
function isText(html: string, at: number): boolean {
  const start = html.lastIndexOf("<", at);
  if (start < 0) return true;
  tag.lastIndex = start;
  const before = tag.exec(html)?.[0] ?? "";
  return start + before.length <= at && !asTyped.test(before);
}
