import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { productRoot } from "../paths.ts";
import { APPLICATION_ROLE, DOOR_ROLE } from "./index.ts";

/** Any number: the same for all instances, so that one migrates while the others wait. */
const MIGRATION_LOCK = 7_201_518;

const privileges = `
  grant usage on schema public to ${APPLICATION_ROLE};
  grant select, insert, update, delete on all tables in schema public to ${APPLICATION_ROLE};
  grant usage, select on all sequences in schema public to ${APPLICATION_ROLE};
  grant execute on all functions in schema public to ${APPLICATION_ROLE};
  revoke all on journal_entry, journal_chain, migration from ${APPLICATION_ROLE};
  grant select on journal_entry, journal_chain, migration to ${APPLICATION_ROLE};
  revoke update, delete on journal_seal from ${APPLICATION_ROLE};
  revoke insert, update, delete on directory_entry from ${APPLICATION_ROLE};
`;

/**
 * Applies the migrations that are missing, in order, each in its own transaction, under an advisory lock.
 * @param ownerUrl a role that may create tables, and the roles of the application the first time
 * @returns the names of the migrations applied
 * @throws when a migration already applied was edited since
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    for (const role of [APPLICATION_ROLE, DOOR_ROLE]) await ensureRole(client, role);
    await client.query("create extension if not exists pg_trgm; create extension if not exists unaccent");
    await client.query(
      "create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())",
    );
    const done = new Map(
      (await client.query<{ name: string; sha256: string }>("select name, sha256 from migration")).rows.map(
        (row) => [row.name, row.sha256],
      ),
    );
    const applied: string[] = [];
    for (const name of migrationNames()) {
      const text = readFileSync(join(productRoot, "migrations", name), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      if (done.get(name) === sha256) continue;
      if (done.has(name))
        throw new Error(`The migration ${name} was edited after it was applied; write a new one`);
      await applyOne(client, name, text, sha256);
      applied.push(name);
    }
    await runMigrations({ connectionString: ownerUrl });
    if (applied.length > 0) await client.query(privileges);
    return applied;
  } finally {
    await client.end();
  }
}

function migrationNames(): string[] {
  return readdirSync(join(productRoot, "migrations"))
    .filter((name) => name.endsWith(".sql"))
    .sort();
}

async function applyOne(client: pg.Client, name: string, text: string, sha256: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query(text);
    await client.query("insert into migration (name, sha256) values ($1, $2)", [name, sha256]);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`The migration ${name} failed`, { cause });
  }
}

async function ensureRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [role]);
  if (rowCount === 0) {
    try {
      await client.query(`create role ${role} nologin`);
    } catch (cause) {
      throw new Error(
        `Le rôle ${role} n'existe pas et ce compte ne peut pas le créer. Demandez à l'administrateur de la base : ` +
          `CREATE ROLE ${role} NOLOGIN; GRANT ${role} TO le compte de DATABASE_URL;`,
        { cause },
      );
    }
  }
  await client.query(`grant ${role} to current_user`);
}
