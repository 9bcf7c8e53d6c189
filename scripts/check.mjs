// npm run check: types, format and lint, the arrows of ARCHITECTURE.md, dead code, the documents of the rules and of the API,
// the schema against the migrations.
import { ensureInstalled, runTool } from "./setup.mjs";

ensureInstalled();
const steps = [
  ["Types", () => runTool("tsc", ["--noEmit", "-p", "."])],
  ["Types du moteur de factures", () => runTool("tsc", ["--noEmit", "-p", "packages/einvoice"])],
  ["Forme", () => runTool("biome", ["check", "--error-on-warnings", "."])],
  ["Code mort", () => runTool("knip", ["--no-progress"])],
  ["Règles", () => runTool("tsx", ["packages/einvoice/scripts/rules-document.ts", "--check"])],
  [
    "API du moteur de factures",
    () => runTool("tsx", ["packages/einvoice/scripts/api-document.ts", "--check"]),
  ],
  ["Schéma", () => runTool("tsx", ["scripts/generate-schema.ts", "--check"])],
];
const failed = [];
for (const [name, run] of steps) {
  console.log(`— ${name}`);
  if (!run()) failed.push(name);
}
if (failed.length > 0) console.error(`À corriger : ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
