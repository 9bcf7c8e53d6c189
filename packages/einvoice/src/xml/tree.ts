import { SaxesParser } from "saxes";

/** One element of an XML document, with its own place in the source. */
export interface XmlElement {
  /** Local name under the usual prefix of its namespace (`cbc:ID`, `ram:Name`), or `{uri}local` for an unknown one. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly parent: XmlElement | undefined;
  /** The characters directly inside, as written, without those of its children. */
  text: string;
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

interface OpenElement extends XmlElement {
  readonly prefixes: ReadonlyMap<string, string>;
}

class TreeBuilder {
  root: XmlElement | undefined;
  private current: OpenElement | undefined;
  private depth = 0;
  private count = 0;
  private line = 1;
  private column = 1;
  private readonly names = new Map<ReadonlyMap<string, string>, Map<string, string>>();

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
    parser.on("closetag", () => {
      this.current = this.current?.parent as OpenElement | undefined;
      this.depth -= 1;
    });
    const append = (text: string) => {
      if (this.current) this.current.text += text;
    };
    parser.on("text", append);
    parser.on("cdata", append);
  }

  private open(tagName: string, attributes: Record<string, string>): void {
    this.depth += 1;
    this.count += 1;
    if (this.depth > limits.depth) throw new Refused("TOO_DEEP", tagName);
    if (this.count > limits.elements) throw new Refused("TOO_MANY_ELEMENTS", tagName);
    const [own, prefixes] = this.readAttributes(attributes);
    const element: OpenElement = {
      name: this.nameOf(tagName, prefixes),
      attributes: own,
      children: [],
      parent: this.current,
      text: "",
      line: this.line,
      column: this.column,
      prefixes,
    };
    if (this.current) this.current.children.push(element);
    else this.root = element;
    this.current = element;
  }

  /** The element's own attributes, apart from the namespaces that it declares. */
  private readAttributes(
    attributes: Record<string, string>,
  ): [Readonly<Record<string, string>>, ReadonlyMap<string, string>] {
    const inherited = this.current?.prefixes ?? new Map([["xml", ""]]);
    const names = Object.keys(attributes);
    if (names.length === 0) return [none, inherited];
    if (names.length > limits.attributes) throw new Refused("TOO_MANY_ATTRIBUTES", String(names.length));
    let prefixes = inherited;
    const own: Record<string, string> = Object.create(null);
    for (const name of names) {
      const value = attributes[name] ?? "";
      if (name !== "xmlns" && !name.startsWith("xmlns:")) own[name] = value;
      else if (prefixes === inherited) prefixes = new Map(inherited).set(name.slice(6), value);
      else (prefixes as Map<string, string>).set(name.slice(6), value);
    }
    return [own, prefixes];
  }

  private nameOf(tagName: string, prefixes: ReadonlyMap<string, string>): string {
    let known = this.names.get(prefixes);
    if (!known) {
      known = new Map();
      this.names.set(prefixes, known);
    }
    let name = known.get(tagName);
    if (name === undefined) {
      name = qualified(tagName, prefixes);
      known.set(tagName, name);
    }
    return name;
  }
}

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
  return element?.children.filter((each) => each.name === name) ?? [];
}

/** Every element that the path leads to, through every branch. */
export function at(element: XmlElement | undefined, ...path: string[]): XmlElement[] {
  let found = element ? [element] : [];
  for (const name of path) found = found.flatMap((each) => childrenOf(each, name));
  return found;
}

/** The element and all below it, in document order. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const each of element.children) yield* descendants(each);
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
