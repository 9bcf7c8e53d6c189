import pg from "pg";
import pino from "pino";
import { readConfig } from "../src/config.ts";
import { DEMO_PASSWORD, makeDemoWorld } from "../src/modules/demo/index.ts";
import { type Database, openDatabase } from "../src/platform/database/index.ts";
import { migrate } from "../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { buildServer } from "../src/server.ts";

export type BenchPortal = {
  readonly url: string;
  readonly database: Database;
  readonly owner: pg.Pool;
  /** Signs a demonstration account in and answers its cookie. */
  signIn(email: string): Promise<string>;
  close(): Promise<void>;
};

/** The portal as it is served, with the demonstration world, on an embedded database of its own. */
export async function startBenchPortal(folder: string): Promise<BenchPortal> {
  const config = readConfig({
    UNISSON_SECRET: "a-secret-for-benchmarks-only-0123456789",
    REQUESTS_PER_MINUTE: "0",
    UNISSON_LOG_LEVEL: "silent",
  });
  const server = await startEmbeddedPostgres(folder);
  const ownerUrl = server.ownerUrl("postgres");
  await migrate(ownerUrl);
  const database = openDatabase({ url: ownerUrl, connections: config.DATABASE_POOL, onError: () => {} });
  await makeDemoWorld(database);
  let url = "";
  const { fastify } = await buildServer({
    config,
    database,
    log: pino({ level: "silent" }),
    publicUrl: () => url,
  });
  url = await fastify.listen({ host: "127.0.0.1", port: 0 });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 8 });
  return {
    url,
    database,
    owner,
    signIn: async (email) => {
      const page = await fetch(`${url}/connexion`);
      const cookie = page.headers.getSetCookie()[0]!.split(";")[0]!;
      const token = /name="_jeton" value="([^"]+)"/.exec(await page.text())![1]!;
      const answer = await fetch(`${url}/connexion`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie, origin: url },
        body: new URLSearchParams({ _jeton: token, email, password: DEMO_PASSWORD, suite: "/" }),
      });
      if (answer.status !== 303) throw new Error(`${email} could not sign in (${answer.status})`);
      return answer.headers.getSetCookie()[0]!.split(";")[0]!;
    },
    close: async () => {
      await fastify.close();
      await owner.end();
      await database.close();
      await server.stop();
    },
  };
}
