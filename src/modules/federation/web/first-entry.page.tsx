import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  Paragraph,
  SummaryList,
} from "../../../web/ui/index.ts";
import {
  type FirstEntry,
  firstEntryRule,
  NameFields,
  NewPasswordFields,
  readNames,
} from "../../accounts/index.ts";
import type { Entrant } from "../use-cases/enter.ts";
import { FEDERATION_SETTINGS_PATH, FEDERATION_SIGN_IN_PATH } from "./federation-button.tsx";

export const FIRST_ENTRY_PATH = `${FEDERATION_SIGN_IN_PATH}/premiere-entree`;

type Read =
  | { readonly ok: true; readonly typed: Pick<FirstEntry, "firstName" | "lastName" | "password"> }
  | { readonly ok: false; readonly form: FormState };

export const firstEntryShape = {
  entree: z.string().default(""),
  firstName: z.string().default(""),
  lastName: z.string().default(""),
  newPassword: z.string().default(""),
  newPasswordAgain: z.string().default(""),
  acceptsTerms: box,
};

/** What the person typed about herself, by the rules of the account. */
export function readFirstEntry(ctx: Context): Read {
  const form = ctx.form(firstEntryShape);
  if (!form.ok) return { ok: false, form: form.state };
  const { newPassword, newPasswordAgain, acceptsTerms } = form.values;
  const named = readNames(form.values);
  const errors = {
    ...(named.ok ? {} : named.errors),
    ...(newPassword === newPasswordAgain
      ? {}
      : { newPasswordAgain: "Les deux mots de passe diffèrent. Saisissez-les de nouveau." }),
    ...(acceptsTerms ? {} : { acceptsTerms: "Acceptez les conditions d'utilisation pour créer un compte." }),
  };
  if (!named.ok || Object.keys(errors).length > 0)
    return { ok: false, form: { values: typedValues(ctx.body), errors } };
  return { ok: true, typed: { ...named.names, password: newPassword } };
}

/** The identity is proven, and no account has linked it: one opens an account, or signs in to link it. */
export function FirstEntryPage(props: {
  ctx: Context;
  entrant: Pick<Entrant, "identity">;
  sealed: string;
  form: FormState;
}) {
  const { ctx, form, sealed } = props;
  const { email, firstName, lastName } = props.entrant.identity;
  const label = ctx.config.OIDC_LABEL;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Créer mon compte avec ${label}`}
      lead={`${label} a confirmé votre identité, qu'aucun compte du portail n'a encore reliée.`}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Paragraph>
        Vous avez déjà un compte ?{" "}
        <Link href={`/connexion?suite=${encodeURIComponent(FEDERATION_SETTINGS_PATH)}`}>
          Se connecter avec son mot de passe
        </Link>
        , puis relier {label}.
      </Paragraph>
      <Form token={ctx.formToken} action={FIRST_ENTRY_PATH} state={form}>
        <input type="hidden" name="entree" value={sealed} />
        <SummaryList rows={[{ label: "Adresse de connexion", value: email }]} />
        <NameFields form={form} names={{ firstName, lastName }} />
        <Paragraph>
          Choisissez aussi un mot de passe : il confirme les actes sensibles, et ouvre le compte quand {label}{" "}
          ne répond pas.
        </Paragraph>
        <NewPasswordFields form={form} rule={firstEntryRule(ctx.config, email)} />
        <Checkbox
          form={form}
          name="acceptsTerms"
          required
          label={
            <>
              J'accepte les <Link href="/mentions-legales">conditions d'utilisation</Link>
            </>
          }
        />
        <FormFooter submit="Créer mon compte" />
      </Form>
    </Page>
  );
}
