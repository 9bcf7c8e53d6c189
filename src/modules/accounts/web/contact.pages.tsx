import { z } from "zod";
import { emailAddress, emailRefusalText } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import type { AccountRow } from "../store.ts";
import {
  askContactEmail,
  type ContactEmailAnswer,
  confirmContactEmail,
  findContactEmailLink,
} from "../use-cases/contact-email.ts";
import { ownAccount, ownCrumbs } from "./own-account.ts";

const PATH = "/mon-compte/contact";

function ContactPage({ ctx, form, account }: { ctx: Context; form: FormState; account: AccountRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer mon adresse de contact"
      crumbs={ownCrumbs}
      lead="Elle reçoit les nouvelles de vos structures, et elle seulement."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets
        items={[
          `Ce qui touche à la sécurité de votre compte, à vos demandes et à celles que vous traitez va toujours à ${account.signInEmail}.`,
          "La nouvelle adresse ne sert qu'une fois confirmée, par un lien que nous y envoyons.",
        ]}
      />
      <Form token={ctx.formToken} action={PATH} state={form}>
        <TextInput
          form={form}
          name="contactEmail"
          label="Adresse électronique de contact"
          type="email"
          autocomplete="email"
          value={account.contactEmail ?? ""}
          hint="Laissez vide pour tout recevoir à votre adresse de connexion."
          maxlength={254}
          spellcheck={false}
        />
        <FormFooter submit="Enregistrer" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

const says: { readonly [A in Exclude<ContactEmailAnswer, "tooManyLinks">]: (email: string) => string } = {
  asked: (email) => `Un lien part à ${email} : ouvrez-le pour confirmer cette adresse.`,
  backToSignInEmail: () => "Vous recevez tout à votre adresse de connexion.",
};

function ExpiredPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ce lien n'est plus valable"
      lead="Il a déjà servi, un plus récent l'a remplacé, ou il a plus de trois jours."
    >
      <Paragraph>
        <Link href={PATH}>Recevoir un nouveau lien</Link>
      </Paragraph>
    </Page>
  );
}

/** The address where news go instead of the sign-in address, once it is proved. */
export function contactPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: PATH,
    access: "account",
    fresh: true,
    handler: async (ctx) => ctx.html(<ContactPage ctx={ctx} form={noForm} account={await ownAccount(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: PATH,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const again = (form: FormState) =>
        ctx.html(<ContactPage ctx={ctx} form={form} account={account} />, 422);
      const wrong = (error: string) =>
        again({ values: typedValues(ctx.body), errors: { contactEmail: error } });
      const form = ctx.form({ contactEmail: z.string().default("") });
      if (!form.ok) return again(form.state);
      const typed = form.values.contactEmail.trim();
      const email = typed === "" ? null : emailAddress(typed);
      if (email && !email.ok) return wrong(emailRefusalText(email.refusal));
      const contactEmail = email?.ok ? email.value : null;
      const answer = await ctx.tx((tx, now) => askContactEmail(tx, account, contactEmail, ctx.actor, now));
      if (answer === "tooManyLinks")
        return wrong(
          "Trois liens sont déjà partis dans l'heure. Vérifiez vos courriers, ou réessayez plus tard.",
        );
      return ctx.redirect("/mon-compte", { confirmation: { title: says[answer](typed) } });
    },
  });
  portal.page({
    method: "GET",
    url: `${PATH}/confirmer`,
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const secret = ctx.one("lien");
      const email = await findContactEmailLink(ctx.database, secret);
      if (email === null) return ctx.html(<ExpiredPage ctx={ctx} />, 410);
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Confirmer votre adresse de contact"
          lead={`Les nouvelles de vos structures iront désormais à ${email}.`}
        >
          <Form token={ctx.formToken} action={`${PATH}/confirmer`}>
            <input type="hidden" name="lien" value={secret} />
            <FormFooter submit="Confirmer cette adresse" />
          </Form>
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: `${PATH}/confirmer`,
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const form = ctx.form({ lien: z.string().default("") });
      const isDone = await confirmContactEmail(ctx.database, form.ok ? form.values.lien : "", ctx.request.ip);
      if (!isDone) return ctx.html(<ExpiredPage ctx={ctx} />, 410);
      return ctx.html(
        <Page chrome={ctx.chrome} title="Votre adresse de contact est confirmée">
          <Paragraph>
            <Link href="/mon-compte">Mon compte</Link>
          </Paragraph>
        </Page>,
      );
    },
  });
}
