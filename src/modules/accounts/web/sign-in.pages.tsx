import { z } from "zod";
import { emailAddress, emailRefusalText } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import { type Context, type Portal, SECOND_STEP_PATH } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { inSteadyTime } from "../../../web/steady-time.ts";
import {
  Banner,
  Bullets,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import { FederationButton } from "../../federation/index.ts";
import { offerPasskeySignIn, type PasskeyOptions, PasskeySignIn } from "../../second-factor/index.ts";
import { endSession } from "../../sessions/index.ts";
import { pathAfterSignIn, safePath } from "../domain/safe-path.ts";
import {
  askPasswordReset,
  confirmIdentity,
  findReset,
  resetPassword,
  type SignInRefusal,
  signIn,
} from "../use-cases/sign-in.ts";
import { ExpiredLinkPage, passwordLink } from "./emailed-link.tsx";
import { browserOf, type ChosenByLink, NewPasswordFields } from "./password-fields.tsx";
import { PasswordInput } from "./password-input.tsx";
import { CONFIRM_IDENTITY_PATH, comingBack } from "./way-back.ts";

function refusalText(refusal: SignInRefusal): string {
  return refusal.code === "SIGN_IN_WAIT"
    ? `Trop d'essais. Réessayez dans ${refusal.seconds} secondes, ou choisissez un nouveau mot de passe.`
    : "Adresse ou mot de passe incorrect. Si votre compte n'est pas encore activé, demandez un nouveau lien.";
}

type SignInOffer = {
  readonly form: FormState;
  readonly next: string;
  readonly passkey: PasskeyOptions | null;
};

function SignInPage({ ctx, form, next, passkey }: SignInOffer & { ctx: Context }) {
  return (
    <Page chrome={ctx.chrome} title="Se connecter" hasErrors={Object.keys(form.errors).length > 0}>
      <Form token={ctx.formToken} action="/connexion" state={form}>
        <input type="hidden" name="suite" value={next} />
        <TextInput
          form={form}
          name="email"
          label="Adresse électronique"
          type="email"
          autocomplete="username"
          required
          spellcheck={false}
        />
        <PasswordInput form={form} name="password" label="Mot de passe" autocomplete="current-password" />
        <FormFooter submit="Se connecter" />
      </Form>
      {passkey && <PasskeySignIn ctx={ctx} passkey={passkey} next={next} />}
      <FederationButton ctx={ctx} next={next} />
      <Heading>Une difficulté ?</Heading>
      <Bullets
        items={[
          <Link href="/mot-de-passe/oublie">Mot de passe oublié</Link>,
          <Link href="/compte/lien">Je n'ai pas reçu mon lien d'activation</Link>,
          <Link href="/compte/creer">Créer un compte</Link>,
        ]}
      />
    </Page>
  );
}

function ConfirmIdentityPage({ ctx, form, next }: { ctx: Context; form: FormState; next: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Confirmez que c'est vous"
      lead="Pour continuer, saisissez de nouveau votre mot de passe."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={CONFIRM_IDENTITY_PATH} state={form}>
        <input type="hidden" name="suite" value={next} />
        <PasswordInput form={form} name="password" label="Mot de passe" autocomplete="current-password" />
        <FormFooter submit="Continuer" cancel="/" />
      </Form>
      <Heading>Une difficulté ?</Heading>
      <Bullets items={[<Link href="/mot-de-passe/oublie">Mot de passe oublié</Link>]} />
    </Page>
  );
}

function ResetPage({ ctx, secret, form, rule }: ChosenByLink) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Choisir un nouveau mot de passe"
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/mot-de-passe/nouveau" state={form}>
        <input type="hidden" name="lien" value={secret} />
        <NewPasswordFields form={form} rule={rule} label="Nouveau mot de passe" />
        <FormFooter submit="Changer mon mot de passe" />
      </Form>
    </Page>
  );
}

/**
 * The address that a page asks for, or what is wrong with it; whether it has an account is nobody's business.
 * @param others fields that the same form carries
 */
export function readEmail(
  ctx: Context,
  others: z.ZodRawShape = {},
): { readonly ok: true; readonly email: string } | { readonly ok: false; readonly state: FormState } {
  const form = ctx.form({ ...others, email: z.string().default("") });
  if (!form.ok) return form;
  const read = emailAddress(form.values.email);
  return read.ok
    ? { ok: true, email: read.value }
    : {
        ok: false,
        state: { values: typedValues(ctx.body), errors: { email: emailRefusalText(read.refusal) } },
      };
}

type Addressed = {
  readonly ctx: Context;
  readonly form: FormState;
  readonly action: string;
  readonly autocomplete: "email" | "username";
  readonly submit: string;
};

/** Asks for an address alone, to send a link there. */
export function AddressForm({ ctx, form, action, autocomplete, submit }: Addressed) {
  return (
    <Form token={ctx.formToken} action={action} state={form}>
      <TextInput
        form={form}
        name="email"
        label="Votre adresse électronique"
        type="email"
        autocomplete={autocomplete}
        required
        spellcheck={false}
      />
      <FormFooter submit={submit} cancel="/connexion" />
    </Form>
  );
}

function AddressPage(props: Addressed & { title: string; lead?: string }) {
  const { ctx, form, title, lead } = props;
  return (
    <Page chrome={ctx.chrome} title={title} lead={lead} hasErrors={Object.keys(form.errors).length > 0}>
      <AddressForm {...props} />
    </Page>
  );
}

/** Asks for the address that a new activation link goes to. */
export const NewLinkPage = (props: { ctx: Context; form: FormState }) => (
  <AddressPage
    {...props}
    title="Recevoir un nouveau lien d'activation"
    action="/compte/renvoyer"
    autocomplete="email"
    submit="Recevoir un nouveau lien"
  />
);

const ForgottenPage = (props: { ctx: Context; form: FormState }) => (
  <AddressPage
    {...props}
    title="Mot de passe oublié"
    lead="Nous vous enverrons un lien pour en choisir un nouveau."
    action="/mot-de-passe/oublie"
    autocomplete="username"
    submit="Recevoir le lien"
  />
);

/** Sign-in, sign-out, forgotten password, and the proof of identity that sensitive acts ask for. */
export function signInPages(portal: Portal): void {
  const show = async (ctx: Context, form: FormState, next: string, status = 200) => {
    const passkey = await offerPasskeySignIn(portal, ctx);
    return ctx.html(<SignInPage ctx={ctx} form={form} next={next} passkey={passkey} />, status);
  };
  portal.page({
    method: "GET",
    url: "/connexion",
    access: "public",
    handler: (ctx) => (ctx.caller ? ctx.redirect("/") : show(ctx, noForm, safePath(ctx.one("suite")))),
  });
  portal.page({
    method: "POST",
    url: "/connexion",
    access: "public",
    handler: async (ctx) => {
      const form = ctx.form({
        email: z.string().default(""),
        password: z.string().default(""),
        suite: z.string().default("/"),
      });
      if (!form.ok) return show(ctx, form.state, "/", 422);
      const next = safePath(form.values.suite);
      const signedIn = await signIn(ctx.database, form.values, browserOf(ctx));
      if (!signedIn.ok) {
        if (signedIn.refusal.code === "SIGN_IN_WAIT")
          ctx.reply.header("retry-after", signedIn.refusal.seconds);
        const state = { values: typedValues(ctx.body), errors: { password: refusalText(signedIn.refusal) } };
        return show(ctx, state, next, signedIn.refusal.code === "SIGN_IN_WAIT" ? 429 : 422);
      }
      ctx.setSession(signedIn.value.token);
      return ctx.redirect(
        signedIn.value.awaitsSecondFactor
          ? `${SECOND_STEP_PATH}?suite=${encodeURIComponent(next)}`
          : pathAfterSignIn(next),
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/deconnexion",
    access: "account",
    beforeGates: true,
    handler: async (ctx) => {
      await ctx.systemTx("the session of the caller", (tx, now) =>
        endSession(tx, ctx.who.session.id, ctx.who.accountId, "signedOut", now),
      );
      ctx.setSession(null);
      ctx.reply.header("clear-site-data", '"cache","storage"');
      return ctx.redirect((await portal.afterSignOut(ctx, ctx.who.session.id)) ?? "/");
    },
  });
  portal.page({
    method: "GET",
    url: "/compte/lien",
    access: "public",
    handler: (ctx) => ctx.html(<NewLinkPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "GET",
    url: "/mot-de-passe/oublie",
    access: "public",
    handler: (ctx) => ctx.html(<ForgottenPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/mot-de-passe/oublie",
    access: "public",
    handler: async (ctx) => {
      const typed = readEmail(ctx);
      if (!typed.ok) return ctx.html(<ForgottenPage ctx={ctx} form={typed.state} />, 422);
      await inSteadyTime(askPasswordReset(ctx.database, typed.email, browserOf(ctx)));
      return ctx.html(
        <Page chrome={ctx.chrome} title="Ouvrez le message que vous allez recevoir">
          <Paragraph>
            Si un compte actif porte cette adresse, un message vient de lui être envoyé. Son lien vaut 30
            minutes.
          </Paragraph>
          {ctx.chrome.builtInMailbox && (
            <Banner tone="info">
              <p>
                <a href="/boite-aux-lettres">Ouvrir la boîte aux lettres de démonstration</a>
              </p>
            </Banner>
          )}
        </Page>,
      );
    },
  });
  passwordLink(portal, {
    path: "/mot-de-passe/nouveau",
    find: (ctx, secret) => findReset(ctx.database, ctx.config, secret),
    page: (ctx, secret, shown) => <ResetPage ctx={ctx} secret={secret} {...shown} />,
    expired: (ctx) => <ExpiredLinkPage ctx={ctx} or="a plus de 30 minutes" again="/mot-de-passe/oublie" />,
    choose: (ctx, given) => resetPassword(ctx.database, ctx.config, given, browserOf(ctx)),
    done: async (ctx) =>
      ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Votre mot de passe a changé"
          lead="Toutes vos sessions ouvertes sont fermées."
        >
          <Paragraph>
            <Link href="/connexion">Se connecter</Link>
          </Paragraph>
        </Page>,
      ),
  });
  portal.page({
    method: "GET",
    url: CONFIRM_IDENTITY_PATH,
    access: "account",
    beforeGates: true,
    handler: (ctx) =>
      ctx.html(<ConfirmIdentityPage ctx={ctx} form={noForm} next={safePath(ctx.one("suite"))} />),
  });
  portal.page({
    method: "POST",
    url: CONFIRM_IDENTITY_PATH,
    access: "account",
    beforeGates: true,
    handler: async (ctx) => {
      const form = ctx.form({ password: z.string().default(""), suite: z.string().default("/") });
      if (!form.ok) return ctx.html(<ConfirmIdentityPage ctx={ctx} form={form.state} next="/" />, 422);
      const next = safePath(form.values.suite);
      const { accountId, session } = ctx.who;
      const confirmed = await confirmIdentity(ctx.database, {
        accountId,
        sessionId: session.id,
        password: form.values.password,
      });
      if (!confirmed.ok) {
        const text =
          confirmed.refusal.code === "SIGN_IN_WAIT"
            ? refusalText(confirmed.refusal)
            : "Ce mot de passe n'est pas le vôtre.";
        return ctx.html(
          <ConfirmIdentityPage ctx={ctx} form={{ values: {}, errors: { password: text } }} next={next} />,
          422,
        );
      }
      ctx.setSession(confirmed.value.token);
      return ctx.redirect(next);
    },
  });
  portal.onStaleAuthentication = (ctx) => ctx.redirect(comingBack(CONFIRM_IDENTITY_PATH, ctx));
}
