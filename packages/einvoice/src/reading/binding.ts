import type { Identifier, Invoice } from "../model/invoice.ts";
import type { XmlElement } from "../xml/tree.ts";

/** A document read: the typed invoice, and where each of its terms stands. */
export interface Reading {
  readonly syntax: "ubl" | "cii";
  readonly invoice: Invoice;
  readonly root: XmlElement;
  readonly origins: Origins;
  /** What the core model has no term for, such as extensions: kept, not understood. */
  readonly unread: XmlElement[];
}

/** Where each group of terms, and each term in it, stands in the source. */
export class Origins {
  private readonly places = new Map<object, { group: XmlElement; terms: Record<string, XmlElement> }>();

  /** The terms of a group so far, to which a reader adds the element of each; the element is that of the group. */
  open(group: object, element: XmlElement): Record<string, XmlElement> {
    const known = this.places.get(group);
    if (known) return known.terms;
    const place = { group: element, terms: {} };
    this.places.set(group, place);
    return place.terms;
  }

  /** The element of that term; where it is absent, the element of its group. */
  of(group: object, term?: string): XmlElement | undefined {
    const place = this.places.get(group);
    return (term === undefined ? undefined : place?.terms[term]) ?? place?.group;
  }
}

/** What is being read, handed down to each group. */
export type Sources = Pick<Reading, "origins" | "unread">;

/** What an element becomes: the term of that name, or whatever the function makes of it. */
export type Take<Group> =
  | (keyof Group & string)
  | ((element: XmlElement, group: Group, sources: Sources) => void);

/** What each child of an element becomes. */
export type Binding<Group> = ReadonlyMap<string, Take<Group>>;

/** The binding of a group, by the names of its children. */
export function binding<Group>(children: Record<string, Take<Group>>): Binding<Group> {
  return new Map(Object.entries(children));
}

/** Reads the children of an element into a group; the first of several namesakes wins, the others stay unread. */
export function bind<Group extends object>(
  element: XmlElement,
  group: NoInfer<Group>,
  children: Binding<Group>,
  sources: Sources,
): Group {
  const terms = sources.origins.open(group, element);
  for (const each of element.children) {
    const take = children.get(each.name);
    if (take === undefined) sources.unread.push(each);
    else if (typeof take !== "string") take(each, group, sources);
    else if (group[take] !== undefined) sources.unread.push(each);
    else {
      group[take] = each.text as Group[typeof take];
      terms[take] = each;
    }
  }
  return group;
}

/** Reads a child as a part of the same group: its own element says nothing of its own. */
export function inside<Group extends object>(children: Binding<Group>): Take<Group> {
  return (element, group, sources) => void bind(element, group, children, sources);
}

/** Reads a child as a group of its own, under that term. */
export function groupAs<Group extends object, Part extends object>(
  term: keyof Group & string,
  empty: () => NoInfer<Part>,
  children: Binding<Part>,
): Take<Group> {
  return (element, group, sources) => {
    if (group[term] !== undefined) sources.unread.push(element);
    else group[term] = bind(element, empty(), children, sources) as Group[typeof term] & Part;
  };
}

/** Reads each child of that name as one more group of a list. */
export function listAs<Item extends object, Group>(
  list: (group: Group) => Item[],
  empty: () => NoInfer<Item>,
  children: Binding<Item>,
): Take<Group> {
  return (element, group, sources) => void list(group).push(bind(element, empty(), children, sources));
}

/** Reads an identifier with its scheme. */
export function identifierAs<Group, Term extends keyof Group & string>(
  term: Term,
  schemeAttribute = "schemeID",
): Take<Group> {
  return (element, group, sources) => {
    if (group[term] !== undefined) {
      sources.unread.push(element);
      return;
    }
    group[term] = identifier(element, schemeAttribute) as Group[Term];
    sources.origins.open(group as object, element)[term] = element;
  };
}

/** Adds an identifier with its scheme to a list. */
export function identifierIn<Group>(list: (group: Group) => Identifier[]): Take<Group> {
  return (element, group, sources) => {
    const read = identifier(element, "schemeID");
    list(group).push(read);
    sources.origins.open(read, element);
  };
}

function identifier(element: XmlElement, schemeAttribute: string): Identifier {
  const scheme = element.attributes[schemeAttribute];
  return scheme === undefined ? { value: element.text } : { value: element.text, scheme };
}

/** An invoice without any term yet. */
export function emptyInvoice(): Invoice {
  return {
    notes: [],
    precedingInvoices: [],
    payments: [],
    allowances: [],
    charges: [],
    vatTotals: [],
    attachments: [],
    lines: [],
  };
}
