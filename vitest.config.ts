import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // most of a test's time is waiting, for the database, the browser or a limit of time: three at once even on two cores
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: "rules", include: ["src/**/*.test.{ts,tsx}"] },
      },
      {
        extends: true,
        test: {
          name: "portal",
          include: ["test/**/*.test.{ts,tsx}"],
          globalSetup: "test/support/global-setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "einvoice",
          root: "packages/einvoice",
          // what work may take is bounded in processor time, where it matters: the wall clock only ends what hangs
          testTimeout: 120_000,
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
        },
      },
    ],
  },
});
