// Builds dist/cli.mjs, the command in one file, and the thread that opens PDFs, when older than their sources.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Builds what is older than its sources. */
export async function build() {
  const output = join(root, "dist/cli.mjs");
  if (existsSync(output) && newest(join(root, "src")) < statSync(output).mtimeMs) return;
  const esbuild = await import("esbuild");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { cli: "src/cli/main.ts", "extract.worker": "src/pdf/extract.worker.ts" },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    // libraries of the older kind call require, which an ES module has not
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
  });
}

/** Milliseconds of the last change below a folder. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  return latest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await build();
