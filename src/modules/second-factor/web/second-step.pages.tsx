import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import { type Context, type Portal, SECOND_STEP_PATH } from "../../../web/portal.ts";
import { box } from "../../../web/read-form.ts";
import {
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import { browserOf, safePath } from "../../accounts/index.ts";
import { type ProofRefusal, proveAtSignIn } from "../use-cases/prove.ts";

/** A refused code beside its field; what was typed is not sent back. */
export function proofText(refusal: ProofRefusal): FormState {
  const text = {
    CODE_WRONG: "Ce code n'est pas le bon. Lisez celui que l'application montre maintenant.",
    CODE_ALREADY_USED: "Ce code a déjà servi. Attendez que l'application montre le suivant.",
    CODE_WAIT: `Trop d'essais. Réessayez dans ${refusal.code === "CODE_WAIT" ? refusal.seconds : 0} secondes.`,
  }[refusal.code];
  return { values: {}, errors: { code: text } };
}

/** The field for a code of the application, or a recovery code. */
export function ProofInput({ form }: { form: FormState }) {
  return (
    <TextInput
      form={form}
      name="code"
      label="Code"
      hint="Les six chiffres que montre votre application, ou un code de secours."
      autocomplete="one-time-code"
      spellcheck={false}
      maxlength={40}
      width={20}
      required
    />
  );
}

function SecondStepPage({ ctx, form, next }: { ctx: Context; form: FormState; next: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Saisissez votre code"
      lead="Votre mot de passe est le bon. Il reste à donner le code de votre application d'authentification."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={SECOND_STEP_PATH} state={form}>
        <input type="hidden" name="suite" value={next} />
        <ProofInput form={form} />
        <Checkbox
          form={form}
          name="trustsBrowser"
          label="Ne plus demander de code sur ce navigateur pendant 30 jours"
          hint="Seulement sur un appareil qui n'est qu'à vous."
        />
        <FormFooter submit="Se connecter" cancel="/connexion" cancelLabel="Revenir à la connexion" />
      </Form>
      <Paragraph>
        Téléphone perdu ? Un de vos dix codes de secours remplace le code de l'application.{" "}
        <Link href="/aide">Aide</Link>
      </Paragraph>
    </Page>
  );
}

/** The second step of a sign-in, for accounts that have a second factor. */
export function secondStepPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: SECOND_STEP_PATH,
    access: "public",
    handler: (ctx) => {
      ctx.reply.header("cache-control", "no-store");
      const next = safePath(ctx.one("suite"));
      if (!ctx.halfSignedIn) return ctx.redirect(ctx.caller ? next : "/connexion");
      return ctx.html(<SecondStepPage ctx={ctx} form={noForm} next={next} />);
    },
  });
  portal.page({
    method: "POST",
    url: SECOND_STEP_PATH,
    access: "public",
    handler: async (ctx) => {
      if (!ctx.halfSignedIn) return ctx.redirect("/connexion");
      const form = ctx.form({
        code: z.string().default(""),
        trustsBrowser: box,
        suite: z.string().default("/"),
      });
      if (!form.ok) return ctx.html(<SecondStepPage ctx={ctx} form={form.state} next="/" />, 422);
      const { code, trustsBrowser, suite } = form.values;
      const next = safePath(suite);
      const proved = await proveAtSignIn(
        { database: ctx.database, secret: ctx.config.secret },
        { ...ctx.halfSignedIn, typed: code, trustsBrowser },
        browserOf(ctx),
      );
      if (!proved.ok) {
        const { refusal } = proved;
        if (refusal.code === "CODE_WAIT") ctx.reply.header("retry-after", refusal.seconds);
        return ctx.html(
          <SecondStepPage ctx={ctx} form={proofText(refusal)} next={next} />,
          refusal.code === "CODE_WAIT" ? 429 : 422,
        );
      }
      ctx.setSession(proved.value.token);
      if (proved.value.trustToken !== null) ctx.setTrustToken(proved.value.trustToken);
      return ctx.redirect(next);
    },
  });
}
