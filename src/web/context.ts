import type { FastifyReply, FastifyRequest } from "fastify";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { z } from "zod";
import type { Config } from "../config.ts";
import { type Action, isAllowed } from "../modules/rights/index.ts";
import { leaveConfirmation, newToken, TRUSTED_BROWSER_MS } from "../modules/sessions/index.ts";
import type { Database, TransactionOptions, Tx } from "../platform/database/index.ts";
import type { Actor } from "../platform/events.ts";
import { badRequest, HttpProblem, notFound } from "./access.ts";
import type { Caller, CallerMembership, HalfSignedIn } from "./caller.ts";
import type { Chrome, Confirmation } from "./chrome.ts";
import { onlyCookie, sessionCookieName, trustCookieName, writeCookie } from "./cookies.ts";
import { formToken } from "./form-token.ts";
import { withFrenchSpaces } from "./french-spaces.ts";
import type { SentFiles } from "./read-body.ts";
import { type RawForm, type ReadForm, readForm } from "./read-form.ts";

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

/** Thrown where a caller is needed and there is none. */
export class SignInNeeded extends Error {}

/** Makes what the handler of one request works with. */
export function makeContext(
  portal: { readonly config: Config; readonly database: Database; readonly publicUrl: () => string },
  parts: {
    /** Whether the page may change something: it was sent, or says why showing it writes. */
    mayWrite: boolean;
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
  const { config, database } = portal;
  const { request, reply, caller, now, body } = parts;
  const publicUrl = portal.publicUrl();
  const query = request.query as RawForm;
  const transaction: Database["transaction"] = (visibility, work, transactionOptions) =>
    parts.mayWrite
      ? database.transaction(visibility, work, transactionOptions)
      : database.read(visibility, (tx) => work(tx, now), transactionOptions);
  let cookie = parts.cookie;
  const name = sessionCookieName(publicUrl);
  const cookieOrNew = () => {
    if (cookie === null) {
      cookie = newToken();
      writeCookie(reply, publicUrl, { name, value: cookie });
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
    trustToken: onlyCookie(request, trustCookieName(publicUrl)),
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
          .send(Buffer.from(`<!doctype html>${withFrenchSpaces(renderToString(page))}`))
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
      if (token === null) reply.clearCookie(name, { path: "/" });
      else writeCookie(reply, publicUrl, { name, value: token });
    },
    setTrustToken(token) {
      const maxAge = TRUSTED_BROWSER_MS / 1000;
      writeCookie(reply, publicUrl, { name: trustCookieName(publicUrl), value: token, maxAge });
    },
  };
  return ctx;
}

export const secondsUntil = (end: Date, now: Date) => Math.floor((end.getTime() - now.getTime()) / 1000);

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
