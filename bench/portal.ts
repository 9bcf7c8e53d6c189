import type { FastifyInstance } from "fastify";
import pg from "pg";
import pino from "pino";
import { readConfig } from "../src/config.ts";
import { DEMO_PASSWORD, makeDemoWorld } from "../src/modules/demo/index.ts";
import { APPLICATION_ROLE, type Database, openDatabase } from "../src/platform/database/index.ts";
import { migrate } from "../src/platform/database/migrate.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { buildServer } from "../src/server.ts";

export type BenchPortal = {
  readonly url: string;
  readonly database: Database;
  /** Bare connections of the owner of the tables: the same driver without the portal around it. */
  readonly owner: pg.Pool;
  /** Bare connections under the role of the application. */
  readonly application: pg.Pool;
  readonly ownerUrl: string;
  /** The URL of a database of the same server, empty. */
  emptyDatabase(name: string): Promise<string>;
  /** A second process's worth of portal on the same database. */
  another(): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Signs a demonstration account in and answers its cookie. */
  signIn(email: string): Promise<string>;
  close(): Promise<void>;
};

export type SignInForm = { readonly cookie: string; readonly token: string };

/** A form of the sign-in page as a browser holds it. */
export async function signInForm(url: string): Promise<SignInForm> {
  const page = await fetch(`${url}/connexion`);
  const cookie = page.headers.getSetCookie()[0]!.split(";")[0]!;
  return { cookie, token: /name="_jeton" value="([^"]+)"/.exec(await page.text())![1]! };
}

/** What that form sends. */
export const signInBody = ({ token }: SignInForm, email: string): URLSearchParams =>
  new URLSearchParams({ _jeton: token, email, password: DEMO_PASSWORD, suite: "/" });

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
  const open = () => openDatabase({ url: ownerUrl, connections: config.DATABASE_POOL, onError: () => {} });
  const listen = async (database: Database): Promise<{ url: string; fastify: FastifyInstance }> => {
    let url = "";
    const { fastify } = await buildServer({
      config,
      database,
      log: pino({ level: "silent" }),
      publicUrl: () => url,
    });
    url = await fastify.listen({ host: "127.0.0.1", port: 0 });
    return { url, fastify };
  };
  const database = open();
  await makeDemoWorld(database);
  const { url, fastify } = await listen(database);
  const bare = (role: string) => {
    const pool = new pg.Pool({
      connectionString: ownerUrl,
      max: 4,
      pipeline: true,
      options: `-c role=${role} -c timezone=UTC`,
    });
    // the end of the server cuts connections that are saying goodbye
    pool.on("error", () => {});
    return pool;
  };
  const owner = bare("postgres");
  const application = bare(APPLICATION_ROLE);
  return {
    url,
    database,
    owner,
    application,
    ownerUrl,
    emptyDatabase: async (name) => {
      await owner.query(`create database ${name} template template0`);
      return server.ownerUrl(name);
    },
    another: async () => {
      const database = open();
      const { url, fastify } = await listen(database);
      return {
        url,
        close: async () => {
          await fastify.close();
          await database.close();
        },
      };
    },
    signIn: async (email) => {
      const form = await signInForm(url);
      const answer = await fetch(`${url}/connexion`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: form.cookie, origin: url },
        body: signInBody(form, email),
      });
      if (answer.status !== 303) throw new Error(`${email} could not sign in (${answer.status})`);
      return answer.headers.getSetCookie()[0]!.split(";")[0]!;
    },
    close: async () => {
      await fastify.close();
      await owner.end();
      await application.end();
      await database.close();
      await server.stop();
    },
  };
}
