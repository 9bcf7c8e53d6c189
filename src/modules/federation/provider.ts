import * as oidc from "openid-client";
import type { Config } from "../../config.ts";
import { accepted, type Result, refused } from "../../shared/result.ts";

/** What the provider vouches for, once its signature, issuer, audience and nonce are checked. */
export type ProvenIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  /** Whether the provider says that it checked the address. */
  readonly isEmailVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
  readonly idToken: string;
};
/** What a journey to the provider starts with, and is checked against on the way back. */
export type Secrets = { readonly state: string; readonly nonce: string; readonly codeVerifier: string };
export type ProviderRefusal = {
  readonly code: "PROVIDER_UNREACHABLE" | "PROVIDER_DECLINED" | "IDENTITY_NOT_PROVEN";
};

/** How long the provider may take to answer; the rest of the portal does not wait for it (F-26). */
const TIMEOUT_SECONDS = 2.5;
/** What is asked, of what the provider offers: the names are ProConnect's own, or everybody's. */
const SCOPES = ["openid", "email", "profile", "given_name", "usual_name"];

export type Provider = ReturnType<typeof openProvider>;

/** The identity provider of the settings (OpenID Connect, authorization code with PKCE). It is met at its first use. */
export function openProvider(settings: { issuer: string; config: Config; redirectUri: () => string }) {
  const { issuer, config, redirectUri } = settings;
  let met: Promise<oidc.Configuration> | null = null;
  const meet = () => {
    met ??= discover(issuer, config).catch((error: unknown) => {
      met = null; // it is asked again next time
      throw error;
    });
    return met;
  };

  return {
    issuer,

    /** Where to send the browser. */
    async authorizationUrl({ state, nonce, codeVerifier }: Secrets): Promise<Result<URL, ProviderRefusal>> {
      try {
        const provider = await meet();
        const offered = provider.serverMetadata().scopes_supported ?? ["openid", "email"];
        const parameters = {
          redirect_uri: redirectUri(),
          scope: SCOPES.filter((one) => offered.includes(one)).join(" "),
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: "S256",
        };
        return accepted(oidc.buildAuthorizationUrl(provider, parameters));
      } catch (error) {
        return refused(refusalOf(error));
      }
    },

    /** The identity behind the answer that the browser brings back. @param query what follows « ? », as it came */
    async redeem(query: string, secrets: Secrets): Promise<Result<ProvenIdentity, ProviderRefusal>> {
      try {
        const provider = await meet();
        const tokens = await oidc.authorizationCodeGrant(provider, new URL(`${redirectUri()}?${query}`), {
          pkceCodeVerifier: secrets.codeVerifier,
          expectedState: secrets.state,
          expectedNonce: secrets.nonce,
        });
        const { iss, sub } = tokens.claims()!;
        const said = { ...(await saidElsewhere(provider, tokens.access_token, sub)), ...tokens.claims() };
        return accepted({
          issuer: iss,
          subject: sub,
          email: textOf(said.email) || null,
          isEmailVerified: said.email_verified === true,
          firstName: textOf(said.given_name),
          lastName: textOf(said.family_name) || textOf(said.usual_name),
          idToken: tokens.id_token!,
        });
      } catch (error) {
        return refused(refusalOf(error));
      }
    },

    /** Where the provider ends its own session; null when it offers no such page, or does not answer. */
    async endSessionUrl(idToken: string, backTo: string): Promise<URL | null> {
      const provider = await meet().catch(() => null);
      if (!provider?.serverMetadata().end_session_endpoint) return null;
      return oidc.buildEndSessionUrl(provider, {
        id_token_hint: idToken,
        post_logout_redirect_uri: backTo,
        state: oidc.randomState(),
      });
    },
  };
}

export const newSecrets = (): Secrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  codeVerifier: oidc.randomPKCECodeVerifier(),
});

async function discover(issuer: string, config: Config): Promise<oidc.Configuration> {
  const execute = [oidc.enableNonRepudiationChecks];
  // the settings refuse such an issuer in production
  if (issuer.startsWith("http://")) execute.push(oidc.allowInsecureRequests);
  return oidc.discovery(
    new URL(issuer),
    config.OIDC_CLIENT_ID!,
    undefined,
    oidc.ClientSecretPost(config.OIDC_CLIENT_SECRET),
    { execute, timeout: TIMEOUT_SECONDS },
  );
}

/** What providers keep out of the token, and say on their own page. */
async function saidElsewhere(
  provider: oidc.Configuration,
  accessToken: string,
  subject: string,
): Promise<oidc.UserInfoResponse | null> {
  if (!provider.serverMetadata().userinfo_endpoint) return null;
  return oidc.fetchUserInfo(provider, accessToken, subject);
}

const textOf = (claim: unknown): string => (typeof claim === "string" ? claim.slice(0, 254) : "");

function refusalOf(error: unknown): ProviderRefusal {
  if (error instanceof oidc.AuthorizationResponseError) return { code: "PROVIDER_DECLINED" };
  const code = (error as { code?: string }).code ?? "";
  const isOutage =
    error instanceof TypeError || ["OAUTH_TIMEOUT", "OAUTH_RESPONSE_IS_NOT_CONFORM"].includes(code);
  return { code: isOutage ? "PROVIDER_UNREACHABLE" : "IDENTITY_NOT_PROVEN" };
}
