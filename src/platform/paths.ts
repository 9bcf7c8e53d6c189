import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the product (where package.json and migrations/ are), whether run from sources or from dist/. */
export const productRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "migrations"))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error("The folder of the product cannot be found: migrations/ is missing");
    folder = parent;
  }
  return folder;
})();
