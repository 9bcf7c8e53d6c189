import { codeLists } from "../src/codelists/all.ts";
import type { CodeList } from "../src/codelists/code-list.ts";
import { decode } from "../src/reading/decode.ts";
import { child, childrenOf, normalized, parseXml, type XmlElement } from "../src/xml/tree.ts";

/** One list of codes as a file publishes it. */
export interface PublishedList {
  /** The title of the list in the file or, in Schematron, the rule that holds codes to it. */
  title: string;
  /** The syntax that the rule is about, in Schematron. */
  syntax?: "ubl" | "cii";
  codes: readonly string[];
}

/** What a newer list changes to ours. */
export interface ListChange {
  published: PublishedList;
  ours: CodeList;
  added: string[];
  removed: string[];
}

/** The answer to “does this file still say what we say?”. */
export type Comparison =
  | { ok: true; changes: ListChange[]; unknown: PublishedList[] }
  | { ok: false; refusal: "UNREADABLE" | "NO_LIST" | "UNKNOWN_LIST"; detail: string };

/**
 * Compares the lists of a published file with ours. The file is Genericode, the Schematron of EN 16931, a CSV with a
 * column of codes, or a text with a code a line; what it is shows in its bytes.
 *
 * @param file its name, which tells the list of a CSV or of a text where `list` does not
 * @param list the name of our list, such as `ISO 4217`
 */
export function comparedWithOurs(bytes: Uint8Array, file: string, list?: string): Comparison {
  const decoded = decode(bytes);
  if (!decoded.ok) return { ok: false, refusal: "UNREADABLE", detail: decoded.encoding };
  const isXml = /^\s*</.test(decoded.text);
  const parsed = isXml ? parseXml(decoded.text) : undefined;
  if (parsed && !parsed.ok) return { ok: false, refusal: "UNREADABLE", detail: parsed.detail };
  const published = parsed
    ? listsOf(parsed.root, file)
    : [{ title: file, codes: codesOfTable(decoded.text) }];
  const filled = published.filter(({ codes }) => codes.length > 0);
  if (filled.length === 0) return { ok: false, refusal: "NO_LIST", detail: file };
  const changes = filled.flatMap((each) => {
    const ours = list === undefined ? ourListOf(each) : codeLists.find(({ source }) => source.name === list);
    return ours ? [changeOf(each, ours)] : [];
  });
  const known = new Set(changes.map((change) => change.published));
  const unknown = filled.filter((each) => !known.has(each));
  if (changes.length === 0)
    return {
      ok: false,
      refusal: "UNKNOWN_LIST",
      detail: list ?? unknown.map(({ title }) => title).join(", "),
    };
  return { ok: true, changes, unknown };
}

function ourListOf({ title, syntax }: PublishedList): CodeList | undefined {
  return (
    codeLists.find(
      ({ source }) =>
        source.rules.includes(title) && (source.syntax ?? syntax) === syntax && syntax !== undefined,
    ) ?? codeLists.find(({ source }) => syntax === undefined && source.title.test(title))
  );
}

function changeOf(published: PublishedList, ours: CodeList): ListChange {
  const theirs = new Set(published.codes);
  return {
    published,
    ours,
    added: [...theirs].filter((code) => !ours.has(code)),
    removed: [...ours].filter((code) => !theirs.has(code)),
  };
}

function listsOf(root: XmlElement, file: string): PublishedList[] {
  return localName(root) === "CodeList" ? [genericode(root, file)] : schematron(root);
}

const localName = (element: XmlElement): string => element.name.replace(/^.*[}:]/, "");

/** Genericode 1.0 (OASIS): the values of the key's column, else of the first one. */
function genericode(root: XmlElement, file: string): PublishedList {
  const identification = child(root, "Identification");
  const title = ["ShortName", "LongName", "CanonicalUri"].flatMap((name) =>
    childrenOf(identification, name).map((each) => each.text.trim()),
  );
  const columnSet = child(root, "ColumnSet");
  const columns = childrenOf(columnSet, "Column").map((column) => column.attributes["Id"] ?? "");
  const key = child(child(columnSet, "Key"), "ColumnRef")?.attributes["Ref"] ?? columns[0];
  const codes = childrenOf(child(root, "SimpleCodeList"), "Row").flatMap((row) => {
    let position = -1;
    return childrenOf(row, "Value").flatMap((value) => {
      const named = columns.indexOf(value.attributes["ColumnRef"] ?? "");
      position = named < 0 ? position + 1 : named; // without a name, a value stands in the column after the last one
      return columns[position] === key ? [normalized(child(value, "SimpleValue")?.text ?? "")] : [];
    });
  });
  return { title: [...title, file].join(" "), codes: codes.filter((code) => code !== "") };
}

/** The lists written into the rules BR-CL of a Schematron file, one for each rule, or for each element of a rule. */
function schematron(root: XmlElement): PublishedList[] {
  const lists: PublishedList[] = [];
  const walk = (element: XmlElement, context: string): void => {
    const own = element.attributes["context"] ?? context;
    const { id = "", test = "" } = element.attributes;
    if (localName(element) === "assert" && id.startsWith("BR-CL-"))
      lists.push(...listsOfTest(id, test, /\b(cbc|cac):/.test(own) ? "ubl" : "cii"));
    for (const each of element.children) walk(each, own);
  };
  walk(root, "");
  return lists;
}

/**
 * A test compares with a text of codes parted by space, or with each code in turn. Where it names elements by
 * `self::`, each has its list; otherwise a shorter text beside the list holds exceptions, and is left alone.
 */
function listsOfTest(rule: string, test: string, syntax: "ubl" | "cii"): PublishedList[] {
  const byElement = new Map<string, string[]>();
  const compared: string[] = [];
  let element = "";
  for (const [, name, equals, text = ""] of test.matchAll(/self::([\w:]+)|(=\s*)?'([^']*)'/g)) {
    if (name !== undefined) element = name;
    else if (equals !== undefined) compared.push(text);
    else if (/^\s.*\S.*\s$/s.test(text)) {
      const codes = text.trim().split(/\s+/);
      if (codes.length > (byElement.get(element)?.length ?? 0)) byElement.set(element, codes);
    }
  }
  const lists = byElement.size > 0 ? [...byElement] : [["", compared] as const];
  return lists.map(([name, codes]) => ({ title: name === "" ? rule : `${rule} ${name}`, syntax, codes }));
}

/** The codes of a CSV (comma, semicolon or tab), in the column whose head says code, or of a text, one a line. */
function codesOfTable(text: string): string[] {
  const rows = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const separator = [";", "\t", ","].find((each) => rows[0]?.includes(each));
  const cells = rows.map((row) => (separator === undefined ? [row.trim()] : cellsOf(row, separator)));
  const column = (cells[0] ?? []).findIndex((head) => /^(.*\bcode|alpha-?[23]|key|value)$/i.test(head));
  const codes = (column < 0 ? cells : cells.slice(1)).map((row) => row[Math.max(column, 0)] ?? "");
  return codes.filter((code) => code !== "");
}

function cellsOf(row: string, separator: string): string[] {
  const cells = [
    ...row.matchAll(new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g")),
  ];
  return cells.map(([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
}
