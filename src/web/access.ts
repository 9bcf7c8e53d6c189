import type { Action } from "../modules/rights/index.ts";

/**
 * Who may call a route; a route without one makes the server refuse to start.
 * - "public": anybody;
 * - "account": whoever is signed in;
 * - "operator": an operator of the portal, named by configuration;
 * - an action on a structure: a member of it to whom the permission table allows the action. The structure is the
 *   `:structureId` of the address, else `structureId` of the form or query, else the one the session works in.
 *   Not a member: 404. A member without the right: 403.
 */
export type Access =
  | "public"
  | "account"
  | "operator"
  | { readonly action: Action; readonly on: "structure" };

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
}

/** An answer that is not the page asked for; the error handler turns it into a page or a problem document. */
export class HttpProblem extends Error {
  readonly status: number;
  /** Stable code of the problem; part of the contract. */
  readonly code: string;
  /** French sentence for the reader: what happened, what to do. */
  readonly says: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, code: string, says: string, retryAfterSeconds?: number) {
    super(code);
    this.status = status;
    this.code = code;
    this.says = says;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const notFound = () =>
  new HttpProblem(404, "not-found", "Cette page n'existe pas, ou vous n'y avez pas accès.");

export const forbidden = (says = "Vous n'avez pas l'habilitation nécessaire pour cette action.") =>
  new HttpProblem(403, "forbidden", says);

export const badRequest = (says: string) => new HttpProblem(400, "bad-request", says);
