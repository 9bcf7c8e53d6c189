// Runs a TypeScript file of the product with Node 24 and its JSX, after installing what is missing.
import { ensureInstalled, runNode } from "./setup.mjs";

ensureInstalled();
const [file, ...args] = process.argv.slice(2);
process.exitCode = await runNode(["--import", "tsx", file, ...args]);
