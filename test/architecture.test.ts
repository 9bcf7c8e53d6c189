import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { productRoot } from "../src/platform/paths.ts";

/** What imports what in src/, as the bundler resolves it. */
const { metafile } = await build({
  absWorkingDir: productRoot,
  entryPoints: ["src/main.ts"],
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  format: "esm",
  packages: "external",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "silent",
});
const arrows = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
  imports.filter((one) => !one.external).map((one) => ({ from, to: one.path })),
);
const broken = (isWrong: (from: string, to: string) => boolean) =>
  arrows.filter(({ from, to }) => isWrong(from, to)).map(({ from, to }) => `${from} → ${to}`);
const moduleOf = (path: string) => /^src\/modules\/([^/]+)\//.exec(path)?.[1];

describe("Les flèches d'ARCHITECTURE.md", () => {
  test("le graphe est lu", () => expect(arrows.length).toBeGreaterThan(200));

  test("le domaine d'un module ne connaît que des règles et les mots partagés", () =>
    expect(
      broken(
        (from, to) =>
          /\/domain\//.test(from) && !/^src\/shared\/|\/domain\/|^src\/modules\/rights\/index/.test(to),
      ),
    ).toEqual([]));

  test("un module entre chez un autre par sa porte", () =>
    expect(
      broken(
        (from, to) =>
          moduleOf(from) !== undefined &&
          moduleOf(to) !== undefined &&
          moduleOf(from) !== moduleOf(to) &&
          !/^src\/modules\/[^/]+\/index\.tsx?$/.test(to),
      ),
    ).toEqual([]));

  test("les cas d'usage et le SQL ne connaissent pas les pages", () =>
    expect(broken((from, to) => /\/use-cases\/|\/store\.ts$/.test(from) && /\/web\//.test(to))).toEqual([]));

  test("la plateforme et les mots partagés ne connaissent pas le métier", () =>
    expect(
      broken((from, to) => /^src\/(platform|shared)\//.test(from) && /^src\/(modules|web|emails)\//.test(to)),
    ).toEqual([]));
});
