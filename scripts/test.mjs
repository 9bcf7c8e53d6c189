// npm test: the checks, then every test; ends in a line "N passed, N failed" (a failed check counts as one failure).
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureInstalled, projectNode, root, runTool } from "./setup.mjs";

ensureInstalled();
await build();
const checksPass = runTool(projectNode(), ["scripts/check.mjs"]);
const report = join(root, "dist/test-report.json");
rmSync(report, { force: true });
const testsPass = runTool("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const { numPassedTests, numFailedTests, numFailedTestSuites } = readReport();
const failed = (testsPass ? 0 : Math.max(1, numFailedTests, numFailedTestSuites)) + (checksPass ? 0 : 1);
console.log(`${numPassedTests + (checksPass ? 1 : 0)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
  }
}
