// npm start: installs what is missing, builds what changed, runs the portal.
import { build } from "./build.mjs";
import { ensureInstalled, runNode } from "./setup.mjs";

ensureInstalled();
await build();
process.exitCode = await runNode(["--enable-source-maps", "dist/main.js"]);
