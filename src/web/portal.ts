import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { VNode } from "preact";
import { z } from "zod";
import { type Config, isOperatorAddress } from "../config.ts";
import type { NationalRegister } from "../modules/register/index.ts";
import {
  awaitsSecondFactor,
  chooseStructure,
  clearConfirmation,
  isFreshlyAuthenticated,
  isSecondStepOpen,
  isSessionAlive,
  readSession,
  touchSession,
} from "../modules/sessions/index.ts";
import type { Database } from "../platform/database/index.ts";
import type { DomainNames } from "../platform/domain-names.ts";
import { type Access, badRequest, forbidden, HttpProblem, notFound } from "./access.ts";
import { toCaller } from "./caller.ts";
import { type Confirmation, EXTEND_SESSION_PATH } from "./chrome.ts";
import { type Context, makeContext, SignInNeeded, secondsUntil } from "./context.ts";
import { onlyCookie, sessionCookieName } from "./cookies.ts";
import { comesFromOurPages, FORM_TOKEN_FIELD, isFormToken } from "./form-token.ts";
import { toProblem } from "./problem.ts";
import { noFiles, readBody, type Upload } from "./read-body.ts";
import type { RawForm } from "./read-form.ts";

export type { Caller, CallerMembership } from "./caller.ts";
export type { Context } from "./context.ts";

export type PageRoute = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly access: Access;
  /** The act asks for a proof of identity at most five minutes old. */
  readonly fresh?: true;
  /** Serves even one who must go elsewhere first: to prove who she is, to stay, to leave. */
  readonly beforeGates?: true;
  readonly upload?: Upload;
  /** Demands a minute from one network address, where the act costs more than a page does. */
  readonly perMinute?: number;
  /** Why showing this page writes (an export goes into the journal); otherwise the database refuses a GET any change. */
  readonly writes?: string;
  readonly handler: (ctx: Context) => Promise<unknown> | unknown;
};

export type Portal = {
  readonly config: Config;
  readonly database: Database;
  readonly fastify: FastifyInstance;
  readonly register: NationalRegister;
  readonly domainNames: DomainNames;
  /** The public address, known for sure once the server listens. */
  readonly publicUrl: () => string;
  page(route: PageRoute): void;
  /** Every route declared, for the tests that walk them all. */
  readonly routes: readonly { method: string; url: string; access: Access }[];
  /** Asked in turn before a signed-in page: where to go first (second factor to set up…), or null. One duty at a time. */
  readonly gates: ((ctx: Context) => string | null)[];
  /** Answers when a sensitive act needs a newer proof of identity. Set by the accounts module. */
  onStaleAuthentication: (ctx: Context) => unknown;
  /** Where to go once a session has ended, other than home. Set by the federation module. */
  afterSignOut: (ctx: Context, sessionId: number) => Promise<string | null>;
  /** Does what was planned for structures and whose instant has come, before rights there are read. Set by the successions module. */
  settle: (structureIds: readonly number[]) => Promise<void>;
  /** Shows a problem as a page. */
  problemPage: (ctx: Context, problem: { status: number; says: string; correlationId: string }) => VNode;
};

const SIGN_IN_PATH = "/connexion";
/** Where the second factor is asked. */
export const SECOND_STEP_PATH = "/connexion/code";

/**
 * Makes the portal on a Fastify server: sessions, access, forms and pages. Modules add their routes by `page`.
 * @throws at `ready` when a route was added to the server without saying who may call it
 */
export function makePortal(options: {
  fastify: FastifyInstance;
  config: Config;
  database: Database;
  register: NationalRegister;
  domainNames: DomainNames;
  publicUrl: () => string;
  problemPage: Portal["problemPage"];
}): Portal {
  const { fastify, config, database } = options;
  const routes: { method: string; url: string; access: Access }[] = [];
  const contexts = new WeakMap<FastifyRequest, Context>();
  // a session whose activity is being noted is noted once, however many pages it asks for at that moment
  const beingTouched = new Set<number>();

  fastify.addHook("onRoute", (route) => {
    const access = route.config?.access;
    if (access === undefined)
      throw new Error(
        `The route ${String(route.method)} ${route.url} does not say who may call it (config.access)`,
      );
    for (const method of [route.method].flat())
      if (method !== "HEAD") routes.push({ method, url: route.url, access });
  });

  const portal: Portal = {
    config,
    database,
    fastify,
    register: options.register,
    domainNames: options.domainNames,
    publicUrl: options.publicUrl,
    routes,
    gates: [],
    onStaleAuthentication: () => {
      throw forbidden("Reconnectez-vous pour continuer.");
    },
    afterSignOut: async () => null,
    settle: async () => {},
    problemPage: options.problemPage,
    page(route) {
      fastify.route({
        method: route.method,
        url: route.url,
        config: {
          access: route.access,
          ...(route.perMinute ? { rateLimit: { max: route.perMinute, timeWindow: "1 minute" } } : {}),
        },
        handler: async (request, reply) => {
          const sent: { forget?: () => Promise<void> } = {};
          try {
            const ctx = await open(request, reply, route, sent);
            const answer = await route.handler(ctx);
            return answer ?? reply;
          } finally {
            await sent.forget?.();
          }
        },
      });
    },
  };

  /** Everything before the handler: who calls, from where, may they. */
  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    route: PageRoute,
    sent: { forget?: () => Promise<void> },
  ): Promise<Context> {
    const cookieName = sessionCookieName(options.publicUrl());
    const cookie = onlyCookie(request, cookieName);
    const { caller, halfSignedIn, confirmation, now } = await readCaller(cookie);
    const mayWrite = route.method === "POST" || route.writes !== undefined;
    const known = { mayWrite, request, reply, caller, halfSignedIn, cookie, confirmation, now };
    if (route.upload) {
      // who may not call it is refused before her file is read
      const early = makeContext(portal, { ...known, body: {}, ...noFiles });
      contexts.set(request, early);
      admit(route, early);
    }
    const read = await readBody(request, route.upload);
    sent.forget = read.forget;
    const ctx = makeContext(portal, { ...known, ...read });
    contexts.set(request, ctx);
    if (holdsNul(ctx.query) || holdsNul(ctx.body))
      throw badRequest("Un champ contient un caractère qui ne s'écrit pas.");
    if (route.access !== "public") reply.header("cache-control", "no-store");
    else if (caller) reply.header("cache-control", "private, no-store");
    if (route.method === "POST") refuseForgery(request, ctx, cookie);
    admit(route, ctx);
    return ctx;
  }

  async function readCaller(cookie: string | null) {
    let { session, now } = await readSession(database.door, cookie);
    if (session && session.dueStructureIds.length > 0) {
      await portal.settle(session.dueStructureIds);
      ({ session, now } = await readSession(database.door, cookie));
    }
    const nobody = { caller: null, halfSignedIn: null, confirmation: null, now };
    if (session?.accountState !== "active") return nobody;
    if (awaitsSecondFactor(session))
      return isSecondStepOpen(session, now)
        ? { ...nobody, halfSignedIn: { accountId: session.accountId, sessionId: session.sessionId } }
        : nobody;
    const isOperator = isOperatorAddress(config, session.signInEmail);
    if (!isSessionAlive(session, isOperator ? "operator" : "person", now)) return nobody;
    const isToTouch = now.getTime() - session.lastSeenAt.getTime() > 60_000;
    if ((isToTouch && !beingTouched.has(session.sessionId)) || session.confirmation !== null) {
      beingTouched.add(session.sessionId);
      await database
        .transaction(
          { kind: "system", reason: "the session of the caller" },
          async (tx) => {
            if (isToTouch) await touchSession(tx, session.sessionId, now);
            if (session.confirmation !== null) await clearConfirmation(tx, session.sessionId);
          },
          { mayBeLost: true },
        )
        .finally(() => beingTouched.delete(session.sessionId));
    }
    return {
      caller: toCaller({ ...session, lastSeenAt: isToTouch ? now : session.lastSeenAt }, isOperator),
      halfSignedIn: null,
      confirmation: session.confirmation as Confirmation | null,
      now,
    };
  }

  function refuseForgery(request: FastifyRequest, ctx: Context, cookie: string | null): void {
    const ours = comesFromOurPages(request.headers as Record<string, string>, [
      new URL(options.publicUrl()).origin,
    ]);
    const given = ctx.body[FORM_TOKEN_FIELD];
    if (!ours || cookie === null || !isFormToken(config.secret, cookie, given))
      throw new HttpProblem(
        403,
        "forged-form",
        "Ce formulaire n'a pas pu être vérifié. Revenez à la page précédente, rechargez-la, puis envoyez-le de nouveau.",
      );
  }

  function admit(route: PageRoute, ctx: Context): void {
    if (route.access === "public") return;
    if (!ctx.caller) throw new SignInNeeded();
    const first = route.beforeGates ? null : firstGate(ctx);
    if (first !== null && !ctx.request.url.startsWith(first.split("?")[0]!)) throw new GoFirst(first);
    if (route.access === "operator" && !ctx.caller.isOperator) throw notFound();
    if (typeof route.access === "object" && !ctx.can(route.access.action, { serviceId: "any" }))
      throw forbidden();
    if (route.fresh && !isFreshlyAuthenticated(ctx.caller.session.authenticatedAt, ctx.now))
      throw new StaleAuthentication();
  }

  function firstGate(ctx: Context): string | null {
    for (const gate of portal.gates) {
      const first = gate(ctx);
      if (first !== null) return first;
    }
    return null;
  }

  portal.page({
    method: "POST",
    url: EXTEND_SESSION_PATH,
    access: "account",
    beforeGates: true,
    // the request itself is the activity that a session waits for
    handler: (ctx) => ctx.reply.send({ seconds: secondsUntil(ctx.who.session.endsAt, ctx.now) }),
  });
  portal.page({
    method: "POST",
    url: "/structure-courante",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({ structureId: z.string().regex(/^\d+$/), retour: z.string().default("/") });
      if (!form.ok) throw badRequest("Choisissez une structure de la liste.");
      const chosen = ctx.who.memberships.find((one) => one.structureId === Number(form.values.structureId));
      if (!chosen) throw notFound();
      const token = await ctx.systemTx("the session of the caller", (tx) =>
        chooseStructure(tx, ctx.who.session.id, chosen.structureId),
      );
      ctx.setSession(token);
      return ctx.redirect("/");
    },
  });

  fastify.setNotFoundHandler({ preHandler: [] }, async (request, reply) =>
    answerProblem(request, reply, notFound()),
  );
  fastify.setErrorHandler(async (error, request, reply) => {
    if (error instanceof SignInNeeded) {
      if (request.url.startsWith("/api/"))
        return answerProblem(request, reply, new HttpProblem(401, "unauthenticated", ""));
      const back = request.method === "GET" ? `?suite=${encodeURIComponent(request.url)}` : "";
      const step = contexts.get(request)?.halfSignedIn ? SECOND_STEP_PATH : SIGN_IN_PATH;
      return reply.redirect(`${step}${back}`, 303);
    }
    const ctx = contexts.get(request);
    // what the page she asked for would have told her is told by the one she is sent to
    if (error instanceof GoFirst && ctx)
      return ctx.redirect(error.path, { confirmation: ctx.chrome.confirmation ?? undefined });
    if (error instanceof StaleAuthentication && ctx) return portal.onStaleAuthentication(ctx);
    return answerProblem(request, reply, error);
  });

  async function answerProblem(
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
  ): Promise<FastifyReply> {
    const correlationId = randomUUID();
    const problem = toProblem(error);
    // who was refused what: an attack shows as a run of these (ASVS 16.3.2, 16.3.3)
    if (problem.status === 403 || problem.status === 429)
      request.log.warn(
        {
          code: problem.code,
          url: request.routeOptions.url,
          accountId: contexts.get(request)?.caller?.accountId ?? null,
          ip: request.ip,
          correlationId,
        },
        "request refused",
      );
    if (problem.status >= 500)
      request.log.error({ err: error, correlationId, url: request.routeOptions.url }, "request failed");
    if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", problem.retryAfterSeconds);
    reply.header("cache-control", "no-store").code(problem.status);
    if (wantsProblemDocument(request))
      return reply.type("application/problem+json").send(
        JSON.stringify({
          type: "about:blank",
          title: problem.code,
          status: problem.status,
          code: problem.code,
          detail: problem.says,
          correlationId,
        }),
      );
    const ctx =
      contexts.get(request) ??
      makeContext(portal, {
        mayWrite: false,
        request,
        reply,
        caller: null,
        halfSignedIn: null,
        // kept, or an outage would sign everybody out
        cookie: onlyCookie(request, sessionCookieName(options.publicUrl())),
        confirmation: null,
        now: new Date(),
        body: {},
        ...noFiles,
      });
    return ctx.html(
      portal.problemPage(ctx, { status: problem.status, says: problem.says, correlationId }),
      problem.status,
    );
  }

  return portal;
}

class StaleAuthentication extends Error {}
class GoFirst extends Error {
  readonly path: string;
  constructor(path: string) {
    super("another page comes first");
    this.path = path;
  }
}

/** No text that a person types holds a NUL, and the database refuses it. */
function holdsNul(fields: RawForm): boolean {
  return Object.values(fields)
    .flat()
    .some((value) => value.includes("\0"));
}

function wantsProblemDocument(request: FastifyRequest): boolean {
  return request.url.startsWith("/api/") || (request.headers.accept ?? "").startsWith("application/json");
}
