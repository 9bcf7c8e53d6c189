import type { Block, Fact, FactsBlock, Outline, PartiesBlock, TableBlock } from "../../rendering/outline.ts";
import { body, label, type Pages, strong, type TextStyle } from "./pages.ts";
import type { StructureElement, StructureType } from "./structure.ts";

const lineHeight = 12.2;
const gap = 12;

/** Lays an invoice out, from its title to its annexes. */
export function layOut({ title, blocks }: Outline, pages: Pages): void {
  const large: TextStyle = { size: 17, weight: 600, grey: 0 };
  const element = pages.structure.add(pages.structure.root, "H1");
  for (const line of pages.broken(title, pages.width, large)) {
    pages.text(line, { x: pages.left, style: large, element });
    pages.down(23);
  }
  for (const block of blocks) layBlock(block, pages);
}

function layBlock(block: Block, pages: Pages): void {
  const first =
    block.kind === "table" ? cellsOf(placesOf(block, pages), block.rows[0] ?? [], body, pages) : [];
  pages.need(70 + keptHeight(first));
  pages.down(gap);
  const section = pages.structure.add(pages.structure.root, "Sect");
  pages.text(block.title, {
    x: pages.left,
    style: { ...strong, size: 11 },
    element: pages.structure.add(section, "H2"),
  });
  pages.down(16);
  pages.rule(0.4);
  pages.down(4);
  if (block.kind === "parties") layParties(block, section, pages);
  else if (block.kind === "table") layTable(block, pages.structure.add(section, "Table"), pages);
  else if (block.areAmounts) layAmounts(block.facts, pages.structure.add(section, "L"), pages);
  else layFacts(block, pages.structure.add(section, "L"), pages);
}

/** One line of a column: a label or a value. */
interface Written {
  readonly text: string;
  readonly style: TextStyle;
  readonly element?: StructureElement | undefined;
}

/** A cell: where it stands, and its lines. */
interface Cell {
  readonly x: number;
  readonly width: number;
  readonly lines: readonly Written[];
  readonly isNumber?: boolean;
}

/** Draws cells side by side, one after the other as they are read, over as many pages as they need. */
function layRow(cells: readonly Cell[], pages: Pages): void {
  const count = Math.round(heightOf(cells) / lineHeight);
  for (let first = 0; first < count; ) {
    pages.need(lineHeight);
    const fitting = Math.min(count - first, Math.floor(pages.room / lineHeight));
    for (const { x, width, lines, isNumber } of cells)
      for (const [index, { text, style, element }] of lines.slice(first, first + fitting).entries())
        if (text !== "")
          pages.text(text, { x, below: index * lineHeight, style, element, ...(isNumber ? { width } : {}) });
    pages.down(fitting * lineHeight);
    first += fitting;
  }
}

/** The lines of a text; they make an element of the given kind, unless none is given. */
function written(
  pages: Pages,
  text: string,
  width: number,
  style: TextStyle,
  within?: { readonly parent: StructureElement; readonly type: StructureType },
): Written[] {
  const element = within && pages.structure.add(within.parent, within.type);
  return pages.broken(text, width, style).map((line) => ({ text: line, style, element }));
}

/** Labels beside values; in two columns where every value is short. */
function layFacts({ facts }: Pick<FactsBlock, "facts">, list: StructureElement, pages: Pages): void {
  const half = (pages.width - 20) / 2;
  const areShort = facts.every(
    ({ value }) => !value.includes("\n") && pages.measure(value, body) < half - 125,
  );
  const columns = areShort && facts.length > 3 ? 2 : 1;
  const width = columns === 2 ? half : pages.width;
  const labelWidth = columns === 2 ? 120 : 170;
  const rows = Math.ceil(facts.length / columns);
  const items = facts.map(() => pages.structure.add(list, "LI"));
  for (let row = 0; row < rows; row += 1) {
    const cells = [row, ...(columns === 2 ? [row + rows] : [])].flatMap((index, column) => {
      const [fact, item] = [facts[index], items[index]];
      const x = pages.left + column * (half + 20);
      return fact && item ? factCells(fact, item, pages, { x, labelWidth, width }) : [];
    });
    layRow(cells, pages);
  }
}

function factCells(
  fact: Fact,
  item: StructureElement,
  pages: Pages,
  { x, labelWidth, width }: { readonly x: number; readonly labelWidth: number; readonly width: number },
): Cell[] {
  const rest = width - labelWidth;
  const name = written(pages, fact.label, labelWidth - 8, label, { parent: item, type: "Lbl" });
  const value = written(pages, fact.value, rest, body, { parent: item, type: "LBody" });
  return [
    { x, width: labelWidth, lines: name },
    { x: x + labelWidth, width: rest, lines: value },
  ];
}

/** Amounts at the right, the main one under a line. */
function layAmounts(facts: readonly Fact[], list: StructureElement, pages: Pages): void {
  const width = 250;
  const x = pages.left + pages.width - width;
  pages.need(facts.length * lineHeight);
  for (const fact of facts) {
    if (fact.isMain) {
      pages.down(2);
      pages.rule(0, x, width);
      pages.down(3);
    }
    const amount: TextStyle = fact.isMain ? { ...strong, size: 11 } : body;
    const item = pages.structure.add(list, "LI");
    const name = { text: fact.label, style: fact.isMain ? amount : label };
    const value = { text: fact.value, style: amount };
    layRow(
      [
        { x, width, lines: [{ ...name, element: pages.structure.add(item, "Lbl") }] },
        { x, width, lines: [{ ...value, element: pages.structure.add(item, "LBody") }], isNumber: true },
      ],
      pages,
    );
  }
  pages.down(2);
}

/** Two parties side by side. */
function layParties({ parties }: PartiesBlock, section: StructureElement, pages: Pages): void {
  const width = (pages.width - 24) / 2;
  for (let index = 0; index < parties.length; index += 2) {
    if (index > 0) pages.down(6);
    const cells = parties.slice(index, index + 2).map(({ role, name, facts }, column): Cell => {
      const paragraph = { parent: pages.structure.add(section, "Div"), type: "P" } as const;
      const lines = [
        ...written(pages, role, width, label, paragraph),
        ...(name === "" ? [] : written(pages, name, width, strong, paragraph)),
        ...facts.flatMap((fact) => written(pages, factLine(fact), width, body, paragraph)),
      ];
      return { x: pages.left + column * (width + 24), width, lines };
    });
    pages.need(keptHeight(cells));
    layRow(cells, pages);
  }
}

/** An address needs no label; a single value stands behind its own. */
function factLine(fact: Fact): string {
  return fact.label === "Adresse" ? fact.value : `${fact.label}\u00a0: ${fact.value.replaceAll("\n", ", ")}`;
}

/** Tallest row, in points, that stands on one page; a taller one goes on from one to the next. */
const tallestKept = 200;

const keptHeight = (cells: readonly Cell[]) => Math.min(heightOf(cells), tallestKept);

function heightOf(cells: readonly Cell[]): number {
  return Math.max(1, ...cells.map((cell) => cell.lines.length)) * lineHeight;
}

/** Rows under a heading that comes again on each page, where it is only a reminder to the eye. */
function layTable(block: TableBlock, table: StructureElement, pages: Pages): void {
  const places = placesOf(block, pages);
  const labels = block.columns.map((column) => column.label);
  const layHead = (row?: StructureElement) => {
    pages.ground(lineHeight + 5);
    pages.down(3);
    layRow(cellsOf(places, labels, strong, pages, row && { parent: row, type: "TH" }), pages);
    pages.down(4);
  };
  const { structure } = pages;
  layHead(structure.add(structure.add(table, "THead"), "TR"));
  const rows = structure.add(table, "TBody");
  for (const texts of block.rows) {
    const within = { parent: structure.add(rows, "TR"), type: "TD" } as const;
    const cells = cellsOf(places, texts, body, pages, within);
    const needsPage = pages.room < keptHeight(cells);
    pages.need(keptHeight(cells));
    if (needsPage) layHead();
    layRow(cells, pages);
    pages.down(2);
    pages.rule(0.8);
    pages.down(3);
  }
}

type Place = Omit<Cell, "lines">;

/** Where the columns of a table stand. */
function placesOf({ columns }: TableBlock, pages: Pages): Place[] {
  const inner = 5;
  const parts = columns.reduce((sum, column) => sum + column.share, 0);
  let x = pages.left;
  return columns.map(({ share, isNumber }) => {
    const width = (pages.width * share) / parts;
    const place = { x: x + inner, width: width - 2 * inner, isNumber: isNumber === true };
    x += width;
    return place;
  });
}

/** The cells of a row, broken to the widths of their columns. */
function cellsOf(
  places: readonly Place[],
  texts: readonly string[],
  style: TextStyle,
  pages: Pages,
  within?: { readonly parent: StructureElement; readonly type: "TH" | "TD" },
): Cell[] {
  return places.map((place, index) => ({
    ...place,
    lines: written(pages, texts[index] ?? "", place.width, style, within),
  }));
}
