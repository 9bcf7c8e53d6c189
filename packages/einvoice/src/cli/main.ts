/** The command `einvoice`; also the script of its own threads. */
import { parseArgs, styleText } from "node:util";
import { isMainThread, parentPort } from "node:worker_threads";
import manifest from "../../package.json" with { type: "json" };
import { type RuleSetName, ruleSets } from "../check.ts";
import { checkFile } from "./check-file.ts";
import { checkFiles, type FileJob } from "./check-files.ts";
import { answerTo, checkLines, type LineJob } from "./check-lines.ts";
import { isOneInvoiceCommand, useOneInvoice } from "./one-invoice.ts";
import { jsonReport, junitReport, sarifReport } from "./reports/data.ts";
import { type Paint, textReport } from "./reports/text.ts";
import { languageOf, words } from "./words.ts";

/** Runs the command and answers its exit code: 0 conforming, 1 findings, 2 unusable. */
async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  const language = languageOf(options?.values.lang, process.env) ?? "fr";
  const say = words[language];
  if (!options) return refuse(say.usage);
  const { values, positionals } = options;
  if (languageOf(values.lang, process.env) === undefined)
    return refuse(say.unknownLanguage(values.lang ?? ""));
  if (values.version) return print(`${manifest.version}\n`);
  if (values.help) return print(`${say.usage}\n`);
  const [command, ...files] = positionals;
  if (command === undefined) return refuse(say.usage);
  if (isOneInvoiceCommand(command)) return useOneInvoice(command, files, values, language, paint);
  if (command !== "check") return refuse(say.unknownCommand(command));
  const rules = values.rules.split(",").map((name) => name.trim());
  const unknown = rules.find((name) => !(name in ruleSets));
  if (unknown !== undefined) return refuse(say.unknownRules(unknown, Object.keys(ruleSets).join(", ")));
  const sets = rules as RuleSetName[];
  if (values.ndjson)
    return (await checkLines(process.stdin, process.stdout, sets, new URL(import.meta.url))) ? 0 : 1;
  if (files.length === 0) return refuse(say.noFile);
  if (!["text", "json", "sarif", "junit"].includes(values.format))
    return refuse(say.unknownFormat(values.format));

  const verdicts = await checkFiles(files, sets, new URL(import.meta.url), showProgress(files.length));
  if (values.format === "json") print(jsonReport(verdicts));
  else if (values.format === "sarif") print(sarifReport(verdicts, language, manifest.version));
  else if (values.format === "junit") print(junitReport(verdicts, language));
  else print(textReport(verdicts, { language, words: say, paint }));
  if (verdicts.some((verdict) => verdict.outcome === "unusable")) return 2;
  return verdicts.some((verdict) => verdict.outcome === "broken") ? 1 : 0;
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rules: { type: "string", default: "en16931" },
        format: { type: "string", default: "text" },
        lang: { type: "string" },
        to: { type: "string" },
        profile: { type: "string" },
        pdf: { type: "string" },
        output: { type: "string", short: "o" },
        ndjson: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch {
    return undefined;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return 2;
}

const paint: Paint = (colour, text) =>
  process.stdout.isTTY && !process.env["NO_COLOR"] ? styleText(colour, text) : text;

/** Says how far it is, on a terminal only, when there are many files. */
function showProgress(files: number): (done: number) => void {
  if (!process.stderr.isTTY || files < 20) return () => {};
  return (done) => void process.stderr.write(done < files ? `\r${done}/${files}` : "\r\u001b[K");
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else
  parentPort?.on("message", async (job: FileJob | LineJob) => {
    parentPort?.postMessage(
      "line" in job ? answerTo(job) : { index: job.index, found: await checkFile(job.file, job.rules) },
    );
  });
