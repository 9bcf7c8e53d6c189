import { join } from "node:path";
import { checkSync } from "recheck";
import { Project, SyntaxKind } from "ts-morph";
import { expect, test } from "vitest";
import { productRoot } from "../../src/platform/paths.ts";

/** Every regular expression written in the product, once, with a place where it stands. */
function regularExpressions(): Map<string, string> {
  const project = new Project({ skipAddingFilesFromTsConfig: true });
  project.addSourceFilesAtPaths(
    ["src/**/*.ts", "src/**/*.tsx", "packages/einvoice/src/**/*.ts"].map((glob) => join(productRoot, glob)),
  );
  const found = new Map<string, string>();
  for (const file of project.getSourceFiles())
    if (!file.getBaseName().includes(".test."))
      for (const literal of file.getDescendantsOfKind(SyntaxKind.RegularExpressionLiteral))
        found.set(literal.getText(), file.getBaseName());
  return found;
}

test("A-51 aucune expression régulière du produit ne se laisse épuiser par ce qu'on lui donne", {
  timeout: 120_000,
}, () => {
  const expressions = regularExpressions();
  expect(expressions.size).toBeGreaterThan(150);
  expect(checkSync("^(a+)+$", "").status).toBe("vulnerable");
  const weak = [...expressions].filter(([literal]) => {
    const [, source = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(literal)!;
    return checkSync(source, flags).status !== "safe";
  });
  expect(weak).toEqual([]);
});
