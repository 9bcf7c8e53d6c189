import fastifyCookie from "@fastify/cookie";
import fastifyFormbody from "@fastify/formbody";
import fastifyMultipart from "@fastify/multipart";
import fastifyRateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import Fastify, { type FastifyInstance, LogController } from "fastify";
import helmet from "helmet";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { mailsOfEvents } from "./emails/delivery.ts";
import { emails } from "./emails/index.ts";
import { allModules } from "./modules/index.ts";
import { openRegister } from "./modules/register/index.ts";
import type { Database } from "./platform/database/index.ts";
import { openDomainNames } from "./platform/domain-names.ts";
import { onEveryEvent } from "./platform/events.ts";
import { assetsFolder } from "./web/assets.ts";
import { makePortal, type Portal } from "./web/portal.ts";
import { ProblemPage } from "./web/problem.page.tsx";

const MEBIBYTE = 1024 * 1024;

/** Largest form without files: a paste of 5,000 identifiers fits, a million fields do not. */
const FORM_LIMIT_BYTES = MEBIBYTE;

/**
 * Puts the portal together: server, protections, pages. The caller listens and closes.
 * @param publicUrl asked at each use, since a free port may be known only after listening
 */
export async function buildServer(options: {
  config: Config;
  database: Database;
  log: Logger;
  publicUrl: () => string;
}): Promise<{
  fastify: FastifyInstance;
  portal: Portal;
  /** Says that the server is about to stop: it is no longer ready, and each connection ends with its next answer. */
  drain: () => void;
}> {
  const { config, database, publicUrl } = options;
  // Fastify's type follows the logger's; the portal needs only its plain form
  const fastify = Fastify({
    loggerInstance: options.log as never,
    trustProxy: config.UNISSON_TRUSTED_PROXIES.length > 0 ? config.UNISSON_TRUSTED_PROXIES : false,
    bodyLimit: FORM_LIMIT_BYTES,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    requestTimeout: 60_000,
    keepAliveTimeout: 5_000,
    connectionTimeout: 0,
    // late senders are looked for this often: the two limits hold to the second, not to Node's half minute
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    // what was accepted is answered, even while closing
    return503OnClosing: false,
    exposeHeadRoutes: true,
    // its own lines hold the whole address, and with it the secret of a link
    logController: new LogController({ disableRequestLogging: true }),
    // what cannot be decoded would be answered outside of everything below: it is a page that does not exist
    rewriteUrl: ({ url = "/" }) => (isDecodable(url) ? url : "/adresse-illisible"),
  }) as unknown as FastifyInstance;

  // made once: the plugin that wraps it for Fastify makes it again for each request
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        // browsers also hold to it the provider that a form leads to
        formAction: ["'self'", ...(config.OIDC_ISSUER ? [new URL(config.OIDC_ISSUER).origin] : [])],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: true },
    referrerPolicy: { policy: "same-origin" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
  fastify.addHook("onRequest", (request, reply, done) => {
    reply.raw.setHeader("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    protect(request.raw, reply.raw, done as () => void);
  });
  fastify.addHook("onResponse", ({ method, routeOptions, log }, { statusCode, elapsedTime }, done) => {
    log.info(
      { method, route: routeOptions.url, statusCode, ms: Math.round(elapsedTime) },
      "request answered",
    );
    done();
  });
  // pages are sent forms only: nothing else is parsed, so nothing else is believed
  fastify.removeAllContentTypeParsers();
  await fastify.register(fastifyCookie);
  await fastify.register(fastifyFormbody, { bodyLimit: FORM_LIMIT_BYTES });
  await fastify.register(fastifyMultipart, { limits: { parts: 60 } });
  if (config.REQUESTS_PER_MINUTE > 0)
    await fastify.register(fastifyRateLimit, { max: config.REQUESTS_PER_MINUTE, timeWindow: "1 minute" });

  const portal = makePortal({
    fastify,
    config,
    database,
    register: openRegister(config, database, options.log),
    domainNames: openDomainNames(config.DNS_SERVERS),
    publicUrl,
    problemPage: (ctx, problem) => ProblemPage({ ctx, problem }),
  });
  onEveryEvent(mailsOfEvents(emails, () => ({ portalName: config.PORTAL_NAME, publicUrl: publicUrl() })));

  await fastify.register(fastifyStatic, {
    root: assetsFolder,
    serve: false,
    allowedPath: (path) => /\.(css|js|woff2|svg|png|ico)$/.test(path),
    dotfiles: "ignore",
    immutable: true,
    maxAge: "365d",
  });
  fastify.get("/assets/*", { config: { access: "public" } }, (request, reply) =>
    reply.sendFile((request.params as { "*": string })["*"]),
  );
  fastify.get("/sante", { config: { access: "public" } }, async () => ({ etat: "vivant" }));
  let isDraining = false;
  fastify.get("/sante/pret", { config: { access: "public" } }, async (_request, reply) => {
    const ready = !isDraining && (await database.isReady());
    return reply.code(ready ? 200 : 503).send({ etat: ready ? "pret" : "indisponible" });
  });
  fastify.addHook("onSend", (_request, reply, payload, done) => {
    if (isDraining) reply.header("connection", "close");
    done(null, payload);
  });
  const drain = () => {
    isDraining = true;
  };
  fastify.addHook("preClose", async () => drain());

  for (const module of allModules()) module.routes(portal);
  return { fastify, portal, drain };
}

function isDecodable(url: string): boolean {
  if (!url.includes("%")) return true;
  try {
    decodeURIComponent(url.split("?", 1)[0]!);
    return true;
  } catch {
    return false;
  }
}
