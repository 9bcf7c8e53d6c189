import type { Finding } from "../../model/finding.ts";
import type { FileVerdict } from "../check-file.ts";
import type { Language, Words } from "../words.ts";

/** A text in colour; plain where there are no colours. */
export type Paint = (colour: "red" | "yellow" | "green" | "dim" | "bold", text: string) => string;

/** A report for people: each file, each finding with its place, then the count. */
export function textReport(
  verdicts: readonly FileVerdict[],
  { language, words, paint }: { language: Language; words: Words; paint: Paint },
): string {
  const lines = verdicts.flatMap((verdict) => {
    const head = `${paint("bold", verdict.file)} : ${outcomeOf(verdict, words, paint)}`;
    return [language === "en" ? head.replace(" : ", ": ") : head, ...verdict.findings.map(describe)];
  });
  function describe(finding: Finding): string {
    const { place, value } = finding;
    const where = place ? `${place.line}:${place.column}` : "";
    const colon = language === "fr" ? " : " : ": ";
    const said = value === undefined ? "" : paint("dim", ` (${words.value}${colon}${shortened(value)})`);
    const rule = paint(finding.severity === "fatal" ? "red" : "yellow", finding.rule);
    return `  ${where.padEnd(8)} ${rule}  ${finding.message[language]}${said}`;
  }
  if (verdicts.length > 1)
    lines.push(
      "",
      words.total(verdicts.length, verdicts.filter((each) => each.outcome === "conforming").length),
    );
  return `${lines.join("\n")}\n`;
}

function outcomeOf({ outcome, findings }: FileVerdict, words: Words, paint: Paint): string {
  if (outcome === "unusable") return paint("red", words.unusable);
  const fatal = findings.filter((finding) => finding.severity === "fatal").length;
  const warnings = findings.length - fatal;
  if (findings.length === 0) return paint("green", words.conforms);
  const counts = words.findings(fatal, warnings);
  return outcome === "conforming" ? `${paint("green", words.conforms)} (${counts})` : paint("red", counts);
}

function shortened(value: string): string {
  const line = value.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
