import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { checkReading, readXml } from "../src/index.ts";

/*
 * Reading and checking against saxes alone on the same bytes, against its own time on fewer lines, what that adds to the
 * memory, and the command's cold start. Each round measures both sides of a ratio, one after the other, so that a busy
 * machine slows both; a figure is the median of the rounds, beside the span of their middle half. Run by
 * `npm run bench -w packages/einvoice`; ends with 1 when a limit is missed.
 */

const lineNames = { ubl: "cac:InvoiceLine", cii: "ram:IncludedSupplyChainTradeLineItem" };

type Syntax = keyof typeof lineNames;

const limits = { ratio: 3, linearity: 110, megabytes: 60, coldStartMs: 150 };

/** What one round does for each number of lines, and the official rules under SaxonJS 2.7, measured apart (UBL only). */
const sizes = [
  { lines: 2, repeats: 100, warmUps: 20, saxonMs: 55.8 },
  { lines: 50, repeats: 20, warmUps: 20, saxonMs: 206 },
  { lines: 5000, repeats: 1, warmUps: 5, saxonMs: 27_500 },
];

const rounds = 15;

/** The reference invoice, its second line written again up to so many; the totals are then wrong, which is found. */
function invoiceOf(syntax: Syntax, lines: number): string {
  const text = readFileSync(join(import.meta.dirname, `../test/fixtures/facture.${syntax}.xml`), "utf8");
  const start = text.lastIndexOf(`<${lineNames[syntax]}>`);
  const end = text.lastIndexOf(`</${lineNames[syntax]}>`) + `</${lineNames[syntax]}>`.length;
  const long = text.slice(0, start) + text.slice(start, end).repeat(lines - 1) + text.slice(end);
  return Buffer.from(long).toString("utf8");
}

/** Milliseconds of one call, on average. */
function averageMs(work: () => void, repeats: number): number {
  const start = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++) work();
  return (performance.now() - start) / repeats;
}

/** The value below which that share of the figures stands. */
function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

const median = (figures: readonly number[]): number => quantile(figures, 0.5);

/** The median, and the span of the middle half. */
function spread(figures: readonly number[], digits: number): string {
  const [middle, low, high] = [0.5, 0.25, 0.75].map((share) => quantile(figures, share).toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** Strict, with namespaces and positions, as the peer was measured when it was chosen. */
function parseAlone(xml: string): void {
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.write(xml).close();
}

function readAndCheck(xml: string): void {
  const outcome = readXml(xml);
  if (!outcome.ok) throw new Error("the reference invoice shall be readable");
  checkReading(outcome.reading, ["en16931"]);
}

/** How many MB reading and checking that text add to the memory, rubbish not yet collected included. */
function growthInMegabytes(xml: string): number {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const outcome = readXml(xml);
  const findings = outcome.ok ? checkReading(outcome.reading, ["en16931"]) : [];
  const after = process.memoryUsage();
  if (findings.length === 0) throw new Error("the totals of the long invoice shall be found wrong");
  return (after.heapUsed - before.heapUsed + (after.external - before.external)) / 2 ** 20;
}

/** Milliseconds from the start of the command to its end, on a small invoice. */
function coldStartMs(): number {
  const command = join(import.meta.dirname, "../bin/einvoice.mjs");
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [
    command,
    "check",
    join(import.meta.dirname, "../test/fixtures/facture.ubl.xml"),
  ]);
  if (status !== 0) throw new Error("the reference invoice shall conform");
  return performance.now() - start;
}

let isHeld = true;

/** A figure with its limit, and whether it is held. */
function judged(figure: number, limit: number, unit: string): string {
  if (figure <= limit) return `limit ${limit}${unit}, held`;
  isHeld = false;
  return `limit ${limit}${unit}, MISSED`;
}

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds: median (middle half)`,
);
for (const syntax of ["ubl", "cii"] as const) {
  const cases = sizes.map((size) => ({
    ...size,
    xml: invoiceOf(syntax, size.lines),
    alone: [] as number[],
    own: [] as number[],
  }));
  for (const each of cases)
    for (let round = -each.warmUps; round < rounds; round++) {
      const alone = averageMs(() => parseAlone(each.xml), each.repeats);
      const own = averageMs(() => readAndCheck(each.xml), each.repeats);
      if (round < 0) continue;
      each.alone.push(alone);
      each.own.push(own);
    }
  for (const { lines, xml, alone, own, saxonMs } of cases) {
    const ratios = own.map((ms, round) => ms / (alone[round] ?? Number.NaN));
    console.log(
      `${syntax}, ${lines} lines, ${Math.round(xml.length / 1024)} KB: saxes alone ${spread(alone, 2)} ms, read + check ` +
        `${spread(own, 2)} ms, ratio ${spread(ratios, 2)} — ${judged(median(ratios), limits.ratio, " ×")}` +
        (syntax === "ubl"
          ? `; official rules under SaxonJS ${saxonMs} ms, ${Math.round(saxonMs / median(own))} × as long`
          : ""),
    );
  }
  const [fifty, many] = [invoiceOf(syntax, 50), invoiceOf(syntax, 5000)];
  const linearities = Array.from({ length: rounds }, () => {
    const fiftyMs = averageMs(() => readAndCheck(fifty), 40);
    return averageMs(() => readAndCheck(many), 1) / fiftyMs;
  });
  console.log(
    `${syntax}, 5,000 lines over 50: ${spread(linearities, 0)} × — ${judged(median(linearities), limits.linearity, " ×")}`,
  );
  const growths = Array.from({ length: 5 }, () => growthInMegabytes(many));
  console.log(
    `${syntax}, 5,000 lines in memory: ${spread(growths, 0)} MB — ${judged(median(growths), limits.megabytes, " MB")}`,
  );
}
execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/build.mjs")]);
coldStartMs();
const starts = Array.from({ length: rounds }, coldStartMs);
console.log(
  `cold start of the command: ${spread(starts, 0)} ms — ${judged(median(starts), limits.coldStartMs, " ms")}`,
);
process.exitCode = isHeld ? 0 : 1;
