import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { checkReading, readXml } from "../src/index.ts";

/*
 * Reading and checking against saxes alone on the same bytes, and against its own time on fewer lines. Each figure is
 * the median of several runs, after a warm-up. Run by `npm run bench -w packages/einvoice`.
 */

const lineNames = { ubl: "cac:InvoiceLine", cii: "ram:IncludedSupplyChainTradeLineItem" };

type Syntax = keyof typeof lineNames;

/** The reference invoice, its second line written again up to so many; the totals are then wrong, which is found. */
function invoiceOf(syntax: Syntax, lines: number): string {
  const text = readFileSync(join(import.meta.dirname, `../test/fixtures/facture.${syntax}.xml`), "utf8");
  const start = text.lastIndexOf(`<${lineNames[syntax]}>`);
  const end = text.lastIndexOf(`</${lineNames[syntax]}>`) + `</${lineNames[syntax]}>`.length;
  const long = text.slice(0, start) + text.slice(start, end).repeat(lines - 1) + text.slice(end);
  return Buffer.from(long).toString("utf8");
}

function medianMs(work: () => void, runs: number): number {
  for (let warmUp = 0; warmUp < runs; warmUp++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[Math.floor(runs / 2)] ?? Number.NaN;
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

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
console.log("syntax  lines      size  saxes alone  read + check  ratio (limit 3)");
for (const syntax of ["ubl", "cii"] as const) {
  const times = new Map<number, number>();
  for (const [lines, runs] of [
    [2, 1000],
    [50, 200],
    [5000, 7],
  ] as const) {
    const xml = invoiceOf(syntax, lines);
    const alone = medianMs(() => parseAlone(xml), runs);
    const own = medianMs(() => readAndCheck(xml), runs);
    times.set(lines, own);
    const columns = [
      syntax.padEnd(6),
      String(lines).padStart(6),
      `${Math.round(xml.length / 1024)} KB`.padStart(9),
      `${alone.toFixed(2)} ms`.padStart(12),
      `${own.toFixed(2)} ms`.padStart(13),
      (own / alone).toFixed(2).padStart(16),
    ];
    console.log(columns.join(" "));
  }
  const linearity = (times.get(5000) ?? Number.NaN) / (times.get(50) ?? Number.NaN);
  console.log(`${syntax}: 5,000 lines take ${linearity.toFixed(0)} × the time of 50 (limit 110)`);
  const growth = growthInMegabytes(invoiceOf(syntax, 5000));
  console.log(`${syntax}: 5,000 lines take ${growth.toFixed(0)} MB above the start (limit 60)`);
}
