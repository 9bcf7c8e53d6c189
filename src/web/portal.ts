import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { z } from "zod";
import { type Config, isOperatorAddress } from "../config.ts";
import type { NationalRegister } from "../modules/register/index.ts";
import { type Action, isAllowed, type Member } from "../modules/rights/index.ts";
import {
  awaitsSecondFactor,
  chooseStructure,
  clearConfirmation,
  isFreshlyAuthenticated,
  isSecondStepOpen,
  isSessionAlive,
  leaveConfirmation,
  type MembershipRow,
  newToken,
  readSession,
  type SessionRow,
  sessionEnd,
  TRUSTED_BROWSER_MS,
  toMember,
  touchSession,
} from "../modules/sessions/index.ts";
import type { Database, TransactionOptions, Tx } from "../platform/database/index.ts";
import type { DomainNames } from "../platform/domain-names.ts";
import type { Actor } from "../platform/events.ts";
import { Overloaded } from "../platform/overload.ts";
import { type Access, badRequest, forbidden, HttpProblem, notFound } from "./access.ts";
import { type Chrome, type Confirmation, EXTEND_SESSION_PATH } from "./chrome.ts";
import { comesFromOurPages, FORM_TOKEN_FIELD, formToken, isFormToken } from "./form-token.ts";
import { noFiles, readBody, type SentFiles, TOO_LARGE, type Upload } from "./read-body.ts";
import { type RawForm, type ReadForm, readForm } from "./read-form.ts";

/** Who calls: the account, the session, and the attachments that count at this instant. */
export type Caller = {
  readonly accountId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
  readonly isOperator: boolean;
  readonly hasSecondFactor: boolean;
  /** The strictest rule that her password meets; null when it was never weighed. */
  readonly passwordRule: SessionRow["passwordRule"];
  /** News in the bell not read yet; 100 stands for more. */
  readonly unreadCount: number;
  readonly session: {
    readonly id: number;
    readonly createdAt: Date;
    /** When it ends by itself if this request is the last one. */
    readonly endsAt: Date;
    readonly authenticatedAt: Date;
    readonly secondFactorAt: Date | null;
    readonly trustedBrowserId: number | null;
  };
  readonly memberships: readonly CallerMembership[];
  /** The structure that the person works in, if any. */
  readonly current: CallerMembership | null;
};

/** Who gave her password and has not yet given the second factor: she may do nothing but give it. */
export type HalfSignedIn = { readonly accountId: number; readonly sessionId: number };

/** An attachment of the caller, with the structure and what `isAllowed` needs. */
export type CallerMembership = Member & {
  readonly membershipId: number;
  readonly serviceIds: readonly number[];
  readonly structure: MembershipRow["structure"];
};

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

/** All that a page's handler has to work with. */
export type Context = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly config: Config;
  readonly database: Database;
  readonly caller: Caller | null;
  readonly halfSignedIn: HalfSignedIn | null;
  /** What a trusted browser shows at sign-in. */
  readonly trustToken: string | null;
  /** The caller, where the route's access says that there is one. */
  readonly who: Caller;
  /** The attachment under which a route of a structure is called. */
  readonly membership: CallerMembership;
  readonly now: Date;
  readonly query: RawForm;
  readonly body: RawForm;
  readonly files: SentFiles["files"];
  readonly filesOnDisk: SentFiles["filesOnDisk"];
  /** The caller as the journal names it. */
  readonly actor: Actor;
  /** The hidden token of the forms of this browser. */
  readonly formToken: string;
  /** What the frame of the page shows. */
  readonly chrome: Chrome;
  /** An identifier in the address; anything but a number is a page that does not exist. */
  id(name: string): number;
  /** One value of the query, "" when absent. */
  one(name: string): string;
  form<S extends z.ZodRawShape>(shape: S): ReadForm<z.output<z.ZodObject<S>>>;
  /** A transaction that sees what the caller may see. */
  tx<T>(work: (tx: Tx, now: Date) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A transaction that sees everything; `reason` says why it must. */
  systemTx<T>(
    reason: string,
    work: (tx: Tx, now: Date) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /** Whether the caller may do `action` on the route's structure (or on the given attachment's). */
  can(action: Action, target?: { serviceId?: number | null | "any"; membership?: CallerMembership }): boolean;
  html(page: VNode, status?: number): FastifyReply;
  redirect(path: string, options?: { confirmation?: Confirmation }): Promise<FastifyReply>;
  /** Gives the browser a new session cookie (sign-in), or takes it away. */
  setSession(token: string | null): void;
  /** Gives a browser what makes it trusted for thirty days. */
  setTrustToken(token: string): void;
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

/** The cookie of the session; with its protecting prefix wherever the portal is served over TLS. */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith("https://") ? "__Host-unisson" : "unisson";
}

const trustCookieName = (publicUrl: string): string => `${sessionCookieName(publicUrl)}-navigateur`;

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
    const known = { route, request, reply, caller, halfSignedIn, cookie, confirmation, now };
    if (route.upload) {
      // who may not call it is refused before her file is read
      const early = makeContext({ ...known, body: {}, ...noFiles });
      contexts.set(request, early);
      admit(route, early);
    }
    const read = await readBody(request, route.upload);
    sent.forget = read.forget;
    const ctx = makeContext({ ...known, ...read });
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

  function makeContext(
    parts: {
      route?: PageRoute;
      request: FastifyRequest;
      reply: FastifyReply;
      caller: Caller | null;
      halfSignedIn: HalfSignedIn | null;
      cookie: string | null;
      confirmation: Confirmation | null;
      now: Date;
      body: RawForm;
    } & SentFiles,
  ): Context {
    const { request, reply, caller, now, body } = parts;
    const query = readQuery(request);
    const transaction: Database["transaction"] = (visibility, work, transactionOptions) =>
      request.method === "POST" || parts.route?.writes
        ? database.transaction(visibility, work, transactionOptions)
        : database.read(visibility, (tx) => work(tx, now), transactionOptions);
    let cookie = parts.cookie;
    const cookieOrNew = () => {
      if (cookie === null) {
        cookie = newToken();
        writeCookie(reply, cookie);
      }
      return cookie;
    };
    const ctx: Context = {
      request,
      reply,
      config,
      database,
      caller,
      halfSignedIn: parts.halfSignedIn,
      trustToken: onlyCookie(request, trustCookieName(options.publicUrl())),
      now,
      query,
      body,
      files: parts.files,
      filesOnDisk: parts.filesOnDisk,
      get who() {
        if (!caller) throw new SignInNeeded();
        return caller;
      },
      get membership() {
        return scopedMembership(ctx);
      },
      get actor() {
        const label = caller ? `${caller.firstName} ${caller.lastName}` : "Visiteur";
        return { accountId: caller?.accountId ?? null, label, means: "page" as const, ip: request.ip };
      },
      get formToken() {
        return formToken(config.secret, cookieOrNew());
      },
      get chrome() {
        return {
          portalName: config.PORTAL_NAME,
          path: request.url,
          formToken: ctx.formToken,
          account: caller && {
            name: `${caller.firstName} ${caller.lastName}`,
            isOperator: caller.isOperator,
          },
          structures: caller
            ? caller.memberships.map(({ structureId, structure }) => ({
                id: structureId,
                name:
                  structure.state === "active"
                    ? structure.displayName
                    : `${structure.displayName} (${structure.state === "replaced" ? "remplacée" : "désactivée"})`,
                identifier: structure.identifierValue,
              }))
            : [],
          currentStructureId: shownStructure(ctx)?.structureId ?? null,
          sessionSeconds: caller && secondsUntil(caller.session.endsAt, now),
          waitingCount: caller?.unreadCount ?? 0,
          confirmation: parts.confirmation,
          builtInMailbox: config.SMTP_URL === undefined,
        };
      },
      id(name) {
        const given = (request.params as Record<string, string>)[name] ?? "";
        if (!/^[1-9]\d{0,14}$/.test(given)) throw notFound();
        return Number(given);
      },
      one(name) {
        const value = query[name];
        if (Array.isArray(value)) throw badRequest(`Le paramètre « ${name} » est présent plusieurs fois.`);
        return value ?? "";
      },
      form: (shape) => readForm(shape, body),
      tx: (work, transactionOptions) =>
        transaction(
          caller
            ? {
                kind: "caller",
                accountId: caller.accountId,
                structureIds: caller.memberships.map((one) => one.structureId),
              }
            : { kind: "public" },
          work,
          transactionOptions,
        ),
      systemTx: (reason, work, transactionOptions) =>
        transaction({ kind: "system", reason }, work, transactionOptions),
      can: (action, target) =>
        isAllowed(
          target?.membership ?? scopedMembership(ctx),
          action,
          { serviceId: target?.serviceId ?? null },
          now,
        ),
      html(page, status = 200) {
        return (
          reply
            .code(status)
            .type("text/html; charset=utf-8")
            // as bytes at once: written as a text, a page is walked through twice
            .send(Buffer.from(`<!doctype html>${renderToString(page)}`))
        );
      },
      async redirect(path, redirectOptions) {
        if (redirectOptions?.confirmation && caller)
          await database.transaction({ kind: "system", reason: "the session of the caller" }, (tx) =>
            leaveConfirmation(tx, caller.session.id, redirectOptions.confirmation),
          );
        return reply.redirect(path, 303);
      },
      setSession(token) {
        cookie = token;
        if (token === null) reply.clearCookie(sessionCookieName(options.publicUrl()), { path: "/" });
        else writeCookie(reply, token);
      },
      setTrustToken(token) {
        reply.setCookie(trustCookieName(options.publicUrl()), token, {
          ...cookieOptions(),
          maxAge: TRUSTED_BROWSER_MS / 1000,
        });
      },
    };
    return ctx;
  }

  function writeCookie(reply: FastifyReply, value: string): void {
    reply.setCookie(sessionCookieName(options.publicUrl()), value, cookieOptions());
  }

  function cookieOptions() {
    return {
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      secure: options.publicUrl().startsWith("https://"),
    } as const;
  }

  function toCaller(row: SessionRow, isOperator: boolean): Caller {
    const memberships = (row.memberships ?? []).map(toMembership(row.accountId));
    return {
      accountId: row.accountId,
      firstName: row.firstName,
      lastName: row.lastName,
      signInEmail: row.signInEmail,
      isOperator,
      hasSecondFactor: row.hasSecondFactor,
      passwordRule: row.passwordRule,
      unreadCount: row.unreadCount,
      session: {
        id: row.sessionId,
        createdAt: row.createdAt,
        endsAt: sessionEnd(row, isOperator ? "operator" : "person"),
        authenticatedAt: row.authenticatedAt,
        secondFactorAt: row.secondFactorAt,
        trustedBrowserId: row.trustedBrowserId,
      },
      memberships,
      current:
        memberships.find((one) => one.structureId === row.currentStructureId) ?? memberships[0] ?? null,
    };
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
      makeContext({
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

const secondsUntil = (end: Date, now: Date) => Math.floor((end.getTime() - now.getTime()) / 1000);

class SignInNeeded extends Error {}
class StaleAuthentication extends Error {}
class GoFirst extends Error {
  readonly path: string;
  constructor(path: string) {
    super("another page comes first");
    this.path = path;
  }
}

function toMembership(accountId: number) {
  return (row: MembershipRow): CallerMembership => ({
    ...toMember(accountId, row),
    membershipId: row.id,
    serviceIds: row.serviceIds,
    structure: row.structure,
  });
}

/** The attachment that a route of a structure is called under. @throws 404 when the caller is no member of it */
function scopedMembership(ctx: Context): CallerMembership {
  const caller = ctx.who;
  const params = ctx.request.params as Record<string, string>;
  const named = params.structureId ?? single(ctx.body.structureId) ?? single(ctx.query.structureId);
  if (named === undefined || named === "") {
    if (!caller.current)
      throw new HttpProblem(
        403,
        "no-structure",
        "Vous n'êtes rattaché à aucune structure. Créez la vôtre ou demandez un rattachement.",
      );
    return caller.current;
  }
  const membership = caller.memberships.find((one) => String(one.structureId) === named);
  if (!membership) throw notFound();
  return membership;
}

/** The structure that a page is about: the one that its address names, or the one that the person works in. */
function shownStructure({ caller, request, query }: Context): CallerMembership | null {
  const params = (request.params ?? {}) as Record<string, string>;
  const named = params.structureId ?? query.structureId;
  return caller?.memberships.find((one) => String(one.structureId) === named) ?? caller?.current ?? null;
}

/** @throws 400 when the structure is named several times: which one would be checked, which one used? */
function single(value: string | string[] | undefined): string | undefined {
  if (Array.isArray(value)) throw badRequest("La structure est nommée plusieurs fois dans cette demande.");
  return value;
}

/** The session's cookie; two cookies of that name are an attack, and count as none. */
function onlyCookie(request: FastifyRequest, name: string): string | null {
  const found = (request.headers.cookie ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  const value = found.length === 1 ? found[0]!.slice(name.length + 1) : "";
  return /^[\w-]{43}$/.test(value) ? value : null;
}

/** No text that a person types holds a NUL, and the database refuses it. */
function holdsNul(fields: RawForm): boolean {
  return Object.values(fields)
    .flat()
    .some((value) => value.includes("\0"));
}

function readQuery(request: FastifyRequest): RawForm {
  return request.query as RawForm;
}

function wantsProblemDocument(request: FastifyRequest): boolean {
  return request.url.startsWith("/api/") || (request.headers.accept ?? "").startsWith("application/json");
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const code = (error as { code?: string }).code ?? "";
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (error instanceof Overloaded)
    return new HttpProblem(
      503,
      "busy",
      "Beaucoup de personnes utilisent le portail en ce moment. Réessayez dans quelques secondes.",
      3,
    );
  if (isOutage(error))
    return new HttpProblem(
      503,
      "unavailable",
      "Le portail est momentanément indisponible. Réessayez dans quelques instants.",
      5,
    );
  if (COLLISIONS.has(code))
    return new HttpProblem(
      503,
      "collision",
      "Quelqu'un d'autre a agi au même instant : rien n'a changé. Revenez à la page précédente, et réessayez.",
      1,
    );
  if (status === 413) return new HttpProblem(413, "too-large", TOO_LARGE);
  if (status === 415)
    return new HttpProblem(415, "unsupported-media-type", "Ce format n'est pas accepté ici.");
  if (status === 429)
    return new HttpProblem(
      429,
      "too-many-requests",
      "Trop de demandes. Patientez un instant, puis réessayez.",
      60,
    );
  if (status >= 400 && status < 500)
    return new HttpProblem(
      status,
      code.startsWith("FST_") ? "bad-request" : "refused",
      "Cette demande n'a pas pu être comprise.",
    );
  return new HttpProblem(
    500,
    "internal",
    "Une erreur est survenue de notre côté. Réessayez ; si elle persiste, transmettez au support la référence ci-dessous.",
  );
}

/**
 * SQLSTATE of a database that is stopped, starting or being cut off (57P01 to 57P05, 08…), out of connections (53300) or
 * of disk (53100), or that waited too long for a statement or a lock (57014, 55P03, 25P03).
 */
const OUTAGES = new Set(
  "57P01 57P02 57P03 57P05 08003 08006 53300 53100 57014 55P03 25P03 ECONNREFUSED ECONNRESET EPIPE".split(
    " ",
  ),
);

/** SQLSTATE of two acts at once, of which one is undone: each waited for the other (40P01), or both took the same (23505). */
const COLLISIONS = new Set(["40P01", "23505"]);

/** The database is stopped, full or too slow: the reader tries again, nothing is broken. */
function isOutage(error: unknown): boolean {
  const { code, message, syscall } = error as { code?: string; message?: string; syscall?: string };
  // the socket of a stopped server is no longer there; another missing file is a fault of ours
  if (code === "ENOENT") return syscall === "connect";
  if (OUTAGES.has(code ?? "")) return true;
  return /Connection terminated|timeout exceeded when trying to connect|connection timeout/i.test(
    message ?? "",
  );
}
