import { readFileSync } from "node:fs";
import { join } from "node:path";
import { productRoot } from "../platform/paths.ts";

/** Where the built styles, script, fonts and images are. */
export const assetsFolder = join(productRoot, "dist/assets");

let manifest: Record<string, string> | null = null;

/**
 * The address of a built file: `main.css` → `/assets/main-1a2b3c4d.css`.
 * @throws when the assets were not built, or hold no such file
 */
export function assetUrl(name: string): string {
  manifest ??= JSON.parse(readFileSync(join(assetsFolder, "manifest.json"), "utf8")) as Record<
    string,
    string
  >;
  const served = manifest[name];
  if (!served) throw new Error(`There is no built asset named ${name}`);
  return `/assets/${served}`;
}
