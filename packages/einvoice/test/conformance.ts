import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { en16931Rules } from "../src/checking/check.ts";
import { checkReading, readXml } from "../src/index.ts";
import { readDocument } from "../src/read.ts";
import { parseXml, type XmlElement } from "../src/xml/tree.ts";

/** The folder of the official samples, which are never part of the repository; undefined where it is absent. */
export function samplesFolder(): string | undefined {
  const folder =
    process.env["EINVOICE_SAMPLES"] ?? join(import.meta.dirname, "../../../../shared/data/einvoice");
  return existsSync(join(folder, "instances.ndjson")) ? folder : undefined;
}

/** One sample with the verdict of the official artefacts. */
export interface Sample {
  id: string;
  source: string;
  change: string[];
  syntax: "ubl" | "cii";
  xml: string;
  expected: Record<"en16931" | "fr", { fatal: string[]; warning: string[] }>;
}

export function readSamples(folder: string): Sample[] {
  const lines = readFileSync(join(folder, "instances.ndjson"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Sample);
}

/** What one sample's verdict lacks and has too much, against the official one. */
export interface Difference {
  id: string;
  missing: string[];
  extra: string[];
}

/** How well a rule set agrees with the official verdicts. */
export interface Agreement {
  samples: number;
  equal: number;
  differences: Difference[];
  /** By family of rules, such as `BR-CO`: how many findings are expected, found, and both. */
  families: Map<string, { expected: number; found: number; both: number }>;
}

const familyOf = (rule: string): string => rule.replace(/-?[\d_].*$/, "").replace(/^(BR-FR-[A-Z]+).*$/, "$1");

/** Compares the fatal findings, and the warnings of the rules that are ours too, with those expected of each sample. */
export function agreementOnEn16931(samples: readonly Sample[]): Agreement {
  const known = new Set(en16931Rules.map((rule) => rule.id));
  return agreementOf(samples, (sample) => {
    const outcome = readXml(sample.xml);
    const found = outcome.ok ? checkReading(outcome.reading, ["en16931"]) : outcome.findings;
    const { fatal, warning } = sample.expected.en16931;
    return {
      expected: [...fatal, ...warning.filter((rule) => known.has(rule))],
      found: found.map((each) => each.rule),
    };
  });
}

/** Compares the fatal findings of the French rules with those expected of each sample. */
export function agreementOnFrCtc(samples: readonly Sample[]): Agreement {
  return agreementOf(samples, (sample) => {
    const outcome = readXml(sample.xml);
    const found = outcome.ok ? checkReading(outcome.reading, ["fr-ctc"]) : outcome.findings;
    return {
      expected: sample.expected.fr.fatal,
      found: found.filter((each) => each.severity === "fatal").map((each) => each.rule),
    };
  });
}

function agreementOf(
  samples: readonly Sample[],
  verdicts: (sample: Sample) => { expected: string[]; found: string[] },
): Agreement {
  const agreement: Agreement = { samples: samples.length, equal: 0, differences: [], families: new Map() };
  for (const sample of samples) {
    const { expected, found } = verdicts(sample);
    const wanted = new Set(expected);
    const had = new Set(found);
    for (const rule of new Set([...wanted, ...had])) {
      const family = agreement.families.get(familyOf(rule)) ?? { expected: 0, found: 0, both: 0 };
      if (wanted.has(rule)) family.expected += 1;
      if (had.has(rule)) family.found += 1;
      if (wanted.has(rule) && had.has(rule)) family.both += 1;
      agreement.families.set(familyOf(rule), family);
    }
    const missing = [...wanted].filter((rule) => !had.has(rule));
    const extra = [...had].filter((rule) => !wanted.has(rule));
    if (missing.length + extra.length === 0) agreement.equal += 1;
    else agreement.differences.push({ id: sample.id, missing, extra });
  }
  return agreement;
}

/** The official tests of one rule each that come out otherwise than they say. */
export function failuresOfUnitTests(folder: string): { tests: number; failures: string[] } {
  const failures: string[] = [];
  let tests = 0;
  for (const set of ["Invoice-unit-UBL", "CreditNote-unit-UBL"])
    for (const file of readdirSync(join(folder, "unit-ubl", set)).filter((name) => name.endsWith(".xml"))) {
      const parsed = parseXml(readFileSync(join(folder, "unit-ubl", set, file), "utf8"));
      if (!parsed.ok) throw new Error(`${file}: ${parsed.detail}`);
      for (const test of parsed.root.children.filter((each) => local(each) === "test")) {
        tests += 1;
        failures.push(...failuresOf(test).map((failure) => `${set}/${file}:${test.line} ${failure}`));
      }
    }
  return { tests, failures };
}

const local = (element: XmlElement): string => element.name.replace(/^.*[}:]/, "");

function failuresOf(test: XmlElement): string[] {
  const document = test.children.map((each) => readDocument(each)).find((each) => each !== undefined);
  if (!document) return ["holds no document"];
  const found = new Set(checkReading(document, ["en16931"]).map((finding) => finding.rule));
  const asserts = test.children.filter((each) => local(each) === "assert").flatMap((each) => each.children);
  return asserts.flatMap((wanted) => {
    const rule = wanted.text.trim();
    if (local(wanted) === "success" && found.has(rule)) return [`${rule} should not fire`];
    if (["error", "warning"].includes(local(wanted)) && !found.has(rule)) return [`${rule} should fire`];
    return [];
  });
}
