// npm run dev: runs from sources and starts again at each change.
import { join } from "node:path";
import { ensureInstalled, root, runNode } from "./setup.mjs";

ensureInstalled();
const { buildAssets } = await import("./build-assets.mjs");
await buildAssets(join(root, "dist/assets"));
process.exitCode = await runNode([
  "node_modules/tsx/dist/cli.mjs",
  "watch",
  "--clear-screen=false",
  "src/main.ts",
]);
