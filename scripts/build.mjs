// Builds dist/main.js (the server, one file, dependencies outside), dist/assets (styles, islands, fonts) and the
// command einvoice.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, root } from "./setup.mjs";

/** Builds what is older than its sources. */
export async function build() {
  const { buildAssets } = await import("./build-assets.mjs");
  await buildAssets(join(root, "dist/assets"));
  const { build: buildCommand } = await import("../packages/einvoice/scripts/build.mjs");
  await buildCommand();
  const output = join(root, "dist/main.js");
  if (existsSync(output) && newest(join(root, "src")) < statSync(output).mtimeMs) return;
  await bundleForNode(["src/main.ts", ...threads()], "dist");
}

/** Bundles programs for Node, each in one file, their dependencies outside. */
export async function bundleForNode(entryPoints, outdir) {
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints,
    entryNames: "[name]",
    outdir,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    packages: "external",
    jsx: "automatic",
    jsxImportSource: "preact",
    sourcemap: true,
    logLevel: "warning",
  });
}

/** The threads of the server, each beside it: `src/platform/<name>.worker.ts`. */
function threads() {
  return readdirSync(join(root, "src"), { recursive: true })
    .filter((file) => file.endsWith(".worker.ts"))
    .map((file) => join("src", file));
}

/** Milliseconds of the last change below a folder. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  return latest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureInstalled();
  await build();
}
