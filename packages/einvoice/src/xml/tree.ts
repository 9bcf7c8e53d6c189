import { SaxesParser } from "saxes";

/** One element of an XML document, with its own place in the source. */
export interface XmlElement {
  /** Local name under the usual prefix of its namespace (`cbc:ID`, `ram:Name`), or `{uri}local` for an unknown one. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly parent: XmlElement | undefined;
  /** The characters directly inside, as written, without those of its children; blanks between children are dropped. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** From 1, of its `<`. */
  readonly column: number;
}

/** Why a document cannot be read. */
export type Refusal =
  | "NOT_XML"
  | "DOCTYPE"
  | "TOO_DEEP"
  | "TOO_MANY_ELEMENTS"
  | "TOO_MANY_ATTRIBUTES"
  | "UNDECLARED_PREFIX";

export type Parsed =
  | { ok: true; root: XmlElement }
  | { ok: false; refusal: Refusal; detail: string; line: number; column: number };

/** Bounds against hostile documents; an invoice of 100,000 lines stays far inside. */
const limits = { depth: 64, elements: 5_000_000, attributes: 64 };

/** The prefixes that the standards themselves use. */
const usualPrefixes = new Map([
  ["urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "cbc:"],
  ["urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2", "cac:"],
  ["urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2", "ext:"],
  ["urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "ubl:"],
  ["urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "cn:"],
  ["urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "rsm:"],
  ["urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100", "cdar:"],
  ["urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100", "ram:"],
  ["urn:un:unece:uncefact:data:standard:QualifiedDataType:100", "qdt:"],
  ["urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100", "udt:"],
]);

const predeclared: ReadonlyMap<string, string> = new Map([["xml", ""]]);

const none: Readonly<Record<string, string>> = Object.freeze({});

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

/**
 * Parses an XML 1.0 document into a tree. Never throws: a document that is not well-formed, declares a DOCTYPE
 * (so no entity is ever expanded) or passes the bounds is refused with its place.
 */
export function parseXml(text: string): Parsed {
  const parser = new SaxesParser();
  const builder = new TreeBuilder(parser);
  try {
    parser.write(text).close();
    if (!builder.root) throw new Refused("NOT_XML", "no element");
    return { ok: true, root: builder.root };
  } catch (error) {
    const [refusal, detail]: [Refusal, string] =
      error instanceof Refused ? [error.refusal, error.message] : ["NOT_XML", String(error)];
    return { ok: false, refusal, detail, line: parser.line, column: parser.columnIndex + 1 };
  }
}

/** An element while its document is parsed. */
interface OpenElement extends XmlElement {
  children: OpenElement[];
  text: string;
}

/** Shared by all elements without children, most of a document: it saves a third of the memory. */
const childless: OpenElement[] = [];
Object.freeze(childless);

/**
 * The attributes of elements that bear one only, by name and value: an invoice says the same currency and unit on
 * thousands of elements.
 */
const singles = new Map<string, Map<string, Readonly<Record<string, string>>>>();

/** How many values of one attribute are kept, and how many attributes: a hostile document shall not fill the memory. */
const mostSingles = 64;

/** The longest value and name that are kept; a longer value may be a slice, which keeps its whole document alive. */
const longestSingle = { value: 12, name: 30 };

function single(name: string, attributes: Record<string, string>): Readonly<Record<string, string>> {
  const value = attributes[name] ?? "";
  if (value.length > longestSingle.value || name.length > longestSingle.name) return attributes;
  let known = singles.get(name);
  if (!known) {
    known = new Map();
    if (singles.size < mostSingles) singles.set(name, known);
  }
  let shared = known.get(value);
  if (!shared) {
    shared = Object.freeze({ [name]: value });
    if (known.size < mostSingles) known.set(value, shared);
  }
  return shared;
}

/** Whether a text holds nothing but spaces, tabs and line ends. */
function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x20) return false;
  return true;
}

class TreeBuilder {
  root: XmlElement | undefined;
  private current: OpenElement | undefined;
  private count = 0;
  /** The prefixes in force in each open element, from the root. */
  private readonly prefixes: ReadonlyMap<string, string>[] = [];
  /** The children met so far of each open element, one after the other: an array of the right size is cut at its end. */
  private readonly pending: OpenElement[] = [];
  private pendingCount = 0;
  /** Where the children of each open element begin among them. */
  private readonly starts: number[] = [];
  private line = 1;
  private column = 1;

  constructor(parser: SaxesParser) {
    parser.on("error", (error) => {
      throw new Refused("NOT_XML", error.message.replace(/^\d+:\d+: /, ""));
    });
    parser.on("doctype", () => {
      throw new Refused("DOCTYPE", "DOCTYPE");
    });
    parser.on("opentagstart", (tag) => {
      this.line = parser.line;
      this.column = parser.columnIndex - tag.name.length - 1;
    });
    parser.on("opentag", (tag) => this.open(tag.name, tag.attributes));
    parser.on("closetag", () => this.close());
    const append = (text: string) => {
      const { current } = this;
      if (!current || (this.hasChildren() && isBlank(text))) return;
      current.text = current.text === "" ? text : current.text + text;
    };
    parser.on("text", append);
    parser.on("cdata", append);
  }

  private open(tagName: string, attributes: Record<string, string>): void {
    this.count += 1;
    if (this.prefixes.length >= limits.depth) throw new Refused("TOO_DEEP", tagName);
    if (this.count > limits.elements) throw new Refused("TOO_MANY_ELEMENTS", tagName);
    const [own, prefixes] = this.readAttributes(attributes);
    this.prefixes.push(prefixes);
    const element: OpenElement = {
      name: this.nameOf(tagName, prefixes),
      attributes: own,
      children: childless,
      parent: this.current,
      text: "",
      line: this.line,
      column: this.column,
    };
    const { current } = this;
    if (!current) this.root = element;
    else {
      if (current.text !== "" && !this.hasChildren() && isBlank(current.text)) current.text = "";
      this.pending[this.pendingCount++] = element;
    }
    this.starts.push(this.pendingCount);
    this.current = element;
  }

  private close(): void {
    const start = this.starts.pop() ?? 0;
    if (this.current && this.pendingCount > start)
      this.current.children = this.pending.slice(start, this.pendingCount);
    this.pendingCount = start;
    this.current = this.current?.parent as OpenElement | undefined;
    this.prefixes.pop();
  }

  /** Whether a child of the current element has been met. */
  private hasChildren(): boolean {
    return this.pendingCount > (this.starts.at(-1) ?? 0);
  }

  /** The element's own attributes, apart from the namespaces that it declares. */
  private readAttributes(
    attributes: Record<string, string>,
  ): [Readonly<Record<string, string>>, ReadonlyMap<string, string>] {
    const inherited = this.prefixes.at(-1) ?? predeclared;
    const names = Object.keys(attributes);
    const [first] = names;
    if (first === undefined) return [none, inherited];
    if (names.length > limits.attributes) throw new Refused("TOO_MANY_ATTRIBUTES", String(names.length));
    const declarations = names.filter((name) => name === "xmlns" || name.startsWith("xmlns:"));
    if (declarations.length === 0)
      return [names.length === 1 ? single(first, attributes) : attributes, inherited];
    const prefixes = new Map(inherited);
    for (const name of declarations) {
      prefixes.set(name.slice(6), attributes[name] ?? "");
      delete attributes[name];
    }
    return [attributes, interned(prefixes)];
  }

  private nameOf(tagName: string, prefixes: ReadonlyMap<string, string>): string {
    let known = namesIn.get(prefixes);
    if (!known) {
      known = new Map();
      namesIn.set(prefixes, known);
    }
    let name = known.get(tagName);
    if (name === undefined) {
      const own = apart(tagName);
      name = qualified(own, prefixes);
      if (known.size < most.names && own.length <= most.nameLength) known.set(own, name);
    }
    return name;
  }
}

/** What is remembered from one document to the next, so that documents of invented names do not fill the memory. */
const most = { declarations: 200, declarationLength: 2000, names: 5000, nameLength: 100 };

/** The same text in memory of its own: a piece cut from a document keeps all of it alive for as long as it is kept. */
const apart = (text: string): string => JSON.parse(JSON.stringify(text));

/** The prefixes in force, one object for all documents that declare the same ones. */
const declarationsSeen = new Map<string, ReadonlyMap<string, string>>();

function interned(prefixes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const key = JSON.stringify([...prefixes]);
  const seen = declarationsSeen.get(key);
  if (seen) return seen;
  const own = new Map([...prefixes].map(([prefix, uri]) => [apart(prefix), apart(uri)]));
  if (declarationsSeen.size < most.declarations && key.length <= most.declarationLength)
    declarationsSeen.set(key, own);
  return own;
}

/** The names already qualified, by the prefixes in force. */
const namesIn = new WeakMap<ReadonlyMap<string, string>, Map<string, string>>();

function qualified(tagName: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = tagName.indexOf(":");
  const prefix = colon < 0 ? "" : tagName.slice(0, colon);
  const uri = prefixes.get(prefix);
  if (uri === undefined && prefix !== "") throw new Refused("UNDECLARED_PREFIX", prefix);
  const local = tagName.slice(colon + 1);
  return uri ? (usualPrefixes.get(uri) ?? `{${uri}}`) + local : local;
}

/** First child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

/** Every child of that name, in order. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (element) for (const each of element.children) if (each.name === name) found.push(each);
  return found;
}

/** Every element that the path leads to, through every branch. */
export function at(element: XmlElement | undefined, ...path: string[]): XmlElement[] {
  const found: XmlElement[] = [];
  if (element) follow(element, path, 0, found);
  return found;
}

/** How many elements the path leads to. */
export function countAt(element: XmlElement, path: readonly string[], step = 0): number {
  if (step === path.length) return 1;
  let count = 0;
  for (const each of element.children) if (each.name === path[step]) count += countAt(each, path, step + 1);
  return count;
}

function follow(element: XmlElement, path: readonly string[], step: number, found: XmlElement[]): void {
  if (step === path.length) found.push(element);
  else for (const each of element.children) if (each.name === path[step]) follow(each, path, step + 1, found);
}

/** Every element of that name below another, in document order, at any depth but inside elements of those names. */
export function everyNamed(
  element: XmlElement,
  name: string,
  outside: readonly string[],
  found: XmlElement[] = [],
): XmlElement[] {
  for (const each of element.children) {
    if (each.name === name) found.push(each);
    if (!outside.includes(each.name)) everyNamed(each, name, outside, found);
  }
  return found;
}

/** The element if it bears that name, and every one of that name below it, in document order. */
export function selfOrUnder(element: XmlElement, name: string): XmlElement[] {
  const under = everyNamed(element, name, []);
  return element.name === name ? [element, ...under] : under;
}

/** The path of an element from the root, with the position among its namesakes where there are several. */
export function xpath(element: XmlElement): string {
  const steps: string[] = [];
  for (let each: XmlElement | undefined = element; each; each = each.parent) steps.unshift(step(each));
  return `/${steps.join("/")}`;
}

function step(element: XmlElement): string {
  const namesakes = childrenOf(element.parent, element.name);
  return namesakes.length > 1 ? `${element.name}[${namesakes.indexOf(element) + 1}]` : element.name;
}

/** The text with its outer space cut and its inner space made single, as XPath's `normalize-space`. */
export function normalized(text: string): string {
  return text.trim().replace(/[\t\n\r ]+/g, " ");
}
