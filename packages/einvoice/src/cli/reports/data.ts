import type { Finding } from "../../model/finding.ts";
import type { FileVerdict } from "../check-file.ts";
import type { Language } from "../words.ts";

/** Everything that was found, as JSON: an array of `{file, outcome, findings}`. */
export function jsonReport(verdicts: readonly FileVerdict[]): string {
  return `${JSON.stringify(verdicts, null, 2)}\n`;
}

/** SARIF 2.1.0 (OASIS), as code hosts and editors read it. */
export function sarifReport(verdicts: readonly FileVerdict[], language: Language, version: string): string {
  const findings = verdicts.flatMap((verdict) => verdict.findings.map((finding) => ({ verdict, finding })));
  const rules = [...new Map(findings.map(({ finding }) => [finding.rule, finding.message[language]]))];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "einvoice",
            version,
            rules: rules.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: findings.map(({ verdict, finding }) => ({
          ruleId: finding.rule,
          level: finding.severity === "fatal" ? "error" : "warning",
          message: { text: finding.message[language] },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(verdict.file.replaceAll("\\", "/")) },
                ...(finding.place
                  ? { region: { startLine: finding.place.line, startColumn: finding.place.column } }
                  : {}),
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** JUnit XML, as build servers read it: one test case a file, failed when a fatal rule is broken. */
export function junitReport(verdicts: readonly FileVerdict[], language: Language): string {
  const failed = verdicts.filter((verdict) => verdict.outcome === "broken").length;
  const errors = verdicts.filter((verdict) => verdict.outcome === "unusable").length;
  const cases = verdicts.map(({ file, outcome, findings }) => {
    const fatal = findings.filter((finding) => finding.severity === "fatal");
    const text = findings
      .map((finding) => `${whereIs(finding)}${finding.rule} ${finding.message[language]}`)
      .join("\n");
    const name = `<testcase classname="einvoice" name="${escaped(file)}"`;
    if (outcome === "conforming")
      return text === "" ? `${name}/>` : `${name}><system-out>${escaped(text)}</system-out></testcase>`;
    const tag = outcome === "broken" ? "failure" : "error";
    return `${name}><${tag} message="${escaped(fatal[0]?.message[language] ?? "")}">${escaped(text)}</${tag}></testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="einvoice" tests="${verdicts.length}" failures="${failed}" errors="${errors}">
${cases.join("\n")}
</testsuite>
</testsuites>
`;
}

const whereIs = ({ place }: Finding): string => (place ? `${place.line}:${place.column} ` : "");

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escaped for XML 1.0, without the characters that it forbids. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}
