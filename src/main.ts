import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import pino, { type Logger } from "pino";
import { collectDefaultMetrics, register } from "prom-client";
import { asksForDemo, type Config, readConfig, WrongSettings } from "./config.ts";
import { sendDigests } from "./emails/digest.ts";
import { sendWeeks } from "./emails/week.ts";
import { noteDeadAddress } from "./modules/accounts/index.ts";
import { demoAccountsLines, hasDemoWorld, makeDemoWorld } from "./modules/demo/index.ts";
import { allModules } from "./modules/index.ts";
import { APPLICATION_ROLE, type Database, DOOR_ROLE, openDatabase } from "./platform/database/index.ts";
import { migrate } from "./platform/database/migrate.ts";
import { DataFolderInUse, startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { job, startJobs } from "./platform/jobs.ts";
import { builtInMailbox, type Mailer, smtpMailer } from "./platform/mailer.ts";
import { deliverMails } from "./platform/outbox.ts";
import { buildServer } from "./server.ts";

type Stoppable = { stop(): Promise<unknown> | unknown };

/** Starts everything, prints where it is, and stops everything on a signal. */
async function main(): Promise<void> {
  const running: Stoppable[] = [];
  const stopAll = async () => {
    for (const one of running.reverse()) await one.stop();
  };
  try {
    const config = readConfig(process.env);
    const log = pino({ level: config.UNISSON_LOG_LEVEL });
    // a library may leave a promise to nobody when the database breaks: it is said, and the rest goes on
    process.on("unhandledRejection", (reason) => {
      const { message, stack } = reason instanceof Error ? reason : new Error(String(reason));
      log.error({ reason: message, stack }, "a promise was left to nobody");
    });
    const { drain, welcome } = await start(config, log, running);
    stopOnSignal(stopAll, drain, log);
    // only now: whoever reads it may tell the portal to stop, which must find it listening
    console.log(welcome);
  } catch (error) {
    await stopAll().catch(() => {});
    console.error(error instanceof WrongSettings || error instanceof DataFolderInUse ? error.message : error);
    process.exit(1);
  }
}

async function start(
  config: Config,
  log: Logger,
  running: Stoppable[],
): Promise<{ drain: () => void; welcome: string }> {
  const { ownerUrl, url, doorUrl, isNewEmbedded } = await reachDatabase(config, running);
  await migrate(ownerUrl);
  const database = openDatabase({
    url,
    doorUrl,
    connections: config.DATABASE_POOL,
    // the error itself carries the whole connection, secrets included
    onError: ({ message }) => log.warn({ reason: message }, "an idle connection to the database broke"),
  });
  running.push({ stop: () => database.close() });

  let address = config.UNISSON_PUBLIC_URL ?? "";
  const { fastify, drain } = await buildServer({ config, database, log, publicUrl: () => address });
  const port = await freePort(config);
  address ||= `http://localhost:${port}`;

  const hasDemo = await prepareDemo(database, config, isNewEmbedded);

  const stationery = () => ({ portalName: config.PORTAL_NAME, publicUrl: address });
  const mailer = config.SMTP_URL ? smtpMailer(config.SMTP_URL, config.MAIL_FROM) : builtInMailbox;
  running.push({ stop: () => mailer.close() });
  running.push(
    await startJobs(
      [
        ...allModules().flatMap((module) => module.jobs),
        deliverMailsJob(mailer),
        sendDigests(stationery),
        sendWeeks(stationery),
      ],
      { database, config, log },
      ownerUrl,
    ),
  );
  await fastify.listen({ host: config.UNISSON_HOST, port });
  running.push({ stop: () => fastify.close() });
  if (config.UNISSON_METRICS_PORT) running.push(await serveMetrics(config.UNISSON_METRICS_PORT));
  return { drain, welcome: welcome(config, address, port, hasDemo) };
}

/** The addresses of the database: the external one, or the embedded one after starting it. */
async function reachDatabase(
  config: Config,
  running: Stoppable[],
): Promise<{ ownerUrl: string; url: string; doorUrl: string; isNewEmbedded: boolean }> {
  if (config.DATABASE_URL)
    return {
      ownerUrl: config.DATABASE_OWNER_URL ?? config.DATABASE_URL,
      url: config.DATABASE_URL,
      doorUrl: config.DATABASE_URL,
      isNewEmbedded: false,
    };
  const server = await startEmbeddedPostgres(config.dataFolder);
  running.push(server);
  const ownerUrl = server.ownerUrl("postgres");
  await migrate(ownerUrl);
  await allowSignIn(ownerUrl, server.ownerPassword);
  return {
    ownerUrl,
    url: server.urlOf(APPLICATION_ROLE, server.ownerPassword, "postgres"),
    doorUrl: server.urlOf(DOOR_ROLE, server.ownerPassword, "postgres"),
    isNewEmbedded: server.isNew,
  };
}

/** In the embedded database the application signs in as its own roles, which own nothing. */
async function allowSignIn(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  for (const role of [APPLICATION_ROLE, DOOR_ROLE])
    await client.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
  await client.end();
}

/**
 * Makes the demonstration world where it was asked for and is not there yet; answers whether it is there.
 * @throws WrongSettings where it is there in production: anybody knows the password of its accounts
 */
async function prepareDemo(database: Database, config: Config, isNewEmbedded: boolean): Promise<boolean> {
  const isAsked = asksForDemo(config, isNewEmbedded);
  if (!(await hasDemoWorld(database))) {
    if (isAsked) await makeDemoWorld(database);
    return isAsked;
  }
  if (config.UNISSON_MODE === "production")
    throw new WrongSettings([
      "Cette base contient le monde de démonstration, dont les mots de passe sont publics. Donnez au portail une autre base (DATABASE_URL) ou un autre dossier (UNISSON_DATA).",
    ]);
  return true;
}

function deliverMailsJob(mailer: Mailer) {
  return job({
    name: "deliver-mails",
    schedule: "* * * * *",
    run: ({ database }) => deliverMails(database, mailer, Math.random, noteDeadAddress),
  });
}

/** The port asked for; when it was not imposed and is taken, the next free one. */
async function freePort(config: Config): Promise<number> {
  for (let port = config.UNISSON_PORT; port < config.UNISSON_PORT + 50; port++) {
    if (await isFree(port, config.UNISSON_HOST)) {
      if (port !== config.UNISSON_PORT)
        console.log(`Le port ${config.UNISSON_PORT} est pris : le portail utilise le ${port}.`);
      return port;
    }
    if (config.portIsImposed) break;
  }
  throw new WrongSettings([
    `Le port ${config.UNISSON_PORT} est déjà pris. Arrêtez le programme qui l'utilise, ou changez UNISSON_PORT.`,
  ]);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

async function serveMetrics(port: number): Promise<Stoppable> {
  collectDefaultMetrics();
  const server = createHttpServer(async (request, response) => {
    if (request.url !== "/metrics") return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": register.contentType }).end(await register.metrics());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** What is said once all runs. */
function welcome(config: Config, address: string, port: number, hasDemo: boolean): string {
  const lines = ["", `${config.PORTAL_NAME} est prêt : ${address}`];
  if (!address.endsWith(`:${port}`)) lines.push(`Écoute locale : http://${config.UNISSON_HOST}:${port}`);
  lines.push(
    config.DATABASE_URL
      ? "Base : PostgreSQL externe (DATABASE_URL)."
      : `Base : PostgreSQL embarqué, dans ${config.dataFolder} (à sauvegarder ; ne convient pas à plusieurs machines).`,
    config.SMTP_URL
      ? "Messages : envoyés par SMTP_URL."
      : `Messages : gardés ici, à lire sur ${address}/boite-aux-lettres`,
  );
  if (hasDemo) lines.push(...demoAccountsLines());
  lines.push("Arrêt : Ctrl-C", "");
  return lines.join("\n");
}

/** Signals that arrive within this time of the first are the same wish to stop. */
const SAME_SIGNAL_MS = 500;

/** How long a process that is told to stop still answers, so that whoever sends requests goes elsewhere. */
const DRAIN_MS = 2_000;

/**
 * First signal: stop cleanly, at most 20 seconds; SIGTERM, which a supervisor sends while others serve, first lets the
 * connections end by themselves. Second signal: leave at once; but Ctrl-C arrives twice, from the terminal and from npm.
 */
function stopOnSignal(stopAll: () => Promise<void>, drain: () => void, log: Logger): void {
  let stoppingSince: number | null = null;
  const stop = async (signal: NodeJS.Signals) => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    const deadline = setTimeout(() => process.exit(1), 20_000);
    drain();
    if (signal === "SIGTERM") await sleep(DRAIN_MS);
    try {
      await stopAll();
      clearTimeout(deadline);
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "the portal did not stop cleanly");
      process.exit(1);
    }
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

await main();
