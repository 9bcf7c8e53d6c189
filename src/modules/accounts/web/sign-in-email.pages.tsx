import { z } from "zod";
import { emailAddress, emailRefusalText, looksShared } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import {
  askSignInEmailChange,
  confirmSignInEmailChange,
  findEmailChange,
} from "../use-cases/change-sign-in-email.ts";
import {
  findObjection,
  type ObjectionRefusal,
  objectToEmailChange,
} from "../use-cases/object-to-email-change.ts";
import { ExpiredLinkPage, emailedLink } from "./emailed-link.tsx";

const PATH = "/mon-compte/adresse";
const OBJECTION_PATH = `${PATH}/ce-n-est-pas-moi`;
const crumbs = [{ label: "Mon compte", href: "/mon-compte" }];

function AskPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer mon adresse de connexion"
      crumbs={crumbs}
      lead={`Vous vous connectez avec ${ctx.who.signInEmail}. Vos rattachements et vos habilitations ne changent pas.`}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={PATH} state={form}>
        <TextInput
          form={form}
          name="email"
          label="Nouvelle adresse électronique"
          type="email"
          autocomplete="email"
          spellcheck={false}
          required
        />
        <TextInput
          form={form}
          name="emailAgain"
          label="Confirmation de l'adresse"
          type="email"
          autocomplete="email"
          spellcheck={false}
          required
        />
        <FormFooter submit="Recevoir le lien" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

function SentPage({ ctx, email }: { ctx: Context; email: string }) {
  return (
    <Page chrome={ctx.chrome} title="Ouvrez le message que vous allez recevoir" crumbs={crumbs}>
      <Paragraph>
        Un lien part à {email} ; il vaut 30 minutes. D'ici là, rien ne change. Si cette adresse est celle d'un
        autre compte, aucun message ne part.
      </Paragraph>
      {looksShared(email) && (
        <Banner tone="warning">
          <p>Une adresse partagée empêche de savoir qui a agi. Préférez une adresse à votre nom.</p>
        </Banner>
      )}
      {ctx.chrome.builtInMailbox && (
        <Banner tone="info">
          <p>
            <a href="/boite-aux-lettres">Ouvrir la boîte aux lettres de démonstration</a>
          </p>
        </Banner>
      )}
    </Page>
  );
}

function ConfirmPage({ ctx, secret, email }: { ctx: Context; secret: string; email: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Confirmer votre nouvelle adresse"
      lead={`Vous vous connecterez désormais avec ${email}. Vos autres sessions seront fermées.`}
    >
      <Form token={ctx.formToken} action={`${PATH}/confirmer`}>
        <input type="hidden" name="lien" value={secret} />
        <FormFooter submit="Confirmer cette adresse" />
      </Form>
    </Page>
  );
}

function ObjectionPage({ ctx, secret, email }: { ctx: Context; secret: string; email: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ce n'est pas moi qui change mon adresse"
      lead={`Votre compte s'ouvrira avec ${email}, comme avant.`}
    >
      <Bullets
        items={[
          "toutes vos sessions ouvertes se ferment, ici et ailleurs",
          "votre mot de passe actuel ne sert plus : vous en choisissez un nouveau à la page suivante",
          "ce qui a été ajouté à votre compte depuis (second code, clé d'accès, identité reliée) en est retiré",
        ]}
      />
      <Form token={ctx.formToken} action={OBJECTION_PATH}>
        <input type="hidden" name="lien" value={secret} />
        <FormFooter submit="Garder mon adresse" kind="warning" />
      </Form>
    </Page>
  );
}

function ObjectionRefusedPage({ ctx, code }: { ctx: Context; code: ObjectionRefusal["code"] }) {
  const isTaken = code === "ADDRESS_TAKEN";
  return (
    <Page
      chrome={ctx.chrome}
      title={isTaken ? "Cette adresse est celle d'un autre compte" : "Ce lien n'est plus valable"}
      lead={isTaken ? "Elle ne peut pas revenir au vôtre." : "Il a déjà servi, ou il a plus de sept jours."}
    >
      <Paragraph>
        Si votre compte vous échappe, écrivez au <Link href="/securite">contact de sécurité</Link> du portail.
      </Paragraph>
    </Page>
  );
}

/** The change of the sign-in address: asked with a fresh proof of identity, confirmed from the new address. */
export function signInEmailPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: PATH,
    access: "account",
    fresh: true,
    handler: (ctx) => ctx.html(<AskPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: PATH,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const form = ctx.form({ email: z.string().default(""), emailAgain: z.string().default("") });
      if (!form.ok) return ctx.html(<AskPage ctx={ctx} form={form.state} />, 422);
      const refuse = (errors: Record<string, string>) =>
        ctx.html(<AskPage ctx={ctx} form={{ values: typedValues(ctx.body), errors }} />, 422);
      const email = emailAddress(form.values.email);
      if (!email.ok) return refuse({ email: emailRefusalText(email.refusal) });
      if (form.values.emailAgain.trim().toLowerCase() !== email.value.toLowerCase())
        return refuse({ emailAgain: "Les deux adresses diffèrent. Vérifiez-les." });
      const asked = await askSignInEmailChange(
        ctx.database,
        { accountId: ctx.who.accountId, newEmail: email.value },
        ctx.actor,
      );
      if (!asked.ok) return refuse({ email: "C'est déjà l'adresse avec laquelle vous vous connectez." });
      return ctx.html(<SentPage ctx={ctx} email={email.value} />);
    },
  });
  emailedLink(portal, {
    path: `${PATH}/confirmer`,
    find: (ctx, secret) => findEmailChange(ctx.database, secret),
    page: (ctx, secret, email) => <ConfirmPage ctx={ctx} secret={secret} email={email} />,
    expired: (ctx) => <ExpiredLinkPage ctx={ctx} or="a plus de 30 minutes" again={PATH} />,
    take: async (ctx, secret) => {
      const { caller } = ctx;
      const session = caller && { accountId: caller.accountId, sessionId: caller.session.id };
      const confirmed = await confirmSignInEmailChange(ctx.database, { secret, session }, ctx.request.ip);
      if (!confirmed.ok) return null;
      if (confirmed.value.token !== null) {
        ctx.setSession(confirmed.value.token);
        return ctx.redirect("/mon-compte", {
          confirmation: {
            title: "Votre adresse de connexion a changé.",
            text: "Vos autres sessions sont fermées.",
          },
        });
      }
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Votre adresse de connexion a changé"
          lead="Toutes vos sessions ouvertes sont fermées."
        >
          <Paragraph>
            <Link href="/connexion">Se connecter</Link>
          </Paragraph>
        </Page>,
      );
    },
  });
  emailedLink(portal, {
    path: OBJECTION_PATH,
    find: (ctx, secret) => findObjection(ctx.database, secret),
    page: (ctx, secret, email) => <ObjectionPage ctx={ctx} secret={secret} email={email} />,
    expired: (ctx) => <ObjectionRefusedPage ctx={ctx} code="LINK_EXPIRED" />,
    take: async (ctx, secret) => {
      const done = await objectToEmailChange(ctx.database, secret, ctx.request.ip);
      return done.ok
        ? ctx.redirect(done.value.resetPath)
        : ctx.html(<ObjectionRefusedPage ctx={ctx} code={done.refusal.code} />, 410);
    },
  });
}
