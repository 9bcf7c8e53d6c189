import * as oidc from "openid-client";
import type { Config } from "../../config.ts";
import { accepted, type Result, refused } from "../../shared/result.ts";

/** What the provider vouches for, once its signature, issuer, audience and nonce are checked. */
export type ProvenIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly idToken: string;
};
/** What a journey to the provider starts with, and is checked against on the way back. */
export type Secrets = { readonly state: string; readonly nonce: string; readonly codeVerifier: string };
export type ProviderRefusal = {
  readonly code: "PROVIDER_UNREACHABLE" | "PROVIDER_DECLINED" | "IDENTITY_NOT_PROVEN";
};

/** How long the provider may take to answer; the rest of the portal does not wait for it (F-26). */
const TIMEOUT_SECONDS = 2.5;
const SCOPE = "openid email";

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
        const parameters = {
          redirect_uri: redirectUri(),
          scope: SCOPE,
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: "S256",
        };
        return accepted(oidc.buildAuthorizationUrl(await meet(), parameters));
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
        const { iss, sub, email } = tokens.claims()!;
        return accepted({
          issuer: iss,
          subject: sub,
          email: textOr(email) ?? (await emailOf(provider, tokens.access_token, sub)),
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

/** Providers that keep the e-mail out of the token say it on their own page. */
async function emailOf(
  provider: oidc.Configuration,
  accessToken: string,
  subject: string,
): Promise<string | null> {
  if (!provider.serverMetadata().userinfo_endpoint) return null;
  return textOr((await oidc.fetchUserInfo(provider, accessToken, subject)).email);
}

const textOr = (claim: unknown): string | null => (typeof claim === "string" ? claim.slice(0, 254) : null);

function refusalOf(error: unknown): ProviderRefusal {
  if (error instanceof oidc.AuthorizationResponseError) return { code: "PROVIDER_DECLINED" };
  const code = (error as { code?: string }).code ?? "";
  const isOutage =
    error instanceof TypeError || ["OAUTH_TIMEOUT", "OAUTH_RESPONSE_IS_NOT_CONFORM"].includes(code);
  return { code: isOutage ? "PROVIDER_UNREACHABLE" : "IDENTITY_NOT_PROVEN" };
}
