import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { APPLICATION_ROLE, DOOR_ROLE } from "../../src/platform/database/index.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection of the owner, with DATABASE in the place of the database's name. */
    ownerUrl: string;
    /** Connection of the application role, likewise. */
    applicationUrl: string;
    /** Connection of the role that reads who calls, likewise. */
    doorUrl: string;
  }
}

/** One real PostgreSQL for all tests, with a migrated template that each test file copies. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "unisson-test-"));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres(folder, { durable: false });
  const client = new pg.Client({ connectionString: server.ownerUrl("postgres") });
  await client.connect();
  await client.query("create database template_portal");
  await migrate(server.ownerUrl("template_portal"));
  for (const role of [APPLICATION_ROLE, DOOR_ROLE])
    await client.query(`alter role ${role} login password 'test-only'`);
  await client.end();
  project.provide("ownerUrl", server.ownerUrl("DATABASE"));
  project.provide("applicationUrl", server.urlOf(APPLICATION_ROLE, "test-only", "DATABASE"));
  project.provide("doorUrl", server.urlOf(DOOR_ROLE, "test-only", "DATABASE"));
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
