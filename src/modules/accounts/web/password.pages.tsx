import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Form, FormFooter, type FormState, noForm } from "../../../web/ui/index.ts";
import { changePassword } from "../use-cases/sign-in.ts";
import { ownCrumbs } from "./own-account.ts";
import { NewPasswordFields, passwordText } from "./password-fields.tsx";
import { PasswordInput } from "./password-input.tsx";

function PasswordPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer mon mot de passe"
      crumbs={ownCrumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <PasswordInput
          form={form}
          name="currentPassword"
          label="Mot de passe actuel"
          autocomplete="current-password"
        />
        <NewPasswordFields form={form} />
        <FormFooter submit="Changer mon mot de passe" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

/** The change of the password by one who knows the present one. */
export function passwordPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mon-compte/mot-de-passe",
    access: "account",
    handler: (ctx) => ctx.html(<PasswordPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/mot-de-passe",
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({
        currentPassword: z.string().default(""),
        newPassword: z.string().default(""),
        newPasswordAgain: z.string().default(""),
      });
      if (!form.ok) return ctx.html(<PasswordPage ctx={ctx} form={form.state} />, 422);
      const { currentPassword, newPassword, newPasswordAgain } = form.values;
      if (newPassword !== newPasswordAgain)
        return ctx.html(<PasswordPage ctx={ctx} form={passwordText("DIFFERENT")} />, 422);
      const { accountId, session } = ctx.who;
      const changed = await changePassword(
        ctx.database,
        { accountId, sessionId: session.id, current: currentPassword, password: newPassword },
        ctx.actor,
      );
      if (!changed.ok) {
        const { refusal } = changed;
        if (refusal.code === "SIGN_IN_REFUSED")
          return ctx.html(
            <PasswordPage
              ctx={ctx}
              form={{ values: {}, errors: { currentPassword: "Ce mot de passe n'est pas le vôtre." } }}
            />,
            422,
          );
        if (refusal.code === "SIGN_IN_WAIT")
          return ctx.html(
            <PasswordPage
              ctx={ctx}
              form={{
                values: {},
                errors: { currentPassword: `Trop d'essais. Réessayez dans ${refusal.seconds} secondes.` },
              }}
            />,
            429,
          );
        return ctx.html(<PasswordPage ctx={ctx} form={passwordText(refusal.code)} />, 422);
      }
      ctx.setSession(changed.value.token);
      return ctx.redirect("/mon-compte", {
        confirmation: { title: "Votre mot de passe a changé.", text: "Vos autres sessions sont fermées." },
      });
    },
  });
}
