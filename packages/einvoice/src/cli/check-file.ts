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
    } else if (deposited.kind === "lifecycle" && rules.includes("fr-ctc")) {
      const { checkLifeCycleReading } = await import("../lifecycle/index.ts");
      const findings = checkLifeCycleReading(deposited.reading);
      verdicts.push({ file: name, outcome: outcomeOf(findings), findings });
    } else verdicts.push({ file: name, outcome: "unusable", findings: findingsOn(deposited) });
  }
  return verdicts;
}

const outcomeOf = (findings: readonly Finding[]): FileVerdict["outcome"] =>
  findings.some((finding) => finding.severity === "fatal") ? "broken" : "conforming";

/** Why a file was not checked; a life-cycle message has rules of its own. */
function findingsOn(deposited: Exclude<Deposited, { kind: "annex" }>): readonly Finding[] {
  return deposited.kind === "lifecycle" ? [lifeCycleFinding] : deposited.findings;
}

const lifeCycleFinding: Finding = {
  rule: "READ-LIFE-CYCLE",
  severity: "fatal",
  message: {
    fr: "Ce fichier est un message de cycle de vie (CDAR), non une facture : vérifiez-le avec --rules fr-ctc.",
    en: "This file is a life-cycle message (CDAR), not an invoice: check it with --rules fr-ctc.",
  },
};
