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
import { ExpiredLinkPage, emailedLink } from "./emailed-link.tsx";
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
  emailedLink(portal, {
    path: `${PATH}/confirmer`,
    find: (ctx, secret) => findContactEmailLink(ctx.database, secret),
    page: (ctx, secret, email) => (
      <Page
        chrome={ctx.chrome}
        title="Confirmer votre adresse de contact"
        lead={`Les nouvelles de vos structures iront désormais à ${email}.`}
      >
        <Form token={ctx.formToken} action={`${PATH}/confirmer`}>
          <input type="hidden" name="lien" value={secret} />
          <FormFooter submit="Confirmer cette adresse" />
        </Form>
      </Page>
    ),
    expired: (ctx) => <ExpiredLinkPage ctx={ctx} or="a plus de trois jours" again={PATH} />,
    take: async (ctx, secret) => {
      if (!(await confirmContactEmail(ctx.database, secret, ctx.request.ip))) return null;
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
