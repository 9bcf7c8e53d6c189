import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { type Context, type Portal, SECOND_STEP_PATH } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Button,
  ButtonLink,
  Form,
  type FormState,
  Link,
  noForm,
  Paragraph,
} from "../../../web/ui/index.ts";
import { browserOf, firstEntryRule, passwordText, pathAfterSignIn, safePath } from "../../accounts/index.ts";
import { openProvider, type Provider } from "../provider.ts";
import { findIdentity, type Identity, takeIdToken } from "../store.ts";
import { enter, readEntry, sealEntry } from "../use-cases/enter.ts";
import { type ArrivalRefusal, arrive, leave } from "../use-cases/journey.ts";
import { unlinkIdentity } from "../use-cases/unlink.ts";
import { FEDERATION_SETTINGS_PATH, FEDERATION_SIGN_IN_PATH } from "./federation-button.tsx";
import { FIRST_ENTRY_PATH, FirstEntryPage, readFirstEntry } from "./first-entry.page.tsx";

const RETURN_PATH = `${FEDERATION_SIGN_IN_PATH}/retour`;
const crumbs = [{ label: "Mon compte", href: "/mon-compte" }];

type Explained = { readonly title: string; readonly says: string; readonly status: number };

/** What a refusal means, and what to do. */
function explain({ code }: ArrivalRefusal, label: string): Explained {
  const notDone = "La connexion n'a pas abouti";
  return {
    PROVIDER_UNREACHABLE: {
      title: `${label} ne répond pas`,
      says: "Réessayez dans quelques instants, ou connectez-vous avec votre mot de passe.",
      status: 503,
    },
    PROVIDER_DECLINED: {
      title: notDone,
      says: `${label} n'a pas confirmé votre identité, ou vous y avez renoncé. Rien n'a changé.`,
      status: 422,
    },
    IDENTITY_NOT_PROVEN: {
      title: notDone,
      says: `La réponse de ${label} n'a pas pu être vérifiée. Recommencez ; si cela se répète, prévenez l'opérateur du portail.`,
      status: 422,
    },
    ATTEMPT_UNKNOWN: {
      title: notDone,
      says: "Cette réponse a déjà servi, a plus de dix minutes, ou vient d'un autre navigateur. Recommencez.",
      status: 422,
    },
    IDENTITY_NOT_LINKED: {
      title: `${label} n'est relié à aucun compte`,
      says: `${label} a confirmé votre identité, mais aucun compte du portail ne l'a reliée. Connectez-vous avec votre mot de passe, puis reliez ${label} depuis « Mon compte ».`,
      status: 422,
    },
    ADDRESS_HAS_ACCOUNT: {
      title: "Vous avez déjà un compte",
      says: `Un compte porte l'adresse que donne ${label}. Connectez-vous avec son mot de passe, puis reliez ${label} depuis « Mon compte ».`,
      status: 422,
    },
    IDENTITY_OF_ANOTHER_ACCOUNT: {
      title: "Cette identité est reliée à un autre compte",
      says: "Retirez-la d'abord de l'autre compte, depuis son « Mon compte ». Rien n'a changé.",
      status: 422,
    },
    LINKER_GONE: {
      title: "Rien n'a été relié",
      says: "Le compte qui a demandé ce lien n'est plus connecté ici. Connectez-vous, puis recommencez.",
      status: 422,
    },
    ACCOUNT_INACTIVE: {
      title: "Ce compte est désactivé",
      says: "Demandez un lien pour le réactiver.",
      status: 422,
    },
  }[code];
}

function RefusalPage({ ctx, refusal }: { ctx: Context; refusal: ArrivalRefusal }) {
  const { title, says } = explain(refusal, ctx.config.OIDC_LABEL);
  const waysOn = ctx.caller
    ? [<Link href={FEDERATION_SETTINGS_PATH}>Revenir à « Mon compte »</Link>]
    : [
        <Link href={`/connexion?suite=${encodeURIComponent(FEDERATION_SETTINGS_PATH)}`}>
          Se connecter avec son mot de passe
        </Link>,
        refusal.code === "ACCOUNT_INACTIVE" ? (
          <Link href="/compte/lien">Recevoir un lien</Link>
        ) : (
          <Link href="/compte/creer">Créer un compte</Link>
        ),
      ];
  return (
    <Page chrome={ctx.chrome} title={title} lead={says}>
      <Bullets items={waysOn} />
    </Page>
  );
}

function SettingsPage({ ctx, identity }: { ctx: Context; identity: Identity | undefined }) {
  const label = ctx.config.OIDC_LABEL;
  if (!identity)
    return (
      <Page
        chrome={ctx.chrome}
        title={`Relier ${label} à mon compte`}
        crumbs={crumbs}
        lead={`Vous pourrez vous connecter avec ${label} ; votre mot de passe continue de servir.`}
      >
        <Paragraph>
          Vous allez être mené chez {label}, puis ramené ici. Si la double authentification est en place, elle
          reste demandée.
        </Paragraph>
        <Form token={ctx.formToken} action={`${FEDERATION_SETTINGS_PATH}/relier`}>
          <Button>Relier {label}</Button>
        </Form>
      </Page>
    );
  return (
    <Page
      chrome={ctx.chrome}
      title={`${label} est relié à mon compte`}
      crumbs={crumbs}
      lead={`Identité ${identity.email ?? "sans adresse"}, reliée le ${formatDateTime(identity.linkedAt)}.`}
    >
      <Paragraph>Retirée, elle n'ouvre plus votre compte ; votre mot de passe continue de servir.</Paragraph>
      <Form token={ctx.formToken} action={`${FEDERATION_SETTINGS_PATH}/retirer`}>
        <Button kind="warning">Retirer {label}</Button>
      </Form>
      <ButtonLink kind="secondary" href="/mon-compte">
        Revenir à mon compte
      </ButtonLink>
    </Page>
  );
}

/** Sign-in by the provider, and the identity of one's account. */
export function federationPages(portal: Portal, issuer: string): void {
  const { config, database, publicUrl } = portal;
  const provider = openProvider({ issuer, config, redirectUri: () => `${publicUrl()}${RETURN_PATH}` });
  const deps = { database, provider };

  const refuse = (ctx: Context, refusal: ArrivalRefusal) =>
    ctx.html(<RefusalPage ctx={ctx} refusal={refusal} />, explain(refusal, ctx.config.OIDC_LABEL).status);
  const send = async (ctx: Context, accountId: number | null, nextPath: string) => {
    const left = await leave(deps, { browser: ctx.formToken, accountId, nextPath });
    return left.ok ? ctx.redirect(left.value.href) : refuse(ctx, left.refusal);
  };
  const showFirstEntry = (ctx: Context, refusal: ArrivalRefusal) => {
    if (refusal.code !== "IDENTITY_NOT_LINKED") return null;
    const sealed = sealEntry(config.secret, refusal.identity, ctx.formToken, ctx.now);
    const entrant = sealed && readEntry(config.secret, sealed, ctx.formToken, ctx.now);
    return entrant && ctx.html(<FirstEntryPage ctx={ctx} entrant={entrant} sealed={sealed} form={noForm} />);
  };
  const ownIdentity = (ctx: Context) => ctx.tx((tx) => findIdentity(tx, ctx.who.accountId, issuer));

  portal.page({
    method: "POST",
    url: FEDERATION_SIGN_IN_PATH,
    access: "public",
    handler: (ctx) => {
      const form = ctx.form({ suite: z.string().default("/") });
      if (ctx.caller) return ctx.redirect("/");
      return send(ctx, null, form.ok ? safePath(form.values.suite) : "/");
    },
  });
  portal.page({
    method: "GET",
    url: RETURN_PATH,
    access: "public",
    writes: "the identity provider sends the person back by a GET",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const query = new URL(ctx.request.url, publicUrl()).search.slice(1);
      const callerId = ctx.caller?.accountId ?? null;
      const arrived = await arrive(deps, { query, browserKey: ctx.formToken, callerId }, browserOf(ctx));
      if (!arrived.ok) return showFirstEntry(ctx, arrived.refusal) ?? refuse(ctx, arrived.refusal);
      const { value } = arrived;
      if (value.kind === "linked")
        return ctx.redirect("/mon-compte", {
          confirmation: { title: `${ctx.config.OIDC_LABEL} est relié à votre compte.` },
        });
      ctx.setSession(value.token);
      return ctx.redirect(
        value.awaitsSecondFactor
          ? `${SECOND_STEP_PATH}?suite=${encodeURIComponent(value.nextPath)}`
          : pathAfterSignIn(value.nextPath),
      );
    },
  });
  portal.page({
    method: "POST",
    url: FIRST_ENTRY_PATH,
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store");
      const sealed = String(ctx.body.entree ?? "");
      const entrant = readEntry(config.secret, sealed, ctx.formToken, ctx.now);
      if (!entrant) return refuse(ctx, { code: "ATTEMPT_UNKNOWN" });
      const again = (form: FormState) =>
        ctx.html(<FirstEntryPage ctx={ctx} entrant={entrant} sealed={sealed} form={form} />, 422);
      const read = readFirstEntry(ctx);
      if (!read.ok) return again(read.form);
      const entered = await enter({ database, config }, entrant, read.typed, browserOf(ctx));
      if (entered.ok) {
        ctx.setSession(entered.value.token);
        return ctx.redirect("/bienvenue");
      }
      const { code } = entered.refusal;
      if (code === "ENTRY_SPENT") return refuse(ctx, { code: "ATTEMPT_UNKNOWN" });
      if (code === "ADDRESS_HAS_ACCOUNT") return refuse(ctx, { code });
      return again({
        values: typedValues(ctx.body),
        errors: passwordText(code, firstEntryRule(config, entrant.identity.email)).errors,
      });
    },
  });
  portal.page({
    method: "GET",
    url: FEDERATION_SETTINGS_PATH,
    access: "account",
    fresh: true,
    handler: async (ctx) => ctx.html(<SettingsPage ctx={ctx} identity={await ownIdentity(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: `${FEDERATION_SETTINGS_PATH}/relier`,
    access: "account",
    fresh: true,
    handler: (ctx) => send(ctx, ctx.who.accountId, "/mon-compte"),
  });
  portal.page({
    method: "POST",
    url: `${FEDERATION_SETTINGS_PATH}/retirer`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const { accountId } = ctx.who;
      if (!(await unlinkIdentity(database, { accountId, issuer }, ctx.actor))) throw notFound();
      return ctx.redirect("/mon-compte", {
        confirmation: { title: `${ctx.config.OIDC_LABEL} n'ouvre plus votre compte.` },
      });
    },
  });
  portal.afterSignOut = (ctx, sessionId) => endSessionAtProvider(ctx, provider, sessionId, `${publicUrl()}/`);
}

/** Where the provider ends its session too, when ours came from it. */
async function endSessionAtProvider(
  ctx: Context,
  provider: Provider,
  sessionId: number,
  backTo: string,
): Promise<string | null> {
  const idToken = await ctx.systemTx("a session that has just ended", (tx) => takeIdToken(tx, sessionId));
  return idToken === null ? null : ((await provider.endSessionUrl(idToken, backTo))?.href ?? null);
}
