import type { ObjectSink } from "./objects.ts";

/** The standard types used (ISO 32000-1, § 14.8.4). */
export type StructureType =
  | "Document"
  | "Sect"
  | "Div"
  | "H1"
  | "H2"
  | "P"
  | "L"
  | "LI"
  | "Lbl"
  | "LBody"
  | "Table"
  | "THead"
  | "TBody"
  | "TR"
  | "TH"
  | "TD";

/** What is drawn on a page for an element, under its number there (§ 14.7.4). */
interface Mark {
  readonly page: number;
  readonly number: number;
}

/** A part of the document as assistive technologies read it: its elements in reading order, whatever their place. */
export interface StructureElement {
  readonly type: StructureType;
  readonly children: (StructureElement | Mark)[];
}

/** The tree of elements of a document, and which of them each mark of each page belongs to. */
export class Structure {
  readonly root: StructureElement = { type: "Document", children: [] };
  private readonly owners: StructureElement[][] = [];

  /** A new element, the last of its parent. */
  add(parent: StructureElement, type: StructureType): StructureElement {
    const element: StructureElement = { type, children: [] };
    parent.children.push(element);
    return element;
  }

  /** The number under which something is drawn on a page for an element. */
  mark(element: StructureElement, page: number): number {
    this.owners[page] ??= [];
    const marks = this.owners[page];
    element.children.push({ page, number: marks.length });
    marks.push(element);
    return marks.length - 1;
  }

  /** Writes the tree; answers the number of its root. Pages bear their index as `StructParents`. */
  write(sink: ObjectSink, pages: readonly number[]): number {
    const root = sink.reserve();
    const numbers = new Map<StructureElement, number>();
    const write = (element: StructureElement, parent: number): number => {
      const number = sink.reserve();
      numbers.set(element, number);
      const kids = element.children.map((child) =>
        "type" in child
          ? `${write(child, number)} 0 R`
          : `<< /Type /MCR /Pg ${pages[child.page]} 0 R /MCID ${child.number} >>`,
      );
      const scope = element.type === "TH" ? " /A << /O /Table /Scope /Column >>" : "";
      sink.set(
        number,
        `<< /Type /StructElem /S /${element.type} /P ${parent} 0 R${scope} /K [${kids.join(" ")}] >>`,
      );
      return number;
    };
    const document = write(this.root, root);
    const parents = this.owners.map((marks, page) => {
      const owners = sink.add(`[${marks.map((owner) => `${numbers.get(owner)} 0 R`).join(" ")}]`);
      return `${page} ${owners} 0 R`;
    });
    sink.set(
      root,
      `<< /Type /StructTreeRoot /K [${document} 0 R] /ParentTree << /Nums [${parents.join(" ")}] >> /ParentTreeNextKey ${pages.length} >>`,
    );
    return root;
  }
}
