import { readFile } from "node:fs/promises";
import { checkReading, type RuleSetName } from "../check.ts";
import { checkLifeCycle, readLifeCycle } from "../lifecycle/index.ts";
import type { Finding } from "../model/finding.ts";
import { readXml } from "../read.ts";
import { words } from "./words.ts";

/** What became of one file. */
export interface FileVerdict {
  file: string;
  /** `unusable` when the file could not be opened or read as an invoice; its findings say why. */
  outcome: "conforming" | "broken" | "unusable";
  findings: Finding[];
}

/** Checks one file, an invoice or, with the French rules, a life-cycle message; whatever is wrong with it is in the verdict, nothing is thrown. */
export async function checkFile(file: string, rules: readonly RuleSetName[]): Promise<FileVerdict> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const message = { fr: words.fr.cannotOpen(reason), en: words.en.cannotOpen(reason) };
    return {
      file,
      outcome: "unusable",
      findings: [{ rule: "READ-CANNOT-OPEN", severity: "fatal", message }],
    };
  }
  const read = readXml(bytes);
  const isLifeCycle = !read.ok && rules.includes("fr-ctc") && readLifeCycle(bytes).ok;
  if (!read.ok && !isLifeCycle) return { file, outcome: "unusable", findings: read.findings };
  const findings = read.ok ? checkReading(read.reading, rules) : checkLifeCycle(bytes);
  const isBroken = findings.some((finding) => finding.severity === "fatal");
  return { file, outcome: isBroken ? "broken" : "conforming", findings };
}
