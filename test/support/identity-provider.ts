import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";

/** Somebody that the provider knows. */
export type KnownPerson = {
  readonly email: string;
  readonly emailVerified?: boolean;
  readonly firstName?: string;
  readonly lastName?: string;
};

export type IdentityProvider = {
  readonly issuer: string;
  /** What a portal is started with to trust it. */
  readonly settings: Record<string, string>;
  /** Who its people are, by the name that they type. */
  readonly people: Map<string, KnownPerson>;
  /** Starts to answer, for one portal: it sends people back nowhere else. */
  serve(portalUrl: string): void;
  /** Publishes keys that are not those it signs with: nothing that it signs can be believed. */
  publishForeignKeys(): void;
  /** Changes what it answers at a path, from now on. */
  alter(path: string, change: (said: Record<string, unknown>) => Record<string, unknown>): void;
  /** An identity token as it would sign it, with other claims; `alg` none: not signed. */
  resigned(idToken: string, claims: Record<string, unknown>, alg?: "RS256" | "none"): string;
  close(): Promise<void>;
};

const CLIENT = { client_id: "unisson-essai", client_secret: "secret-du-portail-d-essai" };

/** What says which key it is: the same for the honest one and a foreign one. */
const KEY = { kty: "RSA", kid: "cle-d-essai", use: "sig", alg: "RS256" };
const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

/** A real OpenID Connect server, over HTTP on loopback: it asks who one is, and believes it. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const people = new Map<string, KnownPerson>();
  const key = newKey();
  let answer = (_request: IncomingMessage, response: ServerResponse): unknown =>
    response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    people,
    settings: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: CLIENT.client_id,
      OIDC_CLIENT_SECRET: CLIENT.client_secret,
    },
    serve(portalUrl) {
      answer = route(new Provider(issuer, configuration(people, portalUrl, key)));
    },
    publishForeignKeys() {
      const { n, e } = newKey();
      const keys = JSON.stringify({ keys: [{ ...KEY, n, e }] });
      const honest = answer;
      answer = (request, response) =>
        request.url === "/jwks"
          ? response.writeHead(200, { "content-type": "application/json" }).end(keys)
          : honest(request, response);
    },
    alter(path, change) {
      const honest = answer;
      answer = (request, response) => {
        if (request.url!.split("?", 1)[0] !== path) return honest(request, response);
        const end = response.end.bind(response);
        response.end = ((said: unknown) => {
          const changed = JSON.stringify(change(JSON.parse(String(said))));
          response.setHeader("content-length", Buffer.byteLength(changed));
          return end(changed);
        }) as typeof response.end;
        return honest(request, response);
      };
    },
    resigned(idToken, claims, alg = "RS256") {
      const [, payload = ""] = idToken.split(".");
      const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...claims };
      const text = [{ typ: "JWT", kid: KEY.kid, alg }, changed]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const signature =
        alg === "none"
          ? ""
          : sign("sha256", Buffer.from(text), createPrivateKey({ key, format: "jwk" })).toString("base64url");
      return `${text}.${signature}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configuration(people: Map<string, KnownPerson>, portalUrl: string, key: JsonWebKey): Configuration {
  return {
    clients: [
      {
        ...CLIENT,
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: [`${portalUrl}/connexion/federation/retour`],
        post_logout_redirect_uris: [`${portalUrl}/`],
      },
    ],
    jwks: { keys: [{ ...KEY, ...key }] as never },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["given_name", "family_name"],
    },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page(
            `${form}<button form="op.logoutForm" name="logout" value="yes">Se déconnecter ici aussi</button>`,
          );
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/qui/${interaction.uid}` },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => {
        const { email, emailVerified = true, firstName, lastName } = people.get(accountId)!;
        return {
          sub: accountId,
          email,
          email_verified: emailVerified,
          given_name: firstName,
          family_name: lastName,
        };
      },
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  };
}

/** Its own page, which asks for a name; the library answers everything else. */
function route(provider: Provider) {
  const answer = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url!.startsWith("/qui/")) return answer(request, response);
    if (request.method === "GET")
      return response
        .writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end(page('<form method="post"><label>Nom <input name="qui"></label><button>Entrer</button></form>'));
    let body = "";
    for await (const chunk of request) body += chunk;
    const who = new URLSearchParams(body).get("qui")!;
    const result = who === "" ? { error: "access_denied" } : { login: { accountId: who } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
}

const page = (content: string) =>
  `<!doctype html><html lang="fr"><title>Fournisseur d'essai</title><h1>Fournisseur d'essai</h1><main>${content}</main></html>`;
