import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import { Checkbox, Form, FormFooter, type FormState, noForm, TextInput } from "../../../web/ui/index.ts";
import { secureAccount } from "../use-cases/secure-account.ts";

const URL_PATH = "/operateur/comptes";

function SecureAccountPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Mettre un compte à l'abri"
      crumbs={[OPERATOR]}
      lead="Un appareil perdu, un doute sur qui s'est connecté : toutes les sessions du compte se ferment, sur tous ses appareils."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={URL_PATH} state={form}>
        <TextInput
          form={form}
          name="email"
          label="Adresse de connexion de la personne"
          type="email"
          autocomplete="off"
          required
          spellcheck={false}
        />
        <Checkbox
          form={form}
          name="sendsLink"
          label="Lui envoyer un lien pour choisir un nouveau mot de passe"
          hint="À cocher si quelqu'un d'autre peut le connaître."
        />
        <FormFooter submit="Fermer ses sessions" cancel={OPERATOR.href} />
      </Form>
    </Page>
  );
}

/** Where an operator helps a person whose account may be in other hands. */
export function operatorAccountPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: URL_PATH,
    access: "operator",
    fresh: true,
    handler: (ctx) => ctx.html(<SecureAccountPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: URL_PATH,
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const form = ctx.form({
        email: text.required("Adresse de connexion de la personne", 254),
        sendsLink: box,
      });
      if (!form.ok) return ctx.html(<SecureAccountPage ctx={ctx} form={form.state} />, 422);
      const done = await secureAccount(ctx.database, form.values, { ...ctx.actor, means: "operator" });
      if (!done.ok) {
        const errors = { email: "Aucun compte actif n'a cette adresse. Vérifiez-la auprès de la personne." };
        return ctx.html(
          <SecureAccountPage ctx={ctx} form={{ values: typedValues(ctx.body), errors }} />,
          422,
        );
      }
      return ctx.redirect(OPERATOR.href, {
        confirmation: {
          title: "Toutes les sessions de ce compte sont fermées.",
          text: form.values.sendsLink
            ? "La personne vient d'en être prévenue, et de recevoir un lien pour un nouveau mot de passe."
            : "La personne vient d'en être prévenue.",
        },
      });
    },
  });
}
