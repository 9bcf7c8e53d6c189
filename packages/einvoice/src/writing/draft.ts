/** An element to be written: with a text, or with children. */
export interface Draft {
  name: string;
  attributes: Readonly<Record<string, string | undefined>>;
  text: string;
  children: readonly Draft[];
}

/** What a writer says of a part: an element, several, or none. */
export type Part = Draft | undefined | readonly Part[];

/** An element that holds a term; none when the invoice leaves the term out. */
export function term(
  name: string,
  text: string | undefined,
  attributes: Draft["attributes"] = {},
): Draft | undefined {
  return text === undefined ? undefined : { name, attributes, text, children: [] };
}

/** An element that holds others; none when none of them is there. */
export function group(name: string, ...parts: Part[]): Draft | undefined {
  const children = flat(parts);
  return children.length === 0 ? undefined : { name, attributes: {}, text: "", children };
}

/** An element that the schema asks for, were it empty. */
export function required(name: string, ...parts: Part[]): Draft {
  return { name, attributes: {}, text: "", children: flat(parts) };
}

function flat(part: Part): Draft[] {
  if (part === undefined) return [];
  return "name" in part ? [part] : part.flatMap(flat);
}

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Escaped for XML 1.0; the characters that it forbids become the replacement character. */
function escaped(text: string, characters: RegExp): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(characters, (character) => escapes[character] ?? `&#${character.charCodeAt(0)};`);
}

/** The XML document of a root element, indented, its attributes being those of the root and the namespaces. */
export function documentText(root: Draft): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, "")}`;
}

function elementText({ name, attributes, text, children }: Draft, indent: string): string {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(value, /[&<"\t\n\r]/g)}"`)
    .join("");
  const start = `${indent}<${name}${written}`;
  if (children.length === 0)
    return text === "" ? `${start}/>\n` : `${start}>${escaped(text, /[&<>\r]/g)}</${name}>\n`;
  const inside = children.map((child) => elementText(child, `${indent}  `)).join("");
  return `${start}>\n${inside}${indent}</${name}>\n`;
}
