import type { Invoice } from "../model/invoice.ts";
import {
  type Block,
  type Fact,
  type FactsBlock,
  type Outline,
  outlineOf,
  type PartiesBlock,
  type TableBlock,
} from "./outline.ts";

/**
 * An invoice as accessible HTML in French: a `<article>` to put in a page, with headings from `headingLevel` (2 unless
 * said otherwise), definition lists and captioned tables; no script, style or link. Everything that the invoice says
 * is escaped.
 */
export function invoiceFragment(invoice: Invoice, { headingLevel = 2 } = {}): string {
  return fragment(outlineOf(invoice), headingLevel);
}

/** The same as a whole page of its own, with a style that prints well. */
export function invoicePage(invoice: Invoice): string {
  const outline = outlineOf(invoice);
  return `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(outline.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${fragment(outline, 1)}
</main>
</body>
</html>
`;
}

function fragment({ title, blocks }: Outline, level: number): string {
  const inner = blocks.map((block) => section(block, level + 1)).join("\n");
  return `<article class="invoice">\n${heading(title, level)}\n${inner}\n</article>`;
}

function heading(text: string, level: number): string {
  const name = `h${Math.min(level, 6)}`;
  return `<${name}>${escapeHtml(text)}</${name}>`;
}

function section(block: Block, level: number): string {
  const inner =
    block.kind === "facts" ? factList(block) : block.kind === "table" ? table(block) : parties(block, level);
  return `<section>\n${heading(block.title, level)}\n${inner}\n</section>`;
}

function factList({ facts, areAmounts }: Pick<FactsBlock, "facts" | "areAmounts">): string {
  const items = facts.map(
    (fact) =>
      `<div${fact.isMain ? ' class="main"' : ""}><dt>${escapeHtml(fact.label)}</dt>${value(fact)}</div>`,
  );
  return `<dl${areAmounts ? ' class="amounts"' : ""}>\n${items.join("\n")}\n</dl>`;
}

const value = (fact: Fact) => `<dd>${lines(fact.value)}</dd>`;

function parties(block: PartiesBlock, level: number): string {
  const items = block.parties.map(({ role, name, facts }) => {
    const who = name === "" ? "" : `<p class="name">${escapeHtml(name)}</p>\n`;
    const known = facts.length === 0 ? "" : `${factList({ facts, areAmounts: false })}\n`;
    return `<div>\n${heading(role, level + 1)}\n${who}${known}</div>`;
  });
  return `<div class="parties">\n${items.join("\n")}\n</div>`;
}

function table({ title, columns, rows }: TableBlock): string {
  const kind = (column: TableBlock["columns"][number] | undefined) =>
    column?.isNumber ? ' class="number"' : "";
  const head = columns.map((column) => `<th scope="col"${kind(column)}>${escapeHtml(column.label)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? `<th scope="row">${lines(cell)}</th>` : `<td${kind(columns[index])}>${lines(cell)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table>
<caption>${escapeHtml(title)}</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>`;
}

function lines(text: string): string {
  return escapeHtml(text).replace(/\r?\n/g, "<br>");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe between tags and in attributes; characters that turn the reading direction around are dropped. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

const style = `
body{font:16px/1.45 system-ui,sans-serif;color:#1d1d1f;background:#fff;margin:2rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.7rem}h2{font-size:1.2rem;border-bottom:1px solid #767676;padding-bottom:.2rem;margin-top:2rem}
h3{font-size:1rem;margin:.5rem 0}.name{font-weight:600;margin:.2rem 0}
dl{margin:0}dl>div{display:grid;grid-template-columns:minmax(8rem,1fr) 2fr;gap:1rem;padding:.15rem 0}
dt{color:#4a4a4f}dd{margin:0;overflow-wrap:anywhere}
.parties{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1.5rem}
.amounts{max-width:28rem;margin-left:auto}.amounts>div{grid-template-columns:1fr auto}
.amounts dd,.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.main{font-weight:700;border-top:2px solid}.main dt{color:inherit}
table{width:100%;border-collapse:collapse}caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #c7c7cc;font-weight:400}
thead th{font-weight:600}th.number{text-align:right}
@media print{body{margin:0;font-size:10pt}section,tr{break-inside:avoid}}
`;
