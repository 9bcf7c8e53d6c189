// npm run bench: measures the portal as it is served, bundled as `npm start` bundles it.
import { join } from "node:path";
import { build, bundleForNode } from "./build.mjs";
import { ensureInstalled, root, runNode } from "./setup.mjs";

ensureInstalled();
await build();
await bundleForNode(["bench/main.ts"], "dist/bench");
process.exitCode = await runNode([
  "--enable-source-maps",
  join(root, "dist/bench/main.js"),
  ...process.argv.slice(2),
]);
