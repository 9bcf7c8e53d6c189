import { readFile } from "node:fs/promises";
import { checkReading, type RuleSetName } from "../check.ts";
import type { Deposited } from "../deposit/read-deposit.ts";
import type { Finding } from "../model/finding.ts";
import { readXml } from "../read.ts";
import { words } from "./words.ts";

/** What became of one invoice. */
export interface FileVerdict {
  /** As given; for one of an archive, followed by its name there. */
  file: string;
  /** `unusable` when the file could not be opened or read as an invoice; its findings say why. */
  outcome: "conforming" | "broken" | "unusable";
  findings: readonly Finding[];
}

/**
 * Opens one file: an invoice in XML or in a PDF, or each file of an archive. Whatever is wrong with it comes as
 * `unusable`, with findings; nothing is thrown. What only a PDF or an archive needs is loaded for them alone.
 */
export async function* openFile(file: string): AsyncGenerator<Deposited> {
  const opened = await bytesOf(file);
  if (!(opened instanceof Uint8Array)) {
    yield { kind: "unusable", findings: [opened] };
    return;
  }
  const outcome = readXml(opened);
  if (outcome.ok) yield { kind: "invoice", reading: outcome.reading, findings: [] };
  else yield* (await import("../deposit/read-deposit.ts")).read(opened);
}

async function bytesOf(file: string): Promise<Uint8Array | Finding> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const message = { fr: words.fr.cannotOpen(reason), en: words.en.cannotOpen(reason) };
    return { rule: "READ-CANNOT-OPEN", severity: "fatal", message };
  }
}

/**
 * Checks one file: its invoice, or each of an archive's; with the French rules a life-cycle message too. The annexes
 * of an archive are left alone.
 */
export async function checkFile(file: string, rules: readonly RuleSetName[]): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[] = [];
  for await (const deposited of openFile(file)) {
    if (deposited.kind === "annex") continue;
    const name = deposited.name === undefined ? file : `${file}/${deposited.name}`;
    if (deposited.kind === "invoice") {
      const findings = [...deposited.findings, ...checkReading(deposited.reading, rules)];
      verdicts.push({ file: name, outcome: outcomeOf(findings), findings });
    } else {
      const findings = rules.includes("fr-ctc") ? await lifeCycleFindings(file) : undefined;
      verdicts.push(
        findings
          ? { file: name, outcome: outcomeOf(findings), findings }
          : { file: name, outcome: "unusable", findings: deposited.findings },
      );
    }
  }
  return verdicts;
}

const outcomeOf = (findings: readonly Finding[]): FileVerdict["outcome"] =>
  findings.some((finding) => finding.severity === "fatal") ? "broken" : "conforming";

/** The findings on a life-cycle message; undefined when the file is none. */
async function lifeCycleFindings(file: string): Promise<Finding[] | undefined> {
  const opened = await bytesOf(file);
  if (!(opened instanceof Uint8Array)) return undefined;
  const { checkLifeCycle, readLifeCycle } = await import("../lifecycle/index.ts");
  return readLifeCycle(opened).ok ? checkLifeCycle(opened) : undefined;
}
