// npm run check: types, format and lint, the arrows of ARCHITECTURE.md, dead code, the schema against the migrations.
import { ensureInstalled, runTool } from "./setup.mjs";

ensureInstalled();
const steps = [
  ["Types", () => runTool("tsc", ["--noEmit", "-p", "."])],
  ["Forme", () => runTool("biome", ["check", "--error-on-warnings", "."])],
  ["Code mort", () => runTool("knip", ["--no-progress"])],
  ["Schéma", () => runTool("tsx", ["scripts/generate-schema.ts", "--check"])],
];
const failed = [];
for (const [name, run] of steps) {
  console.log(`— ${name}`);
  if (!run()) failed.push(name);
}
if (failed.length > 0) console.error(`À corriger : ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
