import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { read } from "../src/deposit/read-deposit.ts";
import { check, type RuleSetName, readXml, ruleSets, write } from "../src/index.ts";
import { checkLifeCycle } from "../src/lifecycle/index.ts";
import { extractInvoice, writeFacturx } from "../src/pdf/index.ts";
import { invoicePage } from "../src/rendering/index.ts";
import { processorWatch } from "./costs.ts";

const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, "fixtures", name));
const rules = Object.keys(ruleSets) as RuleSetName[];

/** Longest that one input may keep the processor, in milliseconds. */
const longest = 2000;

/** The same numbers at every run (mulberry32), so that what fails once fails again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Bytes with a few of them changed, cut out, repeated, or cut off. */
function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let text = Buffer.from(bytes);
  for (let times = 1 + next(4); times > 0; times--) {
    const [from, length] = [next(text.length || 1), 1 + next(200)];
    const part = text.subarray(from, from + length);
    const kind = next(5);
    if (kind === 0) text[from] = next(256);
    else if (kind === 1) text = Buffer.concat([text.subarray(0, from), text.subarray(from + length)]);
    else if (kind === 2)
      text = Buffer.concat([text.subarray(0, from), part, part, text.subarray(from + length)]);
    else if (kind === 3) text = text.subarray(0, from);
    else text = Buffer.concat([text.subarray(next(text.length || 1)), part]);
  }
  return text;
}

/** What nobody writes in an invoice, well-formed all the same. */
const oddValues = [
  "",
  " ",
  "-0",
  "1e400",
  "NaN",
  "9".repeat(3000),
  "0.".padEnd(400, "1"),
  "20261399",
  "2026-02-30",
  "\u202e",
  "#".repeat(50),
  "<x/>",
  "<x>".repeat(20) + "</x>".repeat(20),
];

/** The same document with some values made odd, and some elements left out or said twice: still well-formed. */
function twisted(xml: string, next: (below: number) => number): string {
  let text = xml;
  for (let times = 1 + next(6); times > 0; times--) {
    const leaves = [...text.matchAll(/<([\w:]+)([^<>]*)>([^<>]*)<\/\1>/g)];
    const leaf = leaves[next(leaves.length)];
    if (!leaf) return text;
    const [whole, name = "", attributes = ""] = leaf;
    const odd = oddValues[next(oddValues.length)] ?? "";
    const by =
      [`<${name}${attributes}>${odd}</${name}>`, "", whole + whole, `<${name}>${odd}</${name}>`][next(4)] ??
      "";
    text = text.slice(0, leaf.index) + by + text.slice(leaf.index + whole.length);
  }
  return text;
}

const randomBytes = (next: (below: number) => number): Uint8Array =>
  Uint8Array.from({ length: next(4000) }, () => next(256));

/** Every way into the engine that takes bytes and answers at once. */
const entries: Record<string, (bytes: Uint8Array) => void> = {
  "check, toutes les règles": (bytes) => void check(bytes, { rules }),
  "write et invoicePage": (bytes) => {
    const outcome = readXml(bytes);
    if (!outcome.ok) return;
    const { invoice } = outcome.reading;
    for (const format of ["ubl", "cii"] as const) write(invoice, { format });
    write(invoice, { format: "cii", profile: "BASIC WL" });
    invoicePage(invoice);
  },
  checkLifeCycle: (bytes) => void checkLifeCycle(bytes),
  extractInvoice: (bytes) => void extractInvoice(bytes),
};

const facturx = writeFacturx(fixture("facture.cii.xml"), { createdAt: new Date(0) });
const sources: Record<string, Uint8Array> = {
  "une facture UBL": fixture("facture.ubl.xml"),
  "une facture CII": fixture("facture.cii.xml"),
  "un message de cycle de vie": fixture("litige.cdar.xml"),
  "un Factur-X": facturx.ok ? facturx.bytes : new Uint8Array(),
};

describe("Des octets abîmés : ni exception, ni attente", () => {
  test.each(Object.keys(sources))("%s, quatre cents fois abîmé, par chaque entrée", (name) => {
    const source = sources[name] ?? new Uint8Array();
    expect(source.length).toBeGreaterThan(1000);
    const next = numbersFrom(name.length);
    for (let run = 0; run < 400; run++) {
      const bytes = mutated(source, next);
      for (const [entry, enter] of Object.entries(entries)) {
        const milliseconds = processorWatch();
        expect(() => enter(bytes), `${entry}, essai ${run}`).not.toThrow();
        expect(milliseconds(), `${entry}, essai ${run}`).toBeLessThan(longest);
      }
    }
  });

  test.each(["une facture UBL", "une facture CII", "un message de cycle de vie"])(
    "%s, bien formée mais insensée, trois cents fois",
    (name) => {
      const source = Buffer.from(sources[name] ?? "").toString();
      const next = numbersFrom(name.length);
      for (let run = 0; run < 300; run++) {
        const bytes = new TextEncoder().encode(twisted(source, next));
        expect(name !== "une facture UBL" || readXml(bytes).ok).toBe(true);
        for (const [entry, enter] of Object.entries(entries)) {
          const milliseconds = processorWatch();
          expect(() => enter(bytes), `${entry}, essai ${run}`).not.toThrow();
          expect(milliseconds(), `${entry}, essai ${run}`).toBeLessThan(longest);
        }
      }
    },
  );

  test("des octets au hasard, par chaque entrée", () => {
    const next = numbersFrom(42);
    for (let run = 0; run < 500; run++) {
      const bytes = randomBytes(next);
      for (const [entry, enter] of Object.entries(entries))
        expect(() => enter(bytes), `${entry}, essai ${run}`).not.toThrow();
    }
  });

  test("un dépôt abîmé donne ses fichiers ou des constats", async () => {
    const next = numbersFrom(7);
    for (let run = 0; run < 60; run++) {
      const bytes =
        run % 2 === 0 ? randomBytes(next) : mutated(sources["une facture CII"] ?? randomBytes(next), next);
      const milliseconds = processorWatch();
      for await (const deposited of read(bytes))
        expect(["invoice", "annex", "unusable"]).toContain(deposited.kind);
      expect(milliseconds()).toBeLessThan(longest);
    }
  });
});
