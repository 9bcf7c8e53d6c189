// Builds what the browser loads: one style sheet, fonts, images and islands (the scripts of a few pages), each named by
// its content.
// Also writes a compressed copy beside each text file, so that the server has nothing to compress.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");
const sources = path.join(root, "src/web");
const modules = path.join(root, "src/modules");
/** What browsers the portal is made for. */
const target = ["chrome109", "firefox115", "safari16"];

/** Logical name → served file name: `{ "main.css": "main-1a2b3c4d.css" }`. */
const manifestName = "manifest.json";

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The scripts that improve a page without being needed by it: `src/modules/<module>/web/<name>.island.ts`. */
async function islands() {
  return (await filesUnder(modules)).filter((file) => file.endsWith(".island.ts"));
}

async function inputsFingerprint() {
  const hash = createHash("sha256");
  const inputs = [
    ...(await filesUnder(path.join(sources, "assets"))),
    ...(await islands()),
    // the rules that islands share with the server
    ...(await filesUnder(modules)).filter((file) => /\/domain\/[^/]+(?<!\.test)\.ts$/.test(file)),
    path.join(root, "package.json"),
    fileURLToPath(import.meta.url),
  ];
  for (const file of inputs) hash.update(path.relative(root, file)).update(await readFile(file));
  return hash.digest("hex");
}

function contentName(name, content) {
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}${ext}`;
}

function compileSass() {
  return sass.compile(path.join(sources, "assets/styles/main.scss"), {
    loadPaths: [root, path.join(root, "node_modules")],
    style: "expanded",
    quietDeps: true,
    silenceDeprecations: ["if-function"],
  }).css;
}

async function writeWithCompressedCopies(file, content) {
  await writeFile(file, content);
  if (/\.(css|js|svg)$/.test(file)) {
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}

/**
 * Builds the assets into `outDir`, unless they are already built from the same inputs.
 *
 * @param {string} outDir
 * @returns {Promise<boolean>} true when something was built
 */
export async function buildAssets(outDir) {
  const fingerprint = await inputsFingerprint();
  const stamp = path.join(outDir, ".inputs");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === fingerprint) return false;

  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const built = await esbuild.build({
    stdin: { contents: compileSass(), loader: "css", resolveDir: root, sourcefile: "main.css" },
    bundle: true,
    minify: true,
    write: false,
    outdir: outDir,
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file" },
    target,
  });
  const scripts = await esbuild.build({
    entryPoints: await islands(),
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    entryNames: "[name]",
    outdir: outDir,
    target,
  });
  const manifest = {};
  const keep = async (name, content, served = contentName(name, content)) => {
    manifest[name] = served;
    await writeWithCompressedCopies(path.join(outDir, served), content);
  };
  for (const file of built.outputFiles) {
    const served = path.basename(file.path);
    if (served.endsWith(".css")) await keep("main.css", file.contents);
    else await keep(served.replace(/-[A-Z0-9]{8}(?=\.)/, ""), file.contents, served);
  }
  for (const script of scripts.outputFiles) {
    await keep(path.basename(script.path).replace(".island", ""), script.contents);
  }
  for (const image of await filesUnder(path.join(sources, "assets/images"))) {
    await keep(path.basename(image), await readFile(image));
  }
  await writeFile(path.join(outDir, manifestName), JSON.stringify(manifest, null, 2));
  await writeFile(stamp, fingerprint);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAssets(path.join(root, "dist/assets"));
}
