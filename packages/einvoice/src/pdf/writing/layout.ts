import type { Block, Fact, FactsBlock, Outline, PartiesBlock, TableBlock } from "../../rendering/outline.ts";
import { body, label, type Pages, strong, type TextStyle } from "./pages.ts";

const lineHeight = 12.2;
const gap = 12;

/** Lays an invoice out, from its title to its annexes. */
export function layOut({ title, blocks }: Outline, pages: Pages): void {
  const large: TextStyle = { size: 17, weight: 600, grey: 0 };
  for (const line of pages.broken(title, pages.width, large)) {
    pages.text(line, { x: pages.left, style: large });
    pages.down(23);
  }
  for (const block of blocks) layBlock(block, pages);
}

function layBlock(block: Block, pages: Pages): void {
  const first =
    block.kind === "table" ? tableCells({ ...block, rows: block.rows.slice(0, 1) }, pages).rows[0] : [];
  pages.need(70 + keptHeight(first ?? []));
  pages.down(gap);
  pages.text(block.title, { x: pages.left, style: { ...strong, size: 11 } });
  pages.down(16);
  pages.rule(0.4);
  pages.down(4);
  if (block.kind === "parties") layParties(block, pages);
  else if (block.kind === "table") layTable(block, pages);
  else if (block.areAmounts) layAmounts(block.facts, pages);
  else layFacts(block, pages);
}

/** One line of a column: a label or a value. */
interface Written {
  readonly text: string;
  readonly style: TextStyle;
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
      for (const [index, { text, style }] of lines.slice(first, first + fitting).entries())
        if (text !== "")
          pages.text(text, { x, below: index * lineHeight, style, ...(isNumber ? { width } : {}) });
    pages.down(fitting * lineHeight);
    first += fitting;
  }
}

function written(pages: Pages, text: string, width: number, style: TextStyle): Written[] {
  return pages.broken(text, width, style).map((line) => ({ text: line, style }));
}

/** Labels beside values; in two columns where every value is short. */
function layFacts({ facts }: Pick<FactsBlock, "facts">, pages: Pages): void {
  const half = (pages.width - 20) / 2;
  const areShort = facts.every(
    ({ value }) => !value.includes("\n") && pages.measure(value, body) < half - 125,
  );
  const columns = areShort && facts.length > 3 ? 2 : 1;
  const width = columns === 2 ? half : pages.width;
  const labelWidth = columns === 2 ? 120 : 170;
  const rows = Math.ceil(facts.length / columns);
  for (let row = 0; row < rows; row += 1) {
    const cells = [facts[row], columns === 2 ? facts[row + rows] : undefined].flatMap((fact, column) =>
      fact ? factCells(fact, pages, pages.left + column * (half + 20), labelWidth, width) : [],
    );
    layRow(cells, pages);
  }
}

function factCells(fact: Fact, pages: Pages, x: number, labelWidth: number, width: number): Cell[] {
  const rest = width - labelWidth;
  return [
    { x, width: labelWidth, lines: written(pages, fact.label, labelWidth - 8, label) },
    { x: x + labelWidth, width: rest, lines: written(pages, fact.value, rest, body) },
  ];
}

/** Amounts at the right, the main one under a line. */
function layAmounts(facts: readonly Fact[], pages: Pages): void {
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
    layRow(
      [
        { x, width, lines: [{ text: fact.label, style: fact.isMain ? amount : label }] },
        { x, width, lines: [{ text: fact.value, style: amount }], isNumber: true },
      ],
      pages,
    );
  }
  pages.down(2);
}

/** Two parties side by side. */
function layParties({ parties }: PartiesBlock, pages: Pages): void {
  const width = (pages.width - 24) / 2;
  for (let index = 0; index < parties.length; index += 2) {
    if (index > 0) pages.down(6);
    const cells = parties.slice(index, index + 2).map(({ role, name, facts }, column): Cell => {
      const lines = [
        ...written(pages, role, width, label),
        ...(name === "" ? [] : written(pages, name, width, strong)),
        ...facts.flatMap((fact) => written(pages, factLine(fact), width, body)),
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

/** Rows under a heading that comes again on each page. */
function layTable(block: TableBlock, pages: Pages): void {
  const { head, rows } = tableCells(block, pages);
  const layHead = () => {
    pages.ground(lineHeight + 5);
    pages.down(3);
    layRow(head, pages);
    pages.down(4);
  };
  layHead();
  for (const cells of rows) {
    const needsPage = pages.room < keptHeight(cells);
    pages.need(keptHeight(cells));
    if (needsPage) layHead();
    layRow(cells, pages);
    pages.down(2);
    pages.rule(0.8);
    pages.down(3);
  }
}

/** The cells of a table, broken to the widths of its columns. */
function tableCells({ columns, rows }: TableBlock, pages: Pages): { head: Cell[]; rows: Cell[][] } {
  const inner = 5;
  const parts = columns.reduce((sum, column) => sum + column.share, 0);
  let x = pages.left;
  const places = columns.map(({ share, isNumber }) => {
    const width = (pages.width * share) / parts;
    const place = { x: x + inner, width: width - 2 * inner, isNumber: isNumber === true };
    x += width;
    return place;
  });
  const cellsOf = (texts: readonly string[], style: TextStyle): Cell[] =>
    places.map((place, index) => ({
      ...place,
      lines: written(pages, texts[index] ?? "", place.width, style),
    }));
  return {
    head: cellsOf(
      columns.map((column) => column.label),
      strong,
    ),
    rows: rows.map((row) => cellsOf(row, body)),
  };
}
