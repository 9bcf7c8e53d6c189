import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Caller, Context, Portal } from "../../../web/portal.ts";
import {
  Banner,
  Bullets,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
} from "../../../web/ui/index.ts";
import { type PasswordRule, passwordDuty, passwordRuleFor } from "../domain/password-policy.ts";
import { safePath } from "../domain/safe-path.ts";
import { changePassword } from "../use-cases/sign-in.ts";
import { ownCrumbs } from "./own-account.ts";
import { NewPasswordFields, passwordText } from "./password-fields.tsx";
import { PasswordInput } from "./password-input.tsx";
import { CONFIRM_IDENTITY_PATH, comingBack } from "./way-back.ts";

const PATH = "/mon-compte/mot-de-passe";
const ACCOUNT_PATH = "/mon-compte";

/** The rule of the password of one who is signed in. */
const ruleOf = ({ isOperator, memberships }: Caller): PasswordRule =>
  passwordRuleFor({ isOperator, isMainManager: memberships.some((one) => one.role === "mainManager") });

const dutyOf = (who: Caller) => passwordDuty(ruleOf(who), who.passwordRule);

function PasswordPage({ ctx, form, next }: { ctx: Context; form: FormState; next: string }) {
  const isDue = dutyOf(ctx.who) === "chooseStronger";
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer mon mot de passe"
      crumbs={isDue ? [] : ownCrumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {isDue && (
        <Banner tone="warning" title="Choisissez un mot de passe plus fort pour continuer.">
          <p>
            {ctx.who.isOperator
              ? "Vous êtes opérateur du portail : un mot de passe ordinaire ne suffit plus."
              : "Vous êtes gestionnaire principal d'une structure : un mot de passe ordinaire ne suffit plus."}{" "}
            Vous reviendrez ensuite à ce que vous faisiez.
          </p>
        </Banner>
      )}
      <Form token={ctx.formToken} action={PATH} state={form}>
        <input type="hidden" name="suite" value={next} />
        <PasswordInput
          form={form}
          name="currentPassword"
          label="Mot de passe actuel"
          autocomplete="current-password"
        />
        <NewPasswordFields form={form} rule={ruleOf(ctx.who)} label="Nouveau mot de passe" />
        <FormFooter submit="Changer mon mot de passe" cancel={isDue ? undefined : next} />
      </Form>
      <Heading>Une difficulté ?</Heading>
      <Bullets items={[<Link href="/mot-de-passe/oublie">Mot de passe actuel oublié</Link>]} />
    </Page>
  );
}

/** The change of the password by one who knows the present one, required of one whose role outgrew it. */
export function passwordPages(portal: Portal): void {
  portal.gates.push((ctx) => {
    const duty = dutyOf(ctx.who);
    if (duty === "none") return null;
    return comingBack(duty === "tellAgain" ? CONFIRM_IDENTITY_PATH : PATH, ctx);
  });
  portal.page({
    method: "GET",
    url: PATH,
    access: "account",
    handler: (ctx) => {
      const asked = ctx.one("suite");
      return ctx.html(<PasswordPage ctx={ctx} form={noForm} next={asked ? safePath(asked) : ACCOUNT_PATH} />);
    },
  });
  portal.page({
    method: "POST",
    url: PATH,
    access: "account",
    handler: async (ctx) => {
      const form = ctx.form({
        currentPassword: z.string().default(""),
        newPassword: z.string().default(""),
        newPasswordAgain: z.string().default(""),
        suite: z.string().default(ACCOUNT_PATH),
      });
      const next = form.ok ? safePath(form.values.suite) : ACCOUNT_PATH;
      const again = (state: FormState, status = 422) =>
        ctx.html(<PasswordPage ctx={ctx} form={state} next={next} />, status);
      if (!form.ok) return again(form.state);
      const { currentPassword: current, newPassword: password, newPasswordAgain } = form.values;
      const rule = ruleOf(ctx.who);
      if (password !== newPasswordAgain) return again(passwordText("DIFFERENT", rule));
      const { accountId, session } = ctx.who;
      const changed = await changePassword(
        ctx.database,
        { accountId, sessionId: session.id, current, password, rule },
        ctx.actor,
      );
      if (!changed.ok) {
        const { refusal } = changed;
        if (refusal.code === "SIGN_IN_REFUSED")
          return again({ values: {}, errors: { currentPassword: "Ce mot de passe n'est pas le vôtre." } });
        if (refusal.code === "SIGN_IN_WAIT") {
          const text = `Trop d'essais. Réessayez dans ${refusal.seconds} secondes.`;
          return again({ values: {}, errors: { currentPassword: text } }, 429);
        }
        return again(passwordText(refusal.code, rule));
      }
      ctx.setSession(changed.value.token);
      return ctx.redirect(next, {
        confirmation: { title: "Votre mot de passe a changé.", text: "Vos autres sessions sont fermées." },
      });
    },
  });
}
