import { assetUrl } from "../../../web/assets.ts";
import { type FormState, idOf, TextInput } from "../../../web/ui/index.ts";

/** A password: pasted and kept by managers as one likes, shown by a button where scripts run. */
export function PasswordInput(props: {
  form: FormState;
  name: string;
  label: string;
  hint?: string;
  autocomplete: "current-password" | "new-password";
}) {
  return (
    <TextInput
      {...props}
      type="password"
      required
      beside={
        <>
          <button
            type="button"
            class="govuk-button govuk-button--secondary govuk-password-input__toggle"
            data-reveals={idOf(props.name)}
            aria-controls={idOf(props.name)}
            aria-pressed="false"
            hidden
          >
            Afficher<span class="govuk-visually-hidden"> : {props.label}</span>
          </button>
          <script type="module" src={assetUrl("password-reveal.js")} />
        </>
      }
    />
  );
}
