/** Writes src/platform/database/schema.generated.ts from the migrated schema; with --check, only compares. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { productRoot } from "../src/platform/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "unisson-schema-"));
// the database server may run as another user
chmodSync(folder, 0o755);
const server = await startEmbeddedPostgres(folder, { durable: false });
try {
  const url = server.ownerUrl("postgres");
  await migrate(url);
  const target = join(productRoot, "src/platform/database/schema.generated.ts");
  const before = readFileSync(target, { encoding: "utf8", flag: "a+" });
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [
      join(productRoot, "node_modules/kysely-codegen/dist/cli/bin.js"),
      "--dialect",
      "postgres",
      "--url",
      url,
      "--camel-case",
      "--default-schema",
      "public",
      "--include-pattern",
      "public.*",
      "--numeric-parser",
      "string",
      "--date-parser",
      "string",
      "--singularize",
      "false",
      "--type-mapping",
      JSON.stringify({ int8: "number" }),
      "--out-file",
      target,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  if (process.argv.includes("--check") && before !== readFileSync(target, "utf8")) {
    console.error(
      "schema.generated.ts was not up to date with migrations/: it has been written again, commit it",
    );
    process.exitCode = 1;
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
