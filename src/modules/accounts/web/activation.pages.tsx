import { maskEmail } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { inSteadyTime } from "../../../web/steady-time.ts";
import {
  Banner,
  Bullets,
  Button,
  Form,
  FormFooter,
  Link,
  LinkButton,
  noForm,
  Paragraph,
  Stepper,
} from "../../../web/ui/index.ts";
import { openFirstSession } from "../use-cases/sign-in.ts";
import {
  activateAccount,
  findActivation,
  type LinkAnswer,
  resendActivationLink,
} from "../use-cases/sign-up.ts";
import { passwordLink } from "./emailed-link.tsx";
import { browserOf, type ChosenByLink, NewPasswordFields } from "./password-fields.tsx";
import { AddressForm, NewLinkPage, readEmail } from "./sign-in.pages.tsx";
import {
  Carried,
  CORRECT_PATH,
  personFields,
  SIGN_UP_STEPS,
  signUpShape,
  structureFields,
} from "./sign-up-form.tsx";

const RESEND_PATH = "/compte/renvoyer";

/** Says that a message is on its way, or why another is not. */
export function sendSentPage(ctx: Context, email: string, answer: LinkAnswer) {
  if (answer.kind === "enough") ctx.reply.header("retry-after", answer.minutes * 60);
  return ctx.html(<SentPage ctx={ctx} email={email} answer={answer} />, answer.kind === "enough" ? 429 : 200);
}

function SentPage({ ctx, email, answer }: { ctx: Context; email: string; answer: LinkAnswer }) {
  const isSignUp = ctx.body.firstName !== undefined;
  return (
    <Page chrome={ctx.chrome} title="Ouvrez le message que vous allez recevoir">
      <Stepper step={4} of={SIGN_UP_STEPS} title="activation" />
      <SendingBanner answer={answer} />
      <Paragraph>
        Un message a été envoyé à <strong>{maskEmail(email)}</strong>. Ouvrez-le pour activer votre compte et
        choisir votre mot de passe. Le lien vaut {ctx.config.ACTIVATION_LINK_HOURS} heures.
      </Paragraph>
      <Bullets
        items={[
          `Expéditeur : ${ctx.config.MAIL_FROM}`,
          "Rien reçu après quelques minutes ? Vérifiez vos courriers indésirables.",
        ]}
      />
      {ctx.chrome.builtInMailbox && (
        <Banner tone="info" title="Ce portail garde ses messages ici">
          <p>
            <a href="/boite-aux-lettres">Ouvrir la boîte aux lettres de démonstration</a>
          </p>
        </Banner>
      )}
      <Form token={ctx.formToken} action={RESEND_PATH}>
        <Carried raw={{ ...ctx.body, email }} names={[...personFields, ...structureFields]} />
        <Button kind="secondary">Renvoyer le message</Button>
        <p class="govuk-body">
          {isSignUp ? (
            <LinkButton action={CORRECT_PATH} name="corriger" value="personne">
              Ce n'est pas la bonne adresse
            </LinkButton>
          ) : (
            <Link href="/compte/lien">Ce n'est pas la bonne adresse</Link>
          )}
        </p>
      </Form>
    </Page>
  );
}

function SendingBanner({ answer }: { answer: LinkAnswer }) {
  if (answer.kind === "justSent")
    return (
      <Banner tone="info" title={`Message déjà envoyé il y a ${answer.secondsAgo} s`}>
        <p>Laissez-lui le temps d'arriver avant d'en demander un autre.</p>
      </Banner>
    );
  if (answer.kind === "enough")
    return (
      <Banner tone="warning" title="Trois messages sont déjà partis à cette adresse dans l'heure">
        <p>
          Le dernier lien reçu reste le bon. Pour en demander un autre, réessayez dans {answer.minutes}{" "}
          {answer.minutes > 1 ? "minutes" : "minute"}.
        </p>
      </Banner>
    );
  return null;
}

function ExpiredPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ce lien n'est plus valable"
      lead="Il a déjà servi, un plus récent l'a remplacé, ou il a expiré."
    >
      <Paragraph>
        Votre compte est déjà activé ? <Link href="/connexion">Connectez-vous</Link>. Sinon, recevez un
        nouveau lien :
      </Paragraph>
      <AddressForm
        ctx={ctx}
        form={noForm}
        action={RESEND_PATH}
        autocomplete="email"
        submit="Recevoir un nouveau lien"
      />
    </Page>
  );
}

function ActivationPage({ ctx, secret, form, rule }: ChosenByLink) {
  return (
    <Page chrome={ctx.chrome} title="Activer mon compte" hasErrors={Object.keys(form.errors).length > 0}>
      <Stepper step={4} of={SIGN_UP_STEPS} title="activation" />
      <Form token={ctx.formToken} action="/compte/activer" state={form}>
        <input type="hidden" name="lien" value={secret} />
        <NewPasswordFields form={form} rule={rule} />
        <FormFooter submit="Activer mon compte" />
      </Form>
    </Page>
  );
}

/** Step 4: the link received, and the choice of the password. */
export function activationPages(portal: Portal): void {
  portal.page({
    method: "POST",
    url: RESEND_PATH,
    access: "public",
    handler: async (ctx) => {
      const typed = readEmail(ctx, signUpShape);
      if (!typed.ok) return ctx.html(<NewLinkPage ctx={ctx} form={typed.state} />, 422);
      const answer = await inSteadyTime(
        resendActivationLink(ctx.database, ctx.config, typed.email, ctx.actor),
      );
      return sendSentPage(ctx, typed.email, answer);
    },
  });
  passwordLink(portal, {
    path: "/compte/activer",
    find: (ctx, secret) => findActivation(ctx.database, ctx.config, secret),
    page: (ctx, secret, shown) => <ActivationPage ctx={ctx} secret={secret} {...shown} />,
    expired: (ctx) => <ExpiredPage ctx={ctx} />,
    choose: (ctx, given) => activateAccount(ctx.database, ctx.config, given, ctx.actor),
    done: async (ctx, { accountId, done }) => {
      const confirmation = { title: "Votre compte est activé.", text: done.join(" ") };
      ctx.setSession(await openFirstSession(ctx.database, accountId, browserOf(ctx), confirmation));
      return ctx.redirect("/bienvenue");
    },
  });
}
