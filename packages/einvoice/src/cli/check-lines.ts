import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { checkReading, type RuleSetName } from "../check.ts";
import type { Finding } from "../model/finding.ts";
import { readXml } from "../read.ts";

/**
 * Checks one invoice a line, `{"id":…,"xml":…}`, and writes one line each, `{"id":…,"fatal":[rule ids],"warning":[rule
 * ids]}`, in the same order, ids sorted and said once. Holds one invoice at a time. Answers whether all conform.
 */
export async function checkLines(
  input: Readable,
  output: Writable,
  rules: readonly RuleSetName[],
): Promise<boolean> {
  let allConform = true;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const { id, findings } = checkLine(line, rules);
    const fatal = idsOf(findings, "fatal");
    if (fatal.length > 0) allConform = false;
    const written = output.write(`${JSON.stringify({ id, fatal, warning: idsOf(findings, "warning") })}\n`);
    if (!written) await once(output, "drain");
  }
  return allConform;
}

function checkLine(line: string, rules: readonly RuleSetName[]): { id: unknown; findings: Finding[] } {
  const request = parsed(line);
  if (typeof request?.xml !== "string")
    return {
      id: request?.id ?? null,
      findings: [{ rule: "READ-NOT-A-REQUEST", severity: "fatal", message: notARequest }],
    };
  const read = readXml(request.xml);
  return {
    id: request.id ?? null,
    findings: read.ok ? checkReading(read.reading, rules) : read.findings,
  };
}

const notARequest = {
  fr: 'Chaque ligne doit être un objet JSON {"id":…,"xml":…}.',
  en: 'Each line shall be a JSON object {"id":…,"xml":…}.',
};

function parsed(line: string): { id?: unknown; xml?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function idsOf(findings: readonly Finding[], severity: Finding["severity"]): string[] {
  const ids = findings.filter((finding) => finding.severity === severity).map((finding) => finding.rule);
  return [...new Set(ids)].sort();
}
