import { emailAddress, emailRefusalText } from "../../../shared/email-address.ts";
import { phoneNumber, phoneRefusalText } from "../../../shared/phone.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  Stepper,
  TextInput,
} from "../../../web/ui/index.ts";
import type { SignUp } from "../use-cases/sign-up.ts";
import { NameFields, readNames } from "./name-fields.tsx";
import { Carried, type Read, SIGN_UP, SIGN_UP_STEPS, signUpShape, structureFields } from "./sign-up-form.tsx";

export type Person = Omit<SignUp, "intent">;

/** Step 1, read and checked by the rules of the account. */
export function readPerson(ctx: Context): Read<Person> {
  const form = ctx.form(signUpShape);
  if (!form.ok) return form;
  const { email, emailAgain, phone, contactEmail, acceptsTerms } = form.values;
  const errors: Record<string, string> = {};
  const address = emailAddress(email);
  if (!address.ok) errors.email = emailRefusalText(address.refusal);
  else if (emailAgain.trim().toLowerCase() !== email.trim().toLowerCase())
    errors.emailAgain = "Les deux adresses diffèrent. Vérifiez-les.";
  const named = readNames(form.values);
  if (!named.ok) Object.assign(errors, named.errors);
  const number = phone.trim() === "" ? null : phoneNumber(phone);
  if (number && !number.ok) errors.phone = phoneRefusalText;
  const contact = contactEmail.trim() === "" ? null : emailAddress(contactEmail);
  if (contact && !contact.ok) errors.contactEmail = emailRefusalText(contact.refusal);
  if (!acceptsTerms) errors.acceptsTerms = "Acceptez les conditions d'utilisation pour créer un compte.";
  if (!address.ok || !named.ok || Object.keys(errors).length > 0)
    return { ok: false, state: { values: typedValues(ctx.body), errors } };
  return {
    ok: true,
    value: {
      email: address.value,
      ...named.names,
      phone: number?.ok ? number.value : null,
      contactEmail: contact?.ok ? contact.value : null,
    },
  };
}

export function PersonPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page chrome={ctx.chrome} title={SIGN_UP} hasErrors={Object.keys(form.errors).length > 0}>
      <Stepper step={1} of={SIGN_UP_STEPS} title="vos informations personnelles" />
      <Form token={ctx.formToken} action="/compte/creer" state={form}>
        <Carried raw={ctx.body} names={structureFields} />
        <TextInput
          form={form}
          name="email"
          label="Adresse électronique de connexion"
          type="email"
          autocomplete="email"
          required
          hint="Votre adresse professionnelle, à votre nom. Elle sera votre identifiant."
          maxlength={254}
          spellcheck={false}
        />
        <TextInput
          form={form}
          name="emailAgain"
          label="Confirmation de l'adresse"
          type="email"
          autocomplete="email"
          required
          maxlength={254}
          spellcheck={false}
        />
        <NameFields form={form} />
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          autocomplete="tel"
          maxlength={30}
          width={20}
        />
        <TextInput
          form={form}
          name="contactEmail"
          label="Adresse électronique de contact"
          type="email"
          autocomplete="off"
          hint="Pour recevoir ailleurs les nouvelles de vos structures. Laissez vide pour tout recevoir à votre adresse de connexion."
          maxlength={254}
          spellcheck={false}
        />
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
        <FormFooter submit="Continuer" cancel="/connexion" cancelLabel="J'ai déjà un compte" />
      </Form>
    </Page>
  );
}
