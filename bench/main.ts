/**
 * npm run bench [-- --structures 1000000]: each line gives a figure of the portal, the bare measure or the peer taken in
 * the same run, their ratio and the ratio asked for. Ends with 1 when a ratio is missed.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchDirectory } from "./directory.ts";
import { benchPages } from "./pages.ts";
import { startBenchPortal } from "./portal.ts";
import { benchRights, benchRightsInDatabase } from "./rights.ts";
import { benchSignIn } from "./sign-in.ts";

/** One line of the report; `ratio` compares the portal to the bare measure, the higher the better. */
export type Line = {
  readonly path: string;
  readonly what: string;
  readonly value: number;
  readonly bare: number;
  readonly unit: string;
  readonly ratio: number;
  readonly bound: number;
};

const { values } = parseArgs({ options: { structures: { type: "string", default: "100000" } } });
const folder = mkdtempSync(join(tmpdir(), "unisson-bench-"));
chmodSync(folder, 0o755);
const portal = await startBenchPortal(folder);
const lines: Line[] = [];
try {
  for (const bench of [benchRights, benchRightsInDatabase, benchSignIn, benchPages])
    lines.push(...(await bench(portal)));
  lines.push(...(await benchDirectory(portal, Number(values.structures))));
} finally {
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const { path, what, value, bare, unit, ratio, bound } of lines)
  console.log(
    `${path.padEnd(5)} ${what.padEnd(58)} ${value.toFixed(1).padStart(12)} ${unit.padEnd(9)} bare ${bare.toFixed(1).padStart(12)}  ratio ${ratio.toFixed(2).padStart(7)}  asked ${bound}  ${ratio >= bound ? "ok" : "MISSED"}`,
  );
process.exitCode = lines.every((line) => line.ratio >= line.bound) ? 0 : 1;
