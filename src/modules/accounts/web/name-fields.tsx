import { personName, personNameRefusalText } from "../../../shared/person-name.ts";
import { type FormState, TextInput } from "../../../web/ui/index.ts";

type Names = { readonly firstName: string; readonly lastName: string };

/** The first and last names of a person, where she types them herself. */
export function NameFields({ form, names }: { form: FormState; names?: Names }) {
  return (
    <>
      <TextInput
        form={form}
        name="firstName"
        label="Prénom"
        autocomplete="given-name"
        value={names?.firstName}
        required
        maxlength={80}
      />
      <TextInput
        form={form}
        name="lastName"
        label="Nom"
        autocomplete="family-name"
        value={names?.lastName}
        required
        maxlength={80}
      />
    </>
  );
}

/** The names typed there, or what is wrong with each. */
export function readNames(
  typed: Names,
):
  | { readonly ok: true; readonly names: Names }
  | { readonly ok: false; readonly errors: { readonly [F in keyof Names]?: string } } {
  const firstName = personName(typed.firstName);
  const lastName = personName(typed.lastName);
  if (firstName.ok && lastName.ok)
    return { ok: true, names: { firstName: firstName.value, lastName: lastName.value } };
  return {
    ok: false,
    errors: {
      ...(firstName.ok ? {} : { firstName: personNameRefusalText(firstName.refusal, "Prénom") }),
      ...(lastName.ok ? {} : { lastName: personNameRefusalText(lastName.refusal, "Nom") }),
    },
  };
}
