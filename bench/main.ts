/**
 * npm run bench [-- P-03 P-08 …] [--structures 100000] [--json] [--ratios]: each line gives a figure of the portal, the
 * bare measure, the peer or the bound that it is held against, their ratio, the ratio asked for and the verdict. Ends with
 * 1 when one is missed; with --ratios, on a machine that is not the reference, when a ratio to a bare measure of the same
 * run falls under 0.7 of what is asked.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchAudit } from "./audit.ts";
import { benchChecks, benchWithdrawal } from "./checks.ts";
import { benchDirectory } from "./directory.ts";
import { benchExports } from "./exports.ts";
import { benchImports } from "./imports.ts";
import { holds, type Line, written } from "./line.ts";
import { withLoopDelay } from "./measure.ts";
import { benchPages } from "./pages.ts";
import { type BenchPortal, startBenchPortal } from "./portal.ts";
import { benchRights } from "./rights.ts";
import { benchRowLevelSecurity } from "./row-level-security.ts";
import { benchSignIn } from "./sign-in.ts";
import { benchStart } from "./start.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    structures: { type: "string", default: "100000" },
    json: { type: "boolean", default: false },
    ratios: { type: "boolean", default: false },
  },
});

type Bench = {
  readonly paths: readonly string[];
  readonly run: (portal: BenchPortal, folder: string) => Promise<readonly Line[]>;
};
const benches: readonly Bench[] = [
  { paths: ["P-02"], run: benchRights },
  { paths: ["P-03", "P-04", "P-05"], run: benchChecks },
  { paths: ["P-06"], run: benchWithdrawal },
  { paths: ["P-07"], run: (portal) => withLoopDelay("P-07", () => benchSignIn(portal)) },
  { paths: ["P-01", "P-08"], run: (portal) => withLoopDelay("P-08", () => benchPages(portal)) },
  { paths: ["P-20"], run: benchRowLevelSecurity },
  { paths: ["P-21"], run: benchAudit },
  { paths: ["P-19"], run: benchImports },
  { paths: ["P-22", "P-23"], run: benchStart },
  {
    // the files are made of the structures that the search looked among
    paths: ["P-10", "P-11", "P-12", "P-13", "P-18"],
    run: async (portal) => [
      ...(await benchDirectory(portal, Number(values.structures))),
      ...(await benchExports(portal)),
    ],
  },
];
const asked = positionals.map((path) => path.toUpperCase());
const known = benches.flatMap(({ paths }) => paths);
const unknown = asked.filter((path) => !known.includes(path));
if (unknown.length > 0) throw new Error(`No bench for ${unknown.join(", ")}; there are ${known.join(", ")}`);

const folder = mkdtempSync(join(tmpdir(), "unisson-bench-"));
chmodSync(folder, 0o755);
const portal = await startBenchPortal(folder);
const lines: Line[] = [];
try {
  for (const { paths, run } of benches) {
    if (asked.length > 0 && !paths.some((path) => asked.includes(path))) continue;
    const measured = await run(portal, folder);
    lines.push(...measured);
    if (!values.json) for (const line of measured) console.log(written(line));
  }
} finally {
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
}
const maxRssBytes = process.resourceUsage().maxRSS * 1024;
const decides = (line: Line) => !values.ratios || line.against === "bare";
const passes = (line: Line) => (values.ratios ? line.ratio >= 0.7 * line.bound : holds(line));
if (values.json)
  console.log(JSON.stringify({ lines: lines.map((line) => ({ ...line, holds: holds(line) })), maxRssBytes }));
else
  console.log(
    `Memory of the bench, portal and load together, at most: ${Math.round(maxRssBytes / 2 ** 20)} MB`,
  );
process.exitCode = lines.filter(decides).every(passes) ? 0 : 1;
